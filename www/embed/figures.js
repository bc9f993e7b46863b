// @ts-check
// The views of an embed, as far as its form has room for them, drawn together.
import { createHover } from "../hover.js";
import { pace } from "../pace.js";
import { createShade } from "../shade.js";
import { readColours } from "../theme.js";
import { createCurves } from "../views/curves.js";
import { drawEmpty } from "../views/empty.js";
import { createGridView } from "../views/grid.js";
import { createSimplexView } from "../views/simplex.js";

/** @typedef {import("../types.js").Campaign} Campaign */

/**
 * @param {ReturnType<typeof import("./markup.js").build>} parts
 * @param {ReturnType<typeof import("./player.js").createPlayer>} player
 * @param {{ redraw: () => void, seek: (entry: number) => void }} on
 */
export function createFigures({ frame, canvases, captions, curves, log, hover: words, told }, player, on) {
  /** @type {import("../types.js").View} */
  const view = { cursor: 0, hover: -1, palette: "viridis", axis: "iteration", colours: readColours(frame), next: null };
  const shade = createShade(player, on.redraw);
  const looked = { get campaign() { return player.state.campaign; }, view };
  const hover = createHover(looked, player, (text) => { if (words) words.textContent = text; }, (text) => { told.textContent = text; });
  const callbacks = {
    onHover: (/** @type {number} */ index, /** @type {boolean | undefined} */ byKey) => { view.hover = index; void hover.show(byKey); on.redraw(); },
    onView: on.redraw,
  };
  const grid = createGridView(canvases.grid, callbacks, captions.grid);
  const simplex = canvases.composition && captions.composition && createSimplexView(canvases.composition, callbacks, captions.composition);
  const lines = curves && createCurves(curves, log, { onSeek: on.seek });
  const described = pace(500, on.redraw);
  for (const canvas of Object.values(canvases)) {
    // A page that holds an embed is scrolled through; the wheel zooms with Ctrl only.
    canvas?.addEventListener("wheel", (event) => { if (!event.ctrlKey && !event.metaKey) event.stopImmediatePropagation(); }, { capture: true, passive: true });
  }

  return {
    /** A new campaign: shown whole. */
    opened() { shade.forget(); view.hover = -1; void hover.show(); grid.fit(); },
    /** The colours may be others now. */
    recolour() { view.colours = readColours(frame); },
    /** What is drawn now, for an export; the shade is that of the entry in view, whatever the screen shows. @param {Campaign} campaign */
    async drawn(campaign) {
      const { cursor } = player.state;
      const shading = simplex ? await shade.at(campaign, cursor, "mean") : null;
      return { campaign, view: { ...view, cursor }, log: log.checked, shade: shading, grid, simplex };
    },
    /** @param {string} nothing what is said where there is nothing to draw */
    draw(nothing) {
      const { campaign, cursor, running } = player.state;
      view.cursor = cursor;
      hover.follow();
      if (!campaign) {
        for (const canvas of Object.values(canvases)) if (canvas) drawEmpty(canvas, view, nothing);
        return;
      }
      if (simplex) shade.want(campaign, cursor, "mean", running);
      grid.draw(campaign, view);
      simplex?.draw(campaign, view, shade.current(campaign));
      lines?.draw(campaign, view);
      if (!described() && !campaign.ended) return;
      canvases.grid.setAttribute("aria-label", grid.summary(campaign, view));
      if (simplex) canvases.composition?.setAttribute("aria-label", simplex.summary(campaign, view));
    },
  };
}

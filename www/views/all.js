// @ts-check
// Every view of a campaign, drawn together.
import { byId } from "../dom.js";
import { pace } from "../pace.js";
import { createCurves } from "./curves.js";
import { drawEmpty } from "./empty.js";
import { createGridView } from "./grid.js";
import { createLedger } from "./ledger.js";
import { createShares } from "./shares.js";
import { createSimplexView } from "./simplex.js";

/** @param {{ onHover: (index: number, byKey?: boolean) => void, onSeek: (entry: number, end?: boolean) => void, onView: () => void }} on */
export function createViews(on) {
  const gridCanvas = byId("grid", HTMLCanvasElement);
  const simplexCanvas = byId("simplex", HTMLCanvasElement);
  const grid = createGridView(gridCanvas, on, byId("grid-caption", HTMLElement));
  const simplex = createSimplexView(simplexCanvas, on, byId("simplex-pad", HTMLElement));
  const curves = createCurves(byId("curves", HTMLElement), byId("log", HTMLInputElement), on);
  const shares = createShares(byId("shares", HTMLElement));
  const ledger = createLedger(byId("ledger", HTMLElement));
  let described = 0;
  /** What each canvas shows, in words. @type {Map<HTMLCanvasElement, string>} */
  const names = new Map();
  const rename = (/** @type {HTMLCanvasElement} */ canvas) => { const name = names.get(canvas); if (name) canvas.setAttribute("aria-label", name); };
  for (const canvas of [gridCanvas, simplexCanvas]) canvas.addEventListener("blur", () => rename(canvas));
  const now = pace(120, on.onView);

  byId("zoom-in", HTMLButtonElement).addEventListener("click", () => grid.zoom(1.5));
  byId("zoom-out", HTMLButtonElement).addEventListener("click", () => grid.zoom(1 / 1.5));
  byId("zoom-fit", HTMLButtonElement).addEventListener("click", () => grid.fit());
  const projection = byId("projection", HTMLSelectElement);
  projection.addEventListener("change", () => { simplex.setMode(/** @type {"solid" | "pairs"} */ (projection.value)); on.onView(); });

  return {
    grid,
    simplex,
    /** Nothing to draw, and why. @param {import("../types.js").View} view @param {string} words */
    empty(view, words) {
      for (const canvas of [gridCanvas, simplexCanvas]) drawEmpty(canvas, view, words);
    },
    /** A new campaign: fit it in and offer what its dimension allows. @param {import("../types.js").Campaign} campaign */
    opened(campaign) {
      const n = campaign.geometry.components;
      byId("shade-label", HTMLElement).hidden = n !== 3;
      byId("projection-label", HTMLElement).hidden = n < 4;
      projection.options[0].text = n === 4 ? "tetrahedron" : "polygon";
      if (n < 4) projection.value = "solid";
      simplex.setMode(/** @type {"solid" | "pairs"} */ (projection.value));
      grid.fit();
    },
    /** @param {import("../types.js").Campaign} campaign @param {import("../types.js").View} view @param {any} shade @param {any} summary */
    draw(campaign, view, shade, summary) {
      grid.draw(campaign, view);
      simplex.draw(campaign, view, shade);
      curves.draw(campaign, view);
      if (now()) shares.draw(campaign, view);
      ledger.draw(campaign, view, summary);
      // What a canvas shows, in words, now and then: it is read on demand, not announced.
      if (performance.now() - described > 500 || campaign.ended) {
        described = performance.now();
        names.set(gridCanvas, grid.summary(campaign, view)).set(simplexCanvas, simplex.summary(campaign, view));
        // A name that changes under the focus is told, too; it waits until the focus is elsewhere.
        for (const canvas of names.keys()) if (!canvas.matches(":focus")) rename(canvas);
      }
    },
  };
}

// @ts-check
/** @import { Campaign, View } from "../types.js" */
/** @import { Shade } from "./shading.js" */
/** @import { Surface } from "./surface.js" */
import { Bar } from "./bar.js";
import { ARROWS, Cursor } from "./cursor.js";
import { listen } from "./gestures.js";
import { CURSOR, tellKeys } from "./keys.js";
import { knownAt } from "./known.js";
import { counted, drawColourBar, drawKey, drawShadeBar, legendHeight } from "./legend.js";
import { createPad } from "./pad.js";
import { Pairs } from "./pairs.js";
import { Polygon } from "./polygon.js";
import { drawSpots, nearestSpot, spots } from "./simplex_points.js";
import { font, open } from "./surface.js";
import { Tetrahedron } from "./tetrahedron.js";
import { Triangle } from "./triangle.js";

/**
 * The space of compositions: where the measured particles lie in it, and what they are like.
 * @param {HTMLCanvasElement} canvas
 * @param {{ onHover?(index: number, byKey?: boolean): void, onView(): void }} callbacks `onView` asks for a drawing: the body was turned, or
 *   the mode changed; without `onHover` there is no cursor, and the arrow keys turn
 * @param {HTMLElement} place of the buttons that turn
 */
export function createSimplexView(canvas, callbacks, place) {
  const shapes = { bar: new Bar(), triangle: new Triangle(), tetrahedron: new Tetrahedron(), polygon: new Polygon(), pairs: new Pairs() };
  const cursor = new Cursor();
  /** @type {'solid' | 'pairs'} */ let mode = "solid";
  /** @type {Campaign | null} */ let shown = null;
  /** @type {View | null} */ let shownView = null;
  /** @type {ReturnType<typeof spots>} */ let drawn = { dots: [], measured: [] };
  /** @type {'bar' | 'triangle' | 'tetrahedron' | 'polygon' | 'pairs'} */ let current = "triangle";

  /** @param {number} components */
  const choose = (components) => {
    if (components <= 2) return "bar";
    if (mode === "pairs") return "pairs";
    return components === 3 ? "triangle" : components === 4 ? "tetrahedron" : "polygon";
  };

  /** Draws on any surface, and says where the particles are. @param {Surface} surface @param {Campaign} campaign @param {View} view @param {Shade | null} shade */
  const paint = (surface, campaign, view, shade) => {
    const { context, width, height } = surface;
    current = choose(campaign.geometry.components);
    const shape = shapes[current];
    const noteHeight = shape.note ? 18 : 0;
    shape.layout({ left: 0, top: noteHeight, width, height: Math.max(1, height - legendHeight - noteHeight) }, campaign);
    const known = knownAt(campaign, view.cursor);
    const shading = current === "triangle" ? shade : null;
    shape.back(context, campaign, view, shading);
    const placing = shape.placing(campaign);
    const placed = spots(campaign, known, placing, shape.copies);
    drawSpots(context, campaign, view, known, placed, placing, shape.radius, shading !== null);
    shape.front(context, campaign, view);

    if (shape.note) {
      context.font = font;
      context.textAlign = "center";
      context.fillStyle = view.colours.faint;
      context.fillText(shape.note, width / 2, 14, width - 16);
    }
    legend(context, campaign, view, shading, width, height);
    return placed;
  };

  const api = {
    /** @param {Campaign} campaign @param {View} view @param {Shade | null} [shade] */
    draw(campaign, view, shade = null) {
      const surface = open(canvas, view.colours.paper);
      if (!surface) return;
      drawn = paint(surface, campaign, view, shade);
      [shown, shownView] = [campaign, view];
      tellKeys(canvas, keys());
      // Upward and downward strokes of a finger still scroll the page, and two fingers enlarge it; sideways strokes turn the body.
      canvas.style.touchAction = current === "tetrahedron" ? "pan-y pinch-zoom" : "auto";
      pad.hidden = current !== "tetrahedron";
    },

    /** What is in view once more, on another surface. @param {Surface} surface @param {Campaign} campaign @param {View} view @param {Shade | null} shade */
    copy(surface, campaign, view, shade) {
      paint(surface, campaign, view, shade);
    },

    /** Global index of the particle at a place on the canvas (CSS pixels), or -1. @param {number} px @param {number} py */
    pick: (px, py) => nearestSpot(drawn, px, py),

    /**
     * What is to be seen, in words.
     * @param {Campaign} campaign
     * @param {View} view
     */
    summary(campaign, view) {
      const known = knownAt(campaign, view.cursor);
      const names = campaign.elements.join(", ");
      const what = {
        bar: "Line of the compositions",
        triangle: "Triangle of the compositions",
        tetrahedron: "Tetrahedron of the compositions, which can be turned,",
        polygon: "Polygon projection of the compositions",
        pairs: "Pairs of shares in the compositions",
      }[choose(campaign.geometry.components)];
      if (known.measured === 0) return `${what} of ${names}. Nothing has been measured yet.`;
      const values = campaign.measurements.value.slice(0, known.measured);
      const low = Math.min(...values).toFixed(3);
      const high = Math.max(...values).toFixed(3);
      return `${what} of ${names}: ${counted(known.measured, "measured particle")} (${counted(known.seeds, "seed")}), values from ${low} to ${high}.`;
    },

    /** Turns the tetrahedron by pixels. @param {number} dx @param {number} dy */
    rotate(dx, dy) {
      if (current !== "tetrahedron") return;
      shapes.tetrahedron.rotate(dx, dy);
      callbacks.onView();
    },

    /** @param {'solid' | 'pairs'} next */
    setMode(next) {
      if (next === mode) return;
      mode = next;
      callbacks.onView();
    },
  };

  /** @param {number} right @param {number} down */
  const turn = (right, down) => api.rotate(15 * right, 15 * down);
  const pad = createPad(place, "Turn", turn);

  /** What the keys do here. */
  const keys = () => {
    if (current !== "tetrahedron") return callbacks.onHover ? CURSOR : "";
    return callbacks.onHover ? `${CURSOR} Shift and an arrow key turn the tetrahedron.` : "Arrow keys turn the tetrahedron.";
  };

  /** @param {number} index @param {boolean} [byKey] */
  const hover = (index, byKey) => {
    if (index !== shownView?.hover) callbacks.onHover?.(index, byKey);
  };

  /** Where the particles are on the canvas. @type {import("./cursor.js").Each} */
  const each = (visit) => {
    for (const list of [drawn.dots, drawn.measured]) for (const { x, y, index } of list) visit(x, y, index);
  };

  /** Whether a key moved the cursor. @param {string} key */
  const moveCursor = (key) => {
    if (!shown || !shownView || !callbacks.onHover) return false;
    const measured = shown.measurements.index.slice(0, knownAt(shown, shownView.cursor).measured);
    const { width, height } = canvas.getBoundingClientRect();
    const index = cursor.key({ each, measured, middle: [width / 2, (height - legendHeight) / 2] }, shownView.hover, key);
    if (index === null) return false;
    hover(index, true);
    return true;
  };

  listen(canvas, {
    drag: api.rotate,
    point(x, y) {
      cursor.point(x, y);
      hover(api.pick(x, y));
    },
    leave: () => hover(-1),
    key(key, shift) {
      if (!(shift && ARROWS[key]) && moveCursor(key)) return true;
      const way = ARROWS[key];
      if (current !== "tetrahedron" || !way) return false;
      turn(...way);
      return true;
    },
  });

  return api;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Campaign} campaign
 * @param {View} view
 * @param {Shade | null} shade
 * @param {number} width
 * @param {number} height
 */
function legend(context, campaign, view, shade, width, height) {
  const top = height - legendHeight + 4;
  const pad = 8;
  // Shading of the predicted mean on the colours of the measured values needs no bar of its own.
  const own = shade !== null && (shade.kind === "sd" || shade.range[0] !== campaign.range[0] || shade.range[1] !== campaign.range[1]);
  const bar = Math.min(150, Math.max(70, width * (own ? 0.27 : 0.3)));
  drawColourBar(context, view, campaign.range, shade && !own ? "value, measured and predicted" : "measured value", pad, top, bar);
  if (own) drawShadeBar(context, view, shade, width - pad - bar, top, bar);
  drawKey(context, view, ["seed", "last"], pad + Math.max(bar, shade && !own ? 160 : 0) + 18, width - pad - (own ? bar + 12 : 0), top);
}

// @ts-check
/** @import { Campaign, View } from "../types.js" */
import { grouped } from "../format.js";
import { ARROWS, Cursor } from "./cursor.js";
import { listen } from "./gestures.js";
import { Camera } from "./grid_camera.js";
import { drawDiscs } from "./grid_discs.js";
import { drawGround, drawMeasured, drawPath, leastOutlined } from "./grid_marks.js";
import { drawNext } from "./grid_next.js";
import { nearest } from "./grid_pick.js";
import { ParticlePixels } from "./grid_pixels.js";
import { CURSOR, tellKeys } from "./keys.js";
import { knownAt } from "./known.js";
import { counted, drawColourBar, drawKey, drawScaleBar, legendHeight } from "./legend.js";
import { createPad } from "./pad.js";
import { open } from "./surface.js";

/** Discs smaller than this (radius, pixels) become pixels. */
const leastDisc = 1.5;
/** A library no larger than this is always drawn with discs, however small its picture. */
const fewParticles = 6000;

/**
 * The library in real space: where the particles lie, what was measured of them, and where the stage went.
 * @param {HTMLCanvasElement} canvas
 * @param {{ onHover?(index: number, byKey?: boolean): void, onView(): void }} callbacks `onView` asks for a drawing: the part in view has
 *   changed; without `onHover` there is no cursor, and the arrow keys pan
 * @param {HTMLElement} place of the buttons that pan
 */
export function createGridView(canvas, callbacks, place) {
  const camera = new Camera();
  const crowd = new ParticlePixels();
  const cursor = new Cursor();
  /** @type {Campaign | null} */ let shown = null;
  /** @type {View | null} */ let shownView = null;
  let least = { any: leastDisc, measured: 3 };

  const api = {
    /** @param {Campaign} campaign @param {View} view */
    draw(campaign, view) {
      shown = campaign;
      shownView = view;
      const surface = open(canvas, view.colours.paper);
      if (!surface) return;
      least = paint(surface, camera, crowd, campaign, view);
      // With nothing to pan, a finger that drags over the canvas scrolls the page.
      canvas.style.touchAction = camera.fitted ? "pan-y" : "none";
      pad.hidden = camera.fitted;
    },

    /** The part in view once more, on another surface. @param {import("./surface.js").Surface} surface @param {Campaign} campaign @param {View} view */
    copy(surface, campaign, view) {
      const { width, height } = surface;
      paint(surface, camera.copy({ left: 0, top: 0, width, height: Math.max(1, height - legendHeight) }), new ParticlePixels(), campaign, view);
    },

    /** Shows the whole library. */
    fit() {
      camera.fit();
      callbacks.onView();
    },

    /** @param {number} factor above 1 to come closer */
    zoom(factor) {
      camera.zoom(factor);
      callbacks.onView();
    },

    /** @param {number} dx pixels to the right @param {number} dy pixels down */
    pan(dx, dy) {
      camera.pan(dx, dy);
      callbacks.onView();
    },

    /**
     * Global index of the particle at a place on the canvas (CSS pixels), or -1.
     * @param {number} px
     * @param {number} py
     */
    pick(px, py) {
      if (!shown || !shownView) return -1;
      const { frame } = camera;
      if (px < frame.left || py < frame.top || px > frame.left + frame.width || py > frame.top + frame.height) return -1;
      return nearest(shown, shownView.cursor, camera, px, py, least.measured);
    },

    /**
     * What is to be seen, in words.
     * @param {Campaign} campaign
     * @param {View} view
     */
    summary(campaign, view) {
      const { geometry } = campaign;
      const known = knownAt(campaign, view.cursor);
      const size = `${round(geometry.width_um)} by ${round(geometry.height_um)} µm`;
      const parts = [
        `Map of the library, ${size}, with ${counted(campaign.count, "particle")} in ${counted(geometry.columns * geometry.rows, "region")}.`,
      ];
      if (known.measured > 0) {
        const moves = Math.max(0, known.moves - 1);
        parts.push(
          `After iteration ${Math.max(0, view.cursor)}: ${counted(known.measured, "particle")} measured (${counted(known.seeds, "seed")}), ` +
            `${counted(known.mappedCount, "region")} visited, ${counted(moves, "stage move")}; the stage is at tile ${known.tile}.`,
        );
      } else {
        parts.push("Nothing has been measured yet.");
      }
      if (!camera.fitted) {
        const part = camera.window();
        parts.push(`In view: ${round(part.left)} to ${round(part.right)} µm across, ${round(part.bottom)} to ${round(part.top)} µm up.`);
      }
      return parts.join(" ");
    },
  };

  /** As an arrow key or a button means it: to see what lies there. @param {number} right @param {number} down */
  const look = (right, down) => api.pan(-50 * right, -50 * down);
  const pad = createPad(place, "Pan", look);

  /** @param {number} index @param {boolean} [byKey] */
  const hover = (index, byKey) => {
    if (index !== shownView?.hover) callbacks.onHover?.(index, byKey);
  };

  /** Where the particles are on the canvas. @type {import("./cursor.js").Each} */
  const each = (visit) => {
    const { x_um, y_um } = /** @type {Campaign} */ (shown).particles;
    for (let index = 0; index < x_um.length; index++) visit(camera.pixelX(x_um[index] ?? NaN), camera.pixelY(y_um[index] ?? NaN), index);
  };

  /** Whether a key moved the cursor; the picture follows it. @param {string} key */
  const moveCursor = (key) => {
    if (!shown || !shownView || !callbacks.onHover) return false;
    const { left, top, width, height } = camera.frame;
    const measured = shown.measurements.index.slice(0, knownAt(shown, shownView.cursor).measured);
    const index = cursor.key({ each, measured, middle: [left + width / 2, top + height / 2] }, shownView.hover, key);
    if (index === null) return false;
    const { x_um, y_um } = shown.particles;
    if (index >= 0) camera.reveal(camera.pixelX(x_um[index] ?? 0), camera.pixelY(y_um[index] ?? 0));
    hover(index, true);
    callbacks.onView();
    return true;
  };

  tellKeys(canvas, `${callbacks.onHover ? `${CURSOR} Shift and an arrow key pan` : "Arrow keys pan"}, + and − zoom, 0 shows all.`);

  listen(canvas, {
    drag: api.pan,
    zoom(factor, x, y) {
      camera.zoom(factor, x, y);
      callbacks.onView();
    },
    point: (x, y) => hover(api.pick(x, y)),
    leave: () => hover(-1),
    key(key, shift) {
      if (!(shift && ARROWS[key]) && moveCursor(key)) return true;
      const way = ARROWS[key];
      if (way) look(...way);
      else if (key === "+" || key === "=") api.zoom(1.5);
      else if (key === "-" || key === "_") api.zoom(1 / 1.5);
      else if (key === "0") api.fit();
      else return false;
      return true;
    },
  });

  return api;
}

/**
 * Draws on any surface what a camera sees. Returns the least radii of discs, pixels.
 * @param {import("./surface.js").Surface} surface
 * @param {Camera} camera
 * @param {ParticlePixels} crowd
 * @param {Campaign} campaign
 * @param {View} view
 */
function paint(surface, camera, crowd, campaign, view) {
  const { context, width, height, ratio } = surface;
  const frame = { left: 0, top: 0, width, height: Math.max(1, height - legendHeight) };
  camera.place(campaign.geometry, frame);
  const known = knownAt(campaign, view.cursor);
  const least = leastRadii(campaign, camera.scale);

  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  drawGround(context, camera, campaign, view, known);
  if (least.any < leastDisc) {
    // In a fine picture a point is as many pixels as a CSS pixel is, else it would fade.
    const side = ratio > 2 ? Math.round(ratio) : least.any * ratio > 0.6 ? 2 : 1;
    crowd.draw(surface, camera, campaign, known.mapped, known.mappedCount, view.colours.ink, side);
  } else {
    drawDiscs(context, camera, campaign, known.mapped, view.colours.ink, least.any);
  }
  // The path lies under the particles it leads to, unless they would hide it.
  const small = campaign.geometry.tile_um * camera.scale < leastOutlined;
  if (!small) drawPath(context, camera, campaign, view, known);
  drawMeasured(context, camera, campaign, view, known, least.measured);
  drawNext(context, camera, campaign, view, least.measured);
  if (small) drawPath(context, camera, campaign, view, known);
  context.restore();

  const top = height - legendHeight + 4;
  const pad = 8;
  const bar = Math.min(150, Math.max(70, width * 0.3));
  const room = Math.min(120, width * 0.25);
  const note = campaign.partial ? "only visited tiles shown" : enlarged(campaign, camera.scale, least.any) ? "discs not to scale" : "discs to scale";
  drawColourBar(context, view, campaign.range, "measured value", pad, top, bar);
  drawKey(context, view, ["seed", "last", "path"], pad + bar + 18, width - pad - Math.max(room, 100) - 12, top);
  drawScaleBar(context, view, camera.scale, width - pad, top, room, note, width - 2 * pad - bar - 6);
  return least;
}

/**
 * Real particles are far below a pixel until one comes close: discs get a radius that suits the room between neighbours.
 * @param {Campaign} campaign
 * @param {number} scale
 */
function leastRadii({ geometry, count }, scale) {
  const area = geometry.width_um * geometry.height_um;
  const spacing = scale * Math.sqrt(area / Math.max(1, count));
  const floor = count <= fewParticles ? leastDisc : 0;
  const any = Math.min(4, Math.max(floor, 0.21 * spacing));
  const room = Math.min(3.2, Math.max(2, 0.2 * geometry.tile_um * scale));
  return { any, measured: Math.min(6, Math.max(room, 1.5 * any)) };
}

/**
 * Whether an average particle is drawn larger than it is.
 * @param {Campaign} campaign
 * @param {number} scale
 * @param {number} radius
 */
function enlarged({ config, particles }, scale, radius) {
  const own = config?.library?.particles;
  const nm = own ? meanRadius(own) : config?.library?.radius_mean_nm ?? particles.radius_nm[0] ?? 0;
  return (nm / 1000) * scale < radius;
}

/** @type {WeakMap<object, number>} */
const meanRadii = new WeakMap();

/** Of particles of the user's own, nm. @param {{ radius_nm: number }[]} own */
function meanRadius(own) {
  const mean = meanRadii.get(own) ?? own.reduce((sum, { radius_nm }) => sum + radius_nm, 0) / own.length;
  meanRadii.set(own, mean);
  return mean;
}

/** @param {number} um */
function round(um) {
  return grouped(Number(um.toPrecision(4)));
}

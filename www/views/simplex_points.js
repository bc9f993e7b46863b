// @ts-check
/** @import { Campaign, View } from "../types.js" */
/** @import { Known } from "./known.js" */
import { shareOf } from "./known.js";
import { css } from "./palette.js";
import { drawRing } from "./ring.js";

/**
 * How a shape places one particle: once, or once for each small picture. `value` is given when it has been measured.
 * Depth runs from -1 (near) to 1 (far), 0 where there is none.
 * @typedef {(index: number, value: number | null, put: (x: number, y: number, depth: number) => void) => void} Placing
 * @typedef {{ x: number, y: number, depth: number, index: number, order: number }} Spot `order` counts measurements; -1 for what is only mapped
 */

/** More unmeasured dots than this are thinned out: they would only make a grey area. */
const mostDots = 20000;
/** How near to a point, in pixels, the pointer must come. */
const reach = 10;

/**
 * @param {Campaign} campaign
 * @param {Known} known
 * @param {Placing} placing
 * @param {number} copies how often each particle is placed
 * @returns {{ dots: Spot[], measured: Spot[] }} measured ones from far to near
 */
export function spots({ geometry, particles, measurements }, known, placing, copies) {
  /** @type {Spot[]} */ const dots = [];
  /** @type {Spot[]} */ const measured = [];
  const taken = new Set();
  for (let order = 0; order < known.measured; order++) {
    const index = measurements.index[order] ?? -1;
    taken.add(index);
    placing(index, measurements.value[order] ?? null, (x, y, depth) => measured.push({ x, y, depth, index, order }));
  }
  let all = 0;
  const tiles = geometry.columns * geometry.rows;
  for (let tile = 0; tile < tiles; tile++) if (known.mapped[tile]) all += (particles.offsets[tile + 1] ?? 0) - (particles.offsets[tile] ?? 0);
  const stride = Math.max(1, Math.ceil((all * copies) / mostDots));
  for (let tile = 0; tile < tiles; tile++) {
    if (!known.mapped[tile]) continue;
    const end = particles.offsets[tile + 1] ?? 0;
    for (let index = particles.offsets[tile] ?? end; index < end; index += stride) {
      if (!taken.has(index)) placing(index, null, (x, y, depth) => dots.push({ x, y, depth, index, order: -1 }));
    }
  }
  // Sorting is stable: without depth the later measurement stays on top.
  measured.sort((a, b) => b.depth - a.depth);
  return { dots, measured };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Campaign} campaign
 * @param {View} view
 * @param {Known} known
 * @param {{ dots: Spot[], measured: Spot[] }} spots
 * @param {Placing} placing
 * @param {number} radius
 * @param {boolean} shaded whether points lie on colours much like their own
 */
export function drawSpots(context, campaign, view, known, { dots, measured }, placing, radius, shaded) {
  const { colours } = view;
  context.fillStyle = colours.ink;
  context.globalAlpha = 0.4;
  context.beginPath();
  for (const { x, y } of dots) context.rect(x - 0.9, y - 0.9, 1.8, 1.8);
  context.fill();
  context.globalAlpha = 1;

  // A hairline of ink keeps the palest colour apart from light paper and the darkest from dark.
  context.strokeStyle = colours.ink;
  context.lineWidth = 0.75;
  for (const { x, y, depth, order } of measured) {
    const size = radius * (1 - 0.22 * depth);
    context.beginPath();
    context.arc(x, y, size, 0, 2 * Math.PI);
    if (shaded) {
      context.strokeStyle = colours.paper;
      context.lineWidth = 2.5;
      context.stroke();
      context.strokeStyle = colours.ink;
      context.lineWidth = 0.75;
    }
    // What lies behind fades into the paper, as in haze.
    if (depth > 0) {
      context.fillStyle = colours.paper;
      context.fill();
      context.globalAlpha = 1 - 0.55 * depth;
    }
    context.fillStyle = css(view.palette, shareOf(campaign, campaign.measurements.value[order] ?? 0));
    context.fill();
    context.globalAlpha *= 0.55;
    context.stroke();
    context.globalAlpha = 1;
  }

  /** @param {number} x @param {number} y @param {string} colour @param {number} gap @param {number} width @param {number} [ticks] */
  const ring = (x, y, colour, gap, width, ticks) => drawRing(context, { x, y, radius: radius + gap, width, ticks }, colour, colours.paper);
  const gap = radius > 2.5 ? 2.2 : 1.4;
  const line = radius > 2.5 ? 2 : 1.5;
  for (const { x, y, order } of measured) if (order < known.seeds) ring(x, y, colours.seed, gap, line);
  for (const { x, y, index } of measured) if (index === known.last) ring(x, y, colours.ink, gap, line, radius > 2.5 ? 4 : 3);
  if (view.hover >= 0) {
    const order = campaign.measurements.index.indexOf(view.hover);
    const value = order >= 0 && order < known.measured ? (campaign.measurements.value[order] ?? null) : null;
    placing(view.hover, value, (x, y) => ring(x, y, colours.ink, gap + 3, 1.5));
  }
}

/**
 * Particle nearest to a place, or -1. A measured one within reach goes before one that is only mapped.
 * @param {{ dots: Spot[], measured: Spot[] }} spots
 * @param {number} px
 * @param {number} py
 */
export function nearestSpot({ dots, measured }, px, py) {
  for (const [list, within] of /** @type {const} */ ([
    [measured, 5],
    [dots, reach],
    [measured, reach],
  ])) {
    let best = -1;
    let least = within * within;
    for (const { x, y, index } of list) {
      const d = (x - px) ** 2 + (y - py) ** 2;
      // Equal distances go to the later one, which lies on top.
      if (d <= least) {
        least = d;
        best = index;
      }
    }
    if (best >= 0) return best;
  }
  return -1;
}

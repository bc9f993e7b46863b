// @ts-check
/** @import { View } from "../types.js" */
/** @import { Shade } from "./shading.js" */
import { grouped } from "../format.js";
import { css, step } from "./palette.js";
import { steps } from "./shading.js";
import { font } from "./surface.js";
import { drawRing } from "./ring.js";

/** Height of the strip below a picture that is kept for its legend. */
export const legendHeight = 44;

/**
 * Bar of the colours of measured values, with the numbers at its ends and between.
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {[number, number]} range
 * @param {string} title
 * @param {number} left
 * @param {number} top
 * @param {number} width
 */
export function drawColourBar(context, view, range, title, left, top, width) {
  bar(context, view, range, title, left, top, width, (t) => css(view.palette, t));
}

/**
 * Bar of a shading that has a range of its own.
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Shade} shade
 * @param {number} left
 * @param {number} top
 * @param {number} width
 */
export function drawShadeBar(context, view, shade, left, top, width) {
  const colours = steps(shade, view);
  const title = shade.title ?? (shade.kind === "sd" ? "predicted sd" : "predicted mean");
  bar(context, view, shade.range, title, left, top, width, (t) => {
    const pixel = colours[step(t)] ?? 0;
    return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {[number, number]} range
 * @param {string} title
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {(t: number) => string} colour
 */
function bar(context, view, range, title, left, top, width, colour) {
  const height = 9;
  const pieces = Math.max(1, Math.round(width));
  for (let i = 0; i < pieces; i++) {
    context.fillStyle = colour((i + 0.5) / pieces);
    context.fillRect(left + i, top + 14, Math.min(1.5, width - i), height);
  }
  context.font = font;
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillStyle = view.colours.ink;
  context.fillText(title, left, top + 10);
  const digits = decimals(range[1] - range[0]);
  const numbers = width >= 110 ? [0, 0.5, 1] : [0, 1];
  for (const t of numbers) {
    context.textAlign = t === 0 ? "left" : t === 1 ? "right" : "center";
    context.fillText(number(range[0] + t * (range[1] - range[0]), digits), left + t * width, top + 36);
  }
}

/**
 * Digits after the point that tell thousandths of a range apart, two of them significant.
 * @param {number} span
 */
function decimals(span) {
  return span > 0 && Number.isFinite(span) ? Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(span)))) : 2;
}

/** @param {number} value @param {number} digits */
function number(value, digits) {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace("-", "\u2212");
}

/**
 * A length of 1, 2 or 5 times a power of ten that fits, with its name.
 * @param {number} scale pixels per µm
 * @param {number} room pixels
 * @returns {{ pixels: number, text: string }}
 */
export function niceLength(scale, room) {
  const most = room / scale;
  const power = 10 ** Math.floor(Math.log10(most));
  const um = ([5, 2].find((times) => times * power <= most) ?? 1) * power;
  /** @param {number} value @param {string} unit */
  const text = (value, unit) => `${Number(value.toPrecision(1))}\u202f${unit}`;
  return { pixels: um * scale, text: um >= 999.5 ? text(um / 1000, "mm") : um < 0.9995 ? text(um * 1000, "nm") : text(um, "µm") };
}

/**
 * Scale bar, right-aligned; below it a note.
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {number} scale pixels per µm
 * @param {number} right
 * @param {number} top
 * @param {number} room
 * @param {string} note left out where it has no room
 * @param {number} noteRoom pixels
 */
export function drawScaleBar(context, view, scale, right, top, room, note, noteRoom) {
  const { pixels, text } = niceLength(scale, room);
  context.strokeStyle = context.fillStyle = view.colours.ink;
  context.lineWidth = 1.5;
  context.lineCap = "butt";
  context.beginPath();
  context.moveTo(right - pixels, top + 14);
  context.lineTo(right - pixels, top + 22);
  context.moveTo(right - pixels, top + 18);
  context.lineTo(right, top + 18);
  context.moveTo(right, top + 14);
  context.lineTo(right, top + 22);
  context.stroke();
  context.lineCap = "round";
  context.font = font;
  context.textAlign = "right";
  context.fillText(text, right, top + 10);
  context.fillStyle = view.colours.faint;
  if (context.measureText(note).width <= noteRoom) context.fillText(note, right, top + 36);
}

/**
 * What rings and lines mean, in the middle of the strip as far as there is room.
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {Array<'seed' | 'last' | 'path'>} marks
 * @param {number} left
 * @param {number} right
 * @param {number} top
 */
export function drawKey(context, view, marks, left, right, top) {
  const { colours } = view;
  const names = { seed: "seed", last: "latest", path: "stage path" };
  context.font = font;
  context.textAlign = "left";
  const widths = marks.map((mark) => 18 + context.measureText(names[mark]).width + 12);
  const room = right - left;
  const inOneRow = widths.reduce((sum, width) => sum + width, 0) <= room;
  const rowStep = 13;
  // One below the other when they do not fit side by side; not at all when not even that fits.
  if (!inOneRow && Math.max(...widths) > room) return;
  let x = left;
  let y = inOneRow ? top + 18 : top + 6 + (marks.length === 2 ? rowStep / 2 : 0);
  marks.forEach((mark, i) => {
    if (mark === "path") {
      context.lineWidth = 2;
      context.strokeStyle = colours.path;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + 13, y);
      context.stroke();
    } else {
      const shape = mark === "last" ? { radius: 3.5, ticks: 3 } : { radius: 4.5 };
      drawRing(context, { x: x + 7, y, width: 2, ...shape }, mark === "last" ? colours.ink : colours.seed, colours.paper);
    }
    context.fillStyle = colours.ink;
    context.fillText(names[mark], x + 18, y + 4);
    if (inOneRow) x += widths[i] ?? 0;
    else y += rowStep;
  });
}

/** @param {number} count @param {string} one @param {string} [many] */
export function counted(count, one, many = `${one}s`) {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

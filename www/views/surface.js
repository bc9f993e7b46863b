// @ts-check
import { sizeOf } from "../size.js";

/** @typedef {{ context: CanvasRenderingContext2D, width: number, height: number, ratio: number }} Surface Sizes are CSS pixels. */

/** System text on canvas, like the page's. */
export const font = "11px system-ui, sans-serif";
export const boldFont = "600 13px system-ui, sans-serif";

/**
 * The canvas, its backing store as large as the screen shows it, cleared to the paper.
 * Returns null while the canvas has no size (hidden panel).
 * @param {HTMLCanvasElement} canvas
 * @param {string} paper
 * @returns {Surface | null}
 */
export function open(canvas, paper) {
  const { width, height } = sizeOf(canvas);
  const context = canvas.getContext("2d");
  if (!context || width < 1 || height < 1) return null;
  const ratio = Math.max(1, window.devicePixelRatio || 1);
  const columns = Math.round(width * ratio);
  const rows = Math.round(height * ratio);
  // Setting a size clears and reallocates, so only when it has changed.
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
  }
  context.setTransform(columns / width, 0, 0, rows / height, 0, 0);
  return clean({ context, width, height, ratio }, paper);
}

/** Bare paper, and the pen as every view expects it. @param {Surface} surface @param {string} paper */
export function clean(surface, paper) {
  const { context, width, height } = surface;
  context.globalAlpha = 1;
  context.fillStyle = paper;
  context.fillRect(0, 0, width, height);
  context.lineJoin = "round";
  context.lineCap = "round";
  return surface;
}

/** @type {Map<string, [number, number, number]>} */
const parsed = new Map();

/**
 * Red, green, blue bytes of any CSS colour; the browser does the parsing.
 * @param {string} colour
 * @returns {[number, number, number]}
 */
export function rgb(colour) {
  let bytes = parsed.get(colour);
  if (!bytes) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return [128, 128, 128];
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const data = context.getImageData(0, 0, 1, 1).data;
    bytes = [data[0] ?? 0, data[1] ?? 0, data[2] ?? 0];
    parsed.set(colour, bytes);
  }
  return bytes;
}

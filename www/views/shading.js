// @ts-check
/** @import { View } from "../types.js" */
import { lookup, step } from "./palette.js";
import { rgb } from "./surface.js";

/**
 * Values at the points (a, b, c)/resolution of a triangle, in the order for a in 0..=res, for b in 0..=res-a.
 * `kind` "sd" is drawn in ink, so that it is not mistaken for values; anything else in the palette. `fineness` is in pixels per CSS pixel.
 * @typedef {{ resolution: number, values: Float32Array, range: [number, number], kind?: 'mean' | 'sd', title?: string, fineness?: number }} Shade
 */

/** A field over the triangle as a picture, kept until the field, its size or its colours change. */
export class Shading {
  #canvas = document.createElement("canvas");
  #key = "";
  /** @type {Float32Array | null} */ #values = null;

  /**
   * Fills the box around the triangle; the caller clips.
   * @param {CanvasRenderingContext2D} context
   * @param {Shade} shade
   * @param {View} view
   * @param {number} left
   * @param {number} top
   * @param {number} width
   * @param {number} height
   */
  draw(context, shade, view, left, top, width, height) {
    // Half as fine as the screen: the field is smooth, a quarter of the pixels is a quarter of the time.
    const fineness = shade.fineness ?? 0.5;
    const columns = Math.max(2, Math.round(width * fineness));
    const rows = Math.max(2, Math.round(height * fineness));
    const key = [columns, rows, shade.resolution, ...shade.range, shade.kind, view.palette, view.colours.ink, view.colours.paper].join();
    if (this.#values !== shade.values || this.#key !== key) {
      this.#canvas.width = columns;
      this.#canvas.height = rows;
      const own = this.#canvas.getContext("2d");
      if (!own) return;
      own.putImageData(picture(shade, steps(shade, view), columns, rows), 0, 0);
      this.#values = shade.values;
      this.#key = key;
    }
    context.drawImage(this.#canvas, left, top, width, height);
  }
}

/**
 * The 256 colours of a shade as little-endian pixels.
 * @param {Shade} shade
 * @param {View} view
 */
export function steps(shade, view) {
  const table = lookup(view.palette);
  const ink = rgb(view.colours.ink);
  const paper = rgb(view.colours.paper);
  return Uint32Array.from({ length: 256 }, (_, i) => {
    /** @param {0 | 1 | 2} channel */
    const byte = (channel) =>
      shade.kind === "sd" ? Math.round(paper[channel] + (0.75 * i * (ink[channel] - paper[channel])) / 255) : (table[3 * i + channel] ?? 0);
    return ((255 << 24) | (byte(2) << 16) | (byte(1) << 8) | byte(0)) >>> 0;
  });
}

/**
 * Linear between the three grid points around each pixel: smooth, and exact at the points.
 * @param {Shade} shade
 * @param {Uint32Array} colours
 * @param {number} columns
 * @param {number} rows
 */
function picture({ resolution, values, range: [low, high] }, colours, columns, rows) {
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const scale = high > low ? 1 / (high - low) : 0;
  /** Index of a grid point: rows of a hold one point less each. @param {number} a @param {number} b */
  const at = (a, b) => a * (resolution + 1) - (a * (a - 1)) / 2 + b;
  /** @param {number} a @param {number} b */
  const value = (a, b) => values[at(a, b)] ?? 0;
  for (let y = 0; y < rows; y++) {
    const a = (1 - (y + 0.5) / rows) * resolution;
    for (let x = 0; x < columns; x++) {
      const c = ((x + 0.5) / columns) * resolution - a / 2;
      const b = resolution - a - c;
      // A pixel's width beyond the edges too: the clip cuts them, smoothly.
      if (b < -2 || c < -2) continue;
      const inB = Math.min(Math.max(b, 0), resolution - a);
      const a0 = Math.min(Math.floor(a), resolution - 1);
      const b0 = Math.min(Math.floor(inB), resolution - 1 - a0);
      const fa = a - a0;
      const fb = Math.min(inB - b0, 1);
      const v =
        fa + fb <= 1
          ? value(a0, b0) * (1 - fa - fb) + value(a0 + 1, b0) * fa + value(a0, b0 + 1) * fb
          : value(a0 + 1, b0 + 1) * (fa + fb - 1) + value(a0 + 1, b0) * (1 - fb) + value(a0, b0 + 1) * (1 - fa);
      pixels[y * columns + x] = colours[step(scale === 0 ? 0.5 : (v - low) * scale)] ?? 0;
    }
  }
  return image;
}

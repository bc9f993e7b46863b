// @ts-check
/** @import { Campaign } from "../types.js" */
/** @import { Camera } from "./grid_camera.js" */
/** @import { Surface } from "./surface.js" */
import { rgb } from "./surface.js";
import { tilesIn } from "./grid_tiles.js";

/** A particle of a mapped tile counts as several others. */
const mappedWeight = 4;
/** Share of its pixel that one particle covers with ink; less in a crowd, so that it stays background. */
const mostInk = 0.3;

/**
 * A crowd of particles too small for discs: each is one pixel of a picture that is kept until the view or the mapped tiles change.
 * A million particles are a million additions, where a million arcs would take seconds.
 */
export class ParticlePixels {
  #canvas = document.createElement("canvas");
  /** @type {ImageData | null} */ #image = null;
  #key = "";
  /** @type {object | null} */ #particles = null;

  /**
   * @param {Surface} surface
   * @param {Camera} camera
   * @param {Campaign} campaign
   * @param {Uint8Array} mapped by tile
   * @param {number} mappedCount
   * @param {string} ink
   * @param {number} side of a particle in device pixels
   */
  draw(surface, camera, campaign, mapped, mappedCount, ink, side) {
    const { left, top, width, height } = camera.frame;
    const { ratio } = surface;
    const columns = Math.max(1, Math.round(width * ratio));
    const rows = Math.max(1, Math.round(height * ratio));
    const context = this.#canvas.getContext("2d");
    if (!context) return;
    const key = [columns, rows, camera.x, camera.y, camera.scale, mappedCount, side, ink].join();
    if (key !== this.#key || campaign.particles !== this.#particles) {
      if (!this.#image || this.#image.width !== columns || this.#image.height !== rows) {
        this.#canvas.width = columns;
        this.#canvas.height = rows;
        this.#image = new ImageData(columns, rows);
      }
      const pixels = new Uint32Array(this.#image.data.buffer);
      pixels.fill(0);
      count(pixels, columns, rows, ratio, camera, campaign, mapped, side);
      const { geometry } = campaign;
      const pixelsOfLibrary = geometry.width_um * geometry.height_um * (camera.scale * ratio) ** 2;
      const perPixel = (campaign.count * side * side) / Math.max(1, pixelsOfLibrary);
      colour(pixels, ink, Math.min(mostInk, 0.25 / perPixel));
      context.putImageData(this.#image, 0, 0);
      this.#key = key;
      this.#particles = campaign.particles;
    }
    surface.context.drawImage(this.#canvas, left, top, width, height);
  }
}

/**
 * Adds up the weight of the particles on each pixel.
 * @param {Uint32Array} pixels
 * @param {number} columns
 * @param {number} rows
 * @param {number} ratio
 * @param {Camera} camera
 * @param {Campaign} campaign
 * @param {Uint8Array} mapped
 * @param {number} side
 */
function count(pixels, columns, rows, ratio, camera, campaign, mapped, side) {
  const { geometry, particles } = campaign;
  const { offsets, x_um, y_um } = particles;
  const scale = camera.scale * ratio;
  const originX = columns / 2 - camera.x * scale;
  const originY = rows / 2 + camera.y * scale;
  const span = tilesIn(geometry, camera.window());
  const lastColumn = columns - side;
  const lastRow = rows - side;
  for (let row = span.firstRow; row <= span.lastRow; row++) {
    for (let column = span.firstColumn; column <= span.lastColumn; column++) {
      const tile = row * geometry.columns + column;
      const weight = mapped[tile] === 1 ? mappedWeight : 1;
      const end = offsets[tile + 1] ?? 0;
      for (let i = offsets[tile] ?? end; i < end; i++) {
        const px = Math.floor(originX + /** @type {number} */ (x_um[i]) * scale);
        const py = Math.floor(originY - /** @type {number} */ (y_um[i]) * scale);
        if (px < 0 || py < 0 || px > lastColumn || py > lastRow) continue;
        const at = py * columns + px;
        for (let corner = at; corner < at + side * columns; corner += columns) {
          for (let pixel = corner; pixel < corner + side; pixel++) pixels[pixel] = /** @type {number} */ (pixels[pixel]) + weight;
        }
      }
    }
  }
}

/**
 * Turns weights into ink: each particle covers its share of what is still bare.
 * @param {Uint32Array} pixels
 * @param {string} ink
 * @param {number} share
 */
function colour(pixels, ink, share) {
  const [red, green, blue] = rgb(ink);
  // Uint32 pixels are written in the machine's byte order; every machine with a browser is little-endian.
  const base = (blue << 16) | (green << 8) | red;
  const shades = Uint32Array.from({ length: 64 }, (_, weight) => {
    const alpha = Math.round(255 * Math.min(0.85, 1 - (1 - share) ** weight));
    return ((alpha << 24) | base) >>> 0;
  });
  const most = shades.length - 1;
  for (let i = 0; i < pixels.length; i++) {
    const weight = /** @type {number} */ (pixels[i]);
    if (weight !== 0) pixels[i] = /** @type {number} */ (shades[weight < most ? weight : most]);
  }
}

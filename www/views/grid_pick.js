// @ts-check
/** @import { Campaign } from "../types.js" */
/** @import { Camera } from "./grid_camera.js" */
import { tilesIn } from "./grid_tiles.js";
import { knownAt } from "./known.js";

/** How near to a particle, in pixels, the pointer must come. */
const reach = 8;

/**
 * Global index of the particle nearest to a place on the canvas, or -1.
 * @param {Campaign} campaign
 * @param {number} cursor
 * @param {Camera} camera
 * @param {number} px
 * @param {number} py
 * @param {number} leastMeasured
 */
export function nearest(campaign, cursor, camera, px, py, leastMeasured) {
  const { geometry, particles, measurements } = campaign;
  const nm = camera.scale / 1000;
  /** Distance in pixels to the edge of the particle as it really is, or to its centre. @param {number} index */
  const distance = (index) => {
    const x = camera.pixelX(particles.x_um[index] ?? NaN) - px;
    const y = camera.pixelY(particles.y_um[index] ?? NaN) - py;
    return Math.max(0, Math.hypot(x, y) - Math.max(0, (particles.radius_nm[index] ?? 0) * nm - reach));
  };
  let best = -1;
  let least = reach;
  // Measured discs lie on top and are larger: whoever points at one means it.
  const { measured } = knownAt(campaign, cursor);
  for (let i = 0; i < measured; i++) {
    const index = measurements.index[i] ?? -1;
    const d = distance(index);
    if (d < least && d <= leastMeasured + 1) {
      least = d;
      best = index;
    }
  }
  if (best >= 0) return best;
  const around = { left: camera.toX(px - 48), right: camera.toX(px + 48), bottom: camera.toY(py + 48), top: camera.toY(py - 48) };
  // Only when zoomed in so far that discs outgrow the reach can a particle be touched from farther away than the reach.
  if (nm * 100 < reach) {
    around.left = camera.toX(px - reach);
    around.right = camera.toX(px + reach);
    around.bottom = camera.toY(py + reach);
    around.top = camera.toY(py - reach);
  }
  const span = tilesIn(geometry, around);
  for (let row = span.firstRow; row <= span.lastRow; row++) {
    for (let column = span.firstColumn; column <= span.lastColumn; column++) {
      const tile = row * geometry.columns + column;
      const end = particles.offsets[tile + 1] ?? 0;
      for (let index = particles.offsets[tile] ?? end; index < end; index++) {
        const d = distance(index);
        if (d < least) {
          least = d;
          best = index;
        }
      }
    }
  }
  return best;
}

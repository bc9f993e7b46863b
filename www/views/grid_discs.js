// @ts-check
/** @import { Campaign } from "../types.js" */
/** @import { Camera } from "./grid_camera.js" */
import { tilesIn } from "./grid_tiles.js";

/**
 * Discs of all particles in view, whether measured or not; one path for each of the two strengths, for speed.
 * @param {CanvasRenderingContext2D} context
 * @param {Camera} camera
 * @param {Campaign} campaign
 * @param {Uint8Array} mapped by tile
 * @param {string} ink
 * @param {number} least radius in pixels
 */
export function drawDiscs(context, camera, campaign, mapped, ink, least) {
  const { geometry, particles } = campaign;
  const { offsets, x_um, y_um, radius_nm } = particles;
  const span = tilesIn(geometry, camera.window(2 * least + 40));
  const nm = camera.scale / 1000;
  context.fillStyle = ink;
  for (const strength of [0, 1]) {
    context.beginPath();
    for (let row = span.firstRow; row <= span.lastRow; row++) {
      for (let column = span.firstColumn; column <= span.lastColumn; column++) {
        const tile = row * geometry.columns + column;
        if (mapped[tile] !== strength) continue;
        const end = offsets[tile + 1] ?? 0;
        for (let i = offsets[tile] ?? end; i < end; i++) {
          const x = camera.pixelX(x_um[i] ?? 0);
          const y = camera.pixelY(y_um[i] ?? 0);
          const radius = Math.max(least, (radius_nm[i] ?? 0) * nm);
          context.moveTo(x + radius, y);
          context.arc(x, y, radius, 0, 2 * Math.PI);
        }
      }
    }
    context.globalAlpha = strength === 1 ? 0.42 : 0.17;
    context.fill();
  }
  context.globalAlpha = 1;
}

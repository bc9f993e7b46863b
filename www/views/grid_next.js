// @ts-check
/** @import { Campaign, View } from "../types.js" */
/** @import { Camera } from "./grid_camera.js" */
import { edges } from "./grid_tiles.js";

/**
 * What an instrument does now or would do next, dashed: the region it goes to, or the particle it measures.
 * @param {CanvasRenderingContext2D} context
 * @param {Camera} camera
 * @param {Campaign} campaign
 * @param {View} view
 * @param {number} least radius of a particle in pixels
 */
export function drawNext(context, camera, { geometry, particles, path }, { next, colours }, least) {
  if (!next) return;
  context.beginPath();
  const tile = path.tile[path.tile.length - 1] ?? -1;
  const index = (particles.offsets[tile] ?? 0) + (next.particle ?? 0);
  if (next.type === "move_to_region") {
    const { left, right, bottom, top } = edges(geometry, next.region);
    context.rect(camera.pixelX(left), camera.pixelY(top), (right - left) * camera.scale, (top - bottom) * camera.scale);
  } else if (next.type === "spectrum" && tile >= 0 && index < particles.x_um.length) {
    const radius = Math.max(least, ((particles.radius_nm[index] ?? 0) * camera.scale) / 1000) + 6;
    context.arc(camera.pixelX(particles.x_um[index] ?? 0), camera.pixelY(particles.y_um[index] ?? 0), radius, 0, 2 * Math.PI);
  }
  context.lineWidth = 4;
  context.strokeStyle = colours.paper;
  context.stroke();
  context.setLineDash([5, 3]);
  context.lineWidth = 2;
  context.strokeStyle = colours.accent;
  context.stroke();
  context.setLineDash([]);
}

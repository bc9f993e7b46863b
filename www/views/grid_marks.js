// @ts-check
/** @import { Campaign, View } from "../types.js" */
/** @import { Camera } from "./grid_camera.js" */
/** @import { Known } from "./known.js" */
import { centre, edges, tilesIn } from "./grid_tiles.js";
import { css } from "./palette.js";
import { shareOf } from "./known.js";
import { drawRing } from "./ring.js";

/** Tiles smaller than this are not outlined: the lines would be all there is to see. */
export const leastOutlined = 12;

/**
 * Ground: tiles visited so far shaded, tile outlines, the edge of the library.
 * @param {CanvasRenderingContext2D} context
 * @param {Camera} camera
 * @param {Campaign} campaign
 * @param {View} view
 * @param {Known} known
 */
export function drawGround(context, camera, { geometry, path }, view, known) {
  const { colours } = view;
  context.fillStyle = colours.accent;
  context.globalAlpha = 0.1;
  context.beginPath();
  const seen = new Set(path.tile.slice(0, known.moves));
  for (const tile of seen) rectangle(context, camera, edges(geometry, tile));
  context.fill();
  context.globalAlpha = 1;

  context.strokeStyle = colours.grid;
  context.lineWidth = 1;
  const { width_um, height_um, tile_um } = geometry;
  context.beginPath();
  if (tile_um * camera.scale >= leastOutlined) {
    const span = tilesIn(geometry, camera.window());
    const left = camera.pixelX(0);
    const right = camera.pixelX(width_um);
    const bottom = camera.pixelY(0);
    const top = camera.pixelY(height_um);
    for (let column = Math.max(1, span.firstColumn); column <= span.lastColumn; column++) {
      const x = sharp(camera.pixelX(column * tile_um));
      context.moveTo(x, top);
      context.lineTo(x, bottom);
    }
    for (let row = Math.max(1, span.firstRow); row <= span.lastRow; row++) {
      const y = sharp(camera.pixelY(row * tile_um));
      context.moveTo(left, y);
      context.lineTo(right, y);
    }
  }
  rectangle(context, camera, { left: 0, bottom: 0, right: width_um, top: height_um });
  context.stroke();
}

/**
 * The way of the stage through the tile centres, with its start and the frame of where it stands.
 * @param {CanvasRenderingContext2D} context
 * @param {Camera} camera
 * @param {Campaign} campaign
 * @param {View} view
 * @param {Known} known
 */
export function drawPath(context, camera, { geometry, path }, view, known) {
  if (known.moves === 0) return;
  const { colours } = view;
  const points = path.tile.slice(0, known.moves).map((tile) => {
    const [x, y] = centre(geometry, tile);
    return /** @type {[number, number]} */ ([camera.pixelX(x), camera.pixelY(y)]);
  });
  context.strokeStyle = context.fillStyle = colours.path;
  context.lineWidth = 1.75;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();

  // Arrow heads half way say the order; on short steps they would hide the line.
  context.beginPath();
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1] ?? [0, 0];
    const [x1, y1] = points[i] ?? [0, 0];
    const length = Math.hypot(x1 - x0, y1 - y0);
    if (length < 24) continue;
    const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
    const [mx, my] = [(x0 + x1) / 2 + 3 * ux, (y0 + y1) / 2 + 3 * uy];
    context.moveTo(mx, my);
    context.lineTo(mx - 7 * ux - 3.5 * uy, my - 7 * uy + 3.5 * ux);
    context.lineTo(mx - 7 * ux + 3.5 * uy, my - 7 * uy - 3.5 * ux);
    context.closePath();
  }
  context.fill();

  const [startX, startY] = points[0] ?? [0, 0];
  const half = Math.min(4, 0.2 * geometry.tile_um * camera.scale);
  context.beginPath();
  context.rect(startX - half, startY - half, 2 * half, 2 * half);
  context.fillStyle = colours.paper;
  context.fill();
  context.stroke();

  context.beginPath();
  const frame = edges(geometry, known.tile);
  rectangle(context, camera, frame, 1.5);
  context.lineWidth = 5;
  context.strokeStyle = colours.paper;
  context.stroke();
  context.lineWidth = 2.5;
  context.strokeStyle = colours.path;
  context.stroke();
}

/**
 * Measured particles in their colours, seeds ringed, the latest and the hovered one emphasised.
 * @param {CanvasRenderingContext2D} context
 * @param {Camera} camera
 * @param {Campaign} campaign
 * @param {View} view
 * @param {Known} known
 * @param {number} least radius in pixels
 */
export function drawMeasured(context, camera, campaign, view, known, least) {
  const { particles, measurements } = campaign;
  const { colours } = view;
  const nm = camera.scale / 1000;
  const window = camera.window(60);
  /** @param {number} index @param {(x: number, y: number, radius: number) => void} draw */
  const at = (index, draw) => {
    const x = particles.x_um[index];
    const y = particles.y_um[index];
    if (x === undefined || y === undefined) return;
    if (x < window.left || x > window.right || y < window.bottom || y > window.top) return;
    draw(camera.pixelX(x), camera.pixelY(y), Math.max(least, (particles.radius_nm[index] ?? 0) * nm));
  };
  /** @param {number} index @param {string} colour @param {number} gap @param {number} width @param {number} [ticks] */
  const ring = (index, colour, gap, width, ticks) =>
    at(index, (x, y, radius) => drawRing(context, { x, y, radius: radius + gap, width, ticks }, colour, colours.paper));

  context.lineWidth = 0.75;
  for (let i = 0; i < known.measured; i++) {
    at(measurements.index[i] ?? -1, (x, y, radius) => {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = css(view.palette, shareOf(campaign, measurements.value[i] ?? 0));
      context.fill();
      // A hairline of ink keeps the palest colour apart from light paper and the darkest from dark.
      context.strokeStyle = colours.ink;
      context.globalAlpha = 0.55;
      context.stroke();
      context.globalAlpha = 1;
    });
  }
  for (let i = 0; i < known.seeds; i++) ring(measurements.index[i] ?? -1, colours.seed, 2.5, 2);
  if (known.last >= 0) ring(known.last, colours.ink, 2.5, 2, 4);
  if (view.hover >= 0) ring(view.hover, colours.ink, 5.5, 1.5);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Camera} camera
 * @param {{ left: number, right: number, bottom: number, top: number }} edge µm
 * @param {number} [grow] pixels
 */
function rectangle(context, camera, edge, grow = 0) {
  const left = sharp(camera.pixelX(edge.left)) - grow;
  const top = sharp(camera.pixelY(edge.top)) - grow;
  const right = sharp(camera.pixelX(edge.right)) + grow;
  const bottom = sharp(camera.pixelY(edge.bottom)) + grow;
  context.rect(left, top, right - left, bottom - top);
}

/** Middle of a pixel, so that a line one pixel wide fills it. @param {number} at */
function sharp(at) {
  return Math.round(at - 0.5) + 0.5;
}

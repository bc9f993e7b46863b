// @ts-check

/**
 * A ring around a particle, with a rim of paper that keeps it apart from what lies below. The latest one's has four ticks as a sight
 * has: it differs from that of a seed by more than its colour.
 * @param {CanvasRenderingContext2D} context
 * @param {{ x: number, y: number, radius: number, width: number, ticks?: number }} where `ticks` is their length, pixels
 * @param {string} colour
 * @param {string} paper
 */
export function drawRing(context, { x, y, radius, width, ticks = 0 }, colour, paper) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  if (ticks) {
    for (const [right, down] of [[1, 0], [0, 1], [-1, 0], [0, -1]]) {
      context.moveTo(x + right * radius, y + down * radius);
      context.lineTo(x + right * (radius + ticks), y + down * (radius + ticks));
    }
  }
  context.lineWidth = width + 1.5;
  context.strokeStyle = paper;
  context.stroke();
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}

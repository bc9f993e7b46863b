// @ts-check
// What a canvas says while there is no campaign to draw: a blank one would look broken.
/** @import { View } from "../types.js" */
import { font, open } from "./surface.js";

/** @param {HTMLCanvasElement} canvas @param {View} view @param {string} words */
export function drawEmpty(canvas, view, words) {
  const surface = open(canvas, view.colours.paper);
  if (!surface) return;
  const { context, width, height } = surface;
  const side = Math.min(width, height) - 24;
  const [left, top] = [(width - side) / 2, (height - side) / 2];
  context.strokeStyle = view.colours.grid;
  context.lineWidth = 1;
  context.beginPath();
  for (let k = 0; k <= 10; k += 1) {
    const at = Math.round((k * side) / 10) + 0.5;
    context.moveTo(left + at, top);
    context.lineTo(left + at, top + side);
    context.moveTo(left, top + at);
    context.lineTo(left + side, top + at);
  }
  context.globalAlpha = 0.5;
  context.stroke();
  context.globalAlpha = 1;
  context.font = font;
  context.textAlign = "center";
  const wide = context.measureText(words).width + 24;
  context.fillStyle = view.colours.paper;
  context.fillRect((width - wide) / 2, height / 2 - 16, wide, 28);
  context.fillStyle = view.colours.faint;
  context.fillText(words, width / 2, height / 2 + 2);
}

// @ts-check
/** @import { Campaign, View } from "../types.js" */
/** @import { Frame } from "./grid_camera.js" */
/** @import { Placing } from "./simplex_points.js" */
import { boldFont, font } from "./surface.js";
import { shareOf } from "./known.js";

/** Two components: one line from pure first to pure second. Measured values rise above it; what is only mapped lies on it. */
export class Bar {
  copies = 1;
  radius = 3.6;
  note = "";
  #left = 0;
  #width = 1;
  #base = 0;
  #height = 1;

  /** @param {Frame} frame */
  layout(frame) {
    this.#left = frame.left + 26;
    this.#width = Math.max(20, frame.width - 52);
    this.#base = frame.top + frame.height - 48;
    this.#height = Math.max(20, Math.min(frame.height - 84, 0.75 * this.#width));
    this.#base -= Math.max(0, frame.height - 84 - this.#height) / 2;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Campaign} campaign
   * @param {View} view
   */
  back(context, campaign, view) {
    const { colours } = view;
    const right = this.#left + this.#width;
    context.lineWidth = 1;
    context.font = font;
    context.textAlign = "center";
    for (const percent of [0, 20, 40, 60, 80, 100]) {
      const x = this.#left + (this.#width * percent) / 100;
      context.strokeStyle = colours.grid;
      context.beginPath();
      context.moveTo(x, this.#base - 12 - this.#height);
      context.lineTo(x, this.#base + 6);
      context.stroke();
      context.fillStyle = colours.faint;
      context.fillText(percent === 100 ? "100" : String(percent), x, this.#base + 20);
    }
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.25;
    context.strokeRect(this.#left, this.#base - 6, this.#width, 12);
    const [first = "", second = ""] = campaign.elements;
    context.fillStyle = colours.ink;
    context.font = boldFont;
    context.fillText(first, this.#left, this.#base + 38);
    context.fillText(second, right, this.#base + 38);
    context.font = font;
    context.fillStyle = colours.faint;
    context.fillText(`${second} in at.%; height: measured value`, this.#left + this.#width / 2, this.#base + 38);
  }

  /** @param {Campaign} campaign @returns {Placing} */
  placing(campaign) {
    const { fractions } = campaign.particles;
    return (index, value, put) => {
      const x = this.#left + this.#width * (fractions[2 * index + 1] ?? NaN);
      put(x, value === null ? this.#base : this.#base - 14 - (this.#height - 8) * shareOf(campaign, value), 0);
    };
  }

  front() {}
}

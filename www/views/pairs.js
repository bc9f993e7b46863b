// @ts-check
/** @import { Campaign, View } from "../types.js" */
/** @import { Frame } from "./grid_camera.js" */
/** @import { Placing } from "./simplex_points.js" */
import { boldFont } from "./surface.js";

/** @typedef {{ i: number, j: number, left: number, bottom: number }} Cell component i upwards, j to the right */

/** Any number of components: each against each, below the diagonal. Shares of two never exceed the whole, hence triangles. */
export class Pairs {
  copies = 1;
  radius = 2;
  note = "each against each; every axis from 0 to 100 at.%";
  /** @type {Cell[]} */ #cells = [];
  #side = 10;

  /** @param {Frame} frame @param {Campaign} campaign */
  layout(frame, { geometry: { components } }) {
    const count = components - 1;
    const room = { left: 34, bottom: 26, top: 8, right: 14 };
    const gap = count > 5 ? 5 : 10;
    const side = (Math.min(frame.width - room.left - room.right, frame.height - room.top - room.bottom) - gap * (count - 1)) / count;
    this.#side = Math.max(6, side);
    this.radius = this.#side > 110 ? 2.6 : this.#side > 90 ? 2 : 1.3;
    this.copies = (count * (count + 1)) / 2;
    const all = count * this.#side + gap * (count - 1);
    const left = frame.left + room.left + Math.max(0, (frame.width - room.left - room.right - all) / 2);
    const top = frame.top + room.top + Math.max(0, (frame.height - room.top - room.bottom - all) / 2);
    this.#cells = [];
    for (let i = 1; i < components; i++) {
      for (let j = 0; j < i; j++) {
        this.#cells.push({ i, j, left: left + j * (this.#side + gap), bottom: top + (i - 1) * (this.#side + gap) + this.#side });
      }
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Campaign} campaign
   * @param {View} view
   */
  back(context, campaign, view) {
    const { colours } = view;
    const side = this.#side;
    const last = campaign.geometry.components - 1;
    for (const { i, j, left, bottom } of this.#cells) {
      context.lineWidth = 1;
      context.strokeStyle = colours.grid;
      context.beginPath();
      context.moveTo(left, bottom - side / 2);
      context.lineTo(left + side / 2, bottom - side / 2);
      context.lineTo(left + side / 2, bottom);
      context.stroke();
      context.strokeStyle = colours.faint;
      context.beginPath();
      context.moveTo(left, bottom - side);
      context.lineTo(left, bottom);
      context.lineTo(left + side, bottom);
      context.closePath();
      context.stroke();

      context.textBaseline = "middle";
      if (j === 0) {
        label(context, view, campaign.elements[i] ?? "", left - 10, bottom - side / 2, "right");
      }
      if (i === last) {
        label(context, view, campaign.elements[j] ?? "", left + side / 2, bottom + 14, "center");
      }
    }
    context.textBaseline = "alphabetic";
  }

  /** @param {Campaign} campaign @returns {Placing} */
  placing({ particles: { fractions }, geometry: { components } }) {
    return (index, _value, put) => {
      for (const { i, j, left, bottom } of this.#cells) {
        put(
          left + this.#side * (fractions[components * index + j] ?? NaN),
          bottom - this.#side * (fractions[components * index + i] ?? NaN),
          0,
        );
      }
    };
  }

  front() {}
}

/** @param {CanvasRenderingContext2D} context @param {View} view @param {string} text @param {number} x @param {number} y @param {CanvasTextAlign} align */
function label(context, view, text, x, y, align) {
  context.font = boldFont;
  context.textAlign = align;
  context.fillStyle = view.colours.ink;
  context.fillText(text, x, y);
}

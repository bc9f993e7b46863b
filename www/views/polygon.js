// @ts-check
/** @import { Campaign, View } from "../types.js" */
/** @import { Frame } from "./grid_camera.js" */
/** @import { Placing } from "./simplex_points.js" */
import { boldFont } from "./surface.js";

/**
 * Name of an element beside its corner, on the side away from the middle.
 * @param {CanvasRenderingContext2D} context
 * @param {View} view
 * @param {string} name
 * @param {number} x
 * @param {number} y
 * @param {number} middleX
 * @param {number} middleY
 * @param {boolean} [faint]
 */
export function nameCorner(context, view, name, x, y, middleX, middleY, faint = false) {
  const length = Math.hypot(x - middleX, y - middleY) || 1;
  const atX = x + (13 * (x - middleX)) / length;
  const atY = y + (13 * (y - middleY)) / length;
  context.font = boldFont;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.strokeStyle = view.colours.paper;
  context.strokeText(name, atX, atY);
  context.fillStyle = faint ? view.colours.faint : view.colours.ink;
  context.fillText(name, atX, atY);
  context.textBaseline = "alphabetic";
}

/** Five and more components: every composition at the centre of mass of the corners of a regular polygon. */
export class Polygon {
  copies = 1;
  radius = 3.6;
  note = "a projection: different compositions can fall on one point";
  /** @type {[number, number][]} */ #corners = [];
  #x = 0;
  #y = 0;

  /** @param {Frame} frame @param {Campaign} campaign */
  layout(frame, { geometry: { components } }) {
    const radius = Math.max(10, Math.min(frame.width, frame.height) / 2 - 26);
    this.#x = frame.left + frame.width / 2;
    this.#y = frame.top + frame.height / 2;
    this.#corners = Array.from({ length: components }, (_, i) => {
      const angle = (2 * Math.PI * i) / components;
      return [this.#x + radius * Math.sin(angle), this.#y - radius * Math.cos(angle)];
    });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Campaign} campaign
   * @param {View} view
   */
  back(context, campaign, view) {
    const count = this.#corners.length;
    context.lineWidth = 1;
    context.strokeStyle = view.colours.grid;
    context.beginPath();
    for (let i = 0; i < count; i++) {
      for (let j = i + 2; j < count; j++) {
        if (i === 0 && j === count - 1) continue;
        context.moveTo(...at(this.#corners, i));
        context.lineTo(...at(this.#corners, j));
      }
    }
    context.stroke();
    context.beginPath();
    for (const corner of this.#corners) context.lineTo(...corner);
    context.closePath();
    context.strokeStyle = view.colours.ink;
    context.lineWidth = 1.25;
    context.stroke();
    this.#corners.forEach(([x, y], i) => nameCorner(context, view, campaign.elements[i] ?? "", x, y, this.#x, this.#y));
  }

  /** @param {Campaign} campaign @returns {Placing} */
  placing({ particles: { fractions }, geometry: { components } }) {
    return (index, _value, put) => {
      let x = 0;
      let y = 0;
      this.#corners.forEach((corner, i) => {
        const share = fractions[components * index + i] ?? NaN;
        x += share * corner[0];
        y += share * corner[1];
      });
      put(x, y, 0);
    };
  }

  front() {}
}

/** @param {[number, number][]} corners @param {number} i @returns {[number, number]} */
function at(corners, i) {
  return corners[i] ?? [0, 0];
}

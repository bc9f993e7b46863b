// @ts-check
/** @import { Campaign, View } from "../types.js" */
/** @import { Frame } from "./grid_camera.js" */
/** @import { Placing } from "./simplex_points.js" */
/** @import { Shade } from "./shading.js" */
import { Shading } from "./shading.js";
import { boldFont, font } from "./surface.js";

/** Three components: first element on top, second at the lower left, third at the lower right. */
export class Triangle {
  copies = 1;
  radius = 3.6;
  note = "";
  #shading = new Shading();
  /** @type {[number, number][]} */ #corners = [];

  /** @param {Frame} frame */
  layout(frame) {
    const room = { left: 34, right: 34, top: 26, bottom: 36 };
    const side = Math.max(20, Math.min(frame.width - room.left - room.right, ((frame.height - room.top - room.bottom) * 2) / Math.sqrt(3)));
    const height = (side * Math.sqrt(3)) / 2;
    const x = frame.left + frame.width / 2;
    const top = frame.top + room.top + (frame.height - room.top - room.bottom - height) / 2;
    this.#corners = [
      [x, top],
      [x - side / 2, top + height],
      [x + side / 2, top + height],
    ];
  }

  /** @param {number} a @param {number} b @param {number} c @returns {[number, number]} */
  #at(a, b, c) {
    const [[ax, ay], [bx, by], [cx, cy]] = /** @type {[[number, number], [number, number], [number, number]]} */ (this.#corners);
    return [a * ax + b * bx + c * cx, a * ay + b * by + c * cy];
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Campaign} campaign
   * @param {View} view
   * @param {Shade | null} shade
   */
  back(context, campaign, view, shade) {
    const { colours } = view;
    const [[ax, ay], [bx, by], [cx, cy]] = /** @type {[[number, number], [number, number], [number, number]]} */ (this.#corners);
    const outline = () => {
      context.beginPath();
      context.moveTo(ax, ay);
      context.lineTo(bx, by);
      context.lineTo(cx, cy);
      context.closePath();
    };
    if (shade) {
      context.save();
      outline();
      context.clip();
      this.#shading.draw(context, shade, view, bx, ay, cx - bx, by - ay);
      context.restore();
    }

    context.lineWidth = 1;
    context.font = font;
    const side = cx - bx;
    const ticks = side < 160 ? [50] : [20, 40, 60, 80];
    /** @type {[(t: number) => [number, number], (t: number) => [number, number], number, number, CanvasTextAlign][]} */
    const families = [
      [(t) => this.#at(t, 1 - t, 0), (t) => this.#at(t, 0, 1 - t), -1, 0, "right"],
      [(t) => this.#at(0, t, 1 - t), (t) => this.#at(1 - t, t, 0), 0.5, Math.sqrt(3) / 2, "left"],
      [(t) => this.#at(1 - t, 0, t), (t) => this.#at(0, 1 - t, t), 0.5, -Math.sqrt(3) / 2, "left"],
    ];
    for (const [from, to, ux, uy, align] of families) {
      for (const tick of ticks) {
        const [x0, y0] = from(tick / 100);
        const [x1, y1] = to(tick / 100);
        context.strokeStyle = shade ? colours.paper : colours.grid;
        context.globalAlpha = shade ? 0.35 : 1;
        context.beginPath();
        context.moveTo(x0, y0);
        context.lineTo(x1, y1);
        context.stroke();
        context.globalAlpha = 1;
        // A tick goes on where its grid line leaves, so that the eye finds the right family.
        context.strokeStyle = colours.faint;
        context.beginPath();
        context.moveTo(x0, y0);
        context.lineTo(x0 + 5 * ux, y0 + 5 * uy);
        context.stroke();
        context.fillStyle = colours.faint;
        context.textAlign = align;
        context.textBaseline = "middle";
        const unit = align === "right" && tick === ticks.at(-1) ? " at.%" : "";
        context.fillText(`${tick}${unit}`, x0 + 8 * ux, y0 + (uy > 0 ? 12 : uy < 0 ? -8 : 0));
      }
    }
    outline();
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.25;
    context.stroke();

    context.fillStyle = colours.ink;
    context.font = boldFont;
    context.textBaseline = "alphabetic";
    context.textAlign = "center";
    const [a = "", b = "", c = ""] = campaign.elements;
    context.fillText(a, ax, ay - 9);
    context.fillText(b, bx - 6, by + 19);
    context.fillText(c, cx + 6, cy + 19);
  }

  /** @param {Campaign} campaign @returns {Placing} */
  placing({ particles: { fractions } }) {
    return (index, _value, put) => {
      const [x, y] = this.#at(fractions[3 * index] ?? NaN, fractions[3 * index + 1] ?? NaN, fractions[3 * index + 2] ?? NaN);
      put(x, y, 0);
    };
  }

  front() {}
}

// @ts-check
/** @import { Campaign, View } from "../types.js" */
/** @import { Frame } from "./grid_camera.js" */
/** @import { Placing } from "./simplex_points.js" */
import { nameCorner } from "./polygon.js";

/** @typedef {[number, number, number]} Vector */

const s = 1 / Math.sqrt(3);
/** Corners on the unit sphere. @type {Vector[]} */
const corners = [
  [s, s, s],
  [s, -s, -s],
  [-s, s, -s],
  [-s, -s, s],
];
/** @type {[number, number][]} */
const edgesOfBody = [
  [0, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
  [2, 3],
];
/** Distance of the eye, in radii: a little perspective makes depth plain. */
const eye = 5;

/** Four components, in a body that can be turned. x to the right, y up, z towards the eye. */
export class Tetrahedron {
  copies = 1;
  radius = 3.6;
  note = "";
  turnable = true;
  /** Rows of the rotation. @type {[Vector, Vector, Vector]} */ #rotation = start();
  #x = 0;
  #y = 0;
  #size = 1;

  /** @param {Frame} frame */
  layout(frame) {
    // However it is turned, a tetrahedron is never longer than its edge: 1.633 radii, and a little for perspective.
    this.#size = Math.max(10, Math.min(frame.width - 56, frame.height - 48) / 1.72);
    // Its picture is kept in the middle: the centre of the body mostly is not the centre of what is seen.
    this.#x = this.#y = 0;
    const seen = corners.map((corner) => this.#project(corner));
    /** @param {0 | 1} axis */
    const middle = (axis) => (Math.min(...seen.map((p) => p[axis])) + Math.max(...seen.map((p) => p[axis]))) / 2;
    this.#x = frame.left + frame.width / 2 - middle(0);
    this.#y = frame.top + frame.height / 2 - middle(1);
  }

  /**
   * Turns by pixels: to the right about the upright axis, down about the level one.
   * @param {number} dx
   * @param {number} dy
   */
  rotate(dx, dy) {
    const [a, b] = [dx * 0.009, dy * 0.009];
    const aboutY = /** @type {[Vector, Vector, Vector]} */ ([
      [Math.cos(a), 0, Math.sin(a)],
      [0, 1, 0],
      [-Math.sin(a), 0, Math.cos(a)],
    ]);
    const aboutX = /** @type {[Vector, Vector, Vector]} */ ([
      [1, 0, 0],
      [0, Math.cos(b), -Math.sin(b)],
      [0, Math.sin(b), Math.cos(b)],
    ]);
    this.#rotation = upright(times(aboutX, times(aboutY, this.#rotation)));
  }

  /** @param {Vector} p @returns {[number, number, number]} pixels and depth, -1 near to 1 far */
  #project(p) {
    const x = dot(this.#rotation[0], p);
    const y = dot(this.#rotation[1], p);
    const z = dot(this.#rotation[2], p);
    const scale = (this.#size * Math.sqrt(eye * eye - 1)) / (eye - z);
    return [this.#x + x * scale, this.#y - y * scale, -z];
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Campaign} _campaign
   * @param {View} view
   */
  back(context, _campaign, view) {
    this.#draw(context, view, true);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Campaign} campaign
   * @param {View} view
   */
  front(context, campaign, view) {
    this.#draw(context, view, false);
    corners.forEach((corner, i) => {
      const [x, y, depth] = this.#project(corner);
      nameCorner(context, view, campaign.elements[i] ?? "", x, y, this.#x, this.#y, depth > 0.3);
    });
  }

  /**
   * Edges behind the body are dashed and fainter.
   * @param {CanvasRenderingContext2D} context
   * @param {View} view
   * @param {boolean} behind
   */
  #draw(context, view, behind) {
    context.strokeStyle = behind ? view.colours.faint : view.colours.ink;
    context.lineWidth = behind ? 1 : 1.25;
    context.globalAlpha = behind ? 0.7 : 0.85;
    context.setLineDash(behind ? [3, 4] : []);
    context.beginPath();
    for (const [i, j] of edgesOfBody) {
      if (this.#isHidden(i, j) !== behind) continue;
      const [x0, y0] = this.#project(/** @type {Vector} */ (corners[i]));
      const [x1, y1] = this.#project(/** @type {Vector} */ (corners[j]));
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
    }
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  /** An edge is hidden when both faces that meet in it look away. @param {number} i @param {number} j */
  #isHidden(i, j) {
    const others = [0, 1, 2, 3].filter((k) => k !== i && k !== j);
    // The face opposite a corner looks away from it; the eye sees that face when it lies on its outer side.
    return others.every((k) => {
      const corner = /** @type {Vector} */ (corners[k]);
      const towards = -dot(this.#rotation[2], corner) * eye;
      return towards < 1 / 3;
    });
  }

  /** @param {Campaign} campaign @returns {Placing} */
  placing({ particles: { fractions } }) {
    return (index, _value, put) => {
      /** @type {Vector} */ const p = [0, 0, 0];
      corners.forEach((corner, i) => {
        const share = fractions[4 * index + i] ?? NaN;
        p[0] += share * corner[0];
        p[1] += share * corner[1];
        p[2] += share * corner[2];
      });
      put(...this.#project(p));
    };
  }
}

/** First corner on top, the others below it, seen a little from above; no two of them in line. @returns {[Vector, Vector, Vector]} */
function start() {
  const up = /** @type {Vector} */ (corners[0]);
  const side = unit(cross(up, /** @type {Vector} */ (corners[1])));
  const rows = /** @type {[Vector, Vector, Vector]} */ ([side, up, cross(side, up)]);
  const [yaw, pitch] = [0.42, 0.3];
  const aboutY = /** @type {[Vector, Vector, Vector]} */ ([
    [Math.cos(yaw), 0, Math.sin(yaw)],
    [0, 1, 0],
    [-Math.sin(yaw), 0, Math.cos(yaw)],
  ]);
  const aboutX = /** @type {[Vector, Vector, Vector]} */ ([
    [1, 0, 0],
    [0, Math.cos(pitch), -Math.sin(pitch)],
    [0, Math.sin(pitch), Math.cos(pitch)],
  ]);
  return times(aboutX, times(aboutY, rows));
}

/** @param {Vector} a @param {Vector} b */
function dot(a, b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** @param {Vector} a @param {Vector} b @returns {Vector} */
function cross(a, b) {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** @param {Vector} a @returns {Vector} */
function unit(a) {
  const length = Math.hypot(...a) || 1;
  return [a[0] / length, a[1] / length, a[2] / length];
}

/** @param {[Vector, Vector, Vector]} a @param {[Vector, Vector, Vector]} b @returns {[Vector, Vector, Vector]} */
function times(a, b) {
  const row = (/** @type {Vector} */ r) =>
    /** @type {Vector} */ ([0, 1, 2].map((k) => r[0] * (b[0][k] ?? 0) + r[1] * (b[1][k] ?? 0) + r[2] * (b[2][k] ?? 0)));
  return [row(a[0]), row(a[1]), row(a[2])];
}

/** Thousands of small turns add up rounding errors: the rows are made perpendicular again. @param {[Vector, Vector, Vector]} m @returns {[Vector, Vector, Vector]} */
function upright([a, b]) {
  const x = unit(a);
  const z = unit(cross(x, b));
  return [x, cross(z, x), z];
}

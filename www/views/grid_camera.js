// @ts-check
/** @import { Geometry } from "../types.js" */

/** @typedef {{ left: number, top: number, width: number, height: number }} Frame part of the canvas, CSS pixels */
/** @typedef {{ left: number, right: number, bottom: number, top: number }} Window part of the library, µm */

/** Closest view, pixels per µm: a particle of 20 nm is then 40 pixels in radius. */
const closest = 2000;

/** Maps the library (µm, y up) into a frame of the canvas (CSS pixels, y down). */
export class Camera {
  /** @type {Geometry | null} */ #geometry = null;
  /** @type {Frame} */ #frame = { left: 0, top: 0, width: 1, height: 1 };
  /** Whether the whole library is to stay in view when the frame changes. */
  fitted = true;
  /** Pixels per µm. */
  scale = 1;
  /** µm at the centre of the frame. */
  x = 0;
  y = 0;

  /**
   * @param {Geometry} geometry
   * @param {Frame} frame
   */
  place(geometry, frame) {
    const before = this.#geometry;
    this.#geometry = geometry;
    this.#frame = frame;
    const sameArea = before && before.width_um === geometry.width_um && before.height_um === geometry.height_um;
    if (this.fitted || !sameArea) this.fit();
    else this.#keepInside();
  }

  get frame() {
    return this.#frame;
  }

  /** Another camera that sees the same part in another frame. @param {Frame} frame */
  copy(frame) {
    const other = new Camera();
    const { width_um, height_um } = this.#geometry ?? { width_um: 1, height_um: 1 };
    const [across, up] = [Math.min(this.#frame.width / this.scale, width_um), Math.min(this.#frame.height / this.scale, height_um)];
    Object.assign(other, { fitted: this.fitted, scale: Math.min(frame.width / across, frame.height / up), x: this.x, y: this.y });
    other.#geometry = this.#geometry;
    other.#frame = frame;
    return other;
  }

  /** @returns {number} */
  get #fitScale() {
    if (!this.#geometry) return 1;
    const margin = 6;
    return Math.max(
      1e-6,
      Math.min(
        (this.#frame.width - 2 * margin) / this.#geometry.width_um,
        (this.#frame.height - 2 * margin) / this.#geometry.height_um,
      ),
    );
  }

  fit() {
    if (!this.#geometry) return;
    this.fitted = true;
    this.scale = this.#fitScale;
    this.x = this.#geometry.width_um / 2;
    this.y = this.#geometry.height_um / 2;
  }

  /**
   * Zooms so that what lies under a pixel stays there.
   * @param {number} factor
   * @param {number} [px]
   * @param {number} [py]
   */
  zoom(factor, px = this.#frame.left + this.#frame.width / 2, py = this.#frame.top + this.#frame.height / 2) {
    const x = this.toX(px);
    const y = this.toY(py);
    const fit = this.#fitScale;
    this.scale = Math.min(Math.max(this.scale * factor, fit), Math.max(closest, fit));
    if (this.scale <= fit * 1.0001) return this.fit();
    this.fitted = false;
    this.x += x - this.toX(px);
    this.y += y - this.toY(py);
    this.#keepInside();
  }

  /**
   * Moves the picture by pixels (right and down).
   * @param {number} dx
   * @param {number} dy
   */
  pan(dx, dy) {
    if (this.fitted) return;
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
    this.#keepInside();
  }

  /** Pans no further than brings a place into the frame, with some room around it. @param {number} px @param {number} py */
  reveal(px, py) {
    const { left, top, width, height } = this.#frame;
    const [across, down] = [Math.min(24, width / 4), Math.min(24, height / 4)];
    this.pan(
      Math.min(Math.max(px, left + across), left + width - across) - px,
      Math.min(Math.max(py, top + down), top + height - down) - py,
    );
  }

  /** The frame stays filled with library; along a side where the library is the smaller, it is centred. */
  #keepInside() {
    if (!this.#geometry) return;
    const { width_um, height_um } = this.#geometry;
    this.x = within(this.x, width_um, this.#frame.width / this.scale);
    this.y = within(this.y, height_um, this.#frame.height / this.scale);
  }

  /** @param {number} x µm */
  pixelX(x) {
    return this.#frame.left + this.#frame.width / 2 + (x - this.x) * this.scale;
  }

  /** @param {number} y µm */
  pixelY(y) {
    return this.#frame.top + this.#frame.height / 2 - (y - this.y) * this.scale;
  }

  /** @param {number} px */
  toX(px) {
    return this.x + (px - this.#frame.left - this.#frame.width / 2) / this.scale;
  }

  /** @param {number} py */
  toY(py) {
    return this.y - (py - this.#frame.top - this.#frame.height / 2) / this.scale;
  }

  /**
   * The part of the library in view, a little larger by `margin` pixels.
   * @returns {Window}
   */
  window(margin = 0) {
    const { left, top, width, height } = this.#frame;
    return {
      left: this.toX(left - margin),
      right: this.toX(left + width + margin),
      bottom: this.toY(top + height + margin),
      top: this.toY(top - margin),
    };
  }
}

/**
 * @param {number} centre
 * @param {number} size of the library
 * @param {number} shown of it
 */
function within(centre, size, shown) {
  if (shown >= size) return size / 2;
  return Math.min(Math.max(centre, shown / 2), size - shown / 2);
}

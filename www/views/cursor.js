// @ts-check
// Which particle a key brings under the cursor: the next in a direction, or in the order of measurement.

/**
 * What lies in a picture, CSS pixels; a particle that is pictured more than once is visited as often.
 * @typedef {(visit: (x: number, y: number, index: number) => void) => void} Each
 * @typedef {{ each: Each, measured: ArrayLike<number>, middle: [number, number] }} Field `measured` are indices, the latest last
 * @typedef {{ x: number, y: number, index: number }} Spot
 */

/** To the right and down, by key. @type {Record<string, [number, number] | undefined>} */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * The spot nearest to another within 45° of an arrow; null where there is none. Spots at one place follow each other by index, upwards
 * to the right and down, downwards to the left and up: so all of them are met.
 * @param {Each} each @param {Spot} from @param {string} key @returns {Spot | null}
 */
export function nextSpot(each, from, key) {
  const [right, down] = ARROWS[key] ?? [0, 0];
  const forward = right + down;
  /** @type {Spot | null} */ let best = null;
  let [least, leftmost] = [Infinity, -Infinity];
  each((x, y, index) => {
    if (index === from.index) return;
    const [dx, dy] = [x - from.x, y - from.y];
    const far = dx * dx + dy * dy;
    if (!(far <= least)) return;
    const aside = dx * down - dy * right;
    const ahead = far === 0 ? (index - from.index) * forward > 0 : Math.abs(aside) <= dx * right + dy * down;
    if (!ahead) return;
    // Of two as near, the one on the left of the way: each diagonal then belongs to one key. At one place, the first on the way.
    if (best && far === least && (aside < leftmost || (aside === leftmost && (index - best.index) * forward > 0))) return;
    [best, least, leftmost] = [{ x, y, index }, far, aside];
  });
  return best;
}

/**
 * The spot of a particle nearest to a place, or of any particle.
 * @param {Each} each @param {number} x @param {number} y @param {number | null} [only] @returns {Spot | null}
 */
export function spotNear(each, x, y, only = null) {
  /** @type {Spot | null} */ let best = null;
  let least = Infinity;
  each((px, py, index) => {
    const far = (px - x) ** 2 + (py - y) ** 2;
    if (far < least && (only === null || only === index)) [best, least] = [{ x: px, y: py, index }, far];
  });
  return best;
}

/** The measured particle that a key means, seen from another one; undefined when it means none. @param {ArrayLike<number>} measured @param {number} index @param {string} key */
function inOrder(measured, index, key) {
  const last = measured.length - 1;
  const at = Array.prototype.indexOf.call(measured, index);
  const to = { Home: 0, End: last, PageDown: Math.min(at + 1, last), PageUp: at < 0 ? last : Math.max(at - 1, 0) }[key];
  return to === undefined ? undefined : measured[to] ?? index;
}

/** Remembers which of the spots of a particle was pointed at. */
export class Cursor {
  #x = 0;
  #y = 0;

  /** A pointer was here. @param {number} x @param {number} y */
  point(x, y) {
    [this.#x, this.#y] = [x, y];
  }

  /**
   * The particle under the cursor after a key, -1 for none; null when the key means nothing here.
   * @param {Field} field @param {number} index of the particle under it before, or -1 @param {string} key
   */
  key({ each, measured, middle }, index, key) {
    if (key === "Escape") return index < 0 ? null : -1;
    const ordered = inOrder(measured, index, key);
    if (ordered !== undefined) return ordered;
    if (!ARROWS[key]) return null;
    const from = index < 0 ? null : spotNear(each, this.#x, this.#y, index);
    const to = from ? nextSpot(each, from, key) ?? from : spotNear(each, ...middle);
    if (to) this.point(to.x, to.y);
    return to?.index ?? -1;
  }
}

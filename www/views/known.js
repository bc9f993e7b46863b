// @ts-check
/** @import { Campaign } from "../types.js" */

/**
 * How many of some non-decreasing iterations are no later than the cursor.
 * @param {ArrayLike<number>} iterations
 * @param {number} cursor
 */
export function countUpTo(iterations, cursor) {
  let low = 0;
  let high = iterations.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (iterations[middle]) <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What the microscope knew at the cursor.
 * @typedef {{ measured: number, seeds: number, last: number, moves: number, tile: number, mapped: Uint8Array, mappedCount: number }} Known
 *   `measured`, `seeds` and `moves` count entries of the campaign's lists; `last` (global particle index) and `tile` are -1 before there are any;
 *   `mapped` holds 1 for every tile whose particles have been mapped.
 */

/**
 * @param {Campaign} campaign
 * @param {number} cursor
 * @returns {Known}
 */
export function knownAt(campaign, cursor) {
  const { geometry, measurements, path } = campaign;
  const measured = countUpTo(measurements.iteration, cursor);
  const seeds = Math.min(measured, countUpTo(measurements.iteration, 0));
  const moves = countUpTo(path.iteration, cursor);
  const mapped = new Uint8Array(geometry.columns * geometry.rows);
  let mappedCount = 0;
  for (let i = 0; i < moves; i++) {
    const tile = path.tile[i] ?? -1;
    if (mapped[tile] === 0) {
      mapped[tile] = 1;
      mappedCount++;
    }
  }
  return {
    measured,
    seeds,
    last: measurements.index[measured - 1] ?? -1,
    moves,
    tile: path.tile[moves - 1] ?? -1,
    mapped,
    mappedCount,
  };
}

/**
 * Share of the colour range at which a value lies.
 * @param {Campaign} campaign
 * @param {number} value
 */
export function shareOf(campaign, value) {
  const [low, high] = campaign.range;
  return high > low ? (value - low) / (high - low) : 0.5;
}

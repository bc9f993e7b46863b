// @ts-check
// What a slider covers. Settings allow many decades; a slider over all of them could not be aimed.

/** @typedef {{ low: number, high: number, log: boolean, steps: number }} Span */

/** Positions of a slider, fewer where whole numbers leave fewer. */
const STEPS = 200;

/**
 * Two decades either way of a value in log scale, a few times the value otherwise, within what is allowed.
 * @param {{ min: number | null, max: number | null, log: boolean, kind: string }} parameter @param {number} value @returns {Span}
 */
export function spanAround(parameter, value) {
  const span = reachAround(parameter, value);
  const whole = parameter.kind === "integer" && !span.log;
  return { ...span, steps: whole ? Math.max(1, Math.min(STEPS, Math.round(span.high - span.low))) : STEPS };
}

/** @param {{ min: number | null, max: number | null, log: boolean }} parameter @param {number} value @returns {{ low: number, high: number, log: boolean }} */
function reachAround({ min, max, log }, value) {
  const [least, most] = [min ?? 0, max ?? 1];
  if (log && least > 0) {
    const middle = Math.min(Math.max(value, least), most);
    return { low: Math.max(least, middle / 100), high: Math.min(most, middle * 100), log };
  }
  if (least < 0) {
    const reach = Math.max(Math.abs(value) * 4, 1);
    return { low: Math.max(least, -reach), high: Math.min(most, reach), log: false };
  }
  const reach = value > 0 ? roundUp(value * 4) : roundUp(Math.max((most - least) / 1000, Math.min(1, most)));
  return { low: least, high: Math.min(most, Math.max(reach, least + 1e-9)), log: false };
}

/** Position of a value. @param {Span} span @param {number} value */
export function positionOf({ low, high, log, steps }, value) {
  const share = log ? Math.log(Math.max(value, low) / low) / Math.log(high / low || Math.E) : (value - low) / (high - low || 1);
  return Math.round(steps * Math.min(Math.max(share, 0), 1));
}

/** Value at a position; round enough to be read, and inside the span. @param {Span} span @param {number} position @param {boolean} integer */
export function valueAt({ low, high, log, steps }, position, integer) {
  if (position <= 0 || position >= steps) return integer ? Math.round(position <= 0 ? low : high) : position <= 0 ? low : high;
  const share = position / steps;
  const value = log ? low * (high / low) ** share : low + (high - low) * share;
  return integer ? Math.round(value) : Math.min(Math.max(Number(value.toPrecision(3)), low), high);
}

/** The next of 1, 2, 5 × 10ᵏ. @param {number} x */
function roundUp(x) {
  const decade = 10 ** Math.floor(Math.log10(x));
  return [1, 2, 5, 10].map((m) => Number((m * decade).toPrecision(12))).find((s) => s >= x * (1 - 1e-9)) ?? x;
}

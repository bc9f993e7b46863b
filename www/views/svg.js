// @ts-check
// What every chart needs: SVG elements, scales, round ticks.

/** @param {string} name @param {Record<string, string | number>} [attributes] @param {string} [text] */
export function svg(name, attributes = {}, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text) element.textContent = text;
  return element;
}

/** @typedef {{ (x: number): number, invert: (p: number) => number }} Scale */

/** @param {[number, number]} domain @param {[number, number]} range @param {boolean} [log] @returns {Scale} */
export function scale([d0, d1], [r0, r1], log = false) {
  const f = log ? Math.log : (/** @type {number} */ x) => x;
  const g = log ? Math.exp : f;
  const [a, b] = [f(d0), f(d1)];
  const width = b - a || 1;
  const map = (/** @type {number} */ x) => r0 + ((f(x) - a) / width) * (r1 - r0);
  return Object.assign(map, { invert: (/** @type {number} */ p) => g(a + ((p - r0) / (r1 - r0)) * width) });
}

/**
 * The path through points in pixels, from one to another; a staircase where each value holds until the next one comes, as over time.
 * @param {number} from @param {number} to @param {(i: number) => number} x @param {(i: number) => number} y @param {boolean} stairs
 */
export function pathThrough(from, to, x, y, stairs) {
  let d = "";
  for (let i = from; i <= to; i += 1) {
    const px = x(i).toFixed(1);
    d += `${i === from ? "M" : stairs ? `H${px}L` : "L"}${px},${y(i).toFixed(1)}`;
  }
  return d;
}

/** About `count` round numbers over a domain, or multiples of a given step. @param {[number, number]} domain @param {number} count @param {number} [given] */
export function ticks([low, high], count, given) {
  const rough = (high - low) / Math.max(count, 1);
  if (!(rough > 0)) return [low];
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = given ?? [1, 2, 5, 10].map((m) => m * decade).find((s) => s >= rough) ?? rough;
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k += 1) out.push(Number((k * step).toPrecision(12)));
  return out;
}

/** Steps of a time axis, seconds: what clocks and calendars count in. */
const TIMES = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400];

/** @param {[number, number]} domain @param {number} count */
export function timeTicks([low, high], count) {
  const step = TIMES.find((s) => (high - low) / s <= 1.5 * count);
  return step ? ticks([low, high], count, step) : ticks([low / 86400, high / 86400], count).map((days) => days * 86400);
}

/** A round time. @param {number} secs */
export function timeText(secs) {
  const [size, unit] = secs % 86400 === 0 ? [86400, "d"] : secs % 3600 === 0 ? [3600, "h"] : secs % 60 === 0 ? [60, "min"] : [1, "s"];
  return secs === 0 ? "0" : `${Number((secs / size).toPrecision(6))} ${unit}`;
}

/** Powers of ten over a domain. @param {[number, number]} domain */
export function decades([low, high]) {
  const out = [];
  for (let e = Math.ceil(Math.log10(low) - 1e-9); 10 ** e <= high * (1 + 1e-9); e += 1) out.push(10 ** e);
  return out;
}

/** Powers of ten; 1, 2 and 5 of each where there are few. @param {[number, number]} domain */
export function logTicks([low, high]) {
  const tens = decades([low, high]);
  if (tens.length >= 3) return tens;
  const out = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.floor(Math.log10(high) + 1e-9); e += 1) {
    for (const m of [1, 2, 5]) {
      const x = Number((m * 10 ** e).toPrecision(12));
      if (x >= low && x <= high) out.push(x);
    }
  }
  return out;
}

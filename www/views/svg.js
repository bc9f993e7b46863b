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

/** About `count` round numbers over a domain. @param {[number, number]} domain @param {number} count */
export function ticks([low, high], count) {
  const rough = (high - low) / Math.max(count, 1);
  if (!(rough > 0)) return [low];
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * decade).find((s) => s >= rough) ?? rough;
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k += 1) out.push(Number((k * step).toPrecision(12)));
  return out;
}

/** Powers of ten over a domain. @param {[number, number]} domain */
export function decades([low, high]) {
  const out = [];
  for (let e = Math.ceil(Math.log10(low) - 1e-9); 10 ** e <= high * (1 + 1e-9); e += 1) out.push(10 ** e);
  return out;
}

// @ts-check
// What two configurations differ in, setting by setting; and what two campaigns know at one time. No page in it: tests read it as it is.

/** @typedef {import("../types.js").Campaign} Campaign */

/** @param {any} config @param {string} path */
const at = (config, path) => path.split(".").reduce((value, key) => value?.[key], config);

/** Settings that differ. @param {any} a @param {any} b @param {any[]} parameters of the engine */
export function differences(a, b, parameters) {
  const list = [{ path: "seed", label: "Seed", unit: "" }, ...parameters.filter((p) => p.path !== "seed")];
  const found = list.flatMap(({ path, label, unit }) => {
    const [x, y] = [at(a, path), at(b, path)];
    return JSON.stringify(x) === JSON.stringify(y) ? [] : [{ path, label, unit, a: x, b: y }];
  });
  if (JSON.stringify(a.library.particles) !== JSON.stringify(b.library.particles)) found.push({ path: "library.particles", label: "Own particles", unit: "", a: a.library.particles?.length ?? 0, b: b.library.particles?.length ?? 0 });
  if (JSON.stringify(a.response.table) !== JSON.stringify(b.response.table)) found.push({ path: "response.table", label: "Own property", unit: "rows", a: a.response.table?.length ?? 0, b: b.response.table?.length ?? 0 });
  return found;
}

/** What the link of the page holds of A. @param {{ by: unknown, config: any }} a */
export const linkHolds = ({ by, config }) => by ? "the link of the page does not hold A: no link holds what an instrument measured"
  : config.library.particles || config.response.table ? "the link of the page holds both, but not your own table: it opens A with a generated one"
  : "the link of the page holds both";

/** A value of a setting. @param {any} value */
export const inWords = (value) => (value === null || value === undefined ? "none" : Array.isArray(value) ? value.join("–") : String(value));

/** Whether both explore the same particles with the same hidden property. @param {{ path: string }[]} found */
export const sameLibrary = (found) => !found.some(({ path }) => path === "seed" || path === "elements" || path.startsWith("library.") || path.startsWith("response."));

/** The last entry until a time, −1 before the first. @param {number[]} times_secs @param {number} secs */
export function entryAt(times_secs, secs) {
  let [low, high] = [0, times_secs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times_secs[middle] <= secs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Instrument time at which the mean absolute error was first this small, s; null when it never was. @param {Campaign} campaign @param {number} error */
export function timeToError(campaign, error) {
  const entry = campaign.series.mean_abs_error.findIndex((e) => e <= error);
  return entry < 0 ? null : campaign.series.time_secs[entry];
}

/**
 * B's value less A's at each time at which either changes, from when both know anything to when the first has ended.
 * @param {Campaign} a @param {Campaign} b @param {"mean_sd" | "mean_abs_error"} key
 */
export function differenceOverTime(a, b, key) {
  const [ta, tb] = [a.series.time_secs, b.series.time_secs];
  if (!ta.length || !tb.length) return { x: [], y: [] };
  const [first, last] = [Math.max(ta[0], tb[0]), Math.min(ta[ta.length - 1], tb[tb.length - 1])];
  const x = [...new Set([...ta, ...tb])].filter((t) => t >= first && t <= last).sort((p, q) => p - q);
  return { x, y: x.map((t) => b.series[key][entryAt(tb, t)] - a.series[key][entryAt(ta, t)]) };
}

/** What a difference over time comes to: its mean, each value counted for as long as it holds, and its ends; null without a common time. @param {{ x: number[], y: number[] }} difference */
export function inShort({ x, y }) {
  if (!x.length) return null;
  const secs = x[x.length - 1] - x[0];
  const sum = y.reduce((all, value, i) => all + value * ((x[i + 1] ?? x[i]) - x[i]), 0);
  return { mean: secs > 0 ? sum / secs : y[0], least: Math.min(...y), most: Math.max(...y) };
}

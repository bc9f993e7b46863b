// @ts-check
// Two campaigns over one axis of instrument time, and below it how much one is ahead of the other.
import { significant } from "../format.js";
import { sizeOf } from "../size.js";
import { logTicks, pathThrough, scale, svg, ticks, timeText, timeTicks } from "../views/svg.js";
import { differenceOverTime, inShort } from "./differences.js";

const [HEIGHT, BELOW] = [210, 120];
const MARGIN = { left: 56, right: 12, top: 10, bottom: 34 };

/** @typedef {import("../types.js").Campaign} Campaign */

/**
 * @param {HTMLElement} container @param {{ a: Campaign, b: Campaign }} two
 * @param {{ key: "mean_sd" | "mean_abs_error", log: boolean, secs: number, error: number | null }} how
 */
export function drawTwo(container, { a, b }, { key, log, secs, error }) {
  const [upper, lower] = [svg("svg", { height: HEIGHT, role: "img" }), svg("svg", { height: BELOW, role: "img" })];
  container.replaceChildren(upper, lower);
  const width = Math.max(sizeOf(container).width, 220);
  upper.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  lower.setAttribute("viewBox", `0 0 ${width} ${BELOW}`);
  const end = Math.max(a.series.time_secs.at(-1) ?? 1, b.series.time_secs.at(-1) ?? 1);
  const x = scale([0, end], [MARGIN.left, width - MARGIN.right]);
  const all = [...a.series[key], ...b.series[key]].filter(Number.isFinite);
  const top = Math.max(...all, 0) * 1.05 || 1;
  const low = log ? Math.max(Math.min(...all.filter((v) => v > 0), top) * 0.8, top * 1e-6) : 0;
  const y = scale([low, top], [HEIGHT - 8, MARGIN.top], log);
  const name = key === "mean_sd" ? "mean predictive sd" : "mean absolute error";
  const now = `M${x(Math.min(secs, end))},${MARGIN.top}V`;
  const line = (/** @type {number[]} */ xs, /** @type {number[]} */ ys, /** @type {(v: number) => number} */ place) => pathThrough(0, xs.length - 1, (i) => x(xs[i]), (i) => place(ys[i]), true);
  upper.append(svg("title", {}, `${name} of A and B over instrument time`));
  for (const tick of log ? logTicks([low, top]) : ticks([0, top], 4)) {
    upper.append(svg("path", { class: "gridline", d: `M${MARGIN.left},${y(tick)}H${width - MARGIN.right}` }), svg("text", { x: MARGIN.left - 6, y: y(tick) + 4, "text-anchor": "end" }, significant(tick, 2)));
  }
  if (error !== null && error >= low && error <= top) upper.append(svg("path", { class: "target", d: `M${MARGIN.left},${y(error)}H${width - MARGIN.right}` }));
  upper.append(svg("path", { class: "line-a", d: line(a.series.time_secs, a.series[key], (v) => y(Math.max(v, low))) }));
  upper.append(svg("path", { class: "line-b", d: line(b.series.time_secs, b.series[key], (v) => y(Math.max(v, low))) }));
  upper.append(svg("path", { class: "cursor", d: `${now}${HEIGHT - 8}` }));
  upper.setAttribute("aria-label", `${name} over instrument time: A ends at ${significant(a.series[key].at(-1) ?? NaN)}, B at ${significant(b.series[key].at(-1) ?? NaN)}.`);

  const difference = differenceOverTime(a, b, key);
  const most = Math.max(...difference.y.map(Math.abs), 0) * 1.1 || 1;
  const bottom = BELOW - MARGIN.bottom;
  const z = scale([-most, most], [bottom, 6]);
  lower.append(svg("title", {}, `${name} of B less that of A`));
  for (const tick of [-most / 1.1, 0, most / 1.1]) lower.append(svg("path", { class: tick ? "gridline" : "axis", d: `M${MARGIN.left},${z(tick)}H${width - MARGIN.right}` }), svg("text", { x: MARGIN.left - 6, y: z(tick) + 4, "text-anchor": "end" }, significant(tick, 2)));
  if (difference.x.length) {
    const area = `${line(difference.x, difference.y, z)}L${x(difference.x[difference.x.length - 1]).toFixed(1)},${z(0)}L${x(difference.x[0]).toFixed(1)},${z(0)}Z`;
    lower.append(svg("path", { class: "difference", d: area }), svg("path", { class: "line", d: line(difference.x, difference.y, z) }));
  }
  for (const tick of timeTicks([0, end], Math.max(2, Math.floor(width / 90)))) lower.append(svg("text", { x: x(tick), y: bottom + 15, "text-anchor": "middle" }, timeText(tick)));
  lower.append(svg("path", { class: "cursor", d: `${now}${bottom}` }));
  lower.append(svg("text", { x: (MARGIN.left + width) / 2, y: BELOW - 3, "text-anchor": "middle", class: "name" }, "instrument time; above: A and B; below: B less A"));
  const short = inShort(difference);
  if (!short) lower.append(svg("text", { x: (MARGIN.left + width) / 2, y: z(0) - 5, "text-anchor": "middle" }, "no common time"));
  const words = short ? `${significant(short.mean)} on average over their common time, between ${significant(short.least)} and ${significant(short.most)}` : "no common time";
  lower.setAttribute("aria-label", `B less A: ${words}.`);
}

// @ts-check
// Medians with their quartiles, one curve for each configuration.
import { significant } from "../format.js";
import { sizeOf } from "../size.js";
import { logTicks, scale, svg, ticks, timeText, timeTicks } from "../views/svg.js";

const HEIGHT = 260;
const MARGIN = { left: 52, right: 12, top: 10, bottom: 36 };
/** Told apart also by those who see few colours, and by dash. */
export const COLOURS = ["#3f74b5", "#cc6a2c", "#4a8f5b", "#8566a8", "#a08a1f", "#b8487d", "#3a9aa8", "#777777"];
export const DASHES = ["", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 2", "6 2 1 2"];

/**
 * @param {HTMLElement} container
 * @param {{ label: string, bands: any }[]} curves
 * @param {{ key: "mean_sd" | "mean_abs_error", axis: "iteration" | "time", log: boolean, title: string }} how
 */
export function drawBands(container, curves, { key, axis, log, title }) {
  const root = svg("svg", { height: HEIGHT, role: "img" });
  container.replaceChildren(root);
  const width = Math.max(sizeOf(container).width, 200);
  root.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  const known = curves.map(({ bands }) => bands[key].high.filter(Number.isFinite)).flat();
  if (!known.length) return;
  const lows = curves.map(({ bands }) => bands[key].low.filter((/** @type {number} */ x) => x > 0)).flat();
  const top = Math.max(...known) * 1.05;
  const low = log ? Math.max(Math.min(...lows) * 0.8, top * 1e-6) : 0;
  const end = Math.max(...curves.map(({ bands }) => bands.x[bands.x.length - 1] ?? 1));
  const x = scale([0, end || 1], [MARGIN.left, width - MARGIN.right]);
  const y = scale([low, top], [HEIGHT - MARGIN.bottom, MARGIN.top], log);
  const bottom = HEIGHT - MARGIN.bottom;
  const parts = [svg("title", {}, title)];
  for (const tick of log ? logTicks([low, top]) : ticks([0, top], 5)) {
    parts.push(svg("path", { class: "gridline", d: `M${MARGIN.left},${y(tick)}H${width - MARGIN.right}` }));
    parts.push(svg("text", { x: MARGIN.left - 6, y: y(tick) + 4, "text-anchor": "end" }, significant(tick, 2)));
  }
  for (const tick of (axis === "time" ? timeTicks : ticks)([0, end], Math.max(2, Math.floor(width / 90)))) {
    parts.push(svg("text", { x: x(tick), y: bottom + 15, "text-anchor": "middle" }, axis === "time" ? timeText(tick) : String(tick)));
  }
  parts.push(svg("path", { class: "axis", d: `M${MARGIN.left},${bottom}H${width - MARGIN.right}` }));
  parts.push(svg("text", { x: (MARGIN.left + width) / 2, y: HEIGHT - 4, "text-anchor": "middle", class: "name" }, axis === "time" ? "instrument time" : "iteration"));
  curves.forEach(({ bands }, i) => {
    const { low: lower, median, high } = bands[key];
    const at = median.flatMap((/** @type {number | null} */ m, /** @type {number} */ j) => (m === null || Number.isNaN(m) ? [] : [j]));
    if (!at.length) return;
    const line = (/** @type {number[]} */ values, /** @type {number[]} */ order) => order.map((j) => `${x(bands.x[j]).toFixed(1)},${y(Math.max(values[j], low)).toFixed(1)}`).join("L");
    parts.push(svg("path", { class: "band", fill: COLOURS[i % COLOURS.length], d: `M${line(lower, at)}L${line(high, [...at].reverse())}Z` }));
    parts.push(svg("path", { class: "median", stroke: COLOURS[i % COLOURS.length], "stroke-dasharray": DASHES[i % DASHES.length], d: `M${line(median, at)}` }));
  });
  root.append(...parts);
  root.setAttribute("aria-label", `${title}. ${curves.map(({ label, bands }) => `${label}: ends at ${significant(bands[key].median.filter(Number.isFinite).at(-1) ?? NaN, 2)}`).join("; ")}.`);
}

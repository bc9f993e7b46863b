// @ts-check
// Two campaigns as files: their curves with the difference, both grids and compositions at one time, and the numbers behind them.
import { drawTwo } from "../compare/curves.js";
import { differenceOverTime, inWords } from "../compare/differences.js";
import { duration } from "../format.js";
import { read, TICK } from "./curves.js";
import { legend, paragraph } from "./legend.js";
import { gridPanel, headed, simplexPanel } from "./panels.js";
import { comparisonOf } from "./provenance.js";
import { onSheet } from "./sheet.js";
import { measurements, series } from "./tables.js";

/** @typedef {import("./panels.js").Picture} Picture @typedef {import("./tables.js").Column} Column @typedef {import("../types.js").View} View */
/** @typedef {NonNullable<ReturnType<ReturnType<typeof import("../compare/compare.js").connectCompare>["shown"]>>} Two what the section shows */

export const TWO_VIEWS = [
  { id: "compare-curves", title: "Curves of A and B", mm: 180 },
  { id: "compare-views", title: "Grids, compositions", mm: 180 },
];

const NAMES = { mean_sd: "Mean predictive sd", mean_abs_error: "Mean absolute error" };
/** As on the page. */
const LINES = ['stroke="#3f74b5" stroke-width="2"', 'stroke="#cc6a2c" stroke-width="2" stroke-dasharray="7 3"'];

/** @param {string} id of the view @param {Two} shown @param {View} view in print colours @param {any} description */
export const twoSource = (id, shown, view, description) => ({
  about: comparisonOf(shown.two, shown.how.secs, description, id),
  /** @param {number} width */
  picture: (width) => (id === "compare-curves" ? curves(width, shown, view) : views(width, shown, view)),
  columns: () => (id === "compare-curves" ? curveColumns(shown) : viewColumns(shown)),
});

/** A and B by what they differ in. @param {Two} shown */
function names({ two, differences }) {
  return /** @type {const} */ (["a", "b"]).map((side, k) => {
    const own = differences.map(({ label, unit, [side]: value }) => `${label} ${inWords(value)}${unit ? ` ${unit}` : ""}`);
    return `${side.toUpperCase()}: ${own.join("; ") || `${two[k].preset}, the same settings`}`;
  });
}

/** @param {number} width @param {Two} shown @param {View} view @returns {Picture} */
function curves(width, shown, view) {
  const { two: [a, b], how, reached } = shown;
  const { ink, faint } = view.colours;
  const title = `${NAMES[how.key]} of two campaigns`;
  const key = legend(names(shown).map((name, k) => ({ name, sample: LINES[k] })), width, 22, ink);
  const says = paragraph(reached, 0, key.bottom + 2, width, { colour: faint });
  const charts = onSheet(width - TICK, (sheet) => {
    const box = document.createElement("div");
    sheet.append(box);
    drawTwo(box, { a: a.campaign, b: b.campaign }, how);
    return read(sheet, view, []);
  });
  const top = (reached ? says.bottom : key.bottom) + 6;
  const body = `${headed(title, 0, 14, view)}${key.body}${reached ? says.body : ""}<g transform="translate(0 ${top})">${charts.body}</g>`;
  const words = `${title} over instrument time, and below it B less A. ${names(shown).join(". ")}. ${reached}`;
  return { width, height: top + charts.height, panels: [], body, words };
}

/** @param {number} width @param {Two} shown @param {View} page @returns {Picture} */
function views(width, shown, page) {
  const gap = 20;
  const half = Math.floor((width - gap) / 2);
  const says = paragraph(`Both after ${duration(shown.how.secs)} of instrument time.`, 0, 0, width, { colour: page.colours.faint });
  const heads = names(shown).map((name, k) => paragraph(name, k * (half + gap), says.bottom + 4, half, { size: 12, colour: page.colours.ink }));
  const top = Math.max(...heads.map(({ bottom }) => bottom)) + 6;
  const drawn = shown.two.map(({ campaign, iteration, grid, simplex }) => ({ campaign, view: { ...page, cursor: iteration }, grid, simplex, shade: null, log: false }));
  const grids = drawn.map((side, k) => gridPanel(side, k * (half + gap), top, half));
  const below = top + Math.max(...grids.map(({ height }) => height)) + 10;
  const simplexes = drawn.map((side, k) => simplexPanel(side, k * (half + gap), below, half));
  const words = drawn.map(({ campaign, view, grid, simplex }, k) => `${"AB"[k]}: ${grid.summary(campaign, view)} ${simplex.summary(campaign, view)}`).join(" ");
  return { width, height: below + half + 44, panels: [...grids, ...simplexes], body: says.body + heads.map(({ body }) => body).join(""), words };
}

/** One campaign below the other, columns by their names; what one of them does not have is empty. @param {Column[][]} tables of A and B @returns {Column[]} */
function stacked(tables) {
  const lengths = tables.map((table) => table[0].values.length);
  const all = new Map(tables.flat().map((column) => [column.name, column]));
  const rest = [...all.values()].map(({ name, unit }) => ({ name, unit, values: tables.flatMap((table, k) => table.find((column) => column.name === name)?.values ?? Array(lengths[k]).fill(null)) }));
  return [{ name: "campaign", unit: "", values: lengths.flatMap((length, k) => Array(length).fill("AB"[k])) }, ...rest];
}

/** Every entry of both. The difference is given at each time at which either changes, from when both know anything to when the first has ended. @param {Two} shown @returns {Column[]} */
function curveColumns({ two }) {
  const [a, b] = two.map(({ campaign }) => campaign);
  const all = stacked([series(a), series(b)]);
  const times = /** @type {number[]} */ (all.find(({ name }) => name === "time_secs")?.values);
  const differences = /** @type {const} */ (["mean_sd", "mean_abs_error"]).map((key) => {
    const { x, y } = differenceOverTime(a, b, key);
    const at = new Map(x.map((t, i) => [t, y[i]]));
    return { name: `b_less_a_${key}`, unit: "", values: times.map((t) => at.get(t) ?? null) };
  });
  return [...all, ...differences];
}

/** What each had measured at the time in view. @param {Two} shown @returns {Column[]} */
const viewColumns = ({ two }) => stacked(two.map(({ campaign, iteration }) => measurements(campaign, iteration)));

// @ts-check
// The numbers behind each view, as columns: what CSV and JSON are made of.
import { countUpTo } from "../views/known.js";
import { linesOf } from "./provenance.js";
import { decisionColumns, whatIfColumns } from "./reasons.js";

/** @typedef {{ name: string, unit: string, values: (string | number | null)[] }} Column @typedef {import("./pictures.js").Shown} Shown */

/** @param {string} id of the view @param {Shown} shown @returns {Column[]} */
export function table(id, shown) {
  switch (id) {
    case "grid": case "composition": return measurements(shown.campaign, shown.view.cursor);
    case "shares": return shares(shown);
    case "decision": return decisionColumns(/** @type {import("./reasons.js").Reasons} */ (shown.reasons));
    case "what-if": return whatIfColumns(/** @type {import("./reasons.js").Reasons} */ (shown.reasons));
    case "ledger": return ["action", "count", "seconds", "cost"].map((name) => ({ name, unit: name === "seconds" ? "s" : "", values: shown.summary.ledger.map((/** @type {any} */ entry) => entry[name]) }));
    default: return series(shown.campaign);
  }
}

/** The curve of Figure 1. @param {any} capacity what the engine answered @returns {Column[]} */
export const capacityColumns = ({ curve }) => [
  { name: "radius_nm", unit: "nm", values: [...curve.radius_nm] },
  { name: "expected_particles", unit: "", values: [...curve.expected_particles] },
];

/** Row i is the state after iteration i; row 0 after the seeds. @param {import("../types.js").Campaign} campaign @returns {Column[]} */
export function series({ series }) {
  const units = /** @type {Record<string, string>} */ ({ time_secs: "s" });
  const rest = Object.entries(series).map(([name, values]) => ({ name, unit: units[name] ?? "", values: [...values] }));
  return [{ name: "iteration", unit: "", values: series.mean_sd.map((_, i) => i) }, ...rest];
}

/** Every particle that was measured by an iteration, in order. @param {import("../types.js").Campaign} campaign @param {number} iteration @returns {Column[]} */
export function measurements({ measurements, particles, elements }, iteration) {
  const known = countUpTo(measurements.iteration, iteration);
  const m = Object.fromEntries(Object.entries(measurements).map(([name, values]) => [name, values.slice(0, known)]));
  // Nine digits are all that single precision holds.
  const single = (/** @type {Float32Array} */ from, /** @type {number} */ at) => Number(from[at]?.toPrecision(9));
  const of = (/** @type {string} */ name, /** @type {string} */ unit, /** @type {(index: number) => number} */ value) => ({ name, unit, values: m.index.map(value) });
  return [
    { name: "iteration", unit: "", values: [...m.iteration] },
    { name: "tile", unit: "", values: [...m.tile] },
    { name: "particle", unit: "", values: [...m.particle] },
    of("x_um", "µm", (i) => single(particles.x_um, i)),
    of("y_um", "µm", (i) => single(particles.y_um, i)),
    of("radius_nm", "nm", (i) => single(particles.radius_nm, i)),
    ...elements.map((element, k) => of(`fraction_${element}`, "", (i) => single(particles.fractions, elements.length * i + k))),
    { name: "value", unit: "", values: [...m.value] },
  ];
}

/** Regions in order of visit, as of the iteration in view. @param {Shown} shown @returns {Column[]} */
function shares({ campaign: { visits, measurements }, view }) {
  const seen = visits.tile.map((_, i) => i).filter((i) => visits.first_iteration[i] <= view.cursor);
  const known = countUpTo(measurements.iteration, view.cursor);
  const measured = seen.map((i) => measurements.tile.slice(0, known).filter((tile) => tile === visits.tile[i]).length);
  const columns = { order: seen.map((i) => i + 1), tile: seen.map((i) => visits.tile[i]), first_iteration: seen.map((i) => visits.first_iteration[i]), measured, particles: seen.map((i) => visits.total[i]) };
  const all = Object.entries(columns).map(([name, values]) => ({ name, unit: "", values }));
  return [...all, { name: "share", unit: "", values: seen.map((i, k) => (visits.total[i] ? measured[k] / visits.total[i] : 0)) }];
}

/** Numbers as they are, to the last bit; what is no number is empty. @param {string | number | null} value */
const cell = (value) => (value === null ? "" : typeof value === "number" ? (Number.isFinite(value) ? String(value) : "") : /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** @param {Column[]} columns @param {import("./provenance.js").Provenance} about */
export function toCsv(columns, about) {
  const units = columns.filter(({ unit }) => unit).map(({ name, unit }) => `${name} in ${unit}`);
  // A line break in a value would end the comment.
  const comments = [...linesOf(about), ...(units.length ? [`units: ${units.join(", ")}`] : [])].map((line) => `# ${line.replace(/[\r\n]+/g, " ")}`);
  const rows = (columns[0]?.values ?? []).map((_, i) => columns.map(({ values }) => cell(values[i])).join(","));
  return `${[...comments, columns.map(({ name }) => cell(name)).join(","), ...rows].join("\n")}\n`;
}

/** @param {Column[]} columns @param {import("./provenance.js").Provenance} about */
export function toJson(columns, about) {
  const units = Object.fromEntries(columns.filter(({ unit }) => unit).map(({ name, unit }) => [name, unit]));
  return `${JSON.stringify({ ...about, units, columns: Object.fromEntries(columns.map(({ name, values }) => [name, values])) })}\n`;
}

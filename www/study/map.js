// @ts-check
// Which rule wins where: a field for each place of the axes, in the colour and with the initials of the best rule. A field has
// a colour only when the seeds tell its rule from every other; else it names those that may be as good, or that most seeds prefer.
import { significant } from "../format.js";
import { COLOURS } from "./bands.js";

/** Less is written as 1.00×: no colour for that. */
const LEAST_MARGIN = 1.005;
/** A sign test at 5 % needs as many seeds that all agree. */
const FEWEST_SEEDS = 6;

/** @param {any} value */
export const valueText = (value) => (Array.isArray(value) ? String(value.length) : String(value));

/**
 * @typedef {{ rule: string | null, initials: string, times: string, or: string, colour: string, share: number, title: string }} Field
 * @typedef {{ caption: string, columns: string[], rows: { head: string, fields: Field[] }[], key: { initials: string, name: string, colour: string }[] }} RuleMap
 */

/**
 * What the map shows: a row for each value of the first sweep, a column for each of the second; null where there is none to draw.
 * @param {any} study @param {(path: string) => string} label of a setting @param {(rule: string) => string} ruleName
 * @returns {RuleMap | null}
 */
export function mapOf({ spec, wins }, label, ruleName) {
  if (!wins.length || !spec.axes.length) return null;
  const [rows, columns] = spec.axes.length === 2 ? spec.axes : [{ path: "", values: [null] }, spec.axes[0]];
  const measure = spec.target_error ? `time to a mean absolute error of ${significant(spec.target_error)}` : "median error when the first of a seed’s campaigns has ended";
  const field = (/** @type {any} */ win) => {
    const place = spec.rules.indexOf(win.rule);
    if (place < 0) return { rule: null, initials: win.seeds ? "none" : "–", times: "", or: "", colour: "", share: 0, title: "" };
    const apart = !win.tied.length && !win.disputed.length && (win.margin ?? Infinity) >= LEAST_MARGIN;
    const strength = apart ? Math.min(0.25 + 0.6 * Math.log2(win.margin ?? 1), 0.85) : 0;
    const any = win.tied.length > 1 && win.tied.length === win.rivals.length;
    const or = [any ? "or any" : names("or", win.tied), names("seeds:", win.disputed)].filter(Boolean).join("; ");
    const seeds = win.rivals.map((/** @type {any} */ { rule, ahead, behind }) => `better than ${ruleName(rule)} for ${ahead} seeds, worse for ${behind}`).join("; ");
    return {
      rule: win.rule, initials: initials(win.rule), times: win.margin ? `${times(win.margin)}×` : "", or, colour: COLOURS[place % COLOURS.length], share: Math.round(strength * 100),
      title: `${ruleName(win.rule)}${win.margin ? `, ${times(win.margin)} times better than the next over ${win.seeds} seeds` : ""}${seeds ? `; ${seeds}` : ""}`,
    };
  };
  const most = Math.max(...wins.map((/** @type {any} */ { seeds }) => seeds));
  const few = most < FEWEST_SEEDS ? ` ${most} ${most === 1 ? "seed is" : "seeds are"} too few to tell any rules apart.` : "";
  const disputes = wins.some((/** @type {any} */ { disputed }) => disputed.length) ? " “seeds:”: medians and seeds disagree, for most seeds these are better." : "";
  return {
    caption: `Best rule${rows.path ? ` by ${label(rows.path)} (down) and` : " by"} ${label(columns.path)}${rows.path ? " (across)" : ""}, and how many times better it is than the next: ${measure}. “or”: the seeds do not tell it apart from these (sign test, 5 %, no allowance for the number of fields).${disputes}${few}`,
    columns: columns.values.map((/** @type {any} */ value) => columnText(columns.path, value, spec)),
    rows: rows.values.map((/** @type {any} */ value, /** @type {number} */ r) => ({
      head: value === null ? "" : columnText(rows.path, value, spec),
      fields: columns.values.map((/** @type {any} */ _, /** @type {number} */ c) => field(wins[r * columns.values.length + c])),
    })),
    key: spec.rules.map((/** @type {string} */ rule, /** @type {number} */ i) => ({ initials: initials(rule), name: ruleName(rule), colour: COLOURS[i % COLOURS.length] })),
  };
}

/** @param {HTMLElement} container @param {RuleMap | null} map */
export function drawMap(container, map) {
  container.replaceChildren();
  if (!map) return;
  const table = Object.assign(document.createElement("table"), { className: "map" });
  const caption = Object.assign(document.createElement("caption"), { textContent: map.caption });
  const head = document.createElement("tr");
  head.append(document.createElement("td"), ...map.columns.map((text) => Object.assign(document.createElement("th"), { scope: "col", textContent: text })));
  const body = document.createElement("tbody");
  for (const { head, fields } of map.rows) {
    const row = document.createElement("tr");
    row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: head }));
    for (const { rule, initials, times, or, colour, share, title } of fields) {
      const cell = document.createElement("td");
      if (rule === null) cell.textContent = initials;
      else {
        cell.style.setProperty("--rule", colour);
        cell.style.setProperty("--share", `${share}%`);
        cell.append(Object.assign(document.createElement("b"), { textContent: initials }), ` ${times}`);
        if (or) cell.append(" ", Object.assign(document.createElement("small"), { textContent: or }));
        cell.title = title;
      }
      row.append(cell);
    }
    body.append(row);
  }
  const thead = document.createElement("thead");
  thead.append(head);
  table.append(caption, thead, body);
  const key = Object.assign(document.createElement("p"), { className: "help" });
  key.textContent = map.key.map(({ initials, name }) => `${initials}: ${name}`).join("; ");
  container.append(table, key);
}

/** What the time to a neighbour depends on, eq 16. */
const OF_SWITCHING = ["cost.edx_secs", "cost.overview_secs", "cost.retune_secs", "cost.stage_speed_um_per_s", "library.tile_um"];

/** A value with what it means for the ratio of switching to measuring, where that is one number. @param {string} path @param {any} value @param {any} spec */
function columnText(path, value, { config, axes }) {
  if (path === "elements") return `n = ${value.length}`;
  if (path !== "cost.eels_secs" || axes.some((/** @type {any} */ other) => OF_SWITCHING.includes(other.path))) return valueText(value);
  const { edx_secs: edx, overview_secs: overview, retune_secs: retune, stage_speed_um_per_s: speed } = config.cost;
  const toNeighbour = edx + overview + retune + config.library.tile_um / speed;
  return `${valueText(value)} s (t_switch / t_meas ${significant(toNeighbour / value, 2)})`.replace(/ (?=[^(]*\))/g, "\u00a0");
}

/** 1.00 is no 1: it was measured. @param {number} margin */
const times = (margin) => (margin < 9.995 ? margin.toFixed(2) : significant(margin, 3));

/** The word and initials of some rules, if any. @param {string} word @param {string[]} rules */
const names = (word, rules) => (rules.length ? `${word} ${rules.map(initials).join(", ")}` : "");

/** Two rules begin with an R. @type {Record<string, string>} */
const APART = { random: "Rn", raster: "Rs" };
const initials = (/** @type {string} */ rule) => APART[rule] ?? rule.split("_").map((word) => word[0].toUpperCase()).join("");

// @ts-check
// Which rule wins where: a field for each place of the axes, in the colour and with the initials of the best rule. A field has
// a colour only when the seeds tell its rule from every other; else it names those that may be as good.
import { significant } from "../format.js";
import { COLOURS } from "./bands.js";

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
  const measure = spec.target_error ? `time to a mean absolute error of ${significant(spec.target_error)}` : "error at the time when the first rule has ended";
  const field = (/** @type {any} */ win) => {
    const place = spec.rules.indexOf(win.rule);
    if (place < 0) return { rule: null, initials: "none", times: "", or: "", colour: "", share: 0, title: "" };
    const strength = win.tied.length ? 0 : Math.min(0.25 + 0.6 * Math.log2(Math.max(win.margin ?? 1, 1)), 0.85);
    const any = win.tied.length > 1 && win.tied.length === win.rivals.length;
    const seeds = win.rivals.map((/** @type {any} */ { rule, ahead, behind }) => `better than ${ruleName(rule)} for ${ahead} seeds, worse for ${behind}`).join("; ");
    return {
      rule: win.rule, initials: initials(win.rule), times: win.margin ? `${times(win.margin)}×` : "", or: any ? "or any" : win.tied.length ? `or ${win.tied.map(initials).join(", ")}` : "", colour: COLOURS[place % COLOURS.length], share: Math.round(strength * 100),
      title: `${ruleName(win.rule)}${win.margin ? `, ${times(win.margin)} times better than the next` : ""}${seeds ? `; ${seeds}` : ""}`,
    };
  };
  return {
    caption: `Best rule${rows.path ? ` by ${label(rows.path)} (down) and` : " by"} ${label(columns.path)}${rows.path ? " (across)" : ""}, and how many times better it is than the next: ${measure}. “or”: the seeds do not tell it apart from these (sign test, 5 %).`,
    columns: columns.values.map((/** @type {any} */ value) => columnText(columns.path, value, spec.config)),
    rows: rows.values.map((/** @type {any} */ value, /** @type {number} */ r) => ({
      head: value === null ? "" : columnText(rows.path, value, spec.config),
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

/** A value with what it means for the ratio of switching to measuring. @param {string} path @param {any} value @param {any} config */
function columnText(path, value, config) {
  if (path === "elements") return `n = ${value.length}`;
  if (path !== "cost.eels_secs") return valueText(value);
  const { edx_secs: edx, retune_secs: retune, stage_speed_um_per_s: speed } = config.cost;
  const toNeighbour = edx + retune + config.library.tile_um / speed;
  return `${valueText(value)} s (t_switch / t_meas ${significant(toNeighbour / value, 2)})`.replace(/ (?=[^(]*\))/g, "\u00a0");
}

/** 1.00 is no 1: it was measured. @param {number} margin */
const times = (margin) => (margin < 9.995 ? margin.toFixed(2) : significant(margin, 3));

/** Two rules begin with an R. @type {Record<string, string>} */
const APART = { random: "Rn", raster: "Rs" };
const initials = (/** @type {string} */ rule) => APART[rule] ?? rule.split("_").map((word) => word[0].toUpperCase()).join("");

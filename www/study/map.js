// @ts-check
// Which rule wins where: a field for each place of the axes, in the colour and with the initials of the best rule.
import { significant } from "../format.js";
import { COLOURS } from "./bands.js";

/** @param {any} value */
export const valueText = (value) => (Array.isArray(value) ? String(value.length) : String(value));

/**
 * @param {HTMLElement} container @param {any} study @param {(path: string) => string} label of a setting
 * @param {(rule: string) => string} ruleName
 */
export function drawMap(container, study, label, ruleName) {
  container.replaceChildren();
  const { spec, wins } = study;
  if (!wins.length || !spec.axes.length) return;
  const [rows, columns] = spec.axes.length === 2 ? spec.axes : [{ path: "", values: [null] }, spec.axes[0]];
  const table = Object.assign(document.createElement("table"), { className: "map" });
  const caption = document.createElement("caption");
  caption.textContent = `Best rule${rows.path ? ` by ${label(rows.path)} (down) and` : " by"} ${label(columns.path)}${rows.path ? " (across)" : ""}, and how many times better it is than the next: ${spec.target_error ? `time to a mean absolute error of ${significant(spec.target_error)}` : "error at the time when the first rule has ended"}.`;
  const head = document.createElement("tr");
  head.append(document.createElement("td"));
  for (const value of columns.values) head.append(Object.assign(document.createElement("th"), { scope: "col", textContent: columnText(columns.path, value, spec.config) }));
  const body = document.createElement("tbody");
  rows.values.forEach((/** @type {any} */ value, /** @type {number} */ r) => {
    const row = document.createElement("tr");
    row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: value === null ? "" : columnText(rows.path, value, spec.config) }));
    columns.values.forEach((/** @type {any} */ _, /** @type {number} */ c) => {
      const win = wins[r * columns.values.length + c];
      const place = spec.rules.indexOf(win.rule);
      const cell = document.createElement("td");
      if (place < 0) cell.textContent = "none";
      else {
        const margin = win.margin ?? 1;
        const strength = Math.min(0.25 + 0.6 * Math.log2(Math.max(margin, 1)), 0.85);
        cell.style.setProperty("--rule", COLOURS[place % COLOURS.length]);
        cell.style.setProperty("--share", `${Math.round(strength * 100)}%`);
        cell.append(Object.assign(document.createElement("b"), { textContent: initials(win.rule) }), ` ${win.margin ? `${significant(margin, 3)}×` : ""}`);
        cell.title = `${ruleName(win.rule)}${win.margin ? `, ${significant(margin, 3)} times better than the next` : ""}`;
      }
      row.append(cell);
    });
    body.append(row);
  });
  const thead = document.createElement("thead");
  thead.append(head);
  table.append(caption, thead, body);
  const key = Object.assign(document.createElement("p"), { className: "help" });
  key.textContent = spec.rules.map((/** @type {string} */ rule) => `${initials(rule)}: ${ruleName(rule)}`).join("; ");
  container.append(table, key);
}

/** A value with what it means for the ratio of switching to measuring. @param {string} path @param {any} value @param {any} config */
function columnText(path, value, config) {
  if (path === "elements") return `n = ${value.length}`;
  if (path !== "cost.eels_secs") return valueText(value);
  const { edx_secs: edx, retune_secs: retune, stage_speed_um_per_s: speed } = config.cost;
  const toNeighbour = edx + retune + config.library.tile_um / speed;
  return `${valueText(value)} s (t_switch / t_meas ${significant(toNeighbour / value, 2)})`;
}

const initials = (/** @type {string} */ rule) => rule.split("_").map((word) => word[0].toUpperCase()).join("");

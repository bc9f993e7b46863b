// @ts-check
// Seconds and cost by kind of action, once the campaign has ended.
import { duration, significant } from "../format.js";

/** @type {Record<string, string>} */
export const NAMES = { stage_move: "Stage travel", retune: "Retuning", overview: "Overview images", edx_map: "EDX maps", eels: "EELS spectra", beam_shift: "Beam shifts" };

/** @param {HTMLElement} container */
export function createLedger(container) {
  /** @type {any} */
  let shown;
  return {
    /** @param {import("../types.js").Campaign} _campaign @param {import("../types.js").View} _view @param {any} summary */
    draw(_campaign, _view, summary) {
      if (summary === shown) return;
      shown = summary;
      if (!summary) {
        container.replaceChildren(Object.assign(document.createElement("p"), { className: "help", textContent: "Shown when the campaign has ended." }));
        return;
      }
      const entries = summary.ledger.filter((/** @type {any} */ e) => e.count > 0 && (e.seconds > 0 || e.cost > 0));
      const bar = Object.assign(document.createElement("div"), { className: "stack" });
      bar.setAttribute("aria-hidden", "true");
      const table = document.createElement("table");
      table.innerHTML = "<thead><tr><th>Action</th><th>Count</th><th>Time</th><th>Cost</th></tr></thead>";
      const body = document.createElement("tbody");
      for (const entry of entries) {
        const part = document.createElement("span");
        part.className = `part ${entry.action}`;
        part.style.flexGrow = String(entry.seconds);
        bar.append(part);
        const row = document.createElement("tr");
        const name = document.createElement("th");
        name.scope = "row";
        name.append(Object.assign(document.createElement("i"), { className: `key ${entry.action}` }), NAMES[entry.action] ?? entry.action);
        const cells = [String(entry.count), duration(entry.seconds), significant(entry.cost, 4)];
        row.append(name, ...cells.map((text) => Object.assign(document.createElement("td"), { textContent: text })));
        body.append(row);
      }
      table.append(body);
      container.replaceChildren(bar, table);
    },
  };
}

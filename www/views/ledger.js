// @ts-check
// Seconds and cost by kind of action, of the whole campaign as far as it has come.
import { entries as entriesOf } from "../campaign.js";
import { duration, significant } from "../format.js";

/** @type {Record<string, string>} */
export const NAMES = { stage_move: "Stage travel", retune: "Retuning", overview: "Overview images", edx_map: "EDX maps", eels: "EELS spectra", beam_shift: "Beam shifts" };

/** @param {HTMLElement} container */
export function createLedger(container) {
  /** @type {any} */
  let shown;
  const body = document.createElement("div");
  const note = Object.assign(document.createElement("p"), { className: "help" });
  container.append(body, note);
  return {
    /** @param {import("../types.js").Campaign} campaign @param {import("../types.js").View} view @param {any} summary */
    draw(campaign, view, summary) {
      const last = entriesOf(campaign) - 1;
      // While it runs the other views are ahead of the ledger by less than a second.
      const text = !summary ? "Shown after the first measurement." : view.cursor < last && campaign.ended ? `Of the whole campaign, ${last} iterations; the other views show iteration ${view.cursor}.` : "";
      if (note.textContent !== text) note.textContent = text;
      note.hidden = text === "";
      if (summary === shown) return;
      shown = summary;
      if (!summary) return body.replaceChildren();
      const entries = summary.ledger.filter((/** @type {any} */ e) => e.count > 0 && (e.seconds > 0 || e.cost > 0));
      const bar = Object.assign(document.createElement("div"), { className: "stack" });
      bar.setAttribute("aria-hidden", "true");
      const table = document.createElement("table");
      table.innerHTML = "<thead><tr><th>Action</th><th>Count</th><th>Time</th><th>Cost</th></tr></thead>";
      const rows = document.createElement("tbody");
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
        rows.append(row);
      }
      table.append(rows);
      body.replaceChildren(bar, table);
    },
  };
}

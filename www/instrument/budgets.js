// @ts-check
// What a run has used of the limits of the safety envelope.
import { byId } from "../dom.js";
import { duration, grouped } from "../format.js";

/** @param {any} limits */
export function createBudgets(limits) {
  const list = byId("budgets", HTMLDListElement);
  const rows = [
    { name: "Stage moves", of: (/** @type {any} */ used) => used.moves, most: limits.moves, text: grouped },
    { name: "Charge", of: (/** @type {any} */ used) => used.charge_nc, most: limits.run_nc, text: (/** @type {number} */ x) => `${grouped(Number(x.toPrecision(3)))} nC` },
    { name: "Time of the run", of: (/** @type {any} */ used) => used.run_secs, most: limits.run_secs, text: duration },
  ].map((row) => {
    const term = document.createElement("dt");
    term.textContent = row.name;
    const value = document.createElement("dd");
    const meter = document.createElement("meter");
    Object.assign(meter, { min: 0, max: row.most, low: 0.7 * row.most, high: 0.9 * row.most, optimum: 0 });
    meter.setAttribute("aria-label", row.name);
    const text = document.createElement("span");
    value.append(meter, text);
    list.append(term, value);
    return { ...row, meter, span: text };
  });
  return {
    /** @param {any} used */
    show(used) {
      for (const row of rows) {
        row.meter.value = row.of(used);
        row.span.textContent = `${row.text(row.of(used))} of ${row.text(row.most)}`;
      }
    },
  };
}

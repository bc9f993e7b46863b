// @ts-check
// What if: the decision in view with one parameter changed, and the value at which it would have gone the other way.
import { byId, setText } from "../dom.js";
import { significant } from "../format.js";
import { PATHS, breakEven, isWeighed, switchValue } from "./even.js";

/** @typedef {import("./even.js").Path} Path */

/** Steps of a slider. */
const STEPS = 400;

/** @param {import("../controls.js").Parameter[]} parameters of the engine */
export function connectWhy(parameters) {
  const container = byId("why-controls", HTMLElement);
  /** @type {any} */
  let decision = null;
  /** @type {any} */
  let cost = null;

  const rows = PATHS.map((path) => {
    const parameter = /** @type {import("../controls.js").Parameter} */ (parameters.find((p) => p.path === path));
    const [low, high] = [parameter.min || 1e-3, parameter.max ?? 1e3];
    const id = `why-${path.replaceAll(".", "-")}`;
    const label = Object.assign(document.createElement("label"), { htmlFor: id, textContent: parameter.label });
    const slider = Object.assign(document.createElement("input"), { id, type: "range", min: "0", max: String(STEPS), step: "1" });
    slider.setAttribute("list", `${id}-even`);
    const marks = Object.assign(document.createElement("datalist"), { id: `${id}-even` });
    const output = Object.assign(document.createElement("output"), { htmlFor: id });
    const note = Object.assign(document.createElement("p"), { className: "help" });
    container.append(label, slider, marks, output, note);
    // Over decades, as the parameters are.
    const at = (/** @type {number} */ value) => Math.round((STEPS * Math.log(Math.min(Math.max(value, low), high) / low)) / Math.log(high / low));
    const row = { path, parameter, slider, marks, output, note, low, high, at, value: NaN };
    slider.addEventListener("input", () => {
      row.value = low * (high / low) ** (Number(slider.value) / STEPS);
      say(row);
    });
    return row;
  });
  byId("why-reset", HTMLButtonElement).addEventListener("click", () => show(decision, cost));

  /** @param {typeof rows[number]} row the last one that was moved */
  function say(row) {
    const { path, parameter, value } = row;
    const worth = switchValue(decision, cost, path, value);
    row.output.textContent = `${significant(value)} ${parameter.unit}`;
    row.slider.setAttribute("aria-valuetext", row.output.textContent);
    const moved = decision.switch_value > 0;
    const moves = worth > 0;
    setText("why-verdict", `With ${parameter.label.toLowerCase()} ${significant(value)} ${parameter.unit} it would ${moves ? "move" : "stay"}${moves === moved ? ", as it did" : ", and not " + (moved ? "move" : "stay")}: a move is worth ${significant(worth)} (V_switch, eq 17).`);
  }

  /** @param {any} next decision @param {any} nextCost of the configuration it was made under */
  function show(next, nextCost) {
    [decision, cost] = [next, nextCost];
    const weighed = isWeighed(decision);
    byId("why-section", HTMLElement).hidden = !decision;
    container.hidden = !weighed;
    byId("why-reset", HTMLElement).hidden = !weighed;
    setText("why-verdict", weighed ? "Move a slider: everything else stays as it was at that moment." : "Nothing was weighed here: eq 17 decides only under the paper's rule, and only while the region has something left.");
    if (!weighed) return;
    for (const row of rows) {
      const key = row.path.slice("cost.".length);
      row.value = cost[key];
      row.slider.value = String(row.at(row.value));
      row.output.textContent = `${significant(row.value)} ${row.parameter.unit}`;
      row.slider.setAttribute("aria-valuetext", row.output.textContent);
      const even = breakEven(decision, cost, row.path);
      const inside = even !== null && even >= row.low && even <= row.high;
      row.marks.replaceChildren(...(inside ? [new Option("", String(row.at(even)))] : []));
      const unit = row.parameter.unit;
      row.note.textContent = inside ? `Break-even at ${significant(even)} ${unit}.` : `No break-even from ${significant(row.low)} to ${significant(row.high)} ${unit}.`;
    }
  }
  return { show };
}

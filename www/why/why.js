// @ts-check
// What if: the decision in view made again by the engine with one setting changed, and the values at which it turns.
import { byId, setText } from "../dom.js";
import { significant } from "../format.js";
import { positionOf, spanAround, valueAt } from "../slider_span.js";
import { symbol } from "../symbols.js";
import { band, notes, withinReach } from "./turns.js";

const LOOKING = "Looking for values that change it …";
/** How long a decision must stay in view before its turning points are looked for, ms: a campaign that runs shows many. */
const SETTLED_MS = 200;
const WOULD_HAVE = { stay: "stayed", return: "gone back", switch: "moved" };
const DID = { stay: "stayed", return: "went back", switch: "moved" };

/**
 * @param {{ parameters: import("../controls.js").Parameter[], levers: string[] }} description of the engine
 * @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 */
export function connectWhy({ parameters, levers }, engine) {
  const section = byId("why-section", HTMLElement);
  const details = /** @type {HTMLDetailsElement} */ (section.querySelector("details"));
  const container = byId("why-controls", HTMLElement);
  /** @type {any} */
  let decision = null;
  /** @type {any} */
  let config = null;
  /** What was already looked for. @type {any} */
  let found = null;
  /** Counts questions: an answer to an older one is not shown. */
  let asked = 0;
  /** The slider that was moved last, while the one before is answered. @type {typeof rows[number] | null} */
  let waiting = null;
  let asking = false;
  let timer = 0;

  const rows = levers.map((path) => {
    const parameter = /** @type {import("../controls.js").Parameter} */ (parameters.find((p) => p.path === path));
    const id = `why-${path.replaceAll(".", "-")}`;
    const box = Object.assign(document.createElement("div"), { className: "lever" });
    const label = Object.assign(document.createElement("label"), { htmlFor: id, textContent: `${parameter.label} ` });
    label.append(...symbol(parameter.symbol));
    const slider = Object.assign(document.createElement("input"), { id, type: "range", min: "0", step: "1" });
    const output = Object.assign(document.createElement("output"), { htmlFor: id });
    const picture = document.createElement("div");
    const note = Object.assign(document.createElement("p"), { className: "help", id: `${id}-note` });
    slider.setAttribute("aria-describedby", note.id);
    box.append(label, output, slider, picture, note);
    container.append(box);
    const row = { path, parameter, box, slider, output, picture, note, span: spanAround(parameter, parameter.min ?? 0), value: NaN };
    slider.addEventListener("input", () => {
      put(row, valueAt(row.span, Number(slider.value), false));
      void ask(row);
    });
    return row;
  });
  byId("why-reset", HTMLButtonElement).addEventListener("click", () => asItWas());
  details.addEventListener("toggle", () => soon());

  /** @param {typeof rows[number]} row @param {number} value */
  function put(row, value) {
    row.value = value;
    row.output.textContent = `${significant(value)} ${row.parameter.unit}`.trim();
    row.slider.setAttribute("aria-valuetext", row.output.textContent);
  }

  /** One question at a time, the latest last: a slider that is dragged has many. @param {typeof rows[number]} row the one that was moved */
  async function ask(row) {
    asked += 1;
    waiting = row;
    if (asking) return;
    asking = true;
    while (waiting) {
      const next = waiting;
      waiting = null;
      const mine = asked;
      await answer(next).catch((error) => { if (mine === asked) setText("why-verdict", `The engine does not say: ${error.message}`); });
    }
    asking = false;
  }

  /** The decision with one setting changed. @param {typeof rows[number]} row */
  async function answer({ path, parameter, value, output }) {
    const [mine, then] = [asked, decision];
    const other = await engine.call("whatIf", { entry: then.iteration, path, value });
    if (mine !== asked || then !== decision) return;
    const setting = `${parameter.label} ${output.textContent}:`;
    if (!other) return setText("why-verdict", `${setting} nothing would be left to do.`);
    const [was, is] = /** @type {(keyof typeof DID)[]} */ ([then.action, other.action]);
    const outcome = was === is ? `have ${WOULD_HAVE[is]}, as it did` : `have ${WOULD_HAVE[is]}; it ${DID[was]}`;
    setText("why-verdict", `${setting} it would ${outcome}. ${worth(other)}`);
  }

  /** Everything back to the campaign's own settings. */
  function asItWas() {
    asked += 1;
    waiting = null;
    setText("why-verdict", "Move a slider: everything else stays as it was at that moment.");
    for (const row of rows) {
      const own = ownValue(row);
      row.slider.max = String(row.span.steps);
      row.slider.value = String(positionOf(row.span, own));
      put(row, own);
    }
  }

  /** @param {typeof rows[number]} row @returns {number} what the campaign had */
  const ownValue = (row) => row.path.split(".").reduce((at, key) => at[key], config);

  /** Look for the turning points of the decision in view, one setting after the other, until another comes into view. */
  async function look() {
    if (!decision || !details.open || found === decision) return;
    const mine = (found = decision);
    await lookFor(mine).catch((error) => {
      if (mine !== decision) return;
      // Unfolded anew, it looks again.
      found = null;
      for (const { note } of rows) if (note.textContent === LOOKING) note.textContent = `The values that change it were not found: ${error.message}`;
    });
  }

  /** @param {any} mine the decision */
  async function lookFor(mine) {
    for (const row of rows) {
      if (row.box.hidden) continue;
      const turns = await engine.call("turns", { entry: mine.iteration, path: row.path });
      if (mine !== decision) return;
      row.span = withinReach(row.span, row.parameter, turns);
      row.slider.value = String(positionOf(row.span, row.value));
      row.picture.replaceChildren(band(turns, row.span, mine.action, ownValue(row)));
      row.note.textContent = notes(turns, row.parameter, mine.action);
    }
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLED_MS);
  }

  /** @param {any} next decision @param {any} nextConfig of the campaign it was made in */
  function show(next, nextConfig) {
    [decision, config, waiting] = [next, nextConfig, null];
    section.hidden = !decision;
    if (!decision) return;
    for (const row of rows) {
      row.box.hidden = row.path === "planner.fraction" && config.planner.rule !== "fixed_fraction";
      row.span = spanAround(row.parameter, ownValue(row));
      row.picture.replaceChildren();
      row.note.textContent = row.box.hidden ? "" : LOOKING;
    }
    asItWas();
    soon();
  }
  return { show };
}

/** What was weighed, in the numbers of the rule. @param {any} d */
function worth(d) {
  if (Number.isFinite(d.switch_value)) return `A move is worth ${significant(d.expected_gain)} − ${significant(d.switch_cost)} = ${significant(d.switch_value)} (eq 17).`;
  if (Number.isFinite(d.fresh_rate)) return `A new region gains ${significant(d.fresh_rate)} a second, the best particle here ${significant(d.local_rate)}.`;
  return d.sentence;
}

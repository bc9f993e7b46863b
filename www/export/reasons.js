// @ts-check
// Why the planner decided so, and at which values of a setting it would have decided otherwise, as files.
import { significant } from "../format.js";
import { positionOf, spanAround } from "../slider_span.js";
import { balance, HEADINGS, numbersOf } from "../views/decision.js";
import { notes, piecesOf, SHORT, withinReach } from "../why/turns.js";
import { paragraph } from "./legend.js";
import { ruled, tint } from "./many.js";
import { headed } from "./panels.js";
import { onSheet, plain, written } from "./sheet.js";

/** @typedef {import("./panels.js").Picture} Picture @typedef {import("./tables.js").Column} Column @typedef {import("../types.js").View} View */
/** @typedef {{ parameter: import("../controls.js").Parameter, own: number, turns: import("../why/turns.js").Turn[] }} Lever what it had, and where it turns */
/** @typedef {{ decision: any, levers: Lever[] }} Reasons */

/** Width of the chart of what a move offers and costs, as the page draws it. */
const BALANCE = 300;

/**
 * What the engine says of the decision before an entry; the turning points only for "what-if".
 * @param {string} id of the view @param {{ call: (method: string, args?: any) => Promise<any> }} engine @param {import("../types.js").Campaign} campaign
 * @param {number} entry @param {{ parameters: any[], levers: string[] }} description @returns {Promise<Reasons>}
 */
export async function reasonsOf(id, engine, { config }, entry, { parameters, levers }) {
  if (entry === 0) throw new Error("At iteration 0 nothing has been decided yet: the first particles are measured at random.");
  const decision = await engine.call("decision", { entry });
  const moved = id === "what-if" ? levers.filter((path) => path !== "planner.fraction" || config.planner.rule === "fixed_fraction") : [];
  const found = [];
  for (const path of moved) {
    const own = path.split(".").reduce((at, key) => at[key], config);
    found.push({ parameter: parameters.find((p) => p.path === path), own, turns: await engine.call("turns", { entry, path }) });
  }
  return { decision, levers: found };
}

/** @param {number} width @param {Reasons} reasons @param {View} view @returns {Picture} */
export function decisionPicture(width, { decision }, view) {
  const { ink } = view.colours;
  const title = `${HEADINGS[/** @type {keyof typeof HEADINGS} */ (decision.action)]}, iteration ${decision.iteration}`;
  const says = paragraph(decision.sentence, 0, 22, width, { colour: ink });
  const [chart] = balance(decision);
  const times = Math.min(width / BALANCE, 1.2);
  const bars = chart ? onSheet(width, (sheet) => { sheet.append(chart); return `<g class="balance" transform="translate(0 ${says.bottom + 6}) scale(${times.toFixed(4)})">${plain(chart)}</g>`; }) : "";
  const top = says.bottom + (chart ? Math.ceil(44 * times) + 12 : 6);
  const rows = numbersOf(decision).map(({ symbol, value, unit, meaning, equation }) => [`${meaning}${equation && ` (eq\u00a0${equation})`}`, symbol, `${significant(value)} ${unit}`.trim()]);
  const table = ruled([["What was weighed", "Symbol", "Value"], ...rows], [0.56, 0.2, 0.24].map((share) => share * width), top, view);
  return { width, height: table.bottom + 4, panels: [], body: `${headed(title, 0, 14, view)}${says.body}${bars}${table.body}`, words: `${title}. ${decision.sentence}` };
}

/** @param {Reasons} reasons @returns {Column[]} */
export function decisionColumns({ decision }) {
  const rows = numbersOf(decision);
  const of = (/** @type {"symbol" | "value" | "unit" | "meaning" | "equation"} */ name) => ({ name, unit: "", values: rows.map((row) => row[name]) });
  return [of("symbol"), of("value"), of("unit"), of("meaning"), of("equation")];
}

/** A band for each setting, as under the sliders of the page. @param {number} width @param {Reasons} reasons @param {View} view @returns {Picture} */
export function whatIfPicture(width, { decision, levers }, view) {
  const { ink, faint, paper, accent, second } = view.colours;
  const paints = { stay: tint(accent, paper, 22), return: tint(second, paper, 30), switch: accent };
  const title = `What if, iteration ${decision.iteration}`;
  const says = paragraph(decision.sentence, 0, 22, width, { colour: ink });
  let y = says.bottom + 4;
  const said = levers.map(({ parameter, own, turns }) => `${parameter.label} (it had ${significant(own)}${parameter.unit && ` ${parameter.unit}`}): ${notes(turns, parameter, decision.action)}`);
  const body = levers.map(({ parameter, own, turns }, k) => {
    const span = withinReach(spanAround(parameter, own), parameter, turns);
    const at = (width * positionOf(span, own)) / span.steps;
    const band = piecesOf(turns, span, decision.action).map(({ from, to, action }) => {
      const [left, wide] = [from * width, (to - from) * width];
      // The mark does not stand in the word.
      const start = at > left && at < left + 50 ? at + 6 : left + 5;
      const name = left + wide > start + 50 ? written(SHORT[action], start, y + 20, { colour: action === "switch" ? paper : ink }) : "";
      return `<rect class="part" x="${left.toFixed(2)}" y="${y + 8}" width="${wide.toFixed(2)}" height="16" fill="${paints[action]}"/>${name}`;
    }).join("");
    const mark = `<path d="M${at.toFixed(2)} ${y + 5}v22" fill="none" stroke="${paper}" stroke-width="4"/><path d="M${at.toFixed(2)} ${y + 5}v22" fill="none" stroke="${ink}" stroke-width="2"/>`;
    const words = paragraph(said[k], 0, y + 28, width, { colour: faint });
    y = words.bottom + 6;
    return band + mark + words.body;
  });
  return { width, height: y + 2, panels: [], body: `${headed(title, 0, 14, view)}${says.body}${body.join("\n")}`, words: `${title}. ${decision.sentence} ${said.join(" ")}` };
}

/** A row for each value at which a setting turns the decision; one without a value where none does. @param {Reasons} reasons @returns {Column[]} */
export function whatIfColumns({ decision, levers }) {
  const none = { value: null, below: decision.action, above: decision.action };
  const rows = levers.flatMap(({ parameter, own, turns }) => (turns.length ? turns : [none]).map((turn) => ({ setting: parameter.path, unit: parameter.unit, had: own, turns_at: turn.value, below: turn.below, above: turn.above })));
  return /** @type {const} */ (["setting", "unit", "had", "turns_at", "below", "above"]).map((name) => ({ name, unit: "", values: rows.map((row) => row[name]) }));
}

// @ts-check
// What a study is made of: seeds, rules that compete, one or two swept settings, a target.
import { byId } from "../dom.js";
import { MOST_CAMPAIGNS, MOST_SEED, USUAL_STUDY, campaignsOf, numbersIn, swept, valuesAllowed } from "../share/study.js";

/** @typedef {import("../share/study.js").Study} Study */

/**
 * Which rule wins where: time of a spectrum, which takes t_switch / t_meas from 180 down to 0.6, against number of components.
 * @type {Study}
 */
export const RULES_MAP = {
  first_seed: 1, last_seed: 20, rules: ["paper", "marginal_value", "exhaust", "one_per_region"],
  axes: [{ path: "elements", values: [2, 3, 4, 5] }, { path: "cost.eels_secs", values: [0.1, 0.3, 1, 3, 10, 30] }], target_error: null,
};

export class FormError extends Error {
  /** @param {string} id of the control @param {string} message */
  constructor(id, message) {
    super(message);
    this.id = id;
  }
}

/** @param {string} id */
const input = (id) => byId(id, HTMLInputElement);
const select = (/** @type {string} */ id) => byId(id, HTMLSelectElement);

/** The controls, filled in. @param {any} description of the engine */
export function prepareForm(description) {
  for (const id of ["study-axis-1", "study-axis-2"]) {
    const list = select(id);
    list.append(new Option("nothing", ""));
    for (const p of swept(description.parameters)) list.append(new Option(`${p.label}${p.unit ? ` (${p.unit})` : ""}`, p.path));
    list.append(new Option("components", "elements"));
  }
  const rules = description.parameters.find((/** @type {any} */ p) => p.path === "planner.rule");
  const box = byId("study-rules", HTMLElement);
  for (const { value, label } of rules?.choices ?? []) {
    const line = Object.assign(document.createElement("label"), { className: "check" });
    const check = Object.assign(document.createElement("input"), { type: "checkbox", value });
    line.append(check, ` ${label}`);
    box.append(line);
  }
}

const ruleChecks = () => /** @type {HTMLInputElement[]} */ ([...byId("study-rules", HTMLElement).querySelectorAll("input")]);

/** @param {Study} study */
export function fillForm({ first_seed, last_seed, rules, axes, target_error }) {
  input("study-first").value = String(first_seed);
  input("study-count").value = String(last_seed - first_seed + 1);
  for (const check of ruleChecks()) check.checked = rules.includes(check.value);
  for (const i of [1, 2]) {
    select(`study-axis-${i}`).value = axes[i - 1]?.path ?? "";
    input(`study-values-${i}`).value = axes[i - 1]?.values.join(", ") ?? "";
  }
  input("study-target").value = target_error === null ? "" : String(target_error);
}

/** What the controls say. @returns {Study} @throws {FormError} */
export function readForm() {
  const whole = (/** @type {string} */ id, /** @type {number} */ low, /** @type {number} */ high, /** @type {string} */ name) => {
    const value = Number(input(id).value);
    if (input(id).value.trim() === "" || !Number.isInteger(value) || value < low || value > high) throw new FormError(id, `${name} is ${input(id).value || "empty"}; allowed: a whole number from ${low} to ${high}.`);
    return value;
  };
  const first = whole("study-first", 0, MOST_SEED, "First seed");
  const last = first + whole("study-count", 1, MOST_CAMPAIGNS, "Number of seeds") - 1;
  if (last > MOST_SEED) throw new FormError("study-count", `The last seed would be ${last}; allowed: up to ${MOST_SEED}.`);
  const rules = ruleChecks().filter((check) => check.checked).map((check) => check.value);
  const axes = [1, 2].flatMap((i) => {
    const path = select(`study-axis-${i}`).value;
    return path ? [{ path, values: values(`study-values-${i}`, path) }] : [];
  });
  if (axes.length === 2 && axes[0].path === axes[1].path) throw new FormError("study-axis-2", "Both sweeps are over the same setting; allowed: two different ones.");
  const text = input("study-target").value.trim();
  const target = text === "" ? null : Number(text);
  if (target !== null && !(target > 0 && Number.isFinite(target))) throw new FormError("study-target", `The error to reach is ${text}; allowed: a number above 0, or nothing.`);
  const study = { first_seed: first, last_seed: last, rules, axes, target_error: target };
  if (campaignsOf(study) > MOST_CAMPAIGNS) throw new FormError("study-count", `These are ${campaignsOf(study)} campaigns; allowed in a page: ${MOST_CAMPAIGNS}. The command line runs more.`);
  return study;
}

/** What a link is to hold of the form: nothing of what is usual, or wrong. @returns {Study | null} */
export function linkedForm() {
  try {
    const study = readForm();
    return JSON.stringify(study) === JSON.stringify(USUAL_STUDY) ? null : study;
  } catch {
    return null;
  }
}

/** The specification that the engine runs. So many components: those of the configuration, and letters beyond. @param {Study} study @param {any} config */
export const specOf = (study, config) => ({
  config, ...study,
  axes: study.axes.map(({ path, values }) => ({ path, values: path === "elements" ? values.map((n) => Array.from({ length: n }, (_, i) => config.elements[i] ?? `X${i + 1}`)) : values })),
});

/** @param {string} id @param {string} path */
function values(id, path) {
  const numbers = numbersIn(input(id).value);
  const allowed = valuesAllowed(path, numbers);
  if (allowed) throw new FormError(id, `${path === "elements" && numbers.every(Number.isFinite) && numbers.length ? "Numbers of components" : "Values"} are “${input(id).value}”; allowed: ${allowed}.`);
  return numbers;
}

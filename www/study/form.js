// @ts-check
// What a study is made of: seeds, rules that compete, one or two swept settings, a target.
import { byId } from "../dom.js";

/** Most campaigns that a page is asked for; more are for the command line. */
export const MOST_CAMPAIGNS = 20_000;

/** Spectra of these times are compared on the map of rules, s: t_switch / t_meas from 180 down to 0.6. */
const EELS_SECS = [0.1, 0.3, 1, 3, 10, 30];
const MAP_RULES = ["paper", "marginal_value", "exhaust", "one_per_region"];
const COMPONENTS = [2, 3, 4, 5];

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
  const swept = description.parameters.filter((/** @type {any} */ p) => ["number", "integer"].includes(p.kind) && p.path !== "seed");
  for (const id of ["study-axis-1", "study-axis-2"]) {
    const list = select(id);
    list.append(new Option("nothing", ""));
    for (const p of swept) list.append(new Option(`${p.label}${p.unit ? ` (${p.unit})` : ""}`, p.path));
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

/** Which rule wins where: time of a spectrum against number of components. */
export function fillWithMap() {
  input("study-first").value = "1";
  input("study-count").value = "20";
  for (const check of ruleChecks()) check.checked = MAP_RULES.includes(check.value);
  select("study-axis-1").value = "elements";
  input("study-values-1").value = COMPONENTS.join(", ");
  select("study-axis-2").value = "cost.eels_secs";
  input("study-values-2").value = EELS_SECS.join(", ");
  input("study-target").value = "";
}

const ruleChecks = () => /** @type {HTMLInputElement[]} */ ([...byId("study-rules", HTMLElement).querySelectorAll("input")]);

/** The specification that the controls say. @param {any} config @throws {FormError} */
export function readForm(config) {
  const whole = (/** @type {string} */ id, /** @type {number} */ low, /** @type {number} */ high, /** @type {string} */ name) => {
    const value = Number(input(id).value);
    if (input(id).value.trim() === "" || !Number.isInteger(value) || value < low || value > high) throw new FormError(id, `${name} is ${input(id).value || "empty"}; allowed: a whole number from ${low} to ${high}.`);
    return value;
  };
  const first = whole("study-first", 0, 4294967295, "First seed");
  const count = whole("study-count", 1, MOST_CAMPAIGNS, "Number of seeds");
  if (first + count - 1 > 4294967295) throw new FormError("study-count", `The last seed would be ${first + count - 1}; allowed: up to 4294967295.`);
  const rules = ruleChecks().filter((check) => check.checked).map((check) => check.value);
  const axes = [1, 2].flatMap((i) => {
    const path = select(`study-axis-${i}`).value;
    return path ? [{ path, values: values(`study-values-${i}`, path, config) }] : [];
  });
  if (axes.length === 2 && axes[0].path === axes[1].path) throw new FormError("study-axis-2", "Both sweeps are over the same setting; allowed: two different ones.");
  const text = input("study-target").value.trim();
  const target = text === "" ? null : Number(text);
  if (target !== null && !(target > 0 && Number.isFinite(target))) throw new FormError("study-target", `The error to reach is ${text}; allowed: a number above 0, or nothing.`);
  const campaigns = count * Math.max(rules.length, 1) * axes.reduce((n, axis) => n * axis.values.length, 1);
  if (campaigns > MOST_CAMPAIGNS) throw new FormError("study-count", `These are ${campaigns} campaigns; allowed in a page: ${MOST_CAMPAIGNS}. The command line runs more.`);
  return { config, first_seed: first, last_seed: first + count - 1, rules, axes, target_error: target };
}

/** @param {string} id @param {string} path @param {any} config */
function values(id, path, config) {
  const texts = input(id).value.split(/[,;\s]+/).filter(Boolean);
  const numbers = texts.map(Number);
  if (!numbers.length || numbers.some((x) => !Number.isFinite(x))) throw new FormError(id, `Values are “${input(id).value}”; allowed: numbers with commas between, up to 100.`);
  if (path !== "elements") return numbers;
  if (numbers.some((n) => !Number.isInteger(n) || n < 2 || n > 10)) throw new FormError(id, `Numbers of components are “${input(id).value}”; allowed: whole numbers from 2 to 10.`);
  // So many components: those of the configuration, and letters beyond.
  return numbers.map((n) => Array.from({ length: n }, (_, i) => config.elements[i] ?? `X${i + 1}`));
}

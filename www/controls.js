// @ts-check
// A control for every setting that the engine lists, grouped as it lists them.
import { choiceControl, flagControl, listControl, textsControl } from "./control_kinds.js";
import { numberControl } from "./control_number.js";
import { explainButton } from "./equations/explain.js";
import { ofSetting } from "./equations/subjects.js";
import { symbols } from "./symbols.js";

/** Groups that are open at the start. */
const OPEN = ["Rule", "Cost and time"];

/**
 * @typedef {{ path: string, group: string, label: string, symbol: string, unit: string, kind: string, optional: boolean,
 *   min: number | null, max: number | null, log: boolean, choices: { value: string, label: string }[], equation: string, help: string }} Parameter
 * @typedef {{ element: HTMLElement, inputs: HTMLElement[], set: (value: any) => void }} Control
 */

/**
 * @param {HTMLElement} container @param {Parameter[]} parameters
 * @param {{ onChange: (path: string, value: any) => void }} on
 */
export function createControls(container, parameters, on) {
  /** @type {Map<string, Control & { problem: HTMLElement }>} */
  const controls = new Map();
  const groups = new Map();
  for (const parameter of parameters) {
    let group = groups.get(parameter.group);
    if (!group) {
      group = document.createElement("details");
      group.className = "group";
      group.open = OPEN.includes(parameter.group);
      group.append(Object.assign(document.createElement("summary"), { textContent: parameter.group }));
      groups.set(parameter.group, group);
      container.append(group);
    }
    const id = `set-${parameter.path.replaceAll(".", "-")}`;
    const control = build(parameter, id, (value) => on.onChange(parameter.path, value));
    const help = Object.assign(document.createElement("p"), { className: "help", id: `${id}-help` });
    help.append(...symbols(explanation(parameter)));
    const problem = Object.assign(document.createElement("p"), { className: "problem", id: `${id}-problem` });
    problem.setAttribute("role", "alert");
    for (const input of control.inputs) input.setAttribute("aria-describedby", `${id}-help ${id}-problem`);
    control.element.querySelector("label")?.after(explainButton(ofSetting(parameter)));
    control.element.append(help, problem);
    group.append(control.element);
    controls.set(parameter.path, { ...control, problem });
  }

  return {
    /** Show a configuration. @param {any} config */
    set(config) {
      for (const [path, control] of controls) control.set(path.split(".").reduce((at, key) => at?.[key], config));
    },
    /** Put each message beside its control, and open the group it is in. @param {{ field: string, value: string, allowed: string }[]} errors */
    showErrors(errors) {
      for (const [path, control] of controls) {
        const error = errors.find((e) => e.field === path);
        control.problem.textContent = error ? `${error.value} is not allowed. Allowed: ${error.allowed}.` : "";
        for (const input of control.inputs) input.setAttribute("aria-invalid", String(Boolean(error)));
        const group = control.element.closest("details");
        if (error && group) group.open = true;
      }
    },
  };
}

/** @param {Parameter} parameter */
function explanation({ help, equation, symbol }) {
  const where = [symbol, equation && `eq\u00a0${equation}`].filter(Boolean).join(", ");
  return where ? `${help} (${where})` : help;
}

/** @param {Parameter} parameter @param {string} id @param {(value: any) => void} onChange @returns {Control} */
function build(parameter, id, onChange) {
  switch (parameter.kind) {
    case "choice": return choiceControl(parameter, id, onChange);
    case "flag": return flagControl(parameter, id, onChange);
    case "numbers": return listControl(parameter, id, onChange);
    case "texts": return textsControl(parameter, id, onChange);
    default: return numberControl(parameter, id, onChange);
  }
}

// @ts-check
// Controls that are no numbers: choices, flags, lists.

/** @typedef {import("./controls.js").Parameter} Parameter @typedef {import("./controls.js").Control} Control */

/** @param {Parameter} parameter @param {string} id */
export function row(parameter, id) {
  const element = Object.assign(document.createElement("div"), { className: `control ${parameter.kind}` });
  const label = Object.assign(document.createElement("label"), { htmlFor: id, textContent: parameter.label });
  element.append(label);
  return element;
}

/** @param {Parameter} parameter @param {string} id */
export function unitOf(parameter, id) {
  const unit = Object.assign(document.createElement("span"), { className: "unit", id: `${id}-unit`, textContent: parameter.unit });
  // A long unit is a word ("measurements") and stands under the box, not beside it.
  if (parameter.unit.length > 5) unit.classList.add("long");
  return unit;
}

/** @param {Parameter} parameter @param {string} id @param {(value: any) => void} onChange @returns {Control} */
export function choiceControl(parameter, id, onChange) {
  const element = row(parameter, id);
  const select = Object.assign(document.createElement("select"), { id });
  select.append(...parameter.choices.map((choice) => new Option(choice.label, choice.value)));
  select.addEventListener("change", () => onChange(select.value));
  element.append(select);
  return { element, inputs: [select], set: (value) => { select.value = value; } };
}

/** @param {Parameter} parameter @param {string} id @param {(value: any) => void} onChange @returns {Control} */
export function flagControl(parameter, id, onChange) {
  const element = row(parameter, id);
  const box = Object.assign(document.createElement("input"), { id, type: "checkbox" });
  box.addEventListener("change", () => onChange(box.checked));
  element.prepend(box);
  return { element, inputs: [box], set: (value) => { box.checked = Boolean(value); } };
}

/** One number, or a list with one for each element. @param {Parameter} parameter @param {string} id @param {(value: any) => void} onChange @returns {Control} */
export function listControl(parameter, id, onChange) {
  return textControl(parameter, id, "one number, or one for each element", (text) => {
    const parts = text.split(/[,;\s]+/).filter(Boolean).map(number);
    return parts.length === 1 ? parts[0] : parts;
  }, onChange);
}

/** Names with commas between. @param {Parameter} parameter @param {string} id @param {(value: any) => void} onChange @returns {Control} */
export function textsControl(parameter, id, onChange) {
  // A comma at the end is one being typed, not a name that is missing.
  return textControl(parameter, id, "names with commas between", (text) => text.replace(/,\s*$/, "").split(",").map((name) => name.trim()), onChange);
}

/** A number, or the text as it is: the engine says what is wrong with it. @param {string} text */
const number = (text) => (Number.isFinite(Number(text)) ? Number(text) : text);

/** @param {Parameter} parameter @param {string} id @param {string} hint @param {(text: string) => any} read @param {(value: any) => void} onChange @returns {Control} */
function textControl(parameter, id, hint, read, onChange) {
  const element = row(parameter, id);
  const input = Object.assign(document.createElement("input"), { id, type: "text", title: hint, autocomplete: "off", spellcheck: false });
  input.setAttribute("autocapitalize", "off");
  input.addEventListener("input", () => onChange(read(input.value)));
  element.append(input, unitOf(parameter, id));
  return {
    element,
    inputs: [input],
    // What is being typed is left as it is typed, unless it came to mean something else.
    set(value) {
      const text = Array.isArray(value) ? value.map(short).join(", ") : short(value);
      if (document.activeElement !== input || JSON.stringify(read(input.value)) !== JSON.stringify(value)) input.value = text;
    },
  };
}

/** Enough digits to tell values apart, no more. @param {any} value */
export const short = (value) => (value === null || value === undefined ? "" : typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value));

// @ts-check
// A number: slider and box side by side, and a tick for "none" where none is allowed.
import { row, short, unitOf } from "./control_kinds.js";
import { positionOf, spanAround, valueAt } from "./slider_span.js";

/** @typedef {import("./controls.js").Parameter} Parameter @typedef {import("./controls.js").Control} Control */

/** @param {Parameter} parameter @param {string} id @param {(value: any) => void} onChange @returns {Control} */
export function numberControl(parameter, id, onChange) {
  const element = row(parameter, id);
  const integer = parameter.kind === "integer";
  // Not every phone shows a minus sign on its number pad.
  const pad = (parameter.min ?? 0) < 0 ? "text" : integer ? "numeric" : "decimal";
  const box = Object.assign(document.createElement("input"), { id, type: "number", step: integer ? "1" : "any", inputMode: pad });
  const slider = Object.assign(document.createElement("input"), { type: "range", min: "0", step: "1" });
  slider.setAttribute("aria-label", `${parameter.label}, slider`);
  const none = parameter.optional ? Object.assign(document.createElement("input"), { type: "checkbox", id: `${id}-none` }) : null;
  /** @type {number | null} */
  let last = null;
  let span = spanAround(parameter, usual(parameter));

  /** @param {number} value */
  const place = (value) => {
    slider.max = String(span.steps);
    slider.value = String(positionOf(span, value));
    // The slider counts positions; its reader wants the value.
    slider.setAttribute("aria-valuetext", `${short(value)} ${parameter.unit}`.trim());
  };
  /** @param {boolean} off */
  const disable = (off) => { box.disabled = off; slider.disabled = off; };
  /** @param {number} value */
  const around = (value) => { last = value; span = spanAround(parameter, value); place(value); };

  box.addEventListener("input", () => {
    const value = box.value === "" ? null : Number(box.value);
    if (value === null) return onChange(box.validity.badInput ? "no number" : "nothing");
    last = value;
    place(value);
    return onChange(value);
  });
  slider.addEventListener("input", () => {
    last = valueAt(span, Number(slider.value), integer);
    box.value = short(last);
    slider.setAttribute("aria-valuetext", `${box.value} ${parameter.unit}`.trim());
    onChange(last);
  });
  // A slider keeps its span while it is held; let go at an end it is centred anew, so that it reaches further.
  slider.addEventListener("change", () => {
    if (last !== null && (slider.value === "0" || slider.value === slider.max)) around(last);
  });
  none?.addEventListener("change", () => {
    disable(none.checked);
    if (!none.checked && last === null) around(usual(parameter));
    box.value = none.checked ? "" : short(last);
    onChange(none.checked ? null : last);
  });

  element.append(slider, box, unitOf(parameter, id));
  if (none) {
    const label = Object.assign(document.createElement("label"), { className: "none" });
    const words = document.createElement("span");
    words.textContent = parameter.path.startsWith("stop.") ? "no limit" : "automatic";
    words.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: ` for: ${parameter.label.toLowerCase()}` }));
    label.append(none, words);
    element.append(label);
  }
  return {
    element,
    inputs: [box],
    set(value) {
      if (none) { none.checked = value === null; disable(none.checked); }
      const typing = document.activeElement === box && Number(box.value) === value;
      if (!typing) box.value = short(value);
      if (typeof value === "number" && value !== last) around(value);
    },
  };
}

/** A value to begin with where none was set. @param {Parameter} parameter */
function usual({ min, max, log, kind }) {
  const value = log && min && max ? Number(Math.sqrt(min * max).toPrecision(1)) : Math.max(min ?? 0, 0);
  return kind === "integer" ? Math.round(value) : value;
}

// @ts-check
// A number: slider and box side by side, and a tick for "none" where none is allowed.
import { row } from "./control_kinds.js";

/** Positions of a slider. */
const STEPS = 200;

/** @typedef {import("./controls.js").Parameter} Parameter @typedef {import("./controls.js").Control} Control */

/** @param {Parameter} parameter @param {string} id @param {(value: any) => void} onChange @returns {Control} */
export function numberControl(parameter, id, onChange) {
  const element = row(parameter, id);
  const integer = parameter.kind === "integer";
  const box = Object.assign(document.createElement("input"), { id, type: "number", step: integer ? "1" : "any", inputMode: integer ? "numeric" : "decimal" });
  const slider = Object.assign(document.createElement("input"), { type: "range", min: "0", max: String(STEPS), step: "1" });
  slider.setAttribute("aria-label", `${parameter.label}, slider`);
  const none = parameter.optional ? Object.assign(document.createElement("input"), { type: "checkbox", id: `${id}-none` }) : null;
  /** @type {number | null} */
  let last = null;
  // A slider is for trying things out: it covers the usual decades around the value it started from.
  let [low, high] = [parameter.min ?? 0, parameter.max ?? 1];

  /** @param {number} value */
  const place = (value) => {
    const share = parameter.log ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
    slider.value = String(Math.round(STEPS * Math.min(Math.max(share, 0), 1)));
  };
  const fromSlider = () => {
    const share = Number(slider.value) / STEPS;
    const value = parameter.log ? low * (high / low) ** share : low + (high - low) * share;
    return integer ? Math.round(value) : Number(value.toPrecision(3));
  };
  /** @param {boolean} off */
  const disable = (off) => { box.disabled = off; slider.disabled = off; };

  box.addEventListener("input", () => {
    // An empty box is nothing yet; text that is no number never arrives in box.value.
    const value = box.value === "" ? null : Number(box.value);
    if (value !== null) { last = value; place(value); }
    onChange(value ?? "nothing");
  });
  slider.addEventListener("input", () => { last = fromSlider(); box.value = String(last); onChange(last); });
  none?.addEventListener("change", () => {
    disable(none.checked);
    if (!none.checked && last === null) { last = integer ? Math.round(usual(parameter)) : usual(parameter); }
    box.value = none.checked ? "" : String(last);
    onChange(none.checked ? null : last);
  });

  const unit = Object.assign(document.createElement("span"), { className: "unit", textContent: parameter.unit });
  element.append(slider, box, unit);
  if (none) {
    const label = Object.assign(document.createElement("label"), { className: "none", htmlFor: none.id });
    label.append(none, parameter.path.startsWith("stop.") ? " no limit" : " from the seed");
    element.append(label);
  }
  return {
    element,
    inputs: [box],
    set(value) {
      if (none) { none.checked = value === null; disable(none.checked); }
      if (document.activeElement === box) return;
      box.value = value === null || value === undefined ? "" : String(Number(Number(value).toPrecision(6)));
      if (typeof value === "number") {
        last = value;
        [low, high] = span(parameter, value);
        place(value);
      }
    },
  };
}

/** What a slider covers: two decades about the value, within what is allowed. @param {Parameter} parameter @param {number} value @returns {[number, number]} */
function span({ min, max, log }, value) {
  const [low, high] = [min ?? 0, max ?? 1];
  if (log) return [Math.max(low, Math.min(value, high) / 100), Math.min(high, Math.max(value, low) * 100)];
  return [low, Math.min(high, Math.max(low, value) > 0 ? Math.max(value * 4, low + (high - low) * 0.001, 1) : Math.max(low + (high - low) * 0.01, Math.min(1, high)))];
}

/** A value to begin with where none was set. @param {Parameter} parameter */
const usual = ({ min, max, log }) => (log && min && max ? Number(Math.sqrt(min * max).toPrecision(2)) : min ?? 0);

// @ts-check
// A value of a setting as the text of a link, and back: short where that is clear, JSON where it is not.

/** @typedef {import("../controls.js").Parameter} Parameter */

/** The engine takes any name, and the page could not show it. */
const LONGEST_NAME = 80;

/** @param {Parameter} parameter @param {any} value */
export function textOf(parameter, value) {
  if (parameter.kind === "texts" && Array.isArray(value)) return value.every(plain) && !/^[["]/.test(value[0]) ? value.join(",") : JSON.stringify(value);
  if (Array.isArray(value)) return value.length > 1 ? value.map(numberText).join(",") : JSON.stringify(value);
  if (typeof value === "number") return numberText(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What the text means; text that means nothing stays what it is, for `allowed` to refuse. @param {Parameter} parameter @param {string} text @returns {any} */
export function valueOf(parameter, text) {
  const { kind, choices } = parameter;
  if (kind === "choice" && choices.some(({ value }) => value === text)) return text;
  if (kind === "texts" && !/^[["]/.test(text)) return text.split(",").map((name) => name.trim());
  if (kind === "numbers" && text.includes(",") && !text.includes("[")) return text.split(",").map(read);
  return read(text);
}

/** Why a value cannot be had, as what is allowed; null when it can. @param {Parameter} parameter @param {any} value */
export function refusal(parameter, value) {
  if (parameter.optional && value === null) return null;
  const right = fits(parameter, value);
  return right ? null : `${words(parameter)}${parameter.optional ? ", or null" : ""}`;
}

/** @param {Parameter} parameter @param {any} value @returns {boolean} */
function fits(parameter, value) {
  const { kind, min, max, choices } = parameter;
  switch (kind) {
    case "choice": return choices.some((choice) => choice.value === value);
    case "flag": return typeof value === "boolean";
    case "texts": return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string" && name !== "" && name.length <= LONGEST_NAME);
    case "numbers": return Array.isArray(value) ? value.length > 0 && value.every((x) => inside(x, min, max)) : inside(value, min, max);
    case "integer": return Number.isInteger(value) && inside(value, min, max);
    default: return inside(value, min, max);
  }
}

/** @param {any} x @param {number | null} min @param {number | null} max */
const inside = (x, min, max) => typeof x === "number" && Number.isFinite(x) && x >= (min ?? -Infinity) && x <= (max ?? Infinity);

/** @param {Parameter} parameter */
function words({ kind, min, max, unit, choices }) {
  const range = `${min ?? "any"} … ${max ?? "any"}${unit ? ` ${unit}` : ""}`;
  switch (kind) {
    case "choice": return choices.map(({ value }) => value).join(", ");
    case "flag": return "true, false";
    case "texts": return `names of at most ${LONGEST_NAME} characters, with commas between`;
    case "numbers": return `${range}, one number or one for each element`;
    case "integer": return `a whole number, ${range}`;
    default: return `a number, ${range}`;
  }
}

/** A JSON value, or the text itself. @param {string} text */
function read(text) {
  try { return JSON.parse(text); } catch { return text; }
}

/** JSON forgets the sign of zero. @param {number} x */
const numberText = (x) => (Object.is(x, -0) ? "-0" : String(x));

/** A name that no comma or space can make two of. @param {any} name */
const plain = (name) => typeof name === "string" && name !== "" && name === name.trim() && !name.includes(",");

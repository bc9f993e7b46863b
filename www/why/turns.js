// @ts-check
// The values at which a decision turns, as a band under a slider and as a sentence.
import { significant } from "../format.js";
import { positionOf } from "../slider_span.js";

/** @typedef {"stay" | "return" | "switch"} Action */
/** @typedef {{ value: number, below: Action, above: Action }} Turn */

export const SHORT = { stay: "stay", return: "go back", switch: "move" };
const STAYS = { stay: "stays", return: "goes back", switch: "moves" };

/**
 * What is done at each value that the slider covers, in shares of its way.
 * @param {Turn[]} turns @param {import("../slider_span.js").Span} span @param {Action} action without a change
 * @returns {{ from: number, to: number, action: Action }[]}
 */
export function piecesOf(turns, span, action) {
  const inside = turns.filter(({ value }) => value > span.low && value < span.high);
  const passed = turns.filter(({ value }) => value <= span.low);
  const first = inside[0]?.below ?? passed[passed.length - 1]?.above ?? turns[0]?.below ?? action;
  const parts = [{ from: 0, action: first }, ...inside.map(({ value, above }) => ({ from: positionOf(span, value) / span.steps, action: above }))];
  return parts.map((part, i) => ({ ...part, to: parts[i + 1]?.from ?? 1 }));
}

/** The same as a picture. @param {Turn[]} turns @param {import("../slider_span.js").Span} span @param {Action} without a change @param {number} own value */
export function band(turns, span, without, own) {
  const root = Object.assign(document.createElement("div"), { className: "turns" });
  root.setAttribute("aria-hidden", "true");
  for (const { from, to, action } of piecesOf(turns, span, without)) {
    const piece = Object.assign(document.createElement("span"), { className: action, textContent: to - from > 0.15 ? SHORT[action] : "" });
    piece.style.width = `${100 * (to - from)}%`;
    root.append(piece);
  }
  const mark = Object.assign(document.createElement("i"), { className: "own" });
  mark.style.left = `${(100 * positionOf(span, own)) / span.steps}%`;
  root.append(mark);
  return root;
}

/**
 * A span that reaches a little beyond every turn.
 * @param {import("../slider_span.js").Span} span @param {import("../controls.js").Parameter} parameter @param {Turn[]} turns
 */
export function withinReach(span, { min, max }, turns) {
  const values = turns.map(({ value }) => value);
  const high = Math.min(Math.max(span.high, ...values.map((x) => 1.25 * x)), max ?? Infinity);
  return { ...span, low: span.log ? Math.max(Math.min(span.low, ...values.map((x) => x / 1.25)), min ?? 0) : span.low, high };
}

/** The same in words. @param {Turn[]} turns @param {import("../controls.js").Parameter} parameter @param {Action} action */
export function notes(turns, { min, max, unit }, action) {
  const of = (/** @type {number} */ x) => `${significant(x)} ${unit}`.trim();
  if (!turns.length) return `It ${STAYS[action]} at every value tried from ${of(min ?? 0)} to ${of(max ?? Infinity)}.`;
  const list = turns.map(({ value, above }) => `above ${of(value)} it ${STAYS[above]}`);
  return `Below ${of(turns[0].value)} it ${STAYS[turns[0].below]}, ${list.join(", ")}.`;
}

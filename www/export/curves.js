// @ts-check
// The progress curves, drawn again at another width; and how charts are read off the sheet they are drawn on.
import { createCurves } from "../views/curves.js";
import { onSheet, plain, written } from "./sheet.js";

/** @typedef {import("../types.js").Campaign} Campaign @typedef {import("../types.js").View} View @typedef {{ height: number, body: string }} Block */

/** Room for what the number at the end of an axis takes beyond it, pixels. */
export const TICK = 8;

/**
 * Letters of panels stand before the titles.
 * @param {number} width @param {Campaign} campaign @param {View} view @param {boolean} log @param {string[]} [letters] @param {ParentNode} [desk] that the sheet lies on
 * @returns {Block}
 */
export const curvesBlock = (width, campaign, view, log, letters = [], desk = undefined) => onSheet(width - TICK, (sheet) => {
  const own = Object.assign(document.createElement("input"), { type: "checkbox", checked: log });
  createCurves(sheet, own, { onSeek: () => {} }).draw(campaign, view);
  return read(sheet, view, letters);
}, desk);

/** Every chart on a sheet where it lies, below its title. @param {HTMLElement} sheet @param {View} view @param {string[]} letters @returns {Block} */
export function read(sheet, view, letters) {
  const origin = sheet.getBoundingClientRect();
  const body = [...sheet.querySelectorAll("svg")].map((chart, k) => {
    const place = chart.getBoundingClientRect();
    const [left, top] = [place.left - origin.left, place.top - origin.top];
    const caption = chart.closest("figure")?.querySelector("figcaption");
    const title = caption?.querySelector("span")?.textContent ?? "";
    const letter = letters[k] ? written(letters[k], left, top - 8, { size: 13, weight: 700, colour: view.colours.ink }) : "";
    const heading = written(title, left + (letter ? 16 : 0), top - 8, { size: 12, weight: 600, colour: view.colours.ink });
    const readout = written(caption?.querySelector("output")?.textContent ?? "", left + place.width - 10, top - 8, { anchor: "end", colour: view.colours.faint });
    return `${letter}${heading}${readout}<g class="chart" transform="translate(${left} ${top})">${plain(chart)}</g>`;
  });
  return { height: Math.ceil(origin.height) + 4, body: body.join("\n") };
}

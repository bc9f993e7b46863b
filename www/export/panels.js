// @ts-check
// Grid, composition and curves, laid out for a file: what the page and the embeds share.
import { curvesBlock, TICK } from "./curves.js";
import { written } from "./sheet.js";

/**
 * @typedef {import("../views/surface.js").Surface} Surface @typedef {import("../types.js").Campaign} Campaign @typedef {import("../types.js").View} View
 * @typedef {{ left: number, top: number, width: number, height: number, paint: (surface: Surface) => void }} Panel drawn as on a canvas
 * @typedef {{ width: number, height: number, panels: Panel[], body: string, words: string }} Picture sizes in CSS pixels; `body` is SVG over the panels
 * @typedef {{ campaign: Campaign, view: View, log: boolean, shade: any, grid: any, simplex: any, desk?: ParentNode }} Drawn what is drawn, with the views
 *   that draw it; `desk` is where sheets are laid
 */

const LEGEND = 44;

/** @param {number} width @param {Panel} panel @param {string} words @returns {Picture} */
export const alone = (width, panel, words) => ({ width, height: panel.height, panels: [panel], body: "", words });

/** As high as the library is, within reason. @param {Drawn} drawn @param {number} left @param {number} top @param {number} width @returns {Panel} */
export function gridPanel({ campaign, view, grid }, left, top, width) {
  const { width_um, height_um } = campaign.geometry;
  const height = Math.round(width * Math.min(Math.max(height_um / width_um, 0.4), 1.5)) + LEGEND;
  return { left, top, width, height, paint: (surface) => grid.copy(surface, campaign, view) };
}

/** A square and its legend, unless told how high. @param {Drawn} drawn @param {number} left @param {number} top @param {number} width @param {number} [height] @returns {Panel} */
export function simplexPanel({ campaign, view, simplex, shade }, left, top, width, height = width + LEGEND) {
  return { left, top, width, height, paint: (surface) => simplex.copy(surface, campaign, view, shade && { ...shade, fineness: Math.min(surface.ratio, 6) }) };
}

/** @param {{ view: View }} drawn */
export const curvesInWords = ({ view }) => `Mean predictive sd and mean absolute error of the property over ${view.axis === "time" ? "instrument time" : "iterations"}; dashed where the stage moved to another region.`;

/**
 * Grid and composition side by side, the curves below, with letters or without.
 * @param {number} width @param {Drawn} drawn @param {string[]} [letters]
 */
export function sideBySide(width, drawn, letters = []) {
  const { campaign, view, log } = drawn;
  const gap = 20;
  const half = Math.floor((width - TICK - gap) / 2);
  const first = gridPanel(drawn, 0, 24, half);
  const panels = [first, simplexPanel(drawn, half + gap, 24, half, first.height)];
  const heads = ["Grid", "Composition"].map((title, k) => headed(title, panels[k].left, 14, view, letters[k]));
  const below = first.top + first.height + 12;
  const curves = curvesBlock(width, campaign, view, log, letters.slice(2), drawn.desk);
  return { panels, body: `${heads.join("")}<g transform="translate(0 ${below})">${curves.body}</g>`, bottom: below + curves.height };
}

/** A title, after the letter of its panel. @param {string} title @param {number} left @param {number} y @param {View} view @param {string} [letter] */
export const headed = (title, left, y, { colours: { ink } }, letter = "") =>
  (letter && written(letter, left, y, { size: 13, weight: 700, colour: ink })) + written(title, left + (letter ? 16 : 0), y, { size: 12, weight: 600, colour: ink });

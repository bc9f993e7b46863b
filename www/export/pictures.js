// @ts-check
// What can be exported, and how each is laid out at a width.
import { capacityBlock, ledgerBlock, sharesBlock } from "./charts.js";
import { curvesBlock } from "./curves.js";
import { alone, curvesInWords, gridPanel, sideBySide, simplexPanel } from "./panels.js";
import { decisionPicture, whatIfPicture } from "./reasons.js";
import { written } from "./sheet.js";
import { FAMILY, wrapped } from "./type.js";

/**
 * @typedef {import("./panels.js").Picture} Picture
 * @typedef {import("./panels.js").Drawn & { summary: any, reasons: import("./reasons.js").Reasons | null, lines: string[] }} Shown what the page
 *   shows, in print colours; `lines` say where it comes from
 */

/** Name in files, name on the page, usual width in mm. @type {{ id: string, title: string, mm: number }[]} */
export const VIEWS = [
  { id: "grid", title: "Grid", mm: 88 },
  { id: "composition", title: "Composition", mm: 88 },
  { id: "curves", title: "Progress curves", mm: 180 },
  { id: "shares", title: "Measured share", mm: 88 },
  { id: "decision", title: "Why it stays or moves", mm: 88 },
  { id: "what-if", title: "What if", mm: 88 },
  { id: "ledger", title: "Where the time went", mm: 88 },
  { id: "capacity", title: "Capacity (Figure 1)", mm: 88 },
  { id: "figure-3-layout", title: "Laid out as Figure 3", mm: 180 },
  { id: "figure-4-layout", title: "Laid out as Figure 4", mm: 180 },
];

/** @param {string} id @param {number} width CSS pixels @param {Shown} shown @returns {Picture} */
export function picture(id, width, shown) {
  const { campaign, view, log, summary } = shown;
  const charts = (/** @type {import("./curves.js").Block} */ block, /** @type {string} */ words) => ({ width, height: block.height, panels: [], body: block.body, words });
  switch (id) {
    case "grid": return alone(width, gridPanel(shown, 0, 0, width), shown.grid.summary(campaign, view));
    case "composition": return alone(width, simplexPanel(shown, 0, 0, width), shown.simplex.summary(campaign, view));
    case "curves": return charts(curvesBlock(width, campaign, view, log), curvesInWords(shown));
    case "shares": return charts(sharesBlock(width, campaign, view), "Share of the particles that were measured in each region, in order of visit.");
    case "decision": return decisionPicture(width, /** @type {import("./reasons.js").Reasons} */ (shown.reasons), view);
    case "what-if": return whatIfPicture(width, /** @type {import("./reasons.js").Reasons} */ (shown.reasons), view);
    case "ledger": return charts(ledgerBlock(width, summary, view), "Seconds and cost of the whole campaign so far, by kind of action.");
    case "figure-3-layout": return fourPanels(width, shown);
    case "figure-4-layout": return twoCurves(width, shown);
    default: throw new Error(`View is ${id}; allowed: ${VIEWS.map((v) => v.id).join(", ")}.`);
  }
}

/** @param {number} width @param {any} capacity what the engine answered @param {number} radius_nm @param {import("../types.js").View} view @returns {Picture} */
export function capacityPicture(width, capacity, radius_nm, view) {
  const block = capacityBlock(width, capacity, radius_nm, view);
  return { width, height: block.height, panels: [], body: block.body, words: "Expected number of particles on a grid over their mean radius." };
}

/** a grid, b composition, c and d curves, and what they show. @param {number} width @param {Shown} shown @returns {Picture} */
function fourPanels(width, shown) {
  const { campaign, view, grid, simplex } = shown;
  const { panels, body, bottom } = sideBySide(width, shown, ["a", "b", "c", "d"]);
  const caption = captionOf(width, bottom + 14, `(a) ${grid.summary(campaign, view)} (b) ${simplex.summary(campaign, view).replace(", which can be turned,", "")} (c, d) ${curvesInWords(shown)}`, shown);
  return { width, height: caption.bottom, panels, body: body + caption.body, words: caption.words };
}

/** a and b curves, and what they show. @param {number} width @param {Shown} shown @returns {Picture} */
function twoCurves(width, shown) {
  const curves = curvesBlock(width, shown.campaign, shown.view, shown.log, ["a", "b"]);
  const caption = captionOf(width, curves.height + 14, `(a, b) ${curvesInWords(shown)}`, shown);
  return { width, height: caption.bottom, panels: [], body: curves.body + caption.body, words: caption.words };
}

/** @param {number} width @param {number} top @param {string} words @param {Shown} shown */
function captionOf(width, top, words, { view, lines }) {
  const { ink, faint } = view.colours;
  let y = top;
  const set = (/** @type {string} */ text, /** @type {number} */ size, /** @type {string} */ colour) => wrapped(text, size, width).map((line) => written(line, 0, (y += Math.round(size * 1.4)), { size, colour })).join("");
  const body = set(words, 11, ink);
  y += 6;
  return { body: `<g class="caption" font-family="${FAMILY}">${body}${set(lines.join(" · "), 9, faint)}</g>`, bottom: y + 6, words };
}

// @ts-check
// Charts that only the page has, drawn again at another width, in print colours.
import { duration, significant } from "../format.js";
import { createFigure1 } from "../views/figure1.js";
import { NAMES } from "../views/ledger.js";
import { createShares } from "../views/shares.js";
import { read, TICK } from "./curves.js";
import { hex } from "./recorder.js";
import { onSheet, plain, written } from "./sheet.js";

/** @typedef {import("../types.js").Campaign} Campaign @typedef {import("../types.js").View} View @typedef {import("./curves.js").Block} Block */

/** @param {number} width @param {Campaign} campaign @param {View} view @returns {Block} */
export const sharesBlock = (width, campaign, view) => onSheet(width - TICK, (sheet) => {
  const figure = document.createElement("figure");
  figure.className = "chart-figure";
  figure.innerHTML = "<figcaption><span>Measured share of each region</span></figcaption>";
  sheet.append(figure);
  createShares(figure).draw(campaign, view);
  return read(sheet, view, []);
});

/** Figure 1 with the reader's own mark. @param {number} width @param {any} capacity what the engine answered @param {number} radius_nm @param {View} view @returns {Block} */
export const capacityBlock = (width, capacity, radius_nm, view) => onSheet(width, (sheet) => {
  const figure = createFigure1(document.createElement("div"), { onChange: () => {} }, radius_nm);
  figure.draw(capacity);
  sheet.append(figure.root);
  const [, , wide, high] = (figure.root.getAttribute("viewBox") ?? "").split(" ").map(Number);
  const times = width / wide;
  const title = written("Expected particles on a grid", 0, 14, { size: 12, weight: 600, colour: view.colours.ink });
  return { height: Math.ceil(high * times) + 24, body: `${title}<g transform="translate(0 24) scale(${times.toFixed(4)})">${plain(figure.root)}</g>` };
});

/** Seconds and cost by kind of action, as a bar and a table. @param {number} width @param {any} summary @param {View} view @returns {Block} */
export const ledgerBlock = (width, summary, view) => onSheet(width, (sheet) => {
  const { ink, faint, grid } = view.colours;
  const entries = summary.ledger.filter((/** @type {any} */ e) => e.count > 0 && (e.seconds > 0 || e.cost > 0));
  const all = entries.reduce((/** @type {number} */ sum, /** @type {any} */ e) => sum + e.seconds, 0) || 1;
  const columns = [0, 0.56, 0.82, 1].map((share) => share * width);
  const row = 20;
  const parts = [written("Where the time went", 0, 14, { size: 12, weight: 600, colour: ink })];
  const heading = ["Action", "Count", "Time", "Cost"];
  heading.forEach((text, k) => parts.push(written(text, columns[k], 62, { anchor: k ? "end" : "start", colour: faint })));
  let left = 0;
  entries.forEach((/** @type {any} */ entry, /** @type {number} */ i) => {
    const probe = Object.assign(document.createElement("i"), { className: `key ${entry.action}` });
    sheet.append(probe);
    const colour = hex(getComputedStyle(probe).backgroundColor);
    const part = (width * entry.seconds) / all;
    const y = 62 + row * (i + 1);
    parts.push(`<rect class="part" x="${left.toFixed(2)}" y="24" width="${Math.max(part, 0.5).toFixed(2)}" height="16" fill="${colour}"/>`);
    parts.push(`<path d="M0 ${y - 14}H${width}" fill="none" stroke="${grid}" stroke-width="0.75"/><rect x="0" y="${y - 9}" width="9" height="9" fill="${colour}"/>`);
    const cells = [NAMES[entry.action] ?? entry.action, String(entry.count), duration(entry.seconds), significant(entry.cost, 4)];
    cells.forEach((text, k) => parts.push(written(text, columns[k] + (k ? 0 : 15), y, { anchor: k ? "end" : "start", colour: ink })));
    left += part;
  });
  return { height: 62 + row * entries.length + 10, body: parts.join("\n") };
});

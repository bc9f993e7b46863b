// @ts-check
// Many campaigns as pictures: bands of median and quartiles, the table of all configurations, the map of rules.
import { COLOURS, DASHES, drawBands } from "../study/bands.js";
import { partOf } from "../study/part.js";
import { read, TICK } from "./curves.js";
import { legend, paragraph } from "./legend.js";
import { bandColumns, endColumns, winColumns } from "./many_tables.js";
import { headed } from "./panels.js";
import { studyProvenanceOf } from "./provenance.js";
import { hex } from "./recorder.js";
import { onSheet, written } from "./sheet.js";
import { textWidth, wrapped } from "./type.js";

/** @typedef {import("./panels.js").Picture} Picture @typedef {import("../types.js").View} View */
/** @typedef {NonNullable<ReturnType<ReturnType<typeof import("../study/study.js").connectStudy>["shown"]>>} Many what the section shows */

export const MANY_VIEWS = [
  { id: "study-bands", title: "Medians, quartiles", mm: 180 },
  { id: "study-table", title: "Table of medians", mm: 180 },
  { id: "study-map", title: "Map of rules", mm: 180 },
];

/** @param {string} id of the view @param {Many} shown @param {View} view in print colours @param {any} description */
export function manySource(id, shown, view, description) {
  if (id === "study-map" && !shown.map) throw new Error("There is no map to export: it takes rules that compete and a sweep.");
  const unitOf = (/** @type {string} */ path) => description.parameters.find((/** @type {any} */ p) => p.path === path)?.unit ?? "";
  const draw = { "study-bands": bands, "study-table": tabulated, "study-map": mapped }[id];
  const columns = { "study-bands": bandColumns, "study-table": endColumns, "study-map": winColumns }[id];
  return {
    about: studyProvenanceOf(shown.result, shown.from, description, id),
    /** @param {number} width */
    picture: (width) => /** @type {typeof bands} */ (draw)(width, shown, view),
    columns: () => /** @type {typeof bandColumns} */ (columns)(shown, unitOf),
  };
}

/** How many campaigns, and of which seeds. @param {Many} shown */
function extent({ result }) {
  const { spec, cells } = result;
  const runs = cells.reduce((/** @type {number} */ n, /** @type {any} */ cell) => n + cell.runs, 0);
  const seeds = spec.first_seed === spec.last_seed ? `seed ${spec.first_seed}` : `seeds ${spec.first_seed} to ${spec.last_seed}`;
  const part = partOf(result);
  return `${part ? `unfinished: ${part}` : `${runs} campaigns`}, ${seeds}${spec.rules.length || spec.axes.length ? " of each configuration" : ""}`;
}

/** @param {number} width @param {Many} shown @param {View} view @returns {Picture} */
function bands(width, shown, view) {
  const { curves, how, names } = shown;
  const { ink, faint } = view.colours;
  const more = names.length > curves.length ? `; the first ${curves.length} of ${names.length} configurations` : "";
  const says = paragraph(`${extent(shown)}${more}.`, 0, 20, width, { colour: faint });
  const sample = (/** @type {number} */ i) => `stroke="${COLOURS[i]}" stroke-width="2"${DASHES[i] ? ` stroke-dasharray="${DASHES[i]}"` : ""}`;
  const key = legend(curves.map(({ label }, i) => ({ name: label, sample: sample(i) })), width, says.bottom + 2, ink);
  const chart = onSheet(width - TICK, (sheet) => {
    const box = document.createElement("div");
    sheet.append(box);
    drawBands(box, curves, how);
    return read(sheet, view, []);
  });
  const top = key.bottom + 6;
  const words = `${how.title}, over ${how.axis === "time" ? "instrument time" : "iterations"}. ${extent(shown)}. ${curves.map(({ label }) => label).join("; ")}.`;
  return { width, height: top + chart.height, panels: [], body: `${headed(how.title, 0, 14, view)}${says.body}${key.body}<g transform="translate(0 ${top})">${chart.body}</g>`, words };
}

/** Texts in rows, ruled between; each cell as high as it takes. @param {string[][]} rows the first is the heading @param {number[]} widths pixels @param {number} top @param {View} view */
export function ruled(rows, widths, top, { colours: { ink, faint, grid } }) {
  const width = widths.reduce((sum, w) => sum + w, 0);
  let y = top;
  const body = rows.map((texts, r) => {
    let left = 0;
    const cells = texts.map((text, c) => {
      const at = c ? left + widths[c] : left;
      left += widths[c];
      return paragraph(text, at, y, widths[c] - 10, { colour: r ? ink : faint, anchor: c ? "end" : "start" });
    });
    y = Math.max(...cells.map(({ bottom }) => bottom)) + 5;
    return `${cells.map(({ body }) => body).join("")}<path d="M0 ${y - 2}H${width}" fill="none" stroke="${grid}" stroke-width="0.75"/>`;
  });
  return { body: body.join("\n"), bottom: y };
}

/** In less than this its numbers would stand one below the other, pixels. */
const LEAST_TABLE = 480;

/** @param {number} width @param {Many} shown @param {View} view @returns {Picture} */
function tabulated(width, shown, view) {
  if (width < LEAST_TABLE) throw new Error(`Width is ${Math.round((width / 96) * 25.4)} mm; allowed for this table: ${Math.ceil((LEAST_TABLE / 96) * 25.4)} mm or more.`);
  const heads = ["Configuration", "Campaigns", "Instrument time", "Regions", "Mean sd at the end", "Mean error at the end", "Error reached after"].slice(0, 1 + (shown.rows[0]?.length ?? 0));
  const shares = [2.2, 0.9, 1.5, 1, 1.5, 1.5, 1.5].slice(0, heads.length);
  const widths = shares.map((share) => (width * share) / shares.reduce((sum, s) => sum + s, 0));
  const table = ruled([heads, ...shown.names.map((name, i) => [name, ...shown.rows[i]])], widths, 38, view);
  const title = "Medians, with the quartiles in brackets";
  const says = written(`${extent(shown)}.`, 0, 32, { colour: view.colours.faint });
  return { width, height: table.bottom + 4, panels: [], body: `${headed(title, 0, 14, view)}${says}${table.body}`, words: `${title}. ${extent(shown)}.` };
}

/** @param {number} width @param {Many} shown @param {View} view @returns {Picture} */
function mapped(width, shown, view) {
  const { caption, columns, rows, key } = /** @type {NonNullable<Many["map"]>} */ (shown.map);
  const { ink, faint, paper, grid } = view.colours;
  const says = paragraph(`${caption} ${extent(shown)}.`, 0, 20, width, { colour: faint });
  const first = Math.min(90, width * 0.2);
  const each = (width - first) / columns.length;
  const others = rows.map(({ fields }) => fields.map(({ or }) => (or ? wrapped(or, 10, each - 6) : [])));
  const high = 44 + 13 * Math.max(...others.flat().map((lines) => lines.length));
  // Words are kept whole where smaller type can do it.
  const titles = columns.map((text) => text.replaceAll("\u00a0", " "));
  const size = Math.max(...titles.flatMap((text) => text.split(" ")).map((word) => textWidth(word, 11))) <= each - 4 ? 11 : 9;
  const heads = titles.map((text, c) => paragraph(text, first + each * (c + 0.5), says.bottom + 4, each - 4, { size, colour: faint, anchor: "middle" }));
  const top = Math.max(...heads.map(({ bottom }) => bottom)) + 4;
  const fields = rows.map(({ head, fields }, r) => {
    const y = top + high * r;
    const row = paragraph(head, 0, y + high / 2 - 9, first - 8, { colour: faint });
    return row.body + fields.map(({ rule, initials, times, colour, share }, c) => {
      const [x, middle] = [first + each * c, first + each * (c + 0.5)];
      const box = `<rect class="field" x="${(x + 1).toFixed(2)}" y="${y + 1}" width="${(each - 2).toFixed(2)}" height="${high - 2}" fill="${rule === null ? paper : tint(colour, paper, share)}" stroke="${grid}" stroke-width="0.75"/>`;
      const two = times ? written(times, middle, y + 34, { anchor: "middle", colour: ink }) : "";
      const more = others[r][c].map((line, k) => written(line, middle, y + 47 + 13 * k, { size: 10, anchor: "middle", colour: faint })).join("");
      return box + written(initials, middle, y + (times ? 19 : 26), { size: rule === null ? 11 : 13, weight: rule === null ? 400 : 700, anchor: "middle", colour: ink }) + two + more;
    }).join("");
  });
  const names = legend(key.map(({ initials, name, colour }) => ({ name: `${initials}: ${name}`, sample: `fill="${tint(colour, paper, 85)}"` })), width, top + high * rows.length + 6, ink);
  const body = [headed("Which rule wins where", 0, 14, view), says.body, ...heads.map(({ body }) => body), ...fields, names.body].join("\n");
  const words = `${caption} ${rows.map(({ head, fields }) => `${head ? `${head}: ` : ""}${fields.map(({ initials, times, or }, c) => [titles[c], initials, times, or].filter(Boolean).join(" ")).join(", ")}`).join("; ")}.`;
  return { width, height: names.bottom + 6, panels: [], body, words };
}

/** A colour on paper, as much of it as a share in per cent. @param {string} colour @param {string} paper @param {number} share */
export function tint(colour, paper, share) {
  const bytes = (/** @type {string} */ text) => [1, 3, 5].map((i) => parseInt(hex(text).slice(i, i + 2), 16));
  const below = bytes(paper);
  return `#${bytes(colour).map((byte, i) => Math.round(below[i] + ((byte - below[i]) * share) / 100).toString(16).padStart(2, "0")).join("")}`;
}

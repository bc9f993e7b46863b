// @ts-check
// Which line is which: a piece of each, and its name.
import { written } from "./sheet.js";
import { wrapped } from "./type.js";

const ROW = 16;
const SAMPLE = 26;

/** Narrowest column of names, pixels: more than a few names stand beside each other where there is room. */
const COLUMN = 280;
const FEW = 3;

/**
 * @param {{ name: string, sample: string }[]} entries `sample` is the attributes of a line, or of a square where it has a fill
 * @param {number} width @param {number} top @param {string} colour
 * @returns {{ body: string, bottom: number }}
 */
export function legend(entries, width, top, colour) {
  const columns = entries.length > FEW ? Math.max(Math.floor(width / COLUMN), 1) : 1;
  const each = width / columns;
  let [y, bottom] = [top, top];
  const body = entries.map(({ name, sample }, i) => {
    const left = Math.round(each * (i % columns));
    if (i % columns === 0) y = bottom;
    const shape = sample.startsWith("fill=") ? `<rect x="${left}" y="${y + 3}" width="12" height="12" ${sample}/>` : `<path d="M${left} ${y + 9}h${SAMPLE - 4}" fill="none" ${sample}/>`;
    const lines = wrapped(name, 11, each - SAMPLE - 8);
    bottom = Math.max(bottom, y + ROW * lines.length);
    return shape + lines.map((line, k) => written(line, left + SAMPLE, y + ROW * (k + 1) - 3, { colour })).join("");
  });
  return { body: `<g class="legend">${body.join("\n")}</g>`, bottom };
}

/** A text of as many lines as it takes. @param {string} text @param {number} left @param {number} top @param {number} width @param {{ size?: number, colour: string, anchor?: "start" | "middle" | "end" }} how */
export function paragraph(text, left, top, width, { size = 11, colour, anchor = "start" }) {
  let y = top;
  const step = Math.round(size * 1.35);
  const body = wrapped(text, size, width).map((line) => written(line, left, (y += step) - Math.round(size * 0.3), { size, colour, anchor })).join("");
  return { body, bottom: y };
}

// @ts-check
// Which line is which: a piece of each, and its name.
import { written } from "./sheet.js";
import { wrapped } from "./type.js";

const ROW = 16;
const SAMPLE = 26;

/**
 * @param {{ name: string, sample: string }[]} entries `sample` is the attributes of a line, or of a square where it has a fill
 * @param {number} width @param {number} top @param {string} colour
 * @returns {{ body: string, bottom: number }}
 */
export function legend(entries, width, top, colour) {
  let y = top;
  const body = entries.map(({ name, sample }) => {
    const shape = sample.startsWith("fill=") ? `<rect class="sample" x="0" y="${y + 3}" width="12" height="12" ${sample}/>` : `<path class="sample" d="M0 ${y + 9}H${SAMPLE - 4}" fill="none" ${sample}/>`;
    return shape + wrapped(name, 11, width - SAMPLE).map((line) => written(line, SAMPLE, (y += ROW) - 3, { colour })).join("");
  });
  return { body: `<g class="legend">${body.join("\n")}</g>`, bottom: y };
}

/** A text of as many lines as it takes. @param {string} text @param {number} left @param {number} top @param {number} width @param {{ size?: number, colour: string, anchor?: "start" | "middle" | "end" }} how */
export function paragraph(text, left, top, width, { size = 11, colour, anchor = "start" }) {
  let y = top;
  const step = Math.round(size * 1.35);
  const body = wrapped(text, size, width).map((line) => written(line, left, (y += step) - Math.round(size * 0.3), { size, colour, anchor })).join("");
  return { body, bottom: y };
}

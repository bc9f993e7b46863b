// @ts-check
// A picture as a file: SVG in which everything is a shape, PNG drawn anew at the size that was asked for.
import { clean } from "../views/surface.js";
import { paintSvg } from "./paint.js";
import { annotated } from "./png.js";
import { linesOf, titleOf } from "./provenance.js";
import { createRecorder, escaped } from "./recorder.js";
import { rowsOf } from "./size.js";
import { withFileFonts } from "./type.js";

/** @typedef {import("./panels.js").Picture} Picture @typedef {import("./size.js").Size} Size @typedef {import("./provenance.js").Provenance} Provenance */

/** How fine pictures within SVG are: pixels to a CSS pixel. */
const FINENESS = 4;

/** @param {Picture} picture @param {Size} size @param {Provenance} about @param {string} paper */
export function toSvg({ width, height, panels, body, words }, size, about, paper) {
  const drawn = panels.map(({ left, top, width, height, paint }, k) => {
    const { context, svg } = createRecorder(`panel-${k}`);
    paint(clean({ context, width, height, ratio: FINENESS }, paper));
    return `<g class="panel" transform="translate(${left} ${top})">\n${svg()}\n</g>`;
  });
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${trimmed(size.mm)}mm" height="${trimmed((size.mm * height) / width)}mm" viewBox="0 0 ${width} ${height}" text-rendering="geometricPrecision">`,
    `<title>${escaped(titleOf(about))}</title>`,
    `<desc>${escaped(`${words}\n${linesOf(about).join("\n")}`)}</desc>`,
    `<metadata>${escaped(JSON.stringify(about))}</metadata>`,
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    ...drawn,
    body,
    `</svg>\n`,
  ].join("\n");
}

/** @param {Picture} picture @param {Size} size @param {Provenance} about @param {string} paper @returns {Promise<Blob>} */
export async function toPng({ width, height, panels, body, words }, size, about, paper) {
  const rows = rowsOf(size, width, height);
  const canvas = new OffscreenCanvas(size.columns, rows);
  const own = canvas.getContext("2d");
  if (!own) throw new Error(`the browser makes no canvas of ${size.columns} by ${rows} pixels`);
  const context = withFileFonts(own);
  const ratio = size.columns / width;
  context.fillStyle = paper;
  context.fillRect(0, 0, size.columns, rows);
  for (const panel of panels) {
    context.save();
    context.setTransform(ratio, 0, 0, ratio, panel.left * ratio, panel.top * ratio);
    panel.paint(clean({ context, width: panel.width, height: panel.height, ratio }, paper));
    context.restore();
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  paintSvg(context, body);
  const png = new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
  const texts = {
    Title: titleOf(about), Description: words, Software: `gridscout ${about.version}`, ...(about.link ? { Source: about.link } : {}), gridscout: JSON.stringify(about),
  };
  return new Blob([annotated(png, texts, size.dpi)], { type: "image/png" });
}

/** @param {number} mm */
const trimmed = (mm) => Number(mm.toFixed(3));

// @ts-check
// The size of a picture as it is asked for, and as it is laid out: in CSS pixels, 96 to an inch, so that type of 11 pixels is type of 8 points.

const MM = 25.4;
const LAID_OUT = { least: 150, most: 1600 };
/** What browsers make a canvas of without trouble. */
const MOST_PIXELS = 100e6;

/** @typedef {{ width: number, unit: "mm" | "px", dpi: number }} Asked @typedef {{ css: number, columns: number, mm: number, dpi: number }} Size */

/** @param {{ width: string, unit: string, dpi: string }} form @returns {{ size: Size, problem: null } | { size: null, problem: { field: "width" | "dpi", message: string } }} */
export function sizeAsked(form) {
  const [width, dpi] = [number(form.width), number(form.dpi)];
  if (!(dpi >= 72 && dpi <= 1200)) return wrong("dpi", "Resolution", form.dpi, "72 to 1200 dpi");
  const perUnit = form.unit === "mm" ? 96 / MM : 96 / dpi;
  const [least, most] = [Math.ceil(LAID_OUT.least / perUnit), Math.floor(LAID_OUT.most / perUnit)];
  if (!(width >= least && width <= most)) return wrong("width", "Width", form.width, `${least} to ${most} ${form.unit}${form.unit === "px" ? ` at ${dpi} dpi` : ""}`);
  if (form.unit === "px" && !Number.isInteger(width)) return wrong("width", "Width", form.width, "a whole number of px");
  const css = Math.round(width * perUnit);
  const columns = form.unit === "mm" ? Math.round((width / MM) * dpi) : width;
  return { size: { css, columns, mm: form.unit === "mm" ? width : (width / dpi) * MM, dpi }, problem: null };
}

/** Rows of a picture of these proportions, or what is wrong with it. @param {Size} size @param {number} width @param {number} height */
export function rowsOf(size, width, height) {
  const rows = Math.round((height * size.columns) / width);
  if (size.columns * rows > MOST_PIXELS) {
    const most = Math.floor(size.dpi * Math.sqrt(MOST_PIXELS / (size.columns * rows)));
    throw new Error(`Resolution is ${size.dpi} dpi, which makes ${size.columns} by ${rows} pixels; allowed at this width: up to ${most} dpi.`);
  }
  return rows;
}

/** @param {string} text */
const number = (text) => (text.trim() === "" ? NaN : Number(text));

/** @param {"width" | "dpi"} field @param {string} name @param {string} value @param {string} allowed */
const wrong = (field, name, value, allowed) => /** @type {const} */ ({ size: null, problem: { field, message: `${name} is ${value.trim() || "empty"}; allowed: ${allowed}.` } });

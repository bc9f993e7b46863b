// @ts-check
// A sheet of white paper outside of the window: charts are drawn on it with the page's own code, and read off as plain SVG
// in which every colour, width and font is said where it is used.
import { escaped, hex } from "./recorder.js";
import { FAMILY } from "./type.js";

const PAINTS = ["fill", "stroke"];
/** With what they are where nothing is said. */
const OTHERS = { "stroke-width": "1px", "stroke-dasharray": "none", "stroke-linejoin": "miter", opacity: "1" };

/** Of the page only, or said once more by the styles. */
const NOT_COPIED = ["style", "tabindex", "hidden", ...PAINTS, ...Object.keys(OTHERS)];

/** @template T @param {number} width CSS pixels @param {(sheet: HTMLElement) => T} work @param {ParentNode} [desk] that the sheet lies on @returns {T} */
export function onSheet(width, work, desk = document.body) {
  const sheet = Object.assign(document.createElement("div"), { className: "export-sheet" });
  sheet.style.width = `${width}px`;
  sheet.setAttribute("aria-hidden", "true");
  desk.append(sheet);
  try {
    return work(sheet);
  } finally {
    sheet.remove();
  }
}

/** The colours of print, whatever the theme of the page. @returns {import("../types.js").Colours} */
export const printColours = () => onSheet(10, (sheet) => {
  const style = getComputedStyle(sheet);
  const of = (/** @type {string} */ name) => hex(style.getPropertyValue(`--${name}`).trim());
  return {
    ink: of("ink"), faint: of("faint"), grid: of("grid"), paper: of("paper"), panel: of("panel"),
    path: of("path"), seed: of("seed"), accent: of("accent"), second: of("second"),
  };
});

/** What an SVG on the sheet shows, with all styles as attributes. @param {Element} element @returns {string} */
export function plain(element) {
  const style = getComputedStyle(element);
  if (style.display === "none") return "";
  const name = element.localName;
  if (name === "svg") return [...element.children].map(plain).join("\n");
  const attributes = [...element.attributes].filter(({ name }) => !NOT_COPIED.includes(name)).map(({ name, value }) => ` ${name}="${escaped(value)}"`);
  const own = [...element.childNodes].map((node) => (node instanceof Element ? plain(node) : escaped(node.textContent ?? ""))).join("");
  if (name === "title" || name === "g") return `<${name}${attributes.join("")}>${own}</${name}>`;
  for (const paint of PAINTS) {
    const value = style.getPropertyValue(paint);
    attributes.push(` ${paint}="${value === "none" ? value : hex(value)}"`);
  }
  for (const [property, usual] of Object.entries(OTHERS)) {
    const value = style.getPropertyValue(property);
    if (value !== usual) attributes.push(` ${property}="${value.replaceAll("px", "")}"`);
  }
  if (name === "text") attributes.push(` font-family="${FAMILY}" font-size="${style.fontSize.replace("px", "")}"${style.fontWeight === "400" ? "" : ` font-weight="${style.fontWeight}"`}`);
  return `<${name}${attributes.join("")}>${own}</${name}>`;
}

/** Text of a picture's own. @param {string} text @param {number} x @param {number} y @param {{ size?: number, weight?: number, anchor?: "start" | "middle" | "end", colour: string }} how */
export function written(text, x, y, { size = 11, weight = 400, anchor = "start", colour }) {
  return `<text x="${x}" y="${y}" font-family="${FAMILY}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}" fill="${colour}">${escaped(text)}</text>`;
}

// @ts-check
// Type in files: what every machine has, not the system's own, so that a picture looks alike wherever it is opened.

export const FAMILY = "Arial, Helvetica, sans-serif";

/** @param {string} font of a canvas, like "600 13px system-ui" */
export function parsed(font) {
  const match = /^(?:(\d{3}|normal|bold) )?(\d+(?:\.\d+)?)px (.+)$/.exec(font);
  if (!match) throw new Error(`the font “${font}” cannot be written to a file`);
  const [, weight = "400", size, family] = match;
  return { weight: weight === "bold" ? "700" : weight === "normal" ? "400" : weight, size: Number(size), family };
}

/** The same weight and size in the family of files. @param {string} font */
export function fileFont(font) {
  const { weight, size } = parsed(font);
  return `${weight} ${size}px ${FAMILY}`;
}

/** A canvas that writes with the type of files, whatever it is told. @param {OffscreenCanvasRenderingContext2D} context */
export function withFileFonts(context) {
  const own = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(OffscreenCanvasRenderingContext2D.prototype, "font"));
  Object.defineProperty(context, "font", { get() { return own.get?.call(this); }, set(font) { own.set?.call(this, fileFont(font)); } });
  context.textRendering = "geometricPrecision";
  return /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (context));
}

/** Made when it is first asked for: an embed is imported where there is no page, too. @type {OffscreenCanvasRenderingContext2D | null} */
let ruler = null;

/** Width of a text in pixels. @param {string} text @param {number} size @param {number} [weight] */
export function textWidth(text, size, weight = 400) {
  ruler ??= /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext("2d"));
  ruler.font = `${weight} ${size}px ${FAMILY}`;
  return ruler.measureText(text).width;
}

/** Lines no wider than a room; a word that is wider alone is broken. @param {string} text @param {number} size @param {number} room @returns {string[]} */
export function wrapped(text, size, room) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (textWidth(longer, size) <= room) { line = longer; continue; }
    if (line) lines.push(line);
    line = "";
    for (const letter of word) {
      if (textWidth(line + letter, size) > room) { lines.push(line); line = ""; }
      line += letter;
    }
  }
  return [...lines, line];
}

// @ts-check
// A drawing context that writes SVG: it knows exactly the operations that the views use, and throws on any other,
// so that nothing can be left out of a picture in silence.
import { rgb } from "../views/surface.js";
import { fileFont, parsed } from "./type.js";

/** What a canvas starts with. */
const START = {
  fillStyle: "#000000", strokeStyle: "#000000", globalAlpha: 1, lineWidth: 1, lineJoin: "miter", lineCap: "butt",
  font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic",
};
const ANCHORS = { start: "start", left: "start", center: "middle", right: "end", end: "end" };

/** Two decimals: a two-hundredth of a pixel is below what any printer sets. @param {number} x */
const short = (x) => String(Math.round(x * 100) / 100);

/** @param {string} text */
export const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Any CSS colour, as every reader of SVG knows it. @param {string} colour */
export const hex = (colour) => `#${rgb(colour).map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;

/** @param {string} prefix of identifiers, different for each recording that goes into one file */
export function createRecorder(prefix) {
  /** @type {string[]} */
  const out = [];
  /** @type {Record<string, any> & { groups: number, dash: number[] }} */
  let state = { ...START, groups: 0, dash: [] };
  /** @type {(typeof state)[]} */
  const saved = [];
  let path = "";
  /** The only thing in the path so far, when that is a circle. @type {string | null} */
  let circle = null;
  let clips = 0;
  const ruler = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext("2d"));

  const alpha = (/** @type {string} */ name) => (state.globalAlpha === 1 ? "" : ` ${name}="${short(state.globalAlpha)}"`);
  const filled = () => `fill="${hex(state.fillStyle)}"${alpha("fill-opacity")}`;
  const stroked = () =>
    `fill="none" stroke="${hex(state.strokeStyle)}"${alpha("stroke-opacity")} stroke-width="${short(state.lineWidth)}"` +
    (state.lineJoin === "miter" ? "" : ` stroke-linejoin="${state.lineJoin}"`) + (state.lineCap === "butt" ? "" : ` stroke-linecap="${state.lineCap}"`) +
    (state.dash.length ? ` stroke-dasharray="${state.dash.map(short).join(" ")}"` : "");
  const shape = (/** @type {string} */ paint) => {
    if (path) out.push(circle === path ? `<circle ${circle} ${paint}/>` : `<path d="${path}" ${paint}/>`);
  };
  const box = (/** @type {number[]} */ [x, y, width, height]) => `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
  /** @param {string} d */
  const add = (d) => {
    if (circle !== null && circle === path) path = circleAsPath(circle);
    path += d;
  };

  /** @param {string} text @param {number} x @param {number} y @param {number | undefined} room @param {string} paint */
  const write = (text, x, y, room, paint) => {
    const { weight, size, family } = parsed(fileFont(state.font));
    measure(text);
    // Not every reader knows the baselines of a canvas; all know the alphabetic one.
    const ascent = ruler.measureText(text).actualBoundingBoxAscent;
    ruler.textBaseline = state.textBaseline;
    const drop = ascent - ruler.measureText(text).actualBoundingBoxAscent;
    ruler.textBaseline = "alphabetic";
    const squeeze = room !== undefined && ruler.measureText(text).width > room ? ` textLength="${short(room)}" lengthAdjust="spacingAndGlyphs"` : "";
    const anchor = /** @type {Record<string, string>} */ (ANCHORS)[state.textAlign];
    out.push(`<text x="${short(x)}" y="${short(y + drop)}" font-family="${escaped(family)}" font-size="${size}"${weight === "400" ? "" : ` font-weight="${weight}"`}${anchor === "start" ? "" : ` text-anchor="${anchor}"`}${squeeze} ${paint}>${escaped(text)}</text>`);
  };
  const measure = (/** @type {string} */ text) => {
    ruler.font = fileFont(state.font);
    return ruler.measureText(text);
  };

  /** @type {Record<string, (...values: any[]) => any>} */
  const operations = {
    save: () => { saved.push(state); state = { ...state, groups: 0 }; },
    restore: () => {
      if (state.groups) out.push("</g>".repeat(state.groups));
      state = saved.pop() ?? state;
    },
    beginPath: () => { path = ""; circle = null; },
    moveTo: (x, y) => add(`M${short(x)} ${short(y)}`),
    // A line from nowhere starts a path, as on a canvas.
    lineTo: (x, y) => add(`${path ? "L" : "M"}${short(x)} ${short(y)}`),
    closePath: () => add("Z"),
    rect: (x, y, width, height) => add(`M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`),
    arc: (x, y, radius, from, to) => {
      if (from !== 0 || to !== 2 * Math.PI) throw new Error("only whole circles can be written as SVG");
      const own = `cx="${short(x)}" cy="${short(y)}" r="${short(radius)}"`;
      if (path === "") path = circle = own;
      else add(circleAsPath(own, path.endsWith(`M${short(x + radius)} ${short(y)}`)));
    },
    fill: () => shape(filled()),
    stroke: () => shape(stroked()),
    fillRect: (...at) => { out.push(`<rect ${box(at)} ${filled()}/>`); },
    strokeRect: (...at) => { out.push(`<rect ${box(at)} ${stroked()}/>`); },
    clip: () => {
      const id = `${prefix}-clip-${(clips += 1)}`;
      out.push(`<clipPath id="${id}">${circle === path ? `<circle ${circle}/>` : `<path d="${path}"/>`}</clipPath><g clip-path="url(#${id})">`);
      state.groups += 1;
    },
    setLineDash: (dash) => { state.dash = [...dash]; },
    measureText: measure,
    fillText: (text, x, y, room) => write(text, x, y, room, filled()),
    strokeText: (text, x, y, room) => write(text, x, y, room, stroked()),
    // A field or a crowd of points is a picture on the page as well.
    drawImage: (image, ...at) => {
      if (!(image instanceof HTMLCanvasElement) || at.length !== 4) throw new Error("only a whole canvas can be put into SVG as a picture");
      out.push(`<image ${box(at)} preserveAspectRatio="none"${alpha("opacity")} href="${image.toDataURL("image/png")}"/>`);
    },
  };

  const context = new Proxy({}, {
    get(_, name) {
      const value = operations[String(name)] ?? (String(name) in START ? state[String(name)] : undefined);
      if (value === undefined) throw new Error(`“${String(name)}” of a canvas cannot be written as SVG`);
      return value;
    },
    set(_, name, value) {
      if (!(String(name) in START) || typeof value !== typeof state[String(name)]) throw new Error(`“${String(name)}” of a canvas cannot be written as SVG`);
      state[String(name)] = value;
      return true;
    },
  });
  return { context: /** @type {CanvasRenderingContext2D} */ (context), svg: () => out.join("\n") };
}

/** @param {string} circle its attributes @param {boolean} [there] whether the pen is at its right-hand end already */
function circleAsPath(circle, there = false) {
  const [x, y, r] = [...circle.matchAll(/"([^"]*)"/g)].map((match) => Number(match[1]));
  const half = `a${r} ${r} 0 0 1`;
  return `${there ? "" : `M${short(x + r)} ${short(y)}`}${half}${short(-2 * r)} 0${half}${short(2 * r)} 0Z`;
}

// @ts-check
// The SVG that charts are read off as, painted on a canvas: as a picture in a page, SVG is subject to that page's policy, and an embed's
// host may let none in. It knows the shapes that sheet.js writes, and throws on any other, so that none is left out in silence.

/** @typedef {CanvasRenderingContext2D} Context */

/** @param {Context} context @param {string} body as it stands within an <svg> */
export function paintSvg(context, body) {
  const parsed = new DOMParser().parseFromString(`<svg xmlns="http://www.w3.org/2000/svg">${body}</svg>`, "image/svg+xml");
  const wrong = parsed.querySelector("parsererror");
  if (wrong) throw new Error(`the charts cannot be read: ${wrong.textContent}`);
  for (const child of parsed.documentElement.children) paint(context, child);
}

/** @param {Context} context @param {Element} element */
function paint(context, element) {
  const text = (/** @type {string} */ name) => element.getAttribute(name);
  const number = (/** @type {string} */ name, otherwise = 0) => Number(text(name) ?? otherwise);
  if (element.localName === "title") return;
  context.save();
  context.globalAlpha *= number("opacity", 1);
  if (element.localName === "g") {
    place(context, text("transform") ?? "");
    for (const child of element.children) paint(context, child);
  } else if (element.localName === "text") {
    context.font = `${text("font-weight") ?? "400"} ${text("font-size")}px ${text("font-family")}`;
    context.textAlign = /** @type {CanvasTextAlign} */ ({ middle: "center", end: "right" }[text("text-anchor") ?? ""] ?? "left");
    context.textBaseline = "alphabetic";
    context.fillStyle = text("fill") ?? "#000000";
    context.fillText(element.textContent ?? "", number("x"), number("y"));
  } else {
    stroked(context, outline(element.localName, text, number), text, number);
  }
  context.restore();
}

/** @param {Context} context @param {string} transform */
function place(context, transform) {
  for (const [, name, values] of transform.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [x, y] = values.split(/[\s,]+/).map(Number);
    if (name === "translate") context.translate(x, y ?? 0);
    else if (name === "scale") context.scale(x, y ?? x);
    else throw new Error(`“${name}” of SVG cannot be painted`);
  }
}

/** @param {string} shape @param {(name: string) => string | null} text @param {(name: string) => number} number @returns {Path2D} */
function outline(shape, text, number) {
  if (shape === "path") return new Path2D(text("d") ?? "");
  const path = new Path2D();
  if (shape === "circle") path.arc(number("cx"), number("cy"), number("r"), 0, 2 * Math.PI);
  else if (shape === "rect") path.rect(number("x"), number("y"), number("width"), number("height"));
  else throw new Error(`“${shape}” of SVG cannot be painted`);
  return path;
}

/** @param {Context} context @param {Path2D} path @param {(name: string) => string | null} text @param {(name: string, otherwise?: number) => number} number */
function stroked(context, path, text, number) {
  const [fill, stroke] = [text("fill") ?? "#000000", text("stroke") ?? "none"];
  if (fill !== "none") { context.fillStyle = fill; context.fill(path); }
  if (stroke === "none") return;
  Object.assign(context, { strokeStyle: stroke, lineWidth: number("stroke-width", 1), lineJoin: text("stroke-linejoin") ?? "miter", lineCap: "butt", miterLimit: 4 });
  context.setLineDash((text("stroke-dasharray") ?? "").split(/[\s,]+/).filter(Boolean).map(Number));
  context.stroke(path);
}

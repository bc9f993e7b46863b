// @ts-check
// One small line chart. Elements are made once; drawing only sets attributes, so that it keeps up with every frame.
import { significant } from "../format.js";
import { sizeOf } from "../size.js";
import { logTicks, pathThrough, scale, svg, ticks } from "./svg.js";

const HEIGHT = 170;
/** A finger that has gone so far along the axis leads the cursor, pixels. */
const SIDEWAYS = 10;
const MARGIN = { left: 48, right: 10, top: 10, bottom: 34 };

/**
 * @typedef {{ x: number[], y: number[], end: number, moves: number[], cursor: number, log: boolean, stairs: boolean, xLabel: string,
 *   ticks: (domain: [number, number], count: number) => number[], xText: (x: number) => string, read: (i: number) => string }} Line
 * @param {HTMLElement} container @param {string} title @param {string} unit @param {(entry: number, end?: boolean) => void} onSeek `end`: the latest, whatever that is by now
 */
export function createChart(container, title, unit, onSeek) {
  const figure = Object.assign(document.createElement("figure"), { className: "chart-figure" });
  const caption = document.createElement("figcaption");
  const name = Object.assign(document.createElement("span"), { textContent: title });
  const readout = Object.assign(document.createElement("output"), { className: "readout" });
  // The readout follows a campaign many times a second; told aloud is only where somebody goes to by keyboard, once.
  readout.ariaLive = "off";
  const told = Object.assign(document.createElement("span"), { className: "told", ariaLive: "polite" });
  let gone = false;
  let label = "";
  const rename = () => { if (root.getAttribute("aria-label") !== label) root.setAttribute("aria-label", label); };
  caption.append(name, readout, told);
  const root = svg("svg", { height: HEIGHT, role: "img", tabindex: 0 });
  const [axes, moves, later, line, cursor, dot] = [
    svg("g", { class: "axes" }), svg("path", { class: "moves" }), svg("path", { class: "later" }),
    svg("path", { class: "line" }), svg("path", { class: "cursor" }), svg("circle", { class: "dot", r: 3.5, hidden: "" }),
  ];
  root.append(axes, moves, later, line, cursor, dot);
  figure.append(caption, root);
  container.append(figure);

  /** A finger that has not gone sideways yet: it may mean to scroll the page. @type {PointerEvent | null} */
  let undecided = null;
  /** A second finger has come: they enlarge the page. */
  let two = false;
  /** @type {Line | null} */
  let shown = null;
  /** @type {import("./svg.js").Scale | null} */
  let xScale = null;
  let axesKey = "";

  /** @param {PointerEvent} event */
  const entryAt = (event) => {
    if (!shown || !xScale || shown.x.length === 0) return -1;
    const wanted = xScale.invert(event.clientX - root.getBoundingClientRect().left);
    const xs = shown.x;
    let best = 0;
    for (let i = 1; i < xs.length; i += 1) if (Math.abs(xs[i] - wanted) < Math.abs(xs[best] - wanted)) best = i;
    return best;
  };
  const rest = () => {
    const text = shown && shown.x.length ? shown.read(shown.cursor) : "";
    if (readout.textContent !== text) readout.textContent = text;
  };
  root.addEventListener("pointermove", (event) => {
    if (two && event.pointerType === "touch") return;
    if (undecided) {
      if (Math.abs(event.clientX - undecided.clientX) < SIDEWAYS) return;
      undecided = null;
    }
    const i = entryAt(event);
    if (i < 0 || !shown) return;
    readout.textContent = shown.read(i);
    if (event.buttons === 1) onSeek(i);
  });
  root.addEventListener("pointerleave", rest);
  root.addEventListener("pointerdown", (event) => {
    two = !event.isPrimary;
    undecided = null;
    if (two) return;
    const i = entryAt(event);
    if (i < 0) return;
    // A drag goes on beyond the edge of the chart.
    root.setPointerCapture(event.pointerId);
    if (event.pointerType === "touch") undecided = event;
    else onSeek(i);
  });
  root.addEventListener("pointerup", (event) => {
    if (undecided) onSeek(entryAt(event));
    undecided = null;
  });
  root.addEventListener("pointercancel", () => { undecided = null; });
  root.addEventListener("blur", rename);
  root.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10 }[event.key];
    if (!shown || (move === undefined && event.key !== "Home" && event.key !== "End")) return;
    event.preventDefault();
    gone = true;
    onSeek(event.key === "Home" ? 0 : event.key === "End" ? shown.x.length - 1 : shown.cursor + (move ?? 0), event.key === "End");
  });

  /** @param {Line} next */
  function draw(next) {
    shown = next;
    const width = Math.max(sizeOf(root).width, 160);
    root.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const { x, y } = next;
    const top = (y.length ? Math.max(...y) * 1.05 : 1) || 1;
    const low = next.log ? Math.max(Math.min(...y, top), top * 1e-6) * 0.8 : 0;
    xScale = scale([0, next.end], [MARGIN.left, width - MARGIN.right]);
    const yScale = scale([low || 0, top], [HEIGHT - MARGIN.bottom, MARGIN.top], next.log);
    const key = [width, next.end, low, top, next.log, next.xLabel].join();
    if (key !== axesKey) {
      axesKey = key;
      drawAxes(width, yScale, low, top, next);
    }
    const across = xScale;
    const path = (/** @type {number} */ from, /** @type {number} */ to) => pathThrough(from, to, (i) => across(x[i]), (i) => yScale(Math.max(y[i], low)), next.stairs);
    const at = Math.min(next.cursor, x.length - 1);
    line.setAttribute("d", at >= 0 ? path(0, at) : "");
    later.setAttribute("d", at >= 0 && at < x.length - 1 ? path(at, x.length - 1) : "");
    moves.setAttribute("d", next.moves.map((m) => `M${xScale?.(m).toFixed(1)},${MARGIN.top}V${HEIGHT - MARGIN.bottom}`).join(""));
    cursor.setAttribute("d", at >= 0 ? `M${xScale(x[at]).toFixed(1)},${MARGIN.top}V${HEIGHT - MARGIN.bottom}` : "");
    dot.toggleAttribute("hidden", at < 0);
    if (at >= 0) {
      dot.setAttribute("cx", xScale(x[at]).toFixed(1));
      dot.setAttribute("cy", yScale(Math.max(y[at], low)).toFixed(1));
    }
    if (!root.matches(":hover")) rest();
    if (gone && at >= 0) told.textContent = next.read(at);
    gone = false;
    label = `${title}, ${unit}, over ${next.xLabel}${at >= 0 ? `; ${next.read(at)}` : ""}. Arrow keys go through the record.`;
    // A name that changes under the focus is told, too; it waits until the focus is elsewhere.
    if (!root.matches(":focus")) rename();
  }

  /** @param {number} width @param {import("./svg.js").Scale} yScale @param {number} low @param {number} top @param {Line} next */
  function drawAxes(width, yScale, low, top, next) {
    const bottom = HEIGHT - MARGIN.bottom;
    const parts = [svg("title", {}, `${title} (${unit})`)];
    for (const tick of next.log ? logTicks([low, top]) : ticks([0, top], 4)) {
      const at = yScale(tick);
      parts.push(svg("path", { class: "gridline", d: `M${MARGIN.left},${at}H${width - MARGIN.right}` }));
      parts.push(svg("text", { x: MARGIN.left - 6, y: at + 4, "text-anchor": "end" }, significant(tick, 2)));
    }
    for (const tick of next.ticks([0, next.end], Math.max(2, Math.floor(width / 75)))) {
      parts.push(svg("text", { x: xScale?.(tick) ?? 0, y: bottom + 15, "text-anchor": "middle" }, next.xText(tick)));
    }
    parts.push(svg("path", { class: "axis", d: `M${MARGIN.left},${bottom}H${width - MARGIN.right}` }));
    parts.push(svg("text", { x: (MARGIN.left + width - MARGIN.right) / 2, y: HEIGHT - 4, "text-anchor": "middle", class: "name" }, next.xLabel));
    axes.replaceChildren(...parts);
  }
  return { draw };
}

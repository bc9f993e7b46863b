// @ts-check
// The last overview image with the particles found in it, and the last spectrum.
import { byId, setText } from "../dom.js";
import { significant } from "../format.js";
import { axesText } from "./command_text.js";
import { ticks, scale, svg } from "../views/svg.js";

/**
 * @param {(hash: string) => void} fetch asks the gateway for a raw array
 * @param {[[number, number], [number, number]]} stated takes a vector of the image, y downwards, to one of the stage, until it is measured
 */
export function createOverview(fetch, stated) {
  let axes = stated;
  /** Where in the image, 0 to 1 from the upper left corner, a place is. @param {number} x from the centre, fields @param {number} y */
  const place = (x, y) => {
    const [[a, b], [c, d]] = axes;
    return [0.5 + (d * x - b * y) / (a * d - b * c), 0.5 + (a * y - c * x) / (a * d - b * c)];
  };
  let axesNote = "";
  const canvas = byId("overview", HTMLCanvasElement);
  const chart = byId("spectrum", HTMLElement);
  /** @type {{ data: any, values: Float32Array | null } | null} */
  let image = null;
  /** @type {{ data: any, values: Float32Array | null, cid: string } | null} */
  let spectrum = null;
  let centre = { x_um: 0, y_um: 0 };
  /** @type {any[]} */
  let particles = [];
  /** Particle measured last, in the order of the overview. */
  let target = -1;
  /** Commands under way, by identity: an outcome does not repeat what was asked. @type {Map<string, any>} */
  const asked = new Map();

  const drawImage = () => {
    canvas.hidden = !image?.values;
    if (canvas.hidden) return;
    const side = Math.max(Math.round(canvas.clientWidth * devicePixelRatio), 1);
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    if (!context) return;
    const field = image?.data.kind.field_um ?? 0;
    if (image?.values) {
      const [rows, columns] = image.data.shape;
      let [low, high] = [Infinity, -Infinity];
      for (const value of image.values) { low = Math.min(low, value); high = Math.max(high, value); }
      const pixels = new ImageData(columns, rows);
      image.values.forEach((value, i) => {
        const grey = (255 * (value - low)) / (high - low || 1);
        pixels.data.set([grey, grey, grey, 255], 4 * i);
      });
      const small = new OffscreenCanvas(columns, rows);
      small.getContext("2d")?.putImageData(pixels, 0, 0);
      context.imageSmoothingEnabled = false;
      context.drawImage(small, 0, 0, side, side);
    }
    if (!field) return;
    const style = getComputedStyle(document.documentElement);
    context.lineWidth = 1.5 * devicePixelRatio;
    particles.forEach((particle, i) => {
      const at = place((particle.x_um - centre.x_um) / field, (particle.y_um - centre.y_um) / field).map((share) => share * side);
      context.strokeStyle = style.getPropertyValue(i === target ? "--path" : "--seed");
      context.beginPath();
      context.arc(at[0], at[1], Math.max(((particle.radius_nm / 1000) * side) / field, 3 * devicePixelRatio) + 2, 0, 7);
      context.stroke();
    });
  };

  const drawSpectrum = () => {
    if (!spectrum?.values) return;
    const [width, height, left, bottom] = [320, 140, 8, 20];
    const { first_ev: first, step_ev: step } = spectrum.data.kind;
    const values = spectrum.values;
    const last = first + step * (values.length - 1);
    const top = values.reduce((most, value) => Math.max(most, value), 0) || 1;
    const x = scale([first, last], [left, width - left]);
    const y = scale([0, top], [height - bottom, 6]);
    const line = Array.from(values, (value, i) => `${x(first + step * i).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Spectrum of ${values.length} channels from ${significant(first)} to ${significant(last)} eV` });
    picture.append(svg("polyline", { points: line, fill: "none", stroke: "var(--accent)", "stroke-width": 1.2 }));
    for (const tick of ticks([first, last], 4)) picture.append(svg("text", { x: x(tick), y: height - 6, "text-anchor": "middle", class: "tick" }, `${tick} eV`));
    chart.replaceChildren(picture);
  };

  return {
    /** @param {any} entry of the journal */
    take(entry) {
      if (entry.entry === "intent") asked.set(entry.cid, entry.op);
      if (entry.entry !== "outcome") return;
      const op = asked.get(entry.cid);
      asked.delete(entry.cid);
      const reading = entry.outcome.Ok;
      if (reading?.type === "arrived") { centre = op; particles = []; target = -1; image = null; }
      if (reading?.type === "particles") particles = reading.particles;
      if (op?.type === "spectrum") target = op.particle;
      if (op?.type === "calibrate_image") {
        // Its images are of places between regions.
        if (reading) [axes, axesNote] = [reading.image_to_stage, ` The image is ${axesText(reading)}.`];
        return;
      }
      for (const data of entry.data ?? []) {
        if (data.kind.type === "image") image = { data, values: null };
        else spectrum = { data, values: null, cid: entry.cid };
      }
    },
    /** After a batch of entries: only the newest arrays are asked for. */
    want() {
      for (const shown of [image, spectrum]) if (shown && !shown.values) fetch(shown.data.hash);
      setText("overview-text", image ? `${particles.length} particles in ${significant(image.data.kind.field_um)} µm${target >= 0 ? `; last measured: ${target}` : ""}.${axesNote}` : "No image yet.");
      drawImage();
    },
    /** @param {{ hash: string, values: Float32Array }} array */
    arrived({ hash, values }) {
      if (image?.data.hash === hash) { image.values = values; drawImage(); }
      if (spectrum?.data.hash === hash) { spectrum.values = values; setText("spectrum-text", `Spectrum of ${spectrum.cid}`); drawSpectrum(); }
    },
    redraw: drawImage,
  };
}

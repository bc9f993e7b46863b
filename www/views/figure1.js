// @ts-check
// Figure 1: how many particles fit on a grid, and so how many components can be explored.
import { duration, significant, superscript } from "../format.js";
import { NUMBERS } from "../share/numbers.js";
import { decades, scale, svg } from "./svg.js";

const [WIDTH, HEIGHT] = [320, 220];
const MARGIN = { left: 46, right: 12, top: 12, bottom: 36 };
/** The paper's marks. */
const MARKS = /** @type {const} */ ([[500, "6D"], [150, "7D"], [50, "8D"]]);
/** @type {[string, string, string][]} */
const FIELDS = [
  ["radius_nm", "Mean radius, nm", "any"],
  ["sd_ratio", "Radius sd / mean", "0.05"],
  ["coverage", "Coverage", "0.05"],
  ["area_mm2", "Usable area, mm²", "any"],
  ["components", "Components", "1"],
  ["eels_secs", "One spectrum, s", "any"],
  ["beam_shift_secs", "Beam shift, s", "any"],
  ["switch_secs", "Next field of view, s", "any"],
  ["tile_um", "Field of view, µm", "any"],
];

/** How long as many measurements take as there are compositions, so that the paper's claim can be checked by hand. @param {any} visit @param {number} components */
function visitTable(visit, components) {
  const table = document.createElement("table");
  const caption = Object.assign(document.createElement("caption"), { textContent: `${visit.compositions} compositions of ${components} components, at steps of 0.1` });
  const body = document.createElement("tbody");
  const range = (/** @type {[number, number]} */ [a, b]) => `${longTime(a)} to ${longTime(b)}`;
  const rows = [
    ["Microscope, as many spectra", longTime(visit.stem_secs), `${visit.compositions} particles of ${significant(visit.regions, 4)} ${visit.regions === 1 ? "field" : "fields"} of view${visit.grids > 1 ? `, on ${visit.grids} grids (to change them is not counted)` : ""}; they are random, and hit ${significant(100 * visit.share_hit, 3)} % of the compositions, some more than once`],
    ["Microscope, until 95 % are hit", visit.nearly_all_secs === null || visit.nearly_all_secs === undefined ? "–" : longTime(visit.nearly_all_secs), `${visit.nearly_all_particles} random particles${visit.nearly_all_secs ? "" : ", more than one grid holds"}`],
    ["Microscope, every particle of the grid", longTime(visit.stem_all_secs), ""],
    ["Laboratory diffraction", range(visit.xrd_secs), "10 to 30 min a pattern"],
    [`${visit.spread_libraries} quasi-ternary spread ${visit.spread_libraries === 1 ? "library" : "libraries"}`, range(visit.spread_xrd_secs), `diffraction; they hold ${significant(100 * visit.spread_share, 3)} % of the compositions, those of at most three components`],
  ];
  for (const [name, time, note] of rows) {
    const row = document.createElement("tr");
    row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: name }), ...[time, note].map((text) => Object.assign(document.createElement("td"), { textContent: text })));
    body.append(row);
  }
  table.className = "numbers times";
  caption.textContent += `. For as many measurements, diffraction takes at its quickest ${significant(visit.xrd_secs[0] / visit.stem_secs, 3)} times as long as the microscope. An EDX map is taken to last as long for thousands of particles as for a few.`;
  table.append(caption, body);
  return table;
}

/** @param {number} secs */
const longTime = (secs) => (secs < 86400 ? duration(secs) : secs < 1e3 * 86400 ? `${significant(secs / 86400)} days` : `${significant(secs / 31_557_600)} years`);

/** @param {HTMLElement} container @param {{ onChange: (config: Record<string, number>) => void }} on @param {number} [radius_nm] to start with */
export function createFigure1(container, on, radius_nm) {
  const form = Object.assign(document.createElement("div"), { className: "capacity-form" });
  /** @type {Map<string, { input: HTMLInputElement, problem: HTMLElement }>} */
  const inputs = new Map();
  for (const [key, text, step] of FIELDS) {
    const id = `capacity-${key}`;
    const label = Object.assign(document.createElement("label"), { htmlFor: id, textContent: text });
    const input = Object.assign(document.createElement("input"), { id, type: "number", step, value: NUMBERS[`capacity.${key}`].usual });
    const problem = Object.assign(document.createElement("p"), { className: "problem", id: `${id}-problem` });
    problem.setAttribute("role", "alert");
    input.setAttribute("aria-describedby", problem.id);
    input.addEventListener("input", () => on.onChange(read()));
    form.append(label, input, problem);
    inputs.set(key, { input, problem });
  }
  const root = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "figure1", role: "img" });
  const words = Object.assign(document.createElement("div"), { className: "words" });
  const times = document.createElement("div");
  container.append(form, root, words, times);
  const ownRadius = inputs.get("radius_nm")?.input;
  if (ownRadius && radius_nm !== undefined) ownRadius.value = String(radius_nm);
  const read = () => Object.fromEntries([...inputs].map(([key, { input }]) => [key, input.value === "" ? 0 : Number(input.value)]));

  return {
    root,
    read,
    /** @param {{ field: string, allowed: string }[]} errors @param {string} [message] for what belongs to no input */
    showErrors(errors, message = "") {
      if (errors.length === 0 && message) words.textContent = message;
      for (const [key, { input, problem }] of inputs) {
        const error = errors.find((e) => e.field === key);
        problem.textContent = error ? `Allowed: ${error.allowed}.` : "";
        input.setAttribute("aria-invalid", String(Boolean(error)));
      }
    },
    /** @param {any} answer */
    draw(answer) {
      this.showErrors([]);
      const { radius_nm: radius, expected_particles: expected } = answer.curve;
      const x = scale([10, 1000], [MARGIN.left, WIDTH - MARGIN.right], true);
      const domain = /** @type {[number, number]} */ ([expected[expected.length - 1], expected[0]]);
      const y = scale(domain, [HEIGHT - MARGIN.bottom, MARGIN.top], true);
      const at = (/** @type {number} */ r) => expected[0] * (10 / r) ** 2;
      const parts = [];
      for (const tick of decades(domain)) {
        parts.push(svg("path", { class: "gridline", d: `M${MARGIN.left},${y(tick)}H${WIDTH - MARGIN.right}` }));
        parts.push(svg("text", { x: MARGIN.left - 6, y: y(tick) + 4, "text-anchor": "end" }, `10${superscript(Math.round(Math.log10(tick)))}`));
      }
      for (const tick of [10, 50, 150, 500]) parts.push(svg("text", { x: x(tick), y: HEIGHT - MARGIN.bottom + 15, "text-anchor": "middle" }, String(tick)));
      let d = "";
      for (let i = 0; i < radius.length; i += 1) d += `${i ? "L" : "M"}${x(radius[i]).toFixed(1)},${y(expected[i]).toFixed(1)}`;
      parts.push(svg("path", { class: "line", d }));
      for (const [r, text] of MARKS) parts.push(svg("circle", { class: "mark", cx: x(r), cy: y(at(r)), r: 3.5 }), svg("text", { x: x(r) + 6, y: y(at(r)) - 5 }, text));
      const own = Number(inputs.get("radius_nm")?.input.value);
      if (own >= 10 && own <= 1000) parts.push(svg("circle", { class: "dot", cx: x(own), cy: y(at(own)), r: 5 }));
      parts.push(svg("text", { class: "name", x: WIDTH / 2, y: HEIGHT - 6, "text-anchor": "middle" }, "mean particle radius, nm"));
      root.replaceChildren(...parts);
      root.setAttribute("aria-label", `Expected particle count over the mean radius, both logarithmic; at ${own} nm ${significant(answer.expected_particles)} particles.`);
      const n = answer.components_by_simplex_grid;
      const lines = [
        `${significant(answer.expected_particles, 4)} particles are expected (eq 1).`,
        `The paper's count, ten points in each dimension: ${answer.dimension_by_powers_of_ten}D.`,
        `The simplex itself has fewer points at a step of 0.1: ${n}${n === 12 ? " or more" : ""} components fit (${Object.entries(answer.simplex_points).filter(([k]) => [6, 7, 8].includes(Number(k))).map(([k, p]) => `${p} points for ${k}`).join(", ")}).`,
        ...(answer.note ? [`Note: ${answer.note}.`] : []),
      ];
      times.replaceChildren(visitTable(answer.visit, Number(inputs.get("components")?.input.value)));
      words.replaceChildren(...lines.map((text) => Object.assign(document.createElement("p"), { className: "help", textContent: text })));
    },
  };
}

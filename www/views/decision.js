// @ts-check
// Why an iteration did what it did, with the numbers of eqs 4–17.
import { explainButton } from "../equations/explain.js";
import { ofView } from "../equations/subjects.js";
import { significant } from "../format.js";
import { symbol, symbols } from "../symbols.js";
import { svg } from "./svg.js";

/** Symbol (subscript after an underscore), how to find it, unit, meaning, equation. @type {[string, (d: any) => number | undefined, string, string, string][]} */
const ROWS = [
  ["a", (d) => d.pick?.acquisition, "", "value of measuring the chosen particle", ""],
  ["C", (d) => d.pick?.move_cost, "", "cost of getting to it", "6"],
  ["s", (d) => d.pick?.score, "", "a / C, its score", "4"],
  ["R", (d) => d.remaining_fraction, "", "share of the region not measured", "7"],
  ["G", (d) => d.best_here, "", "best value left in the region", "8"],
  ["V_stay", (d) => d.stay_value, "", "R · G, worth of staying", "9"],
  ["ρ", (d) => d.density, "µm⁻²", "particle density seen so far", "11"],
  ["λ", (d) => d.expected_particles, "", "particles expected in a new region", "11"],
  ["E_gain", (d) => d.expected_gain, "", "expected best value there", "13"],
  ["t_switch", (d) => d.switch_secs, "s", "time to move, retune and map", "16"],
  ["C_switch", (d) => d.switch_cost, "", "V_stay · t_switch / t_meas, what the move costs", "16"],
  ["V_switch", (d) => d.switch_value, "", "E_gain − C_switch; move when above 0", "17"],
  ["g_here", (d) => d.local_rate, "1/s", "gain per second of the best particle here", ""],
  ["g_new", (d) => d.fresh_rate, "1/s", "average gain per second of a new region", ""],
];
export const HEADINGS = { stay: "Why it stayed", switch: "Why it moved", return: "Why it went back" };

/** The numbers that were weighed. @param {any} decision */
export const numbersOf = (decision) => ROWS.map(([symbol, value, unit, meaning, equation]) => ({ symbol, value: value(decision), unit, meaning, equation }))
  .flatMap((row) => (row.value === undefined || row.value === null ? [] : [{ ...row, value: row.value }]));

/** @param {HTMLElement} container @param {any} decision @param {import("../types.js").Campaign} campaign */
export function renderDecision(container, decision, campaign) {
  const top = container.querySelector(".heading") ?? headed();
  const heading = /** @type {HTMLElement} */ (top.firstElementChild);
  const sentence = document.createElement("p");
  if (!decision) {
    heading.textContent = "Why it stays or moves";
    sentence.textContent = `First ${campaign.config.planner.seed_particles} particles are measured at random; decisions begin with iteration 1.`;
    show(container, top, sentence);
    return;
  }
  heading.textContent = `${HEADINGS[/** @type {keyof typeof HEADINGS} */ (decision.action)]}, iteration ${decision.iteration}`;
  sentence.textContent = decision.sentence;
  const table = document.createElement("table");
  table.className = "numbers";
  table.innerHTML = '<thead class="visually-hidden"><tr><th>Symbol</th><th>Value</th><th>Unit</th><th>Meaning</th></tr></thead>';
  const body = document.createElement("tbody");
  for (const { symbol: sign, value, unit, meaning, equation } of numbersOf(decision)) {
    const row = document.createElement("tr");
    const name = document.createElement("th");
    name.scope = "row";
    name.append(...symbol(sign));
    const note = equation ? `${meaning} (eq\u00a0${equation})` : meaning;
    row.append(name, ...[significant(value), unit, note].map((text) => {
      const cell = document.createElement("td");
      cell.append(...symbols(text));
      return cell;
    }));
    body.append(row);
  }
  table.append(body);
  show(container, top, sentence, ...balance(decision), table);
}

function headed() {
  const top = Object.assign(document.createElement("div"), { className: "heading" });
  top.append(document.createElement("h2"), explainButton(ofView("decision")));
  return top;
}

/** The heading stays in place, since its button may have the focus. @param {HTMLElement} container @param {Element} top @param {Element[]} rest */
function show(container, top, ...rest) {
  if (top.parentElement !== container) container.replaceChildren(top);
  while (top.nextSibling) top.nextSibling.remove();
  container.append(...rest);
}

/** Two bars on one scale: what a move offers and what it costs. @param {any} decision */
export function balance({ expected_gain: gain, switch_cost: cost, fresh_rate: fresh, local_rate: local }) {
  const pair = gain !== undefined && cost !== undefined ? [["a move offers", gain], ["a move costs", cost]]
    : fresh !== undefined && local !== undefined ? [["a new region, per second", fresh], ["here, per second", local]] : null;
  if (!pair) return [];
  const [width, label] = [300, 128];
  const most = Math.max(pair[0][1], pair[1][1]) || 1;
  const root = svg("svg", { viewBox: `0 0 ${width} 44`, class: "balance", role: "img", "aria-label": `${pair[0][0]} ${significant(pair[0][1])}; ${pair[1][0]} ${significant(pair[1][1])}` });
  pair.forEach(([text, value], i) => {
    const y = 4 + i * 20;
    root.append(
      svg("text", { x: 0, y: y + 11 }, text),
      svg("rect", { x: label, y, width: Math.max(((width - label - 50) * value) / most, 1), height: 14, rx: 2, class: i === 0 ? "offer" : "price" }),
      svg("text", { x: label + ((width - label - 50) * value) / most + 5, y: y + 11 }, significant(value)),
    );
  });
  return [root];
}

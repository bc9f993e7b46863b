// @ts-check
// Ensembles: many campaigns at once, and what is typical of them.
import { byId, setText } from "../dom.js";
import { duration, significant } from "../format.js";
import { COLOURS, DASHES, drawBands } from "./bands.js";
import { FormError, RULES_MAP, fillForm, linkedForm, prepareForm, readForm, specOf } from "./form.js";
import { drawMap, mapOf, valueText } from "./map.js";
import { partOf } from "./part.js";
import { startStudy } from "./pool.js";

/** Curves that can still be told apart. */
const MOST_CURVES = 8;

/**
 * @param {any} description of the engine @param {() => { config: any, preset: string, link: string }} current what is set now
 * @param {() => void} changed the study is another now @param {import("../share/study.js").Study | null} linked asked for by the address
 */
export function connectStudy(description, current, changed, linked) {
  const run = byId("study-run", HTMLButtonElement);
  const cancel = byId("study-cancel", HTMLButtonElement);
  const bar = byId("study-progress", HTMLProgressElement);
  /** @type {Awaited<ReturnType<typeof startStudy>> | null} */
  let running = null;
  /** @type {{ result: any, ended: boolean, from: { preset: string, link: string } } | null} */
  let study = null;
  let from = { preset: "", link: "" };
  let asked = 0;
  prepareForm(description);
  const rules = new Map(description.parameters.find((/** @type {any} */ p) => p.path === "planner.rule").choices.map((/** @type {any} */ c) => [c.value, c.label]));
  const ruleName = (/** @type {string} */ rule) => String(rules.get(rule) ?? rule);
  const label = (/** @type {string} */ path) => (path === "elements" ? "number of components" : description.parameters.find((/** @type {any} */ p) => p.path === path)?.label ?? path);

  const named = (/** @type {string} */ path, /** @type {any} */ value) => {
    const unit = description.parameters.find((/** @type {any} */ p) => p.path === path)?.unit;
    return path === "elements" ? `n = ${value.length}` : `${label(path)} ${valueText(value)}${unit ? ` ${unit}` : ""}`;
  };

  const say = (/** @type {string} */ text) => setText("study-message", text);
  const settle = () => {
    running = null;
    run.disabled = false;
    byId("study-running", HTMLElement).hidden = true;
  };

  run.addEventListener("click", async () => {
    const mine = (asked += 1);
    for (const input of byId("study-form", HTMLElement).querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    run.disabled = true;
    say("");
    try {
      const { config, preset, link } = current();
      const spec = specOf(readForm(), structuredClone(config));
      bar.value = 0;
      if (study) study.ended = true;
      setText("study-left", "starting");
      byId("study-running", HTMLElement).hidden = false;
      const started = await startStudy(spec, { progress, summary, failed });
      if (mine !== asked) return started.cancel();
      from = { preset, link };
      running = started;
    } catch (error) {
      settle();
      const { id, message, errors } = /** @type {any} */ (error);
      if (error instanceof FormError) byId(id, HTMLElement).setAttribute("aria-invalid", "true");
      say(errors ? errors.map((/** @type {any} */ e) => e.message).join(" ") : message);
    }
  });
  cancel.addEventListener("click", () => {
    asked += 1;
    running?.cancel();
    settle();
    if (!study) say("Cancelled.");
    else say(study.ended ? "Cancelled; what is shown is of the study before." : `Cancelled; what is shown is of ${partOf(study.result) ?? "all campaigns"}.`);
    run.focus();
  });
  byId("study-map-preset", HTMLButtonElement).addEventListener("click", () => { fillForm(RULES_MAP); changed(); say("Set; the sweep takes the settings as they are."); });
  byId("study-form", HTMLElement).addEventListener("input", changed);
  if (linked) {
    fillForm(linked);
    byId("study-settings", HTMLDetailsElement).open = true;
    say("Set as the link has it; it is not run by itself.");
  }
  for (const id of ["study-log", "study-axis", "study-curve"]) byId(id, HTMLElement).addEventListener("change", draw);
  byId("study-download", HTMLButtonElement).addEventListener("click", () => {
    if (!study) return;
    const url = URL.createObjectURL(new Blob([JSON.stringify(study.result)], { type: "application/json" }));
    Object.assign(document.createElement("a"), { href: url, download: `gridscout-study-${study.result.spec.first_seed}-${study.result.spec.last_seed}.json` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });

  function progress(/** @type {number} */ done, /** @type {number} */ all, /** @type {number | null} */ secsLeft) {
    bar.max = all;
    bar.value = done;
    setText("study-left", `${done} of ${all} campaigns${secsLeft === null ? "" : `, about ${duration(Math.ceil(secsLeft))} left`}`);
  }

  function summary(/** @type {any} */ result, /** @type {boolean} */ ended) {
    study = { result, ended, from };
    if (ended) {
      settle();
      const failed = result.cells.reduce((/** @type {number} */ n, /** @type {any} */ cell) => n + cell.failed, 0);
      const runs = result.cells.reduce((/** @type {number} */ n, /** @type {any} */ cell) => n + cell.runs, 0);
      say(`${runs} campaigns.${failed ? ` ${failed} could not be run: their seeds draw a library that cannot be explored.` : ""}`);
    }
    draw();
  }

  function failed(/** @type {Error} */ error) {
    settle();
    say(`The study stopped: ${error.message}`);
  }

  /** What is shown, in its parts; null before the first study. */
  function shown() {
    if (!study) return null;
    const { result, from } = study;
    const { cells, spec } = result;
    const name = (/** @type {any} */ cell) => [
      ...(spec.rules.length ? [ruleName(cell.rule)] : []),
      ...spec.axes.map((/** @type {any} */ axis, /** @type {number} */ i) => named(axis.path, cell.values[i])),
    ].join(", ") || `seeds ${spec.first_seed} to ${spec.last_seed}`;
    const names = /** @type {string[]} */ (cells.map(name));
    const axis = /** @type {"iteration" | "time"} */ (byId("study-axis", HTMLSelectElement).value);
    const key = /** @type {"mean_sd" | "mean_abs_error"} */ (byId("study-curve", HTMLSelectElement).value);
    return {
      result, from, names,
      curves: /** @type {{ label: string, bands: any }[]} */ (cells.slice(0, MOST_CURVES).map((/** @type {any} */ cell, /** @type {number} */ i) => ({ label: names[i], bands: axis === "time" ? cell.by_time : cell.by_iteration }))),
      how: { key, axis, log: byId("study-log", HTMLInputElement).checked, title: `${key === "mean_sd" ? "Mean predictive sd" : "Mean absolute error"}: medians, and between the quartiles` },
      rows: /** @type {string[][]} */ (cells.map((/** @type {any} */ cell) => [String(cell.runs), three(cell.time_secs, duration), three(cell.regions, number), three(cell.mean_sd, number), three(cell.mean_abs_error, number),
        ...(cell.reached ? [`${three(cell.reached.time_secs, duration)}; ${cell.reached.count} of ${cell.runs}`] : [])])),
      map: mapOf(result, label, ruleName),
    };
  }

  function draw() {
    const seen = shown();
    if (!seen) return;
    byId("study-result", HTMLElement).hidden = false;
    const { names, curves, how, result: { cells } } = seen;
    drawBands(byId("study-bands", HTMLElement), curves, how);
    const rows = names.map((name, i) => {
      const row = document.createElement("tr");
      const head = Object.assign(document.createElement("th"), { scope: "row" });
      if (i < MOST_CURVES) head.append(swatch(i));
      head.append(name);
      row.append(head, ...seen.rows[i].map((text) => Object.assign(document.createElement("td"), { textContent: text })));
      return row;
    });
    byId("study-reached", HTMLElement).hidden = !cells[0]?.reached;
    byId("study-cells", HTMLElement).replaceChildren(...rows);
    setText("study-more", cells.length > MOST_CURVES ? `Curves of the first ${MOST_CURVES} of ${cells.length} configurations; all are in the table.` : "");
    drawMap(byId("study-map", HTMLElement), seen.map);
  }
  return { redraw: draw, shown, asked: linkedForm };
}

/** Median and quartiles. @param {any} q @param {(x: number) => string} text */
const three = (q, text) => (q.median === null ? "–" : `${text(q.median)} (${q.low === null ? "–" : text(q.low)} to ${q.high === null ? "–" : text(q.high)})`);
const number = (/** @type {number} */ x) => significant(x, 3);

/** The line of a curve in small. @param {number} i */
function swatch(i) {
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  root.setAttribute("class", "swatch");
  root.setAttribute("viewBox", "0 0 24 10");
  root.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", "M0,5H24");
  line.setAttribute("stroke", COLOURS[i]);
  line.setAttribute("stroke-width", "3");
  line.setAttribute("stroke-dasharray", DASHES[i]);
  root.append(line);
  return root;
}

// @ts-check
// Two campaigns side by side, linked by the time of the instrument: one is kept, the other is the one in view.
import { entries } from "../campaign.js";
import { byId, setText } from "../dom.js";
import { duration, significant } from "../format.js";
import { pace } from "../pace.js";
import { isOwn } from "../share/link.js";
import { createGridView } from "../views/grid.js";
import { createSimplexView } from "../views/simplex.js";
import { computeAgain } from "./again.js";
import { drawTwo } from "./curves.js";
import { differences, entryAt, inWords, linkHolds, sameLibrary, timeToError } from "./differences.js";

/** @typedef {import("../types.js").Campaign} Campaign @typedef {import("../types.js").View} View @typedef {{ preset: string, link: string, digest: string | null }} From where a campaign comes from */

/**
 * @param {{ campaign: Campaign | null, view: View, running: boolean, preset: string, summary: any }} app @param {import("../share/link.js").Description} description of the engine
 * @param {{ redraw: () => void, remark: (text: string) => void, link: (alone?: boolean) => string, linkTo: (of: import("../share/link.js").Of) => string }} page
 *   `link` is to what is in view, with what it is compared with or `alone`
 * @param {import("../share/link.js").Kept | null} asked for by the address
 */
export function connectCompare(app, description, { redraw, remark, link, linkTo }, asked) {
  const { parameters } = description;
  /** @type {Campaign | null} */
  let kept = null;
  /** @type {From} */
  let keptFrom = { preset: "", link: "", digest: null };
  /** What the address asks for, while it is computed. @type {{ asked: import("../share/link.js").Kept, end: () => void } | null} */
  let awaited = null;
  /** B as it was described last. @type {Campaign | null} */
  let described = null;
  /** Four more pictures at every step of a campaign would hold it up. */
  const now = pace(250, redraw);
  const keep = byId("compare-keep", HTMLButtonElement);
  const slider = byId("compare-time", HTMLInputElement);
  const error = byId("compare-error", HTMLInputElement);
  const result = byId("compare-result", HTMLElement);
  const on = { onView: redraw };
  const canvas = (/** @type {string} */ id) => byId(id, HTMLCanvasElement);
  const views = (/** @type {string} */ side) => {
    const place = byId(`compare-pads-${side}`, HTMLElement);
    return { grid: createGridView(canvas(`compare-grid-${side}`), on, place), simplex: createSimplexView(canvas(`compare-simplex-${side}`), on, place) };
  };
  const sides = /** @type {const} */ (["a", "b"]).map((side) => ({
    side, ...views(side),
  }));

  /** Of the campaign in view. @returns {From} */
  const from = () => ({ preset: app.preset, link: link(), digest: app.campaign?.ended ? app.summary?.digest ?? null : null });

  /** @param {Campaign | null} campaign @param {From} of @param {string} words */
  function keepThis(campaign, of, words) {
    endWaiting();
    kept = campaign;
    keptFrom = of;
    setText("compare-message", words);
    described = null;
    redraw();
  }
  keep.addEventListener("click", () => {
    slider.dataset.asked = "";
    if (app.campaign) keepThis(app.campaign, { ...from(), link: link(true) }, `Kept as A. Change a setting or the planner: what you then run is B, and ${linkHolds(app.campaign)}.`);
  });
  byId("compare-drop", HTMLButtonElement).addEventListener("click", () => {
    keepThis(null, keptFrom, "");
    keep.focus();
  });

  function endWaiting() {
    awaited?.end();
    awaited = null;
    byId("compare-progress", HTMLProgressElement).hidden = true;
  }

  /** @param {import("../share/link.js").Kept} asked */
  async function computed(asked) {
    const bar = byId("compare-progress", HTMLProgressElement);
    const most = asked.iteration ?? asked.config.stop.iterations;
    const { done, end } = computeAgain(asked, description, (campaign) => { if (most) bar.value = entries(campaign) / (most + 1); });
    const mine = (awaited = { asked, end });
    bar.hidden = false;
    setText("compare-message", "A, which the link compares with, is being computed.");
    try {
      const { campaign, digest, problems } = await done;
      if (awaited !== mine) return;
      keepThis(campaign, { preset: asked.preset, link: linkTo({ ...asked, config: campaign.config }), digest }, "A is what the link compares with.");
      if (problems.length) remark(`Of what the link compares with: ${problems.join(" ")}`);
    } catch (error) {
      if (awaited !== mine) return;
      keepThis(null, keptFrom, `What the link compares with cannot be computed: ${/** @type {Error} */ (error).message}`);
    }
  }
  if (asked) void computed(asked);
  for (const control of [slider, error]) control.addEventListener("input", redraw);
  // At its end the slider follows the longer campaign; elsewhere it stays at the time that was asked for, here or by a link.
  slider.addEventListener("input", () => { slider.dataset.asked = Number(slider.value) < Number(slider.max) ? slider.value : ""; });

  /** @param {Campaign} a @param {Campaign} b */
  function describe(a, b) {
    const found = differences(a.config, b.config, parameters);
    byId("compare-differences", HTMLElement).replaceChildren(...found.map(({ label, unit, a: x, b: y }) => {
      const row = document.createElement("tr");
      row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: `${label}${unit ? ` (${unit})` : ""}` }), ...[x, y].map((v) => Object.assign(document.createElement("td"), { textContent: inWords(v) })));
      return row;
    }));
    setText("compare-library", sameLibrary(found) ? "Both explore the same particles with the same hidden property." : "They explore different particles or properties: only what is typical of many campaigns can be compared (see Many campaigns).");
  }

  /** Draws when something is kept and the section is open. */
  function draw() {
    keep.disabled = !app.campaign || entries(app.campaign) === 0;
    const b = app.campaign;
    // What is kept may still be on its way.
    if (kept && b === kept) keptFrom = { ...keptFrom, digest: from().digest };
    result.hidden = !kept || !b || b === kept || entries(b) === 0;
    byId("compare-drop", HTMLButtonElement).hidden = !kept && !awaited;
    if (!kept || !b || result.hidden || (app.running && !now())) return;
    const a = kept;
    if (described !== b) describe(a, (described = b));
    const end = Math.max(a.series.time_secs.at(-1) ?? 0, b.series.time_secs.at(-1) ?? 0);
    slider.max = String(Math.ceil(end));
    slider.value = slider.dataset.asked || slider.max;
    const secs = Number(slider.value);
    slider.setAttribute("aria-valuetext", duration(secs));
    setText("compare-time-text", duration(secs));
    for (const { side, grid, simplex } of sides) {
      const campaign = side === "a" ? a : b;
      const entry = entryAt(campaign.series.time_secs, secs);
      const view = { ...app.view, cursor: entry, hover: -1, next: null };
      grid.draw(campaign, view);
      simplex.draw(campaign, view, null);
      canvas(`compare-grid-${side}`).setAttribute("aria-label", `${side.toUpperCase()}: ${grid.summary(campaign, view)}`);
      canvas(`compare-simplex-${side}`).setAttribute("aria-label", `${side.toUpperCase()}: ${simplex.summary(campaign, view)}`);
      setText(`compare-state-${side}`, entry < 0 ? "nothing measured yet" : `${campaign.series.measured[entry]} measured, mean error ${significant(campaign.series.mean_abs_error[entry])}`);
    }
    const { wanted, bad } = errorAsked();
    error.setAttribute("aria-invalid", String(bad));
    setText("compare-reached", bad ? `The error to reach is ${error.value}; allowed: a number above 0.` : wanted === null ? "" : reached(a, b, wanted));
    drawTwo(byId("compare-curves", HTMLElement), { a, b }, how());
  }

  /** The error to reach, if one is asked for. */
  function errorAsked() {
    const wanted = error.value.trim() === "" ? null : Number(error.value);
    return { wanted, bad: wanted !== null && !(wanted > 0 && Number.isFinite(wanted)) };
  }
  /** How the curves are drawn. */
  function how() {
    const { wanted, bad } = errorAsked();
    const key = /** @type {"mean_sd" | "mean_abs_error"} */ (byId("compare-curve", HTMLSelectElement).value);
    return { key, log: byId("compare-log", HTMLInputElement).checked, secs: Number(slider.value), error: bad ? null : wanted };
  }

  return {
    draw,
    /** A, for a link; none while it is what is in view, or when an instrument measured it. @returns {import("../share/link.js").Kept | null} */
    kept() {
      if (awaited) return awaited.asked;
      if (!kept || kept === app.campaign || kept.by) return null;
      return { preset: keptFrom.preset, config: kept.config, own: isOwn(kept.config), iteration: kept.ended ? null : entries(kept) - 1 };
    },
    /** Whether there is an A that no link holds. */
    measuredA: () => Boolean(kept && kept !== app.campaign && kept.by),
    /** What is shown, for an export, iteration −1 where nothing is measured yet; null while there are no two. */
    shown() {
      const b = app.campaign;
      if (!kept || !b || b === kept || !entries(b)) return null;
      const { secs, error: wanted } = how();
      const two = [kept, b].map((campaign, k) => ({
        campaign, ...[keptFrom, from()][k], iteration: entryAt(campaign.series.time_secs, secs), grid: sides[k].grid, simplex: sides[k].simplex,
      }));
      return { two, how: how(), differences: differences(kept.config, b.config, parameters), reached: wanted === null ? "" : reached(kept, b, wanted) };
    },
  };
}

/** @param {Campaign} a @param {Campaign} b @param {number} error */
function reached(a, b, error) {
  const [ta, tb] = [timeToError(a, error), timeToError(b, error)];
  const text = (/** @type {number | null} */ t, /** @type {Campaign} */ of) => (t !== null ? `after ${duration(t)}` : of.ended ? "never" : "not yet");
  const faster = ta !== null && tb !== null && ta > 0 && tb > 0 && ta !== tb ? `; ${ta < tb ? "A" : "B"} is ${significant(Math.max(ta, tb) / Math.min(ta, tb))} times faster` : "";
  return `A mean absolute error of ${significant(error)}: A ${text(ta, a)}, B ${text(tb, b)}${faster}.`;
}

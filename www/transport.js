// @ts-check
// Run, pause, step, reset, speed, and going back and forth through the record.
import { entries } from "./campaign.js";
import { byId } from "./dom.js";

/**
 * @param {{ campaign: import("./types.js").Campaign | null, view: import("./types.js").View, running: boolean, following: boolean, goal: number | null, driven: boolean }} app
 * @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 * @param {{ redraw: () => void, reopen: (run: boolean) => void }} on
 */
export function connectTransport(app, engine, on) {
  const run = byId("run", HTMLButtonElement);
  const speed = byId("speed", HTMLSelectElement);
  const scrub = byId("scrub", HTMLInputElement);
  const rate = () => (speed.value === "top" ? Infinity : Number(speed.value));

  /** @param {number} [speed] iterations per second */
  const start = (speed = rate()) => {
    if (!app.campaign || app.campaign.ended) return;
    app.running = true;
    app.following = app.goal === null;
    void engine.call("run", { speed });
    show();
  };
  const pause = () => {
    app.running = false;
    app.goal = null;
    void engine.call("pause");
    show();
  };
  const step = () => {
    if (app.running) pause();
    const last = app.campaign ? entries(app.campaign) - 1 : 0;
    // A step behind the end only looks; at the end it measures.
    if (app.view.cursor < last) seek(app.view.cursor + 1);
    else { app.following = true; void engine.call("step", { count: 1 }); }
  };
  /** @param {number} entry @param {boolean} [end] whatever the last is by now: a campaign that runs is ahead of what is drawn */
  const seek = (entry, end = false) => {
    const last = app.campaign ? Math.max(entries(app.campaign) - 1, 0) : 0;
    app.view.cursor = end ? last : Math.min(Math.max(Math.round(entry), 0), last);
    app.following = app.running && app.view.cursor === last;
    app.goal = null;
    on.redraw();
  };

  run.addEventListener("click", () => {
    if (app.campaign?.ended) { on.reopen(true); return; }
    if (app.running) pause();
    else start();
  });
  byId("step", HTMLButtonElement).addEventListener("click", step);
  const reset = byId("reset", HTMLButtonElement);
  reset.addEventListener("click", () => { pause(); on.reopen(false); });
  speed.addEventListener("change", () => void engine.call("speed", { speed: rate() }));
  scrub.addEventListener("input", () => seek(Number(scrub.value)));
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input:not(#scrub), select, textarea, summary, a")) return;
    // A character is a command only where one looks at the campaign: elsewhere somebody may be dictating, and Space scrolls.
    const here = target.closest("#transport, .view, #curves") !== null;
    if (event.key === "." && here) step();
    // What has ended is not run again by a key that is pressed to scroll.
    else if (event.key === " " && here && !app.campaign?.ended && !target.closest("input, button")) run.click();
    else return;
    event.preventDefault();
  });

  /** Bring the controls in line with the state. */
  function show() {
    const last = app.campaign ? Math.max(entries(app.campaign) - 1, 0) : 0;
    run.textContent = app.campaign?.ended ? "Run again" : app.running ? "Pause" : "Run";
    // What an instrument has done cannot be taken back.
    reset.disabled = app.driven && !app.campaign?.ended;
    byId("step", HTMLButtonElement).disabled = !app.campaign || (Boolean(app.campaign.ended) && app.view.cursor >= last);
    scrub.max = String(last);
    scrub.value = String(app.view.cursor);
    const limit = app.campaign?.config.stop.iterations;
    byId("scrub-text", HTMLOutputElement).textContent = `${app.view.cursor} / ${limit ?? last}`;
    scrub.setAttribute("aria-valuetext", app.view.cursor === 0 ? "after the seeds" : `after iteration ${app.view.cursor} of ${last}`);
  }
  return { start, pause, seek, show };
}

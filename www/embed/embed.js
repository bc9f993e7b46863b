// @ts-check
// One embed: its attributes, its views and its campaign, held together.
import { onResize } from "../size.js";
import { readLook } from "./attributes.js";
import { connectControls, offer, paramTexts, show } from "./controls.js";
import { csv, png, svg } from "./exports.js";
import { createFigures } from "./figures.js";
import { build } from "./markup.js";
import { openNearest } from "./open_nearest.js";
import { createPlayer } from "./player.js";
import { showProblems } from "./problems.js";
import { readSaved, unlike } from "./saved.js";
import { fault } from "./wanted.js";

/** @typedef {import("./wanted.js").Fault} Fault */

/** @param {HTMLElement} host @param {ShadowRoot} root */
export function createEmbed(host, root) {
  let look = readLook(host);
  /** @type {any} */ let description = null;
  /** `saved`: of what `src` names. @type {import("./wanted.js").Wanted & { saved: import("./saved.js").Saved } | null} */ let wanted = null;
  /** @type {ReturnType<typeof createFigures>} */ let figures;
  /** @type {ReturnType<typeof build>} */ let parts;
  /** What went wrong since it was opened; where nothing could be, all there is to say. @type {Fault[]} */ let later = [];
  let words = "Loading gridscout …";
  let loads = 0;
  /** @type {Promise<any> | null} */ let ready = null;
  let [drawing, telling, greeted] = [false, false, false];
  /** @type {(error: Error) => void} */ let leave = () => {};
  /** Rejects when the element is taken from the page: nobody waits for it any longer. @type {Promise<never>} */
  const gone = new Promise((_, reject) => { leave = reject; });
  gone.catch(() => {});

  const emit = (/** @type {string} */ name, /** @type {any} */ detail) =>
    host.dispatchEvent(new CustomEvent(`gridscout-${name}`, { detail, bubbles: true, composed: true }));
  /** @param {Fault[]} faults */
  const complain = (faults) => { if (faults.length) emit("error", { errors: faults }); };
  /** Nobody waits for it: what goes wrong is shown, and told by an event. @param {Promise<any>} doing */
  const quietly = (doing) => void doing.catch(() => {});

  const player = createPlayer({
    preparing: (share) => { words = `Preparing the library: ${Math.round(100 * share)} %`; redraw(); },
    stepped: () => emit("step", { iteration: player.last(), ...latest() }),
    ended: () => { verify(); emit("end", result()); },
    changed: () => { redraw(); tell(); },
    failed: brokeOff,
  });
  const latest = () => {
    const { series } = /** @type {import("../types.js").Campaign} */ (player.state.campaign);
    const i = player.last();
    return { time_secs: series.time_secs[i], cost: series.cost[i], mean_sd: series.mean_sd[i], mean_abs_error: series.mean_abs_error[i] };
  };

  /** All there is to say of where it stands; enough to come back to. */
  const state = () => ({
    version: 1, preset: wanted?.preset.id ?? null, seed: wanted?.seed ?? null, params: wanted?.params ?? {}, src: look.src || null, ui: look.ui, theme: look.theme,
    iteration: player.state.cursor, running: player.state.running, ended: player.state.campaign?.ended ?? null, digest: player.state.summary?.digest ?? null,
  });
  /** What came of it; null before the end. */
  const result = () => {
    const { summary } = player.state;
    return summary && { digest: summary.digest, ended: summary.ended, iteration: player.last(), summary, state: state() };
  };
  /** Once for all that changed together. */
  const tell = () => {
    if (telling) return;
    telling = true;
    queueMicrotask(() => { telling = false; emit("state", state()); });
  };

  function draw() {
    figures.draw(words);
    if (wanted) show(parts, player, wanted);
    if (player.state.running) void player.call("drawn");
  }
  function redraw() {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => { drawing = false; draw(); });
  }

  /** Dress as the attributes say; the form is built anew when it is another. */
  function dress() {
    const before = look.ui;
    look = readLook(host);
    if (!parts || before !== look.ui) {
      parts = build(look.ui);
      root.replaceChildren(parts.frame);
      figures = createFigures(parts, player, { redraw, seek: (entry) => quietly(player.seek(entry)) });
      connectControls(parts, {
        running: () => player.state.running || player.state.measuring > 0,
        run: () => quietly(player.state.campaign?.ended ? load().then(() => api.run()) : api.run()),
        pause: player.pause,
        step: () => { if (player.state.running) player.pause(); quietly(player.step(() => player.state.cursor + 1)); },
        reset: () => quietly(api.reset()),
        seek: (entry) => quietly(player.seek(entry)),
        preset: (id) => { host.removeAttribute("params"); host.removeAttribute("src"); host.setAttribute("preset", id); },
        seed: (text) => host.setAttribute("seed", text),
      });
    }
    // The faults of the look stand beside those of the campaign.
    parts.frame.dataset.theme = look.theme;
    if (look.poster && !parts.poster.querySelector("img")) parts.poster.prepend(Object.assign(document.createElement("img"), { alt: "" }));
    const image = parts.poster.querySelector("img");
    if (image) { image.hidden = !look.poster; image.src = look.poster; }
    // White space between the tags is no picture.
    const covered = !wanted && (Boolean(look.poster) || host.children.length > 0 || host.textContent?.trim() !== "");
    parts.poster.hidden = !covered;
    parts.content.hidden = covered;
    figures.recolour();
    if (wanted) settled();
    showFaults();
    redraw();
  }

  /** What could not be used, and what is shown instead. */
  function showFaults() {
    const { preset, seed, faults } = wanted ?? { faults: [] };
    const instead = wanted ? `Shown: ${[preset.title, `seed ${seed}`, ...paramTexts(wanted)].join(", ")}.` : "Nothing can be computed here.";
    showProblems(parts.problems, wanted || later.length ? [...look.faults, ...faults, ...later] : [], instead);
  }

  /** Bring the fixed parts in line with what is shown. */
  function settled() {
    if (!wanted) return;
    offer(parts.preset, description);
    parts.preset.value = wanted.preset.id ?? "";
    parts.seed.value = String(wanted.seed);
  }

  /** Open what the attributes ask for. Resolves to the state when it is shown; rejects when nothing can be. */
  async function open() {
    const mine = (loads += 1);
    player.overtake();
    try {
      description ??= await player.call("describe");
      /** @type {Fault[]} */
      const faults = [];
      const saved = look.src ? await readSaved(look.src, description.version, faults) : {};
      const of = (/** @type {string} */ name) => host.getAttribute(name);
      if (mine !== loads) return ready;
      const asked = { preset: saved.preset ?? of("preset"), seed: of("seed") ?? saved.seed, params: of("params") ?? saved.params, config: saved.config };
      const opened = await openNearest(player, description, asked, (nearest) => inView({ ...nearest, saved, faults: [...faults, ...nearest.faults] }));
      if (mine !== loads) return ready;
      if (!opened) return state();
    } catch (error) {
      if (mine === loads) fail(/** @type {Error} */ (error));
      throw error;
    }
    // A report shows what came out, not how.
    if (look.ui === "report") quietly(player.run(Infinity));
    else if (look.autoplay) quietly(player.run(look.speed));
    else if (wanted?.saved.iteration) await reach(wanted.saved.iteration);
    return state();
  }

  /** Another campaign is in view: from here on all that is said is of it. @param {NonNullable<typeof wanted>} now */
  function inView(now) {
    wanted = now;
    later = [];
    dress();
    figures.opened();
    complain([...look.faults, ...now.faults]);
    if (!greeted) emit("ready", { engine: description.version, state: state() });
    greeted = true;
  }

  /** Whether the campaign of a record ended as that says. Once is enough, however often it is run again. */
  function verify() {
    if (!wanted) return;
    const faults = unlike(wanted.saved, wanted.config, player.state.summary.digest);
    wanted.faults.push(...faults);
    delete wanted.saved.digest;
    showFaults();
    complain(faults);
  }

  /** Nothing can be computed here: say so where the views would be. @param {Error} error */
  function fail(error) {
    later = [fault("engine", error.message, "a browser with WebAssembly and Workers, and a page whose security policy lets both run (script-src 'wasm-unsafe-eval'; worker-src blob:)")];
    words = "gridscout cannot run here.";
    showFaults();
    complain(later);
    redraw();
  }

  /** The campaign in view cannot go on. @param {string} why */
  function brokeOff(why) {
    const message = `The campaign broke off after iteration ${player.last()} (${why}); what was computed until then is shown, and a reset begins it anew`;
    later = [{ field: "engine", value: why, allowed: "a campaign that goes on to its end", message }];
    showFaults();
    complain(later);
  }

  /** Look at an entry; what was not measured yet is measured first, and what there is none of is said. @param {number} entry */
  async function reach(entry) {
    const { campaign } = player.state;
    await player.seek(entry);
    if (campaign !== player.state.campaign) return;
    const last = player.last();
    const faults = campaign?.ended && entry > last ? [fault("iteration", entry, `0 … ${last}, where the campaign ended`)] : [];
    later = [...later.filter(({ field }) => field !== "iteration"), ...faults];
    showFaults();
    complain(faults);
  }

  /** Once for all attributes that are set together. */
  function load() {
    /** @type {Promise<any>} */
    const asked = Promise.resolve().then(() => (ready === asked ? open() : ready));
    ready = asked;
    // Who does not wait is told by the event.
    asked.catch(() => {});
    return asked;
  }

  /** A way to run that is set later holds from then on. @param {string} name of the attribute */
  function follow(name) {
    if (name === "loading" && !look.lazy && !ready) return void load();
    if (!wanted || !player.state.campaign) return;
    if (name === "ui" && look.ui === "report") quietly(player.run(Infinity));
    if (name === "autoplay" && look.autoplay && !player.state.running) quietly(player.run(look.speed));
    if (name === "speed" && player.state.running) void player.call("speed", { speed: look.speed });
  }

  const schemes = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((asked) => matchMedia(asked));
  const recolour = () => { figures.recolour(); redraw(); };
  // What is printed is printed at once, light, and no frame comes before it.
  const print = () => { parts.frame.dataset.theme = "light"; parts.frame.dataset.printing = ""; figures.recolour(); draw(); };
  const printed = () => { parts.frame.dataset.theme = look.theme; delete parts.frame.dataset.printing; recolour(); };
  for (const scheme of schemes) scheme.addEventListener("change", recolour);
  addEventListener("beforeprint", print);
  addEventListener("afterprint", printed);
  const endResize = onResize(redraw);
  dress();

  /** @returns {Promise<Parameters<typeof svg>>} */
  async function pictured() {
    await api.ready;
    const campaign = /** @type {import("../types.js").Campaign} */ (player.state.campaign);
    const from = state();
    return [await figures.drawn(campaign), root.adoptedStyleSheets, description, from];
  }

  const api = {
    load,
    dress,
    follow,
    gone,
    get ready() { return ready ?? load(); },
    get lazy() { return look.lazy; },
    get started() { return ready !== null; },
    state,
    result,
    complain,
    faultsOfLook: (/** @type {string} */ name) => look.faults.filter(({ field }) => field === name),
    async run() { await api.ready; await player.run(look.speed); return state(); },
    async pause() { await api.ready; player.pause(); return state(); },
    /** @param {number} count */
    async step(count) { await api.ready; if (player.state.running) player.pause(); await player.step(() => player.last() + count); return state(); },
    /** @param {number} entry */
    async seek(entry) { await api.ready; await reach(entry); return state(); },
    async reset() {
      await api.ready;
      player.pause();
      await player.open(/** @type {import("./wanted.js").Wanted} */ (wanted).config, () => { later = []; showFaults(); figures.opened(); });
      return state();
    },
    async csv() { await api.ready; return csv(/** @type {any} */ (player.state.campaign), { ...state(), seed: /** @type {number} */ (wanted?.seed), version: description.version }); },
    async png() { return png(...(await pictured())); },
    async svg() { return svg(...(await pictured())); },
    close() {
      loads += 1;
      endResize();
      for (const scheme of schemes) scheme.removeEventListener("change", recolour);
      removeEventListener("beforeprint", print);
      removeEventListener("afterprint", printed);
      player.close();
      leave(new Error("<grid-scout> was taken from the page"));
    },
  };
  return api;
}

// @ts-check
// The embed in a notebook (anywidget): traits of the kernel's object and the element follow each other. A model may have several views:
// what happens in one is told by that one, and the others follow and say nothing.

/** Traits that say which campaign it is, and how it is shown. */
const CAMPAIGN = ["preset", "seed", "params"];
const LOOK = ["ui", "theme", "autoplay", "speed"];
/** The kernel is told of a running campaign this often at most, ms. */
const TELL_MS = 250;
/** What was told longer ago than this has arrived, ms. */
const ARRIVED_MS = 2000;
/** More than any campaign has. */
const TO_THE_END = 1e6;

/** @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void, on: (event: string, run: () => void) => void, off: (event: string, run: () => void) => void }} Model */
/** @typedef {import("./element.js").GridScout & Record<string, any>} Scout */

const same = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a) === JSON.stringify(b);
/** The view that is setting traits just now; else it is the kernel. @type {Scout | null} */
let speaker = null;

/** @param {{ model: Model, el: HTMLElement }} context @returns {() => void} ends it */
export function render({ model, el }) {
  const element = /** @type {Scout} */ (document.createElement("grid-scout"));
  const given = (/** @type {string} */ name) => (model.get(name) === "" ? null : model.get(name));
  /** Campaigns and iterations asked for and not shown yet; until then the element speaks of what was before. */
  let awaited = 0;
  let told = -Infinity;
  /** As this view knew it last: it says nothing of what another forgot. */
  let digest = model.get("digest");

  /** @param {() => void} set */
  const speak = (set) => {
    const before = speaker;
    speaker = element;
    try { set(); } finally { speaker = before; }
    model.save_changes();
  };
  /** What came from the kernel is not told to it again. @param {Record<string, any>} news */
  const tell = (news) => {
    const changed = Object.entries(news).filter(([name, value]) => !same(model.get(name), value));
    if (!changed.length) return;
    speak(() => { for (const [name, value] of changed) model.set(name, value); });
    told = performance.now();
  };
  const tellState = () => {
    const state = element.getState();
    // Before anything is shown there is nothing to tell.
    if (!state || state.seed === null || awaited) return;
    if (state.running && performance.now() - told < TELL_MS) return;
    const { preset, seed, params, iteration } = state;
    const ended = state.digest ?? "";
    tell({ preset: preset ?? "", seed, params, iteration, ...(ended === digest ? {} : { digest: ended }) });
    digest = ended;
  };
  /** Wait for what is asked for now, then say what is shown. @param {() => any} ask */
  const settle = async (ask) => {
    awaited += 1;
    try { await ask(); } catch { /* Told by the event. */ } finally { awaited -= 1; }
    tellState();
  };
  /** To the place that the model has when a campaign is shown. */
  const place = async () => {
    await element.ready;
    await element.seek(Math.max(model.get("iteration") ?? 0, 0));
  };
  /** What is shown once more, or put back into the page, shows where it was left; what had ended ends again. */
  const resume = () => {
    digest = model.get("digest");
    if (element.autoplay || !(digest || model.get("iteration") > 0)) return;
    void settle(async () => {
      if (digest) await element.step(TO_THE_END);
      await place();
    });
  };

  /** What is good again is not complained of any longer. @param {string} field */
  const forgive = (field) => tell({ errors: (model.get("errors") ?? []).filter((/** @type {any} */ error) => error.field !== field) });
  const seek = async () => {
    const [wanted, byKernel] = [model.get("iteration"), speaker === null];
    if (speaker === element || wanted < 0 || (wanted === element.iteration && !awaited)) return;
    const crossed = byKernel && performance.now() - told < ARRIVED_MS;
    if (byKernel) forgive("iteration");
    await settle(() => element.seek(wanted));
    if (crossed && element.getState()) confirm();
  };
  /** The kernel set an iteration while it was being told another, and holds that now. What is no change is not sent: change it twice. */
  const confirm = () => speak(() => {
    model.set("iteration", -1);
    model.set("iteration", element.iteration);
  });
  /** @param {string} name */
  const follow = (name) => {
    const [state, byKernel] = [/** @type {any} */ (element.getState()), speaker === null];
    if (speaker === element || (!awaited && same(state?.[name], given(name)))) return;
    const campaign = CAMPAIGN.includes(name);
    if (!campaign) forgive(name);
    element[name] = given(name);
    if (!campaign) return;
    if (byKernel) {
      tell({ errors: [] });
      void settle(() => element.ready);
    } else {
      // The other view tells where it is, and what came of it.
      digest = "";
      void settle(place);
    }
  };
  const listeners = [...[...CAMPAIGN, ...LOOK].map((name) => ({ event: `change:${name}`, run: () => follow(name) })), { event: "change:iteration", run: seek }];

  element.addEventListener("gridscout-state", tellState);
  element.addEventListener("gridscout-error", (event) => tell({ errors: /** @type {CustomEvent} */ (event).detail.errors }));
  element.addEventListener("gridscout-ready", resume);
  // The keys of its views are its own, not the notebook's.
  element.dataset.lmSuppressShortcuts = "true";
  for (const name of [...LOOK, ...CAMPAIGN]) element[name] = given(name);
  for (const { event, run } of listeners) model.on(event, run);
  el.append(element);

  return () => {
    for (const { event, run } of listeners) model.off(event, run);
    element.remove();
  };
}

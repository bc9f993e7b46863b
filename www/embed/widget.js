// @ts-check
// The embed in a notebook (anywidget): traits of the kernel's object and the element follow each other.

/** Traits that say which campaign it is, and how it is shown. */
const CAMPAIGN = ["preset", "seed", "params"];
const LOOK = ["ui", "theme", "autoplay", "speed"];
/** The kernel is told of a running campaign this often at most, ms. */
const TELL_MS = 250;
/** What was told longer ago than this has arrived, ms. */
const ARRIVED_MS = 2000;

/** @typedef {{ get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void, on: (event: string, run: () => void) => void, off: (event: string, run: () => void) => void }} Model */

const same = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {{ model: Model, el: HTMLElement }} context @returns {() => void} ends it */
export function render({ model, el }) {
  const element = /** @type {import("./element.js").GridScout & Record<string, any>} */ (document.createElement("grid-scout"));
  const given = (/** @type {string} */ name) => (model.get(name) === "" ? null : model.get(name));
  /** Campaigns asked for and not shown yet; until then the element speaks of the one before. */
  let awaited = 0;
  let told = -Infinity;
  /** Our own doing, not the kernel's. */
  let muted = false;

  /** What came from the kernel is not told to it again. @param {Record<string, any>} news */
  const tell = (news) => {
    const changed = Object.entries(news).filter(([name, value]) => !same(model.get(name), value));
    if (!changed.length) return;
    for (const [name, value] of changed) model.set(name, value);
    model.save_changes();
    told = performance.now();
  };
  const tellState = () => {
    const state = element.getState();
    if (!state || awaited) return;
    if (state.running && performance.now() - told < TELL_MS) return;
    const { preset, seed, params, iteration, digest } = state;
    tell({ preset: preset ?? "", seed, params, iteration, digest: digest ?? "" });
  };
  /** Wait for the campaign that is asked for now, then say what it is. @param {() => any} [first] */
  const settle = async (first) => {
    awaited += 1;
    try {
      await element.ready;
      await first?.();
    } catch { /* Told by the event. */ } finally { awaited -= 1; }
    tellState();
  };

  const seek = async () => {
    if (muted || (model.get("iteration") === element.iteration && !awaited)) return;
    const crossed = performance.now() - told < ARRIVED_MS;
    await element.seek(model.get("iteration")).catch(() => {});
    if (crossed) confirm();
  };
  /** The kernel set an iteration while it was being told another, and holds that now. What is no change is not sent: change it twice. */
  const confirm = () => {
    muted = true;
    model.set("iteration", -1);
    model.set("iteration", element.iteration);
    muted = false;
    model.save_changes();
  };
  /** @param {string} name */
  const follow = (name) => {
    const state = /** @type {any} */ (element.getState());
    if (!awaited && same(state?.[name], given(name))) return;
    element[name] = given(name);
    if (!CAMPAIGN.includes(name)) return;
    tell({ errors: [] });
    void settle();
  };
  const listeners = [...[...CAMPAIGN, ...LOOK].map((name) => ({ event: `change:${name}`, run: () => follow(name) })), { event: "change:iteration", run: seek }];

  element.addEventListener("gridscout-state", tellState);
  element.addEventListener("gridscout-error", (event) => tell({ errors: /** @type {CustomEvent} */ (event).detail.errors }));
  for (const name of [...LOOK, ...CAMPAIGN]) element[name] = given(name);
  for (const { event, run } of listeners) model.on(event, run);
  el.append(element);
  // What is shown once more shows where it was left.
  const left = model.get("iteration");
  void settle(() => (left > 0 && !element.autoplay ? element.seek(left) : null));

  return () => {
    for (const { event, run } of listeners) model.off(event, run);
    element.remove();
  };
}

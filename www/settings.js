// @ts-check
// Preset, seed, every setting of the engine, and the user's own particles; each problem beside what it is about.
import { createControls } from "./controls.js";
import { byId, setText } from "./dom.js";
import { connectOwn } from "./own.js";
import { assign } from "./share/path.js";

/** Wait for this long a pause in typing or dragging before a campaign is opened, ms. */
const PAUSE_MS = 180;

/**
 * @param {{ presets: any[], parameters: any[] }} description
 * @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 * @param {(config: any, preset: string, settled: boolean) => void} onConfig called with the whole configuration, and the preset it is made from, when it changed
 * @param {() => boolean} locked says, to the reader too, whether the settings are the instrument's
 */
export function connectSettings(description, engine, onConfig, locked) {
  const preset = byId("preset", HTMLSelectElement);
  const report = (/** @type {boolean} */ settled) => onConfig(structuredClone(config), preset.value, settled);
  const seed = byId("seed", HTMLInputElement);
  const campaigns = description.presets.filter((p) => p.config);
  preset.append(...campaigns.map((p) => new Option(p.title, p.id)));
  /** @type {any} */
  let config = null;
  let timer = 0;
  /** Remarks that hold for every campaign. @type {string[]} */
  const lasting = [];
  const paragraph = (/** @type {string} */ text) => Object.assign(document.createElement("p"), { textContent: text });

  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => report(false), PAUSE_MS);
  };
  const controls = createControls(byId("controls", HTMLElement), description.parameters.filter((p) => p.path !== "seed"), {
    onChange: (path, value) => { assign(config, path, value); changed(); },
  });

  /** Show a configuration; does not report it. @param {any} next @param {string} [id] */
  const set = (next, id) => {
    // What was typed a moment ago is not to be opened in its place.
    clearTimeout(timer);
    config = structuredClone(next);
    if (id) preset.value = id;
    setText("preset-summary", campaigns.find((p) => p.id === preset.value)?.summary ?? "");
    seed.value = String(config.seed);
    own.set(config);
    controls.set(config);
  };
  const choose = (/** @type {string} */ id) => {
    const chosen = campaigns.find((p) => p.id === id);
    if (chosen) { set({ ...chosen.config, seed: config.seed }, id); report(true); }
  };

  preset.addEventListener("change", () => choose(preset.value));
  seed.addEventListener("input", () => { config.seed = seed.value === "" ? null : Number(seed.value); changed(); });
  byId("dice", HTMLButtonElement).addEventListener("click", async () => {
    // Ten thousand seeds are enough to look around in, and short enough to write down.
    const fresh = (await engine.call("freshSeed")) % 10_000;
    config.seed = fresh;
    seed.value = String(config.seed);
    report(true);
  });
  const own = connectOwn(engine, {
    config: () => structuredClone(config),
    locked,
    use: (next) => { set(next); report(true); },
  });

  return {
    set,
    ended: own.ended,
    /** Set one setting, as the reader would. @param {string} path @param {any} value */
    change(path, value) {
      if (locked()) return;
      const next = structuredClone(config);
      assign(next, path, value);
      set(next);
      report(true);
    },
    /** Put each problem beside its control, and all of them where they are seen. @param {{ field: string, value: string, allowed: string, message: string }[]} errors */
    showErrors(errors) {
      const box = byId("problems", HTMLElement);
      if (errors.length) own.refused();
      controls.showErrors(errors.filter((e) => e.field !== "seed"));
      const mine = errors.find((e) => e.field === "seed");
      setText("seed-error", mine ? `Allowed: ${mine.allowed}.` : "");
      seed.setAttribute("aria-invalid", String(Boolean(mine)));
      box.hidden = errors.length === 0 && lasting.length === 0;
      const heading = document.createElement("strong");
      heading.textContent = "Not run; the last good campaign stays in view.";
      const list = document.createElement("ul");
      for (const e of errors) {
        const label = description.parameters.find((p) => p.path === e.field)?.label ?? e.field;
        list.append(Object.assign(document.createElement("li"), { textContent: `${label} is ${e.value}; allowed: ${e.allowed}.` }));
      }
      box.replaceChildren(...(errors.length ? [heading, list] : []), ...lasting.map(paragraph));
    },
    /** Remarks that are no errors of a setting, after those that are. @param {string[]} remarks @param {boolean} [last] whatever is opened */
    showRemarks(remarks, last = false) {
      const box = byId("problems", HTMLElement);
      if (last) lasting.push(...remarks);
      box.hidden &&= remarks.length === 0;
      box.append(...remarks.map(paragraph));
    },
  };
}

// @ts-check
// The address of the page: what it asks for, and kept in step with what is shown. What it says is in share/link.js.
import { entries } from "./campaign.js";
import { byId } from "./dom.js";
import { pace } from "./pace.js";
import { isOwn, mostIterations, read, USUAL, write } from "./share/link.js";
import { controlId, mayBe, NUMBERS } from "./share/numbers.js";
import { same, valueAt } from "./share/path.js";

/** @typedef {import("./share/link.js").State} State @typedef {import("./share/link.js").Description} Description */

/** Changes of one setting within this time are one step back: a slider is dragged, a number typed, ms. */
const ONE_STEP_MS = 2000;

/**
 * @param {Description} description @param {{ campaign: import("./types.js").Campaign | null, view: import("./types.js").View, preset: string, goal: number | null, driven: boolean }} app
 * @param {{ redraw: () => void, restore: (asked: { state: State, problems: string[] }) => void, kept: () => import("./share/link.js").Kept | null, measuredA: () => boolean, study: () => import("./share/study.js").Study | null }} on
 *   `restore` when the reader went back or forward; `kept`, what is compared with (none where it is `measuredA`, by an instrument), and `study`, what is set for many campaigns, stay then
 */
export function connectAddress(description, app, on) {
  /** What the entry of the history that the page is at stands for. */
  let here = { settings: "", config: /** @type {any} */ (null), changed: "", when: 0 };
  let query = location.search;
  /** Of own tables, as the entry of the history has them. @type {number[] | null} */
  let kept = null;
  const tables = createTables();
  const now = pace(500, on.redraw);

  const controls = Object.keys(USUAL).map((name) => ({ name, control: /** @type {HTMLSelectElement | HTMLInputElement} */ (document.getElementById(controlId(name))) }));
  for (const { control } of controls) control.addEventListener("change", on.redraw);
  /** What a link says of a control; nothing that it would not take. @param {{ name: string, control: HTMLSelectElement | HTMLInputElement }} one */
  const shown = ({ name, control }) => {
    if (!NUMBERS[name]) return control instanceof HTMLInputElement ? String(control.checked) : control.value;
    // A slider that follows the end has no place of its own.
    const text = control.type === "range" ? control.dataset.asked ?? "" : control.value;
    return mayBe(name, text) ? text : USUAL[name];
  };

  /** @param {import("./types.js").Campaign} campaign @returns {State} */
  const state = (campaign) => ({
    preset: app.preset,
    config: campaign.config,
    view: Object.fromEntries(controls.map((one) => [one.name, shown(one)])),
    iteration: entries(campaign) ? Math.min(app.goal ?? app.view.cursor, mostIterations(description.parameters)) : app.goal,
    own: isOwn(campaign.config),
    a: on.kept(),
    study: on.study(),
  });
  /** Numbers of the tables that no link holds: particles, property. @param {State} of */
  const ownTables = ({ config }) => [config.library.particles, config.response.table ?? null].map(tables.number);
  /** @param {State} of what makes another campaign of it */
  const settings = (of) => `${write({ ...of, view: USUAL, iteration: null, a: null, study: null }, description)}#${ownTables(of)}`;

  /** Some hosts forbid it (file:, sandboxed frames), some find it too often; the page is as good without. @param {"pushState" | "replaceState"} how @param {number[]} of @param {string} [url] */
  const record = (how, of, url) => {
    try { history[how]({ tables: of }, "", url); } catch { return false; }
    return true;
  };

  /** @param {State} of @param {boolean} [another] whether it is one step on */
  const put = (of, another = false) => {
    const next = `?${write(of, description)}`;
    if (!another && next === query) return;
    if (!record(another ? "pushState" : "replaceState", ownTables(of), next + location.hash)) return;
    query = location.search;
    kept = ownTables(of);
  };

  /** Where the page is at; what it shows may not be it yet. @param {State} of @param {string} changed */
  const arrive = (of, changed) => { here = { settings: settings(of), config: of.config, changed, when: performance.now() }; };

  addEventListener("popstate", (event) => {
    /** @type {number[] | null} */
    const of = event.state?.tables ?? null;
    if (location.search === query && (of === null || String(of) === String(kept))) {
      // A jump within the page is no step, but an entry of its own, to which one comes back.
      if (of === null && kept) record("replaceState", kept);
      return;
    }
    query = location.search;
    kept = of;
    const asked = read(query, description);
    const [particles, property] = [0, 1].map((i) => tables.at(of?.[i]));
    if (particles) asked.state.config.library.particles = particles;
    if (property) asked.state.config.response.table = property;
    asked.state.own = Boolean(particles || property);
    if (asked.state.own) asked.problems = [];
    arrive(asked.state, "");
    on.restore(asked);
  });

  return {
    asked() {
      const asked = read(location.search, description);
      // Who asks for little motion sees the campaign at its end, unless the link says how fast it is to run.
      if (matchMedia("(prefers-reduced-motion: reduce)").matches && !new URLSearchParams(location.search).has("speed")) asked.state.view.speed = "top";
      return asked;
    },
    /** Set the controls of the view. @param {State["view"]} view */
    showView(view) {
      for (const one of controls) {
        const { name, control } = one;
        if (shown(one) === view[name]) continue;
        if (control.type === "range") control.dataset.asked = view[name];
        else if (control instanceof HTMLInputElement && control.type === "checkbox") control.checked = view[name] === "true";
        else control.value = view[name];
        control.dispatchEvent(new Event(NUMBERS[name] && control.type !== "range" ? "input" : "change"));
        // What a link asks to be seen is not folded away.
        if (NUMBERS[name] && view[name] !== USUAL[name]) control.closest("details")?.setAttribute("open", "");
      }
    },
    /** A campaign was opened: another one is a step that can be taken back. */
    opened() {
      if (!app.campaign || app.driven) return;
      const next = state(app.campaign);
      if (settings(next) === here.settings) return put(next);
      const changed = here.config ? differing(here.config, next.config, description) : "";
      const sameStep = changed !== "" && changed === here.changed && performance.now() - here.when < ONE_STEP_MS;
      put(next, here.config !== null && !sameStep);
      arrive(next, changed);
    },
    /** Keep the address in step, now and then; not while another campaign than the one in view is awaited. */
    follow() {
      if (!app.campaign || app.driven || !now()) return;
      const next = state(app.campaign);
      if (settings(next) === here.settings) put(next);
    },
    /** The link to what is in view, and whether it leaves out somebody's own particles, or what an instrument measured. @param {boolean} [alone] the campaign in view only */
    link(alone = false) {
      if (!app.campaign) return null;
      const of = { ...state(app.campaign), ...(alone ? { a: null, study: null } : {}) };
      return { url: at(of), own: of.own || Boolean(of.a?.own), measured: app.campaign.by !== null, measuredA: !alone && on.measuredA() };
    },
    /** The link to a campaign by itself, from its start. @param {import("./share/link.js").Of} of */
    linkTo: (of) => at({ ...of, view: USUAL, iteration: null, a: null, study: null }),
  };

  /** @param {State} of */
  function at(of) {
    const { origin, protocol, host, pathname } = location;
    return `${origin === "null" ? `${protocol}//${host}${pathname}` : origin + pathname}?${write(of, description)}`;
  }
}

/** The one setting that differs; empty when there are more. @param {any} a @param {any} b @param {Description} description */
function differing(a, b, { parameters }) {
  const paths = parameters.map((p) => p.path).filter((path) => !same(valueAt(a, path), valueAt(b, path)));
  return paths.length === 1 ? paths[0] : "";
}

/** Own tables of this visit, as text: going back finds them, though no link holds them. The history outlives a visit, so no number comes again in another. */
function createTables() {
  const first = Math.round(performance.timeOrigin);
  /** @type {string[]} */
  const texts = [];
  /** @type {WeakMap<object, number>} */
  const numbers = new WeakMap();
  return {
    /** The number of a table, -1 for none. @param {any[] | null} table */
    number(table) {
      if (!table) return -1;
      const known = numbers.get(table);
      if (known !== undefined) return known;
      const text = JSON.stringify(table);
      const number = first + (texts.includes(text) ? texts.indexOf(text) : texts.push(text) - 1);
      numbers.set(table, number);
      return number;
    },
    /** @param {number | undefined} number */
    at: (number) => (number !== undefined && number - first in texts ? JSON.parse(texts[number - first]) : null),
  };
}

/** The button that copies the link. @param {() => { url: string, own: boolean, measured: boolean, measuredA: boolean } | null} link */
export function connectCopy(link) {
  const say = (/** @type {string} */ text) => { byId("result-message", HTMLElement).textContent = text; };
  byId("copy-link", HTMLButtonElement).addEventListener("click", async () => {
    const made = link();
    if (!made) return say("There is no campaign to link to yet.");
    const lacks = made.measured ? " It opens the simulator with these settings: what the instrument measured is in the record and the journal." : made.own ? " Your own table is not in it: no link holds one, and it opens a generated library and property." : "";
    const without = made.measuredA ? " A, which an instrument measured, is not in it." : "";
    try {
      await navigator.clipboard.writeText(made.url);
      say(`The link is copied.${lacks}${without}`);
    } catch {
      say(`The browser did not allow copying. The link: ${made.url}${lacks}${without}`);
    }
  });
}

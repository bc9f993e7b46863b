// @ts-check
// The custom element <grid-scout>: attributes and properties in, methods, events out.
import charts from "../charts.css";
import own from "./embed.css";
import { ATTRIBUTES, isOn } from "./attributes.js";
import { createEmbed } from "./embed.js";
import { fault } from "./wanted.js";

/** Attributes that only dress; all others ask for another campaign. */
const DRESS = new Set(["ui", "theme", "poster", "speed", "autoplay", "loading"]);
const STATE_KEYS = ["version", "preset", "seed", "params", "src", "ui", "theme", "iteration", "running", "ended", "digest"];

/** One for each document: another's cannot be adopted. @type {WeakMap<Document, CSSStyleSheet>} */
const sheets = new WeakMap();
/** @param {Document} document @returns {CSSStyleSheet[]} none where nothing is shown */
function styles(document) {
  const view = document.defaultView;
  if (!view) return [];
  const known = sheets.get(document);
  if (known) return [known];
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(charts + own);
  sheets.set(document, sheet);
  return [sheet];
}

// Imported where there is no page, such as a server that renders one, it defines nothing and harms nothing.
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

export class GridScout extends Base {
  static observedAttributes = ATTRIBUTES;
  /** @type {ReturnType<typeof createEmbed> | null} */
  #embed = null;
  /** @type {IntersectionObserver | null} */
  #seen = null;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = styles(this.ownerDocument);
  }

  /** Moved to another document, such as a window of its own, it left its style behind. */
  adoptedCallback() {
    /** @type {ShadowRoot} */ (this.shadowRoot).adoptedStyleSheets = styles(this.ownerDocument);
  }

  connectedCallback() {
    if (this.#embed) return;
    // What was set before the element was defined hides the properties that are to take it.
    for (const name of ATTRIBUTES) {
      if (!Object.hasOwn(this, name)) continue;
      const value = /** @type {any} */ (this)[name];
      delete (/** @type {any} */ (this)[name]);
      /** @type {any} */ (this)[name] = value;
    }
    const embed = (this.#embed = createEmbed(this, /** @type {ShadowRoot} */ (this.shadowRoot)));
    if (!embed.lazy) return void embed.load();
    this.#seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#seen?.disconnect();
      if (!embed.started) void embed.load();
    }, { rootMargin: "200px" });
    this.#seen.observe(this);
  }

  disconnectedCallback() {
    // A notebook moves what it shows: only what stays away is ended.
    setTimeout(() => {
      if (this.isConnected) return;
      this.#seen?.disconnect();
      this.#embed?.close();
      this.#embed = null;
    });
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now || !this.#embed) return;
    this.#embed.dress();
    if (DRESS.has(name)) {
      this.#embed.complain(this.#embed.faultsOfLook(name));
      this.#embed.follow(name);
    } else if (this.#embed.started) void this.#embed.load();
  }

  /** Resolves to the state when a campaign is shown. */
  get ready() { return this.#live((embed) => embed.ready); }
  run() { return this.#live((embed) => embed.run()); }
  pause() { return this.#live((embed) => embed.pause()); }
  step(count = 1) { return this.#live((embed) => { this.#whole(embed, "step", count, 1); return embed.step(count); }); }
  /** @param {number} iteration */
  seek(iteration) { return this.#live((embed) => { this.#whole(embed, "seek", iteration, 0); return embed.seek(iteration); }); }
  reset() { return this.#live((embed) => embed.reset()); }
  exportPNG() { return this.#live((embed) => embed.png()); }
  exportSVG() { return this.#live((embed) => embed.svg()); }
  exportCSV() { return this.#live((embed) => embed.csv()); }
  getState() { return this.#embed?.state() ?? null; }
  /** What came of it, when the campaign has ended: digest, iteration, and the numbers as the command line prints them. */
  get result() { return this.#embed?.result() ?? null; }
  /** The iteration in view. */
  get iteration() { return this.getState()?.iteration ?? 0; }
  /** Of the record, when the campaign has ended. @returns {string | null} */
  get digest() { return this.getState()?.digest ?? null; }

  /** What is missing stays as it is. @param {any} state */
  setState(state) {
    return this.#live((embed) => this.#set(embed, state));
  }

  /** @param {ReturnType<typeof createEmbed>} embed @param {any} state */
  async #set(embed, state) {
    const faults = [];
    if (typeof state !== "object" || state === null || Array.isArray(state)) faults.push(fault("state", state, "an object as getState() gives it"));
    else {
      if ((state.version ?? 1) !== 1) faults.push(fault("state.version", state.version, "1"));
      for (const key of Object.keys(state)) if (!STATE_KEYS.includes(key)) faults.push(fault("state", key, STATE_KEYS.join(", ")));
      const { iteration = 0 } = state;
      if (!Number.isInteger(iteration) || iteration < 0) faults.push(fault("state.iteration", iteration, "a whole number from 0"));
    }
    if (faults.length) this.#refuse(embed, faults);
    for (const name of ["preset", "seed", "params", "src", "ui", "theme"]) {
      if (state[name] !== undefined) /** @type {any} */ (this)[name] = state[name];
    }
    const before = await embed.ready;
    if (state.iteration !== undefined && state.iteration !== before?.iteration) await embed.seek(state.iteration);
    // What goes wrong is shown, and told by an event.
    if (state.running === true) embed.run().catch(() => {});
    if (state.running === false) await embed.pause();
    return embed.state();
  }

  /** Asked of an element in a page, and waited for as long as it stays there. @template T @param {(embed: ReturnType<typeof createEmbed>) => Promise<T>} ask @returns {Promise<T>} */
  async #live(ask) {
    const embed = this.#embed;
    if (!embed) throw new Error("<grid-scout> is not in a page");
    return Promise.race([ask(embed), embed.gone]);
  }

  /** @param {ReturnType<typeof createEmbed>} embed @param {string} field @param {any} value @param {number} least */
  #whole(embed, field, value, least) {
    if (!Number.isInteger(value) || value < least) this.#refuse(embed, [fault(field, value, `a whole number from ${least}`)]);
  }

  /** @param {ReturnType<typeof createEmbed>} embed @param {import("./wanted.js").Fault[]} faults @returns {never} */
  #refuse(embed, faults) {
    embed.complain(faults);
    throw new RangeError(faults.map(({ message }) => message).join("; "));
  }
}

for (const name of ATTRIBUTES) {
  Object.defineProperty(GridScout.prototype, name, {
    configurable: true,
    enumerable: true,
    get() { return name === "autoplay" ? isOn(this.getAttribute(name)) : this.getAttribute(name); },
    /** @param {any} value */
    set(value) {
      if (value === null || value === undefined || (name === "autoplay" && value === false)) this.removeAttribute(name);
      else if (name === "autoplay") this.setAttribute(name, "");
      else this.setAttribute(name, typeof value === "object" ? JSON.stringify(value) : String(value));
    },
  });
}

/** Once in a page, however often it is loaded. */
export function define() {
  if (globalThis.customElements && !customElements.get("grid-scout")) customElements.define("grid-scout", GridScout);
}

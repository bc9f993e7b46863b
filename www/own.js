// @ts-check
// Files of the user's own: particles, a property, a record, a journal. Each is told by its content, checked by the engine, and shown
// before it is used; nothing leaves the browser.
import { byId, setText } from "./dom.js";
import { onDroppedFile } from "./drop.js";
import { significant } from "./format.js";
import { assign, valueAt } from "./share/path.js";

/** Larger files are no tables that a page should read, bytes. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What a file is, by how it begins. @param {string} text @returns {"record" | "journal" | "database" | "property" | "particles"} */
export function kindOf(text) {
  const head = text.slice(0, 400);
  if (head.startsWith("SQLite format 3")) return "database";
  if (/^\s*\{\s*"format"/.test(head)) return "record";
  if (/^\s*\{.*"jseq"/.test(head)) return "journal";
  // The first line that is no comment, however long those are.
  const header = /^(?!#)[^\S\r\n]*\S.*$/m.exec(text)?.[0] ?? "";
  const columns = header.split(",").map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  return columns.includes("value") && !columns.includes("x_um") ? "property" : "particles";
}

/** The first setting that another configuration has and this one lacks; lists and what may be null are the engine's to check. @param {any} config @param {any} other @returns {string | null} */
function lacking(config, other, at = "config") {
  if (typeof config !== "object" || config === null) return at;
  for (const [key, value] of Object.entries(other)) {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      const below = lacking(config[key], value, `${at}.${key}`);
      if (below) return below;
    } else if (value !== null && key !== "table" && config[key] === undefined) return `${at}.${key}`;
  }
  return null;
}

/** A record as JSON; the engine checks the values of its settings, that they are all there is checked here. @param {string} text @param {any} other configuration, which is whole */
function parsed(text, other) {
  const record = (() => {
    try { return JSON.parse(text); } catch (error) { throw new Error(`${/** @type {Error} */ (error).message}; allowed: a record as gridscout simulate --out writes it.`); }
  })();
  const whole = record.format === "gridscout-record" && record.config?.stop && Array.isArray(record.events) && typeof record.digest === "string";
  if (!whole) throw new Error("it lacks format, config, events or digest; allowed: a record as gridscout simulate --out writes it.");
  const lacks = lacking(record.config, other);
  if (lacks) throw new Error(`it lacks ${lacks}; allowed: a record as gridscout simulate --out writes it.`);
  if (record.version !== 1) throw new Error(`its version is ${record.version}; allowed: 1.`);
  return record;
}

/**
 * @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 * @param {{ config: () => any, use: (config: any) => void, locked: () => boolean }} on the configuration as it is set, and another to be run, unless
 *   the settings are locked
 */
export function connectOwn(engine, on) {
  const input = byId("own-file", HTMLInputElement);
  const preview = byId("own-preview", HTMLElement);
  const clear = byId("own-clear", HTMLButtonElement);
  const say = (/** @type {string} */ text) => setText("own-message", text);
  /** Who drops a file may look elsewhere than where it says why not. @param {string} text */
  const refuse = (text) => { say(text); byId("own-message", HTMLElement).scrollIntoView({ block: "nearest" }); };
  /** What is said is of a table in use. */
  let ofTable = false;

  /** @param {string[]} lines @param {[string, () => void][]} [actions] */
  const show = (lines, actions = []) => {
    const buttons = actions.map(([text, act]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
      button.addEventListener("click", act);
      return button;
    });
    preview.replaceChildren(...lines.map((text) => Object.assign(document.createElement("p"), { className: "help", textContent: text })), ...buttons);
  };

  /** Counts files: what an earlier one would bring is passed over. */
  let files = 0;

  /**
   * What came of a file. Never, when another was chosen meanwhile; refused when an instrument took the settings.
   * @template T @param {Promise<T>} coming @returns {Promise<T>}
   */
  const awaited = async (coming) => {
    const mine = files;
    const came = await coming;
    if (mine !== files) return new Promise(() => {});
    if (on.locked()) throw new Error("it was not used, because the instrument took the settings meanwhile. Choose it again when it is disconnected.");
    return came;
  };
  /** What the engine makes of a file. @param {string} method @param {any} args @returns {Promise<any>} */
  const asked = (method, args) => awaited(engine.call(method, args));

  // The configuration is taken when the file has been read: the reader may have changed it meanwhile.
  /** @type {Record<string, (text: string, name: string) => Promise<void>>} */
  const readers = {
    async particles(text, name) {
      const particles = await asked("csv", { text, components: on.config().elements.length });
      const config = on.config();
      say(`${name}: ${particles.length} particles.`);
      const radii = particles.map((/** @type {any} */ p) => p.radius_nm).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
      show([`Radii from ${significant(radii[0])} to ${significant(radii[radii.length - 1])} nm, median ${significant(radii[radii.length >> 1])} nm.`]);
      config.library.particles = particles;
      ofTable = true;
      on.use(config);
    },
    async property(text, name) {
      const table = await asked("responseCsv", { text, components: on.config().elements.length });
      const config = on.config();
      say(`${name}: the property at ${table.length} compositions.`);
      let [least, most] = [Infinity, -Infinity];
      for (const { value } of table) [least, most] = [Math.min(least, value), Math.max(most, value)];
      show([`Values from ${significant(least)} to ${significant(most)}; between the rows the mean of all values, weighted by distance to the power −4.`]);
      config.response.table = table;
      ofTable = true;
      on.use(config);
    },
    async record(text, name) {
      const { config, digest, events, engine: version } = parsed(text, on.config());
      const end = events[events.length - 1];
      const whole = end?.event === "ended" && end.reason !== "stopped";
      const what = `${name}: ${events.length} events, seed ${config.seed}`;
      say(whole ? `${what}; its campaign runs here and must end with its digest.` : `${what}; it was saved before the end of its campaign, which runs here. gridscout replay verifies what there is of it.`);
      show([`The digest of the record is ${digest}, made by version ${version}.`]);
      expected = whole ? { digest, config: JSON.stringify(config) } : null;
      on.use(config);
    },
    async journal(text, name) {
      const journal = await asked("readJournal", { text, config: on.config() });
      say(`${name}: ${journal.entries} entries, ${journal.commands} commands, ${journal.outcomes} outcomes, ${journal.faults} of them faults.`);
      const fitted = journal.fits.filter((/** @type {any} */ fit) => fit.fitted !== null);
      const lines = [
        journal.open.length ? `In doubt: ${journal.open.join(", ")}.` : "No command is in doubt.",
        ...fitted.map((/** @type {any} */ fit) => `${fit.path.replace("cost.", "").replaceAll("_", " ")}: ${significant(fit.fitted)} ± ${significant(fit.standard_error, 2)} ${fit.unit} measured, ${significant(fit.assumed)} ${fit.unit} assumed (${fit.count} times).`),
      ];
      const useTimes = () => {
        if (on.locked()) return;
        const config = on.config();
        for (const { path } of fitted) assign(config, path, valueAt(journal, path));
        on.use(config);
      };
      show(lines, fitted.length ? [["Use the measured times", useTimes]] : []);
    },
    async database(_, name) {
      throw new Error(`${name} is a journal as the gateway keeps it; allowed here: what gridscout journal export ${name} prints.`);
    },
  };

  /** Digest that the campaign of a record must end with. @type {{ digest: string, config: string } | null} */
  let expected = null;

  /** @param {File} file */
  const take = async (file) => {
    if (on.locked()) return;
    const mine = (files += 1);
    /** @type {HTMLDetailsElement} */ (input.closest("details")).open = true;
    say(`${file.name} is being read.`);
    expected = null;
    ofTable = false;
    preview.replaceChildren();
    try {
      if (file.size > MOST_BYTES) throw new Error(`it has ${significant(file.size / 2 ** 20)} MiB; allowed: up to 64 MiB.`);
      const text = await awaited(file.text());
      await readers[kindOf(text)](text, file.name);
    } catch (error) {
      if (mine === files) refuse(`${file.name}: ${/** @type {Error} */ (error).message}`);
    }
  };
  input.addEventListener("change", () => {
    if (input.files?.[0]) void take(input.files[0]);
    input.value = "";
  });
  onDroppedFile(([file, ...more]) => {
    if (!more.length) return void take(file);
    /** @type {HTMLDetailsElement} */ (input.closest("details")).open = true;
    refuse(`${1 + more.length} files at once; allowed: one after the other. None was read.`);
  });
  clear.addEventListener("click", () => {
    files += 1;
    const config = on.config();
    config.library.particles = null;
    delete config.response.table;
    say("");
    preview.replaceChildren();
    on.use(config);
  });
  return {
    /** Whether there is anything to go back from. @param {any} config */
    set(config) {
      clear.hidden = !config.library.particles && !config.response.table;
      if (!ofTable || !clear.hidden) return;
      // Another way than its button led away from it: a preset, going back.
      ofTable = false;
      say("");
      preview.replaceChildren();
    },
    /** The engine does not take the settings that are to be opened. */
    refused() {
      if (expected) say("Not verified: the settings of the record cannot be used here; what is wrong with them stands with the settings.");
      expected = null;
    },
    /** A campaign has ended. @param {string} digest @param {any} config */
    ended(digest, config) {
      if (!expected) return;
      if (JSON.stringify(config) !== expected.config) say("Not verified: the settings were changed before the campaign of the record had ended. Choose the file again.");
      else say(digest === expected.digest ? "Verified: the same campaign, to the last digit." : "The campaign of these settings ends with another digest: the record was changed, or another instrument made it. gridscout replay tells which.");
      expected = null;
    },
  };
}

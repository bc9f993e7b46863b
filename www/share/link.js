// @ts-check
// The state of the page as the query of a link, and back:
//   ?v=1&engine=0.1.0&preset=figure-4a&seed=2&cost.edx_secs=2&speed=top&shade=sd&iteration=40
// A setting stands in it when it differs from the preset's. A new version is due when a word or a preset comes to mean something else.
import { assign, same, valueAt } from "./path.js";
import { refusal, textOf, valueOf } from "./values.js";

/** @typedef {import("../controls.js").Parameter} Parameter */
/** @typedef {{ version: string, presets: any[], parameters: Parameter[] }} Description */
/**
 * @typedef {{ preset: string, config: any, view: Record<string, string>, iteration: number | null, own: boolean }} State
 *   `own`: particles or property were somebody's own table, which no link holds.
 */

export const VERSION = 1;

/** How the page looks at a campaign: the allowed values of each control, the usual one first. @type {Record<string, string[]>} */
export const VIEW = {
  speed: ["20", "1", "2", "5", "10", "50", "top"],
  palette: ["viridis", "cividis"],
  shade: ["mean", "sd", "none"],
  projection: ["solid", "pairs"],
  axis: ["iteration", "time"],
  log: ["false", "true"],
};
export const USUAL = Object.fromEntries(Object.entries(VIEW).map(([name, [usual]]) => [name, usual]));

/** More complaints than these are counted, not read. */
const MOST_PROBLEMS = 12;

/** @param {State} state @param {Description} description @returns {string} the query, without its question mark */
export function write(state, { version, presets, parameters }) {
  const preset = presets.find((p) => p.id === state.preset);
  /** @type {[string, string][]} */
  const words = [["v", String(VERSION)], ["engine", version], ["preset", state.preset], ["seed", String(state.config.seed)]];
  for (const parameter of parameters) {
    const value = valueAt(state.config, parameter.path);
    if (parameter.path !== "seed" && !same(value, valueAt(preset.config, parameter.path))) words.push([parameter.path, textOf(parameter, value)]);
  }
  if (state.own) words.push(["particles", "own"]);
  for (const name of Object.keys(VIEW)) if (state.view[name] !== USUAL[name]) words.push([name, state.view[name]]);
  if (state.iteration !== null) words.push(["iteration", String(state.iteration)]);
  return words.map(([key, value]) => `${encode(key)}=${encode(value)}`).join("&");
}

/**
 * What a query asks for. What it cannot have is named in `problems`, and the rest is used.
 * @param {string} query @param {Description} description @returns {{ state: State, problems: string[] }}
 */
export function read(query, { version, presets, parameters }) {
  /** @type {string[]} */
  const problems = [];
  /** @type {Map<string, string[]>} */
  const given = new Map();
  for (const [key, text] of new URLSearchParams(query)) {
    const texts = given.get(key);
    if (texts) texts.push(text);
    else given.set(key, [text]);
  }
  for (const [key, texts] of given) if (texts.length > 1) problems.push(`The link gives ${quoted(key)} ${texts.length} times; one of them is used.`);
  const first = (/** @type {string} */ key) => given.get(key)?.[0] ?? null;

  checkVersion(first("v"), problems);
  const engine = first("engine");
  if (engine !== null && engine !== version) problems.push(`The link was made with gridscout ${quoted(engine)}, and this is ${version}: the settings are the link's, but a campaign may come out otherwise.`);
  const known = presets.filter((p) => p.config);
  const wanted = first("preset");
  const preset = known.find((p) => p.id === wanted) ?? known[0];
  if (wanted !== null && preset.id !== wanted) problems.push(`There is no preset ${quoted(wanted)}; showing ${preset.id}. Presets: ${known.map((p) => p.id).join(", ")}.`);
  const config = structuredClone(preset.config);
  const view = { ...USUAL };
  let iteration = null;
  let own = false;
  for (const [key, texts] of given) {
    const parameter = parameters.find((p) => p.path === key);
    // Of a setting the last counts, of any other word the first; so it was before links had versions.
    if (parameter) set(config, parameter, texts[texts.length - 1], problems);
    else if (Object.hasOwn(VIEW, key)) {
      if (VIEW[key].includes(texts[0])) view[key] = texts[0];
      else problems.push(complaint(key, texts[0], VIEW[key].join(", "), USUAL[key]));
    } else if (key === "iteration") iteration = readIteration(texts[0], parameters, problems);
    else if (key === "particles") {
      own = texts[0] === "own";
      problems.push(own ? "The link was made with somebody's own table of particles or of the property, which no link holds; generated ones are shown. Drop the table onto the page to have its campaign."
        : complaint(key, texts[0], "own", "generated ones"));
    } else if (!["v", "engine", "preset"].includes(key)) problems.push(`The link sets ${quoted(key)}, which is no setting; it was passed over.`);
  }
  fitLists(config, preset.config, parameters, problems);
  if (view.projection !== USUAL.projection && config.elements.length < 4) {
    problems.push(complaint("projection", view.projection, `${USUAL.projection}, with fewer than four elements`, USUAL.projection));
    view.projection = USUAL.projection;
  }
  const more = problems.length - MOST_PROBLEMS;
  if (more > 0) problems.splice(MOST_PROBLEMS, more, `And ${more} more of the kind.`);
  return { state: { preset: preset.id, config, view, iteration, own }, problems };
}

/**
 * The nearest configuration after the engine refused some settings: the preset's value for what it named; when that was the
 * preset's already, for the whole section; and then for everything.
 * @param {any} config @param {any} preset its configuration @param {{ field: string, value: string, allowed: string }[]} errors @param {Parameter[]} parameters
 */
export function mend(config, preset, errors, parameters) {
  const differing = parameters.map((p) => p.path).filter((path) => path !== "seed" && !same(valueAt(config, path), valueAt(preset, path)));
  const section = (/** @type {string} */ path) => path.split(".")[0];
  const sections = errors.map((e) => section(e.field));
  const named = differing.filter((path) => errors.some((e) => e.field === path));
  const near = differing.filter((path) => sections.includes(section(path)));
  const given = named.length ? named : near.length ? near : differing;
  const mended = structuredClone(config);
  for (const path of given) assign(mended, path, structuredClone(valueAt(preset, path)));
  // Nothing of the settings is to blame, so the seed is.
  if (!given.length) mended.seed = preset.seed;
  const kept = given.length > 6 ? `${given.length} settings` : given.length ? given.join(", ") : "seed";
  const said = errors.map((e) => `${e.field} is ${shortened(e.value)}; allowed: ${e.allowed}.`);
  return { config: mended, problems: [...said, `The preset's value is used for ${kept}.`] };
}

/** @param {string | null} text @param {string[]} problems */
function checkVersion(text, problems) {
  if (text === null || text === String(VERSION)) return;
  if (/^\d{1,9}$/.test(text) && Number(text) > VERSION) problems.push(`The link is of version ${Number(text)}, and this page knows links up to version ${VERSION}. What it knows of it is shown; the rest is named here.`);
  else problems.push(complaint("v", text, String(VERSION), String(VERSION)));
}

/** @param {any} config @param {Parameter} parameter @param {string} text @param {string[]} problems */
function set(config, parameter, text, problems) {
  const value = valueOf(parameter, text);
  const allowed = refusal(parameter, value);
  if (allowed) problems.push(complaint(parameter.path, text, allowed, textOf(parameter, valueAt(config, parameter.path))));
  else assign(config, parameter.path, value);
}

/** Entry 0 is the state after the seeds. @param {string} text @param {Parameter[]} parameters @param {string[]} problems */
function readIteration(text, parameters, problems) {
  const most = mostIterations(parameters);
  if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
  problems.push(complaint("iteration", text, `a whole number, 0 … ${most}`, "the campaign from its start"));
  return null;
}

/** A link leads no further than a campaign can be told to go. @param {Parameter[]} parameters */
export const mostIterations = (parameters) => parameters.find((p) => p.path === "stop.iterations")?.max ?? 5000;

/** A list has one number for each element; which elements there are is known only now. @param {any} config @param {any} preset @param {Parameter[]} parameters @param {string[]} problems */
function fitLists(config, preset, parameters, problems) {
  for (const { path, kind } of parameters) {
    const value = valueAt(config, path);
    if (kind !== "numbers" || !Array.isArray(value) || value.length === config.elements.length) continue;
    const usual = valueAt(preset, path);
    assign(config, path, Array.isArray(usual) ? usual[0] : usual);
    problems.push(complaint(path, value.join(","), `one number, or ${config.elements.length}: one for each element`, String(valueAt(config, path))));
  }
}

/** @param {string} key @param {string} text @param {string} allowed @param {string} instead */
const complaint = (key, text, allowed, instead) => `The link sets ${key} to ${quoted(text)}; allowed: ${allowed}. Used instead: ${instead}.`;

/** Enough of a stranger's text to know it again. @param {string} text */
const quoted = (text) => `“${shortened(text)}”`;
const shortened = (/** @type {string} */ text) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** For a query: commas may stay, which keeps lists readable; half a character cannot be written. @param {string} text */
const encode = (text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replaceAll("%2C", ",").replaceAll("'", "%27");

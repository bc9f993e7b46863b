// @ts-check
// The state of the page as the query of a link, and back:
//   ?v=1&engine=0.1.0&preset=figure-4a&seed=2&cost.edx_secs=2&speed=top&shade=sd&iteration=40&a.preset=figure-4a&a.seed=2
// A setting stands in it when it differs from the preset's; what begins with a. is of the campaign that it is compared with, study. of many campaigns. A new version is due when a word or a preset comes to mean something else.
import { mayBe, NUMBERS } from "./numbers.js";
import { assign, same, valueAt } from "./path.js";
import { studyOf, studyWords } from "./study.js";
import { refusal, textOf, valueOf } from "./values.js";

/** @typedef {import("../controls.js").Parameter} Parameter */
/** @typedef {{ version: string, presets: any[], parameters: Parameter[] }} Description */
/**
 * @typedef {{ preset: string, config: any, own: boolean }} Of one campaign; `own`: particles or property were somebody's own table, which no link holds
 * @typedef {Of & { iteration: number | null }} Kept the campaign that is compared with; `iteration`: the last there is of it, null for its end
 * @typedef {Of & { view: Record<string, string>, iteration: number | null, a: Kept | null, study: import("./study.js").Study | null }} State
 */

export const VERSION = 1;

/** How the page looks at one campaign, at two and at many: the allowed values of each control, by its id, the usual one first. @type {Record<string, string[]>} */
export const VIEW = {
  speed: ["20", "1", "2", "5", "10", "50", "top"],
  palette: ["viridis", "cividis"],
  shade: ["mean", "sd", "none"],
  projection: ["solid", "pairs"],
  axis: ["iteration", "time"],
  log: ["false", "true"],
  "compare-curve": ["mean_abs_error", "mean_sd"],
  "compare-log": ["true", "false"],
  "study-curve": ["mean_abs_error", "mean_sd"],
  "study-axis": ["time", "iteration"],
  "study-log": ["true", "false"],
};
/** What a link without words about the view means. @type {Record<string, string>} */
export const USUAL = Object.fromEntries([...Object.entries(VIEW).map(([name, [usual]]) => [name, usual]), ...Object.entries(NUMBERS).map(([name, { usual }]) => [name, usual])]);

/** Whether a link leaves something out. @param {any} config */
export const isOwn = (config) => Boolean(config.library.particles || config.response.table);

/** More complaints than these are counted, not read. */
const MOST_PROBLEMS = 12;

/** Of the words about the campaign that is compared with. */
const A = "a.";
const IF_OWN = "made with somebody's own table of particles or of the property, which no link holds; generated ones are shown.";

/** @param {State} state @param {Description} description @returns {string} the query, without its question mark */
export function write(state, description) {
  /** @type {[string, string][]} */
  const words = [["v", String(VERSION)], ["engine", description.version], ...wordsOf(state, description)];
  for (const name of Object.keys(USUAL)) if (state.view[name] !== USUAL[name]) words.push([name, state.view[name]]);
  if (state.iteration !== null) words.push(["iteration", String(state.iteration)]);
  if (state.a) {
    const kept = wordsOf(state.a, description);
    if (state.a.iteration !== null) kept.push(["iteration", String(state.a.iteration)]);
    for (const [key, text] of kept) words.push([A + key, text]);
  }
  words.push(...studyWords(state.study));
  return words.map(([key, value]) => `${encode(key)}=${encode(value)}`).join("&");
}

/** @param {Of} campaign @param {Description} description @returns {[string, string][]} */
function wordsOf({ preset: id, config, own }, { presets, parameters }) {
  const preset = presets.find((p) => p.id === id);
  /** @type {[string, string][]} */
  const words = [["preset", id], ["seed", String(config.seed)]];
  for (const parameter of parameters) {
    const value = valueAt(config, parameter.path);
    if (parameter.path !== "seed" && !same(value, valueAt(preset.config, parameter.path))) words.push([parameter.path, textOf(parameter, value)]);
  }
  if (own) words.push(["particles", "own"]);
  return words;
}

/**
 * What a query asks for. What it cannot have is named in `problems`, and the rest is used.
 * @param {string} query @param {Description} description @returns {{ state: State, problems: string[] }}
 */
export function read(query, description) {
  const { version, parameters } = description;
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
  const campaign = campaignOf(given, "", description, problems);
  const a = first(`${A}preset`) === null ? null : { ...campaignOf(given, A, description, problems), iteration: iterationOf(first(`${A}iteration`), A, parameters, problems) };
  const view = { ...USUAL };
  for (const [name, allowed] of Object.entries(VIEW)) {
    const text = first(name);
    if (text === null) continue;
    if (allowed.includes(text)) view[name] = text;
    else problems.push(complaint(name, text, allowed.join(", "), USUAL[name]));
  }
  for (const [name, { allowed }] of Object.entries(NUMBERS)) {
    const text = first(name);
    if (text === null) continue;
    if (mayBe(name, text)) view[name] = text;
    else problems.push(complaint(name, text, allowed, USUAL[name] || "the end"));
  }
  const iteration = iterationOf(first("iteration"), "", parameters, problems);
  const { study, words: ofStudy } = studyOf(given, parameters, (...what) => problems.push(complaint(...what)));
  const words = ["preset", "particles", "iteration", ...parameters.map(({ path }) => path)];
  const meant = new Set(["v", "engine", ...Object.keys(USUAL), ...words, ...ofStudy, ...(a ? words.map((word) => A + word) : [])]);
  for (const key of given.keys()) if (!meant.has(key)) problems.push(`The link sets ${quoted(key)}, which is no setting; it was passed over.`);
  if (view.projection !== USUAL.projection && campaign.config.elements.length < 4) {
    problems.push(complaint("projection", view.projection, `${USUAL.projection}, with fewer than four elements`, USUAL.projection));
    view.projection = USUAL.projection;
  }
  const more = problems.length - MOST_PROBLEMS;
  if (more > 0) problems.splice(MOST_PROBLEMS, more, `And ${more} more of the kind.`);
  return { state: { ...campaign, view, iteration, a, study }, problems };
}

/** @param {Map<string, string[]>} given @param {string} of what its words begin with @param {Description} description @param {string[]} problems @returns {Of} */
function campaignOf(given, of, { presets, parameters }, problems) {
  const known = presets.filter((p) => p.config);
  const wanted = given.get(`${of}preset`)?.[0] ?? null;
  const preset = known.find((p) => p.id === wanted) ?? known[0];
  if (wanted !== null && preset.id !== wanted) problems.push(`There is no preset ${quoted(wanted)}; showing ${preset.id}. Presets: ${known.map((p) => p.id).join(", ")}.`);
  const config = structuredClone(preset.config);
  for (const parameter of parameters) {
    const texts = given.get(of + parameter.path);
    // Of a setting the last counts, of any other word the first; so it was before links had versions.
    if (texts) set(config, parameter, texts[texts.length - 1], of, problems);
  }
  const particles = given.get(`${of}particles`)?.[0];
  const own = particles === "own";
  if (own) problems.push(of ? `What the link compares with was ${IF_OWN}` : `The link was ${IF_OWN} Drop the table onto the page to have its campaign.`);
  else if (particles !== undefined) problems.push(complaint(`${of}particles`, particles, "own", "generated ones"));
  fitLists(config, preset.config, of, parameters, problems);
  return { preset: preset.id, config, own };
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

/** @param {any} config @param {Parameter} parameter @param {string} text @param {string} of @param {string[]} problems */
function set(config, parameter, text, of, problems) {
  const value = valueOf(parameter, text);
  const allowed = refusal(parameter, value);
  if (allowed) problems.push(complaint(of + parameter.path, text, allowed, textOf(parameter, valueAt(config, parameter.path))));
  else assign(config, parameter.path, value);
}

/** Entry 0 is the state after the seeds. @param {string | null} text @param {string} of @param {Parameter[]} parameters @param {string[]} problems */
function iterationOf(text, of, parameters, problems) {
  if (text === null) return null;
  const most = mostIterations(parameters);
  if (/^\d{1,9}$/.test(text) && Number(text) <= most) return Number(text);
  problems.push(complaint(`${of}iteration`, text, `a whole number, 0 … ${most}`, of ? "the whole campaign" : "the campaign from its start"));
  return null;
}

/** A link leads no further than a campaign can be told to go. @param {Parameter[]} parameters */
export const mostIterations = (parameters) => parameters.find((p) => p.path === "stop.iterations")?.max ?? 5000;

/** A list has one number for each element; which elements there are is known only now. @param {any} config @param {any} preset @param {string} of @param {Parameter[]} parameters @param {string[]} problems */
function fitLists(config, preset, of, parameters, problems) {
  for (const { path, kind } of parameters) {
    const value = valueAt(config, path);
    if (kind !== "numbers" || !Array.isArray(value) || value.length === config.elements.length) continue;
    const usual = valueAt(preset, path);
    assign(config, path, Array.isArray(usual) ? usual[0] : usual);
    problems.push(complaint(of + path, value.join(","), `one number, or ${config.elements.length}: one for each element`, String(valueAt(config, path))));
  }
}

/** @param {string} key @param {string} text @param {string} allowed @param {string} instead */
const complaint = (key, text, allowed, instead) => `The link sets ${key} to ${quoted(text)}; allowed: ${allowed}. Used instead: ${instead}.`;

/** Enough of a stranger's text to know it again. @param {string} text */
const quoted = (text) => `“${shortened(text)}”`;
const shortened = (/** @type {string} */ text) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** For a query: commas may stay, which keeps lists readable; half a character cannot be written. @param {string} text */
const encode = (text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replaceAll("%2C", ",").replaceAll("'", "%27");

// @ts-check
// What an embed is asked to show, read from texts or values; what cannot be used is named and the nearest that can takes its place.
import { assign } from "../share/path.js";
import { valueOf } from "../share/values.js";

/**
 * @typedef {{ field: string, value: string, allowed: string, message: string }} Fault
 * @typedef {{ preset: any, seed: number, params: Record<string, any>, config: any, faults: Fault[] }} Wanted
 *   `params` are the settings that differ from the preset, by their paths; `config` is all of it together.
 */

const LAST_SEED = 2 ** 32 - 1;

/** @param {string} field @param {any} value @param {string} allowed @returns {Fault} */
export function fault(field, value, allowed) {
  const shown = short(JSON.stringify(value) ?? String(value));
  return { field, value: shown, allowed, message: `${field} is ${shown}; allowed: ${allowed}` };
}

/** @param {string} text */
const short = (text) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** One of some words; the first where it is none of them. @param {string} field @param {any} value @param {string[]} words @param {Fault[]} faults */
export function oneOf(field, value, words, faults) {
  if (value == null || value === "") return words[0];
  if (words.includes(value)) return value;
  faults.push(fault(field, value, words.join(", ")));
  return words[0];
}

/**
 * @param {{ version: string, presets: any[], parameters: any[] }} description what the engine says of itself
 * @param {{ preset?: any, seed?: any, params?: any, config?: any }} asked `config`: the whole of one that was saved, instead of a preset's
 * @returns {Wanted}
 */
export function readWanted(description, asked) {
  /** @type {Fault[]} */
  const faults = [];
  const known = description.presets.filter((p) => p.config);
  const id = oneOf("preset", asked.preset, known.map((p) => p.id), faults);
  const preset = asked.config ? { id: null, title: "Saved configuration", config: asked.config } : known.find((p) => p.id === id);
  const settable = new Map(description.parameters.map((p) => [p.path, p]));
  settable.delete("seed");
  /** @type {Record<string, any>} */
  const params = {};
  for (const [path, value] of readParams(asked.params, faults)) {
    const parameter = settable.get(path);
    // A list may be written as a link of the page has it: A,B,C.
    if (parameter) params[path] = typeof value === "string" && ["texts", "numbers"].includes(parameter.kind) ? valueOf(parameter, value) : value;
    else faults.push(...ofLink(path, value, description.version));
  }
  const seed = readSeed(asked.seed, preset.config.seed, faults);
  return { preset, seed, params, config: configOf(preset, seed, params), faults };
}

/** What is wrong with a word that is no setting; a link of the page has some that may be right. @param {string} word @param {any} value @param {string} version @returns {Fault[]} */
function ofLink(word, value, version) {
  if (word === "engine") return String(value) === version ? [] : [fault("engine", value, `${version}; the settings are the link's, but the campaign may come out otherwise`)];
  if (word === "particles" && value === "own") return [fault("particles", value, "generated ones, which are shown; no link holds somebody's own table")];
  if (word === "a.preset") return [fault(word, value, "none; one campaign is shown here, without the one that the link compares it with")];
  if (word === "study.seeds") return [fault(word, value, "none; one campaign is shown here, without the study of many that the link holds")];
  if (/^(a|study)\./.test(word)) return [];
  return [fault("params", word, "the path of a setting, such as stop.iterations")];
}

/**
 * The same with what the engine refused put right: a number goes to the nearest end of its range, all else back to the preset.
 * @param {any[]} parameters @param {Wanted} wanted @param {Fault[]} refused
 * @returns {Wanted}
 */
export function repaired(parameters, wanted, refused) {
  const params = { ...wanted.params };
  const mine = refused.filter(({ field }) => field in params);
  for (const { field } of mine) {
    const { kind, min, max } = parameters.find((p) => p.path === field) ?? {};
    const value = params[field];
    const nearest = typeof value === "number" && Number.isFinite(value) && min != null && max != null
      ? Math.min(Math.max(kind === "integer" ? Math.round(value) : value, min), max) : value;
    if (nearest === value || !["number", "integer"].includes(kind)) delete params[field];
    else params[field] = nearest;
  }
  const left = mine.length ? params : {};
  return { ...wanted, params: left, config: configOf(wanted.preset, wanted.seed, left), faults: [...wanted.faults, ...refused] };
}

/** @param {any} preset @param {number} seed @param {Record<string, any>} params */
function configOf(preset, seed, params) {
  const config = structuredClone(preset.config);
  config.seed = seed;
  for (const [path, value] of Object.entries(params)) assign(config, path, value);
  return config;
}

/** @param {any} asked @param {number} otherwise @param {Fault[]} faults */
function readSeed(asked, otherwise, faults) {
  if (asked == null || asked === "") return otherwise;
  const seed = typeof asked === "string" ? Number(asked) : asked;
  if (Number.isInteger(seed) && seed >= 0 && seed <= LAST_SEED) return seed;
  faults.push(fault("seed", asked, `a whole number, 0 … ${LAST_SEED}`));
  return typeof seed === "number" && !Number.isNaN(seed) ? Math.min(Math.max(Math.round(seed), 0), LAST_SEED) : otherwise;
}

/** Paths and values, of an object, its JSON, or `path=value&path=value`. @param {any} asked @param {Fault[]} faults @returns {[string, any][]} */
function readParams(asked, faults) {
  if (asked == null || asked === "") return [];
  let read = asked;
  if (typeof asked === "string") {
    if (!asked.trim().startsWith("{")) return [...new URLSearchParams(asked)].map(([path, text]) => [path, valueIn(text)]);
    read = valueIn(asked);
  }
  if (typeof read === "object" && !Array.isArray(read)) return Object.entries(read);
  faults.push(fault("params", asked, "{\"path\": value, …} in JSON, or path=value&path=value"));
  return [];
}

/** A JSON value, or the text itself. @param {string} text */
export function valueIn(text) {
  try { return JSON.parse(text); } catch { return text; }
}

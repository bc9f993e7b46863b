// @ts-check
// What an address asks for, as attributes of the element: ?preset=figure-4a&seed=2&ui=report&stop.iterations=40
// A link of the page is understood, too; what says how the page is to look has no meaning here.
import { USUAL, VERSION } from "../share/link.js";
import { ATTRIBUTES } from "./attributes.js";
import { valueIn } from "./wanted.js";

const ITERATION = /^\d{1,6}$/;

/** Words of the page's links that mean nothing here, or are read elsewhere. @param {[string, string]} word */
function ofPage([name, text]) {
  if (name === "v") return text === String(VERSION);
  if (name === "iteration") return ITERATION.test(text);
  return Object.hasOwn(USUAL, name) && !ATTRIBUTES.includes(name);
}

/** Attributes go by their names, settings by their paths. @param {string} search @returns {[string, string][]} */
export function attributesFrom(search) {
  const asked = [...new URLSearchParams(search)].filter((word) => !ofPage(word));
  const settings = new URLSearchParams(asked.filter(([name]) => !ATTRIBUTES.includes(name)));
  // Of a word that is given twice the page takes the first, of a setting, which the seed is, the last.
  const attributes = new Map(asked.filter(([name]) => ATTRIBUTES.includes(name)).reverse());
  const seed = asked.filter(([name]) => name === "seed").at(-1);
  if (seed) attributes.set("seed", seed[1]);
  const params = both(attributes.get("params") ?? "", settings);
  if (params) attributes.set("params", params);
  return [...attributes];
}

/** The iteration to show first, if any. @param {string} search */
export function iterationFrom(search) {
  const text = new URLSearchParams(search).get("iteration") ?? "";
  return ITERATION.test(text) ? Number(text) : null;
}

/** @param {string} params JSON, or `path=value&path=value` @param {URLSearchParams} more @returns {string} */
function both(params, more) {
  if (more.size && params.trim().startsWith("{")) {
    try { return JSON.stringify({ ...JSON.parse(params), ...Object.fromEntries([...more].map(([path, text]) => [path, valueIn(text)])) }); } catch { /* It will be said. */ }
  }
  return [params, more.toString()].filter(Boolean).join("&");
}

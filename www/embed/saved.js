// @ts-check
// What `src` names: a saved record, or a saved state of an embed.
import { fault } from "./wanted.js";

/** As much as a long campaign writes, bytes; what is longer is not read to its end. */
const MOST_BYTES = 64e6;
/** A server that has not sent all by then is waited for no longer, ms. */
const LONGEST_MS = 60_000;
const RECORD_VERSION = 1;
export const SAVED = "the address of a saved record, or of a saved state, in JSON, up to 64 MB";

/** @typedef {import("./wanted.js").Fault} Fault */
/** @typedef {{ preset?: string, seed?: any, params?: any, config?: any, iteration?: number, src?: string, digest?: string }} Saved `digest`: what a whole record says that its campaign ends with */

/**
 * What it asks for; nothing, and why, where it cannot be had.
 * @param {string} src @param {string} engine the version of this one @param {Fault[]} faults @returns {Promise<Saved>}
 */
export async function readSaved(src, engine, faults) {
  try {
    // Without who the reader is elsewhere: an address may come from a stranger.
    const answer = await fetch(src, { credentials: "omit", signal: AbortSignal.timeout(LONGEST_MS) });
    readers.set(src, readerOf(src, answer));
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    const saved = parsed(await textOf(answer));
    return saved?.format === "gridscout-record" && saved.config?.stop ? ofRecord(saved, src, engine, faults) : ofState(saved);
  } catch (error) {
    faults.push(fault("src", `${src} (${/** @type {Error} */ (error).message})`, SAVED));
    return {};
  }
}

/** Its length is what came, whatever the server said of it before. @param {Response} answer */
async function textOf(answer) {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > MOST_BYTES) { void reader.cancel(); throw new Error("too long"); }
    text += decoder.decode(value, { stream: true });
  }
}

/** What a browser says of text that is no JSON quotes it, and the complaint is sent to whoever frames the page. @param {string} text */
function parsed(text) {
  try { return JSON.parse(text); } catch { throw new Error("no JSON"); }
}

/** @param {any} record @param {string} src @param {string} engine @param {Fault[]} faults @returns {Saved} */
function ofRecord({ version, engine: by, config, events, digest }, src, engine, faults) {
  if (version !== RECORD_VERSION) throw new Error(`a record of version ${JSON.stringify(version) ?? "none"}, not ${RECORD_VERSION}`);
  if (by !== engine) faults.push(fault("src", `${src} (engine ${by ?? "none"})`, `a record of engine ${engine}; the settings are the record's, but the campaign may come out otherwise`));
  const end = events?.at?.(-1);
  const whole = end?.event === "ended" && end.reason !== "stopped";
  return { config, seed: config.seed, src, ...(whole && by === engine ? { digest: String(digest) } : {}) };
}

/** @param {any} state @returns {Saved} */
function ofState(state) {
  if (state?.version === 1 && state.src) throw new Error("a state of what another src names; no src leads to another");
  if (state?.version !== 1 || typeof state.preset !== "string") throw new Error("neither a record nor a state");
  const { preset, seed, params, iteration = 0 } = state;
  if (!Number.isInteger(iteration) || iteration < 0) throw new Error("a state whose iteration is no whole number from 0");
  return { preset, seed, params, iteration };
}

/**
 * What is wrong where the campaign of a whole record came out otherwise than the record says; nothing can be told when its settings were changed.
 * @param {Saved} saved @param {any} config of the campaign @param {string} digest that it ended with @returns {Fault[]}
 */
export function unlike(saved, config, digest) {
  if (!saved.digest || saved.digest === digest || JSON.stringify(saved.config) !== JSON.stringify(config)) return [];
  return [fault("src", saved.src, "a record whose campaign ends with the digest that it holds; this one was changed, or an instrument made it")];
}

/** Who else may read what an address gave, by that address, as its server says: "*" is everybody. @type {Map<string, string | null>} */
const readers = new Map();

/** @param {string} src @param {Response} answer */
function readerOf(src, answer) {
  // What stands in the address itself, and what is given to a page without an origin, is anybody's.
  if (src.startsWith("data:") || (answer.type === "cors" && self.origin === "null")) return "*";
  return answer.headers.get("access-control-allow-origin");
}

/** Whether a page of that origin could have read the same by itself. @param {string} src @param {string} origin */
export function mayRead(src, origin) {
  const reader = readers.get(src);
  return (origin !== "null" && origin === self.origin) || reader === "*" || reader === origin;
}

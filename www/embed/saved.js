// @ts-check
// What `src` names: a saved record, or a saved state of an embed.
import { fault } from "./wanted.js";

/** As much as a long campaign writes, bytes; more is refused before it is read into memory. */
const MOST_BYTES = 64e6;
/** A server that has not sent all by then is waited for no longer, ms. */
const LONGEST_MS = 60_000;
export const SAVED = "the address of a saved record, or of a saved state, in JSON, up to 64 MB";

/** What it asks for; nothing, and why, where it cannot be had. @param {string} src @param {import("./wanted.js").Fault[]} faults @returns {Promise<any>} */
export async function readSaved(src, faults) {
  try {
    // Without who the reader is elsewhere: an address may come from a stranger.
    const answer = await fetch(src, { credentials: "omit", signal: AbortSignal.timeout(LONGEST_MS) });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    if (Number(answer.headers.get("content-length")) > MOST_BYTES) throw new Error("too long");
    // What a browser says of text that is no JSON quotes it, and the complaint is sent to whoever frames the page.
    const saved = await answer.json().catch((error) => { throw error instanceof SyntaxError ? new Error("no JSON") : error; });
    if (saved?.format === "gridscout-record" && saved.config?.stop) return { config: saved.config, seed: saved.config.seed };
    if (saved?.version === 1 && typeof saved.preset === "string") return { preset: saved.preset, seed: saved.seed, params: saved.params };
    throw new Error("neither a record nor a state");
  } catch (error) {
    faults.push(fault("src", `${src} (${/** @type {Error} */ (error).message})`, SAVED));
    return {};
  }
}

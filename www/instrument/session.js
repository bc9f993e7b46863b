// @ts-check
// Who this tab is to the gateway. Kept for the tab alone, so that a page that is loaded again goes on; never in an address.

const KEY = "gridscout.gateway";

/** Wait for the tab that is loaded again to be gone, ms. */
const GONE_MS = 1500;

/** @typedef {{ id: string, secret: string, run: string, drives: boolean, connected: boolean, costs: Record<string, any> }} Tab
 *   `id` is the tab's own; `costs` replace the cost model of the gateway, after a calibration, each in the run of its name */

/** @returns {Tab} */
export function remembered() {
  try {
    return { ...empty(), ...JSON.parse(sessionStorage.getItem(KEY) ?? "{}") };
  } catch {
    return empty();
  }
}

/** @returns {Tab} */
const empty = () => ({ id: newId(), secret: "", run: "run", drives: true, connected: false, costs: {} });

const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");

/** Whether this tab is itself: one that was duplicated has all its memory, and would take the lease from it. Such a one gets an identity of its own. @param {Tab} tab */
export async function isItself(tab) {
  // Only pages that come over TLS or from this machine have it.
  if (!navigator.locks) return true;
  const claim = () => new Promise((resolve) => {
    void navigator.locks.request(`gridscout ${tab.id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : null;
    });
  });
  for (const began = performance.now(); performance.now() - began < GONE_MS; await new Promise((resolve) => setTimeout(resolve, 100))) if (await claim()) return true;
  tab.id = newId();
  await claim();
  return false;
}

/** @param {Tab} tab */
export function remember(tab) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(tab));
  } catch {
    // Without storage a page that is loaded again asks for a new code.
  }
}

/** A session's secret for the code that the gateway's console shows. @param {string} code */
export async function openSession(code) {
  const answer = await fetch("session", { method: "POST", body: code.trim() });
  if (answer.ok) return (await answer.text()).trim();
  const why = { 401: "That code is wrong, or was used before. The console shows the one that is valid now.", 403: "The gateway does not know this address of the page.", 429: "Too many wrong codes; wait a minute." };
  throw new Error(why[/** @type {401 | 403 | 429} */ (answer.status)] ?? `The gateway answered ${answer.status}.`);
}

/** What the gateway that served this page says of itself; null on a plain site. @param {Promise<any>} answer to gateway.json @returns {Promise<any>} */
export async function aboutGateway(answer) {
  try {
    const about = await answer;
    return about.gateway ? about : null;
  } catch {
    return null;
  }
}

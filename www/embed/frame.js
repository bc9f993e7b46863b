// @ts-check
// An embed in an iframe talks with the page that holds it: each question is answered to who asked it, and to nobody else.
import { mayRead, SAVED } from "./saved.js";
import { fault } from "./wanted.js";

/** Of the messages below; another number is refused. */
const VERSION = 1;
const PREFIX = "gridscout:";
/** Questions that may wait for the end of a campaign. */
const MOST_AWAITED = 100;
const UNTOLD = fault("src", "not told", "a file that who asks may read: of a page of the same origin, or of one that the file's server names in Access-Control-Allow-Origin");
/** Why a file could not be read is for who reads the page, not for who frames it. @param {import("./wanted.js").Fault} one */
const unread = (one) => (one.field === "src" ? fault("src", "unusable", SAVED) : one);

/**
 * `{ type: "gridscout:state", version: 1 }` is answered with the state; with a `state` in it, that is set first.
 * `{ type: "gridscout:result", version: 1 }` is answered with the digest and the numbers, when the campaign has ended.
 * `{ type: "gridscout:resize", version: 1 }` is answered with the size that shows all of it, CSS pixels, then and whenever that changes.
 * What cannot be understood is answered with `gridscout:error` and `errors`. An `id` in a question stands in its answer.
 * A page that was opened with `src` refuses questions of state and result to who may not read that file; its reader sees it all the same.
 * Questions of state and result are answered one after the other, so that no answer speaks of what another question did wrong.
 * @param {import("./element.js").GridScout} element
 */
export function answerMessages(element) {
  // Who frames the page may not have it read for him what he cannot read himself.
  const opened = element.getAttribute("src");
  let before = Promise.resolve();
  addEventListener("message", ({ data, source, origin }) => {
    // What others say to each other is not for us, and an error is never answered by another.
    if (!source || source === window || typeof data?.type !== "string" || !data.type.startsWith(PREFIX) || data.type === `${PREFIX}error`) return;
    const answer = (/** @type {string} */ type, /** @type {any} */ body) => {
      const id = "id" in data ? { id: data.id } : {};
      try {
        // A page from a file or in a sandbox has no origin to name.
        source.postMessage({ type: PREFIX + type, version: VERSION, ...id, ...body }, { targetOrigin: origin && origin !== "null" ? origin : "*" });
      } catch { /* An id such as a port came, but cannot go back; the next is answered all the same. */ }
    };
    const kind = data.type.slice(PREFIX.length);
    const faults = [];
    if (!Object.hasOwn(kinds, kind)) faults.push(fault("type", data.type, Object.keys(kinds).map((name) => PREFIX + name).join(", ")));
    if (data.version !== VERSION) faults.push(fault("version", data.version, String(VERSION)));
    if (faults.length) return answer("error", { errors: faults });
    // How large it is, is known while the campaign is still awaited.
    if (kind === "resize") return kinds.resize(data, answer, source);
    const secret = () => Boolean(opened) && !mayRead(/** @type {string} */ (opened), origin);
    before = before.then(() => reply(/** @type {keyof typeof kinds} */ (kind), data, secret, answer, source));
  });

  /** @param {keyof typeof kinds} kind @param {any} data @param {() => boolean} secret @param {(type: string, body: any) => void} answer @param {MessageEventSource} source */
  async function reply(kind, data, secret, answer, source) {
    /** @type {any[]} */
    const named = [];
    const note = (/** @type {any} */ event) => named.push(...event.detail.errors);
    element.addEventListener("gridscout-error", note);
    try {
      // Who may read the file is known when it was read.
      await element.ready;
      if (!secret()) await kinds[kind](data, answer, source);
    } catch (error) {
      if (!named.length) named.push(fault(kind, "refused", /** @type {Error} */ (error).message));
    } finally {
      element.removeEventListener("gridscout-error", note);
    }
    if (secret()) answer("error", { errors: [UNTOLD] });
    else if (named.length) answer("error", { errors: named.map(unread) });
  }

  /** What waits for the end of the campaign. @type {(() => void)[]} */
  let awaited = [];
  element.addEventListener("gridscout-end", () => {
    const all = awaited;
    awaited = [];
    for (const tell of all) tell();
  });

  /** Who follows the size. @type {WeakMap<MessageEventSource, ResizeObserver>} */
  const following = new WeakMap();

  /** @type {Record<"state" | "result" | "resize", (data: any, answer: (type: string, body: any) => void, source: MessageEventSource) => any>} */
  const kinds = {
    async state(data, answer) {
      await element.ready;
      const src = data.state?.src ?? null;
      if (src !== null && src !== opened) throw new Error("a src that the page was not opened with");
      if ("state" in data) await element.setState(data.state);
      answer("state", { state: element.getState() });
    },
    async result(_, answer) {
      await element.ready;
      if (element.digest) return answer("result", element.result);
      if (awaited.length === MOST_AWAITED) throw new Error(`${MOST_AWAITED} such questions wait already`);
      awaited.push(() => answer("result", element.result));
    },
    resize(_, answer, source) {
      following.get(source)?.disconnect();
      // An observer tells the first size, too.
      const observer = new ResizeObserver(() => answer("resize", { width: element.offsetWidth, height: element.offsetHeight }));
      following.set(source, observer);
      observer.observe(element);
    },
  };
}

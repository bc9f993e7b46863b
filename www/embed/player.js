// @ts-check
// One campaign of an embed: its Worker, what is known of it, and the entry that is looked at.
import { entries, extend, newCampaign } from "../campaign.js";
import { startEngine } from "../engine.js";

/** @typedef {import("../types.js").Campaign} Campaign */

/** More than any campaign has. */
const MOST_ENTRIES = 1e6;

/** @param {{ stepped: () => void, ended: () => void, changed: () => void, preparing: (share: number) => void, failed: (why: string) => void }} on */
export function createPlayer(on) {
  /** `measuring`: how many wait for entries that are looked at when they are there. @type {{ campaign: Campaign | null, cursor: number, running: boolean, measuring: number, summary: any }} */
  const state = { campaign: null, cursor: 0, running: false, measuring: 0, summary: null };
  /** The Worker's number of the campaign in view. */
  let shown = 0;
  /** Opened in the Worker, but not in view before its first entry is there. @type {{ campaign: Campaign, opening: number, summary: any } | null} */
  let coming = null;
  let following = true;
  let opening = 0;
  let seeks = 0;
  /** Counts pauses and openings: steps that were asked for before are not gone on with. */
  let halts = 0;
  /** @type {Promise<void>} */
  let steps = Promise.resolve();
  /** Who waits for the end of a run. @type {{ resolve: () => void, reject: (error: Error) => void }[]} */
  let waiting = [];
  /** Started with the first question: many elements of a page are never looked at. @type {ReturnType<typeof startEngine> | null} */
  let engine = null;
  let closed = false;
  /** @type {ReturnType<typeof startEngine>["call"]} */
  const call = (...asked) => (closed ? new Promise(() => {}) : (engine ??= startEngine(take)).call(...asked));

  const last = () => (state.campaign ? Math.max(entries(state.campaign) - 1, 0) : 0);
  /** @param {Error} [error] why it cannot go on */
  const stopped = (error) => {
    state.running = false;
    const all = waiting;
    waiting = [];
    for (const { resolve, reject } of all) if (error) reject(error); else resolve();
  };

  /** @param {any} message */
  function take(message) {
    if (message.type === "preparing") return on.preparing(message.share);
    if (message.type === "failed") return broke(message);
    if (message.type !== "progress") return;
    if (coming && message.opening === coming.opening) {
      extend(coming.campaign, message);
      coming.summary = message.summary;
    } else if (state.campaign && message.opening === shown) {
      extend(state.campaign, message);
      if (following) state.cursor = last();
      if (message.ended) state.summary = message.summary;
      tell();
    }
  }

  /** Of one that is not in view yet, who opens it is told. @param {{ opening: number, message: string }} failure */
  function broke({ opening, message }) {
    if (opening !== shown || coming?.opening === opening) return;
    stopped(new Error(message));
    on.failed(message);
    on.changed();
  }

  /** Say what is new of the campaign in view. */
  function tell() {
    on.stepped();
    if (state.campaign?.ended) { stopped(); on.ended(); }
    on.changed();
  }

  /** Look at an entry; what was not measured yet is measured first, as far as no pause comes. What is asked for last is looked at. @param {number} entry */
  async function seek(entry) {
    const mine = (seeks += 1);
    const { campaign } = state;
    if (entry > last() && !campaign?.ended) {
      following = true;
      state.measuring += 1;
      try {
        await call("reach", { entries: Math.min(entry + 1, MOST_ENTRIES) });
      } finally {
        state.measuring -= 1;
        on.changed();
      }
    }
    if (mine !== seeks || state.campaign !== campaign) return;
    state.cursor = Math.min(Math.max(entry, 0), last());
    following = state.running && state.cursor === last();
    on.changed();
  }

  return {
    state,
    seek,
    last,
    call,
    close() { closed = true; opening += 1; stopped(); engine?.end(); },

    /** Whatever is being opened is not wanted any more. */
    overtake() { opening += 1; },

    /**
     * The state after the seeds of a new campaign; false when another opening overtook it. Rejects with what is wrong with the configuration.
     * @param {any} config @param {() => void} inView called when it is in view, before anything is said of it
     */
    async open(config, inView) {
      const mine = (opening += 1);
      const opened = await call("open", { config });
      if (!opened || mine !== opening) return false;
      const next = { campaign: newCampaign(config, opened), opening: opened.opening, summary: null };
      coming = next;
      await call("step", { count: 1 });
      if (mine !== opening) return false;
      coming = null;
      shown = next.opening;
      halts += 1;
      stopped();
      Object.assign(state, { campaign: next.campaign, cursor: Math.max(entries(next.campaign) - 1, 0), summary: next.summary });
      following = true;
      inView();
      tell();
      return true;
    },

    /** Resolves when it has ended or was paused, rejects when it breaks off. @param {number} speed iterations per second */
    run(speed) {
      if (!state.campaign || state.campaign.ended) return Promise.resolve();
      following = true;
      state.running = true;
      call("run", { speed }).catch(stopped);
      on.changed();
      return /** @type {Promise<void>} */ (new Promise((resolve, reject) => waiting.push({ resolve, reject })));
    },

    pause() {
      void call("pause");
      halts += 1;
      stopped();
      on.changed();
    },

    /** One after the other, so that each begins where the one before has come to. @param {() => number} entry */
    step(entry) {
      const asked = halts;
      steps = steps.catch(() => {}).then(() => (asked === halts ? seek(entry()) : undefined));
      return steps;
    },
  };
}

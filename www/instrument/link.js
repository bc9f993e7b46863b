// @ts-check
// In the Worker: the campaign driven over a gateway. Heartbeats come from here, so they stop when the planner stops.

/** Longest time without a turn, ms. */
const TURN_MS = 100;
/** As many entries as there may be. */
const ENDLESS = 0xffff_ffff;

/** @typedef {import("../types.js").Engine} Engine */

/**
 * @param {Engine["Link"]} Link of the engine
 * @param {() => InstanceType<Engine["Session"]> | null} session
 * @param {(message: any, transfer?: Transferable[]) => void} post
 * @param {() => void} push sends what is new of the campaign
 */
export function createLink(Link, session, post, push) {
  /** @type {InstanceType<Engine["Link"]> | null} */
  let link = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  /** Entries up to which requests go out. */
  let until = 0;
  let drives = false;
  let due = false;
  /** To be left when nothing is under way any more. */
  let leaving = false;
  let connected = false;
  /** What the page was told last of what changes seldom. */
  let told = "";

  const close = () => {
    clearInterval(timer);
    link?.free();
    link = null;
    drives = false;
    connected = false;
  };

  const turn = () => {
    const open = session();
    if (!link || !open) return;
    /** @type {any} */
    const answer = link.turn(open, performance.now(), until);
    const { news, data, link: standing, round_trip_ms: roundTrip, drives: still, waiting, next } = answer;
    const drove = drives;
    drives = still;
    connected = ["open", "leased"].includes(standing.is);
    const seldom = JSON.stringify([standing, roundTrip, next, drives]);
    if (news.length || data.length || seldom !== told) {
      told = seldom;
      post({ type: "gateway", news, data, standing, roundTrip, next, drives }, data.map((/** @type {any} */ one) => one.values.buffer));
    }
    // Another took the lease: what the instrument began is not gone on with here.
    if (drove && !drives && !open.ended()) open.stop();
    if (drove) push();
    if (standing.is === "finished") finished();
    else if (leaving && !waiting) leave();
  };

  /** What the instrument began is not gone on with in the simulator. */
  const finished = () => {
    if (drives && !session()?.ended()) session()?.stop();
    if (drives) push();
    close();
  };

  const leave = () => {
    leaving = false;
    link?.finish(performance.now());
    turn();
  };

  /** A turn soon: the socket calls from inside its own events. */
  const wake = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => { due = false; turn(); });
  };

  return {
    /** @param {{ url: string, run: string, secret: string, role: string, drives: boolean, seed: number }} options */
    connect(options) {
      close();
      link = new Link(options, wake);
      drives = options.drives;
      until = 0;
      leaving = false;
      told = "";
      timer = setInterval(turn, TURN_MS);
      turn();
    },
    /** When what is under way is done: an exposure that is cut short is spoiled. A second time: at once. */
    disconnect() {
      if (leaving) { leave(); return; }
      until = 0;
      leaving = true;
      turn();
    },
    /** @param {any} call */
    ask(call) {
      // An image that is asked for between two connections is asked for again with the next entry; nobody needs to hear of it.
      const deaf = call.method === "fetch" && !connected;
      if (!link || deaf) throw new Error("not connected; nothing was sent");
      link.call(call, performance.now());
      turn();
    },
    /** Let the campaign go on for so many entries; Infinity for as long as it lasts, 0 to pause. @param {number} count */
    go(count) {
      until = Math.min((session()?.iterations() ?? 0) + count, ENDLESS);
      turn();
    },
    calibration: () => { const open = session(); return link && open ? link.calibration(open) : null; },
    drives: () => drives,
  };
}

// @ts-check
// The connection to the gateway that served this page: who we are to it, what it does, and what a person can tell it.
import { byId, setText } from "../dom.js";
import { createBudgets } from "./budgets.js";
import { createCalibration } from "./calibration.js";
import { createLog } from "./log.js";
import { createOverview } from "./overview.js";
import { createQueue } from "./queue.js";
import { isItself, openSession, remember, remembered } from "./session.js";
import { address, createStop } from "./stop.js";

/**
 * @param {any} about what the gateway says of itself
 * @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 * @param {{ drive: (config: any, by: import("../types.js").By) => Promise<string | null>, released: () => void, news: () => void }} on
 *   `drive` opens the gateway's configuration without running it, or says why not
 */
export function connectPanel(about, engine, on) {
  const tab = remembered();
  remember(tab);
  const itself = isItself(tab);
  const code = byId("code", HTMLInputElement);
  const run = byId("run-name", HTMLInputElement);
  const drives = byId("drives", HTMLSelectElement);
  const connectButton = byId("connect-button", HTMLButtonElement);
  const stopButton = byId("estop", HTMLButtonElement);
  /** @type {any} */
  let status = null;
  /** @type {{ standing: any, roundTrip: number | null, next: any, drives: boolean } | null} */
  let link = null;
  /** Another gets the lease at this time, ms since 1970, unless it is kept; 0 when nobody asks. */
  let askedUntil = 0;
  /** Since when nothing is known of the gateway, ms since 1970; 0 while it is. */
  let lostAt = 0;
  /** A run with measured times, to be begun at the next connection. @type {{ cost: any, run: string } | null} */
  let planned = null;
  let connecting = false;

  const say = (/** @type {string} */ text) => setText("gateway-message", text);
  const ask = (/** @type {any} */ call) => void engine.call("ask", { call }).catch((error) => say(error.message));
  const log = createLog();
  const budgets = createBudgets(about.limits);
  const queue = createQueue(ask);
  const overview = createOverview((hash) => void engine.call("ask", { call: { method: "fetch", params: { hash } } }).catch(() => {}), about.image_to_stage);
  const calibration = createCalibration(engine, (cost) => {
    const [, name, times] = /** @type {RegExpExecArray} */ (/^(.*?)(?:-measured-(\d+))?$/.exec(tab.run));
    planned = { cost, run: `${name}-measured-${Number(times ?? 0) + 1}` };
    say(`The next run is named ${planned.run} and uses the measured times: disconnect, then connect.`);
  });
  const stop = createStop((ready) => {
    setText("stop-line", ready ? "stop line ready" : "stop line down");
    byId("stop-line", HTMLElement).classList.toggle("alarm", !ready);
  }, say);

  byId("instrument", HTMLElement).hidden = false;
  stopButton.hidden = false;
  byId("stop-line", HTMLElement).hidden = false;
  run.value = tab.run;
  drives.value = tab.drives ? "drive" : "watch";
  setText("gateway-about", `${about.driver} instrument, ${about.mode} mode, gridscout ${about.version}`);

  async function connect() {
    // A code is good once: what is asked for twice would be refused, and take the first down with it.
    if (connecting) return;
    connecting = true;
    show();
    try {
      if (!tab.secret) {
        tab.secret = await openSession(code.value);
        code.value = "";
      }
      Object.assign(tab, { run: run.value.trim() || "run", drives: drives.value === "drive", connected: true });
      remember(tab);
      stop.arm(tab.secret);
      log.clear();
      status = null;
      const measured = tab.costs[tab.run];
      const refused = tab.drives ? await on.drive({ ...about.config, cost: measured ?? about.config.cost }, { driver: about.driver, run: tab.run, preset: about.preset ?? undefined }) : null;
      if (refused) throw new Error(refused);
      const seed = crypto.getRandomValues(new Uint32Array(1))[0];
      await engine.call("connect", { url: address(), run: tab.run, secret: tab.secret, role: "supervisor", drives: tab.drives, seed });
      say(tab.drives && measured ? `Run ${tab.run} goes by the measured times.` : "");
    } catch (error) {
      tab.connected = false;
      remember(tab);
      say(/** @type {Error} */ (error).message);
    } finally {
      connecting = false;
    }
    show();
  }

  /** The link finishes when the action under way is done; pressed again, at once. */
  function disconnect() {
    void engine.call("disconnect");
    if (!link) finished();
    else if (link.standing.is !== "open") say("Finishing what is under way; press again to leave at once.");
  }

  byId("connect", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    if (tab.connected) { disconnect(); return; }
    if (planned) {
      tab.costs[planned.run] = planned.cost;
      run.value = planned.run;
      planned = null;
    }
    void connect();
  });
  for (const [id, call] of /** @type {const} */ ([["hold", "hold"], ["resume", "resume"], ["reset-gateway", "reset"]])) {
    byId(id, HTMLButtonElement).addEventListener("click", () => { log.seen(); ask({ method: call, params: {} }); });
  }
  byId("keep", HTMLButtonElement).addEventListener("click", () => { askedUntil = 0; ask({ method: "lease.keep", params: { epoch: 0 } }); show(); });
  stopButton.addEventListener("click", stop.press);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    event.preventDefault();
    stop.press();
  });

  /** In the message that is being taken, a failure was told. */
  let said = false;

  /** What the Worker heard. @param {any} message */
  function take(message) {
    const drove = link?.drives;
    link = message;
    said = false;
    const entries = [];
    for (const news of message.news) {
      if (news.type === "entry") { entries.push(news); overview.take(news.entry); }
      else if (news.type === "status") status = news.status;
      else if (news.type === "lease_asked") {
        askedUntil = Date.now() + news.within_ms;
        setTimeout(show, news.within_ms + 50);
      }
      else if (news.type === "answered" && news.refused) say(`Refused: ${news.refused.text}`);
      else if (news.type === "failed") failed(news.refusal);
    }
    log.add(entries);
    if (entries.length) { overview.want(); calibration.news(); }
    message.data.forEach(overview.arrived);
    if (message.standing.is === "finished") finished();
    else if (drove && !message.drives) ended();
    show();
    on.news();
  }

  /** @param {any} refusal */
  function failed(refusal) {
    if (refusal.code === "E_AUTH") {
      Object.assign(tab, { secret: "", connected: false });
      stop.arm("");
    }
    const what = { E_AUTH: "This session is not known any more; ask for a new code.", E_DIVERGED: "E_DIVERGED: the journal and this planner disagree; the gateway is on hold. Was the run made with other settings or another version?" };
    say(what[/** @type {"E_AUTH"} */ (refusal.code)] ?? refusal.text);
    remember(tab);
    said = true;
  }

  /** The campaign has ended; the page goes on watching. */
  function ended() {
    if (!said) say("The run has ended; the lease was given back.");
    tab.drives = false;
    drives.value = "watch";
    remember(tab);
    on.released();
  }

  function finished() {
    // What went wrong stays to be read.
    if (!said) say("");
    tab.connected = false;
    link = status = null;
    remember(tab);
    on.released();
  }

  function show() {
    const standing = tab.connected ? (link?.standing.is ?? "connecting") : "not connected";
    const role = { open: " as supervisor", leased: " as supervisor" }[/** @type {"open"} */ (standing)] ?? "";
    const words = { down: "connecting again", connecting: "connecting", open: tab.drives ? "waiting for the lease" : "watching", leased: "driving", finished: "finished" };
    setText("gateway-link", `${words[/** @type {"down"} */ (standing)] ?? standing}${role}`);
    // What it said last is not what it does now.
    const known = ["open", "leased"].includes(standing) ? status : null;
    if (known || !tab.connected) lostAt = 0;
    else if (status) lostAt ||= Date.now();
    setText("gateway-state", known ? known.state.toUpperCase() : lostAt ? `unknown since ${new Date(lostAt).toLocaleTimeString("en-GB")}` : "–");
    byId("gateway-state", HTMLElement).dataset.state = known?.state ?? "";
    setText("gateway-lease", lostAt ? "unknown" : status?.epoch ? `${status.epoch}, held by ${standing === "leased" ? "this page" : `a ${status.holder}`}` : "free");
    setText("gateway-latency", link?.roundTrip == null ? "–" : `${link.roundTrip} ms`);
    connectButton.textContent = tab.connected ? "Disconnect" : "Connect";
    connectButton.disabled = connecting;
    for (const input of [run, drives]) input.disabled = tab.connected || connecting;
    byId("code-label", HTMLElement).hidden = Boolean(tab.secret);
    byId("hold", HTMLButtonElement).disabled = !["leased", "running"].includes(known?.state);
    byId("resume", HTMLButtonElement).disabled = known?.state !== "hold";
    byId("reset-gateway", HTMLButtonElement).disabled = !["safe", "fault", "estop"].includes(known?.state);
    byId("asked", HTMLElement).hidden = !known || Date.now() >= askedUntil;
    queue.show(known, known && link?.next);
    if (status) budgets.show(status.used);
  }

  show();
  if (tab.secret) stop.arm(tab.secret);
  /** The command that is performed, or would be next. */
  const next = () => (tab.drives && tab.connected ? (link?.next ?? status?.running?.op ?? status?.queue[0]?.op ?? null) : null);

  /** Go on after the page was loaded again. */
  async function resume() {
    if (!tab.connected || !tab.secret) return;
    if (await itself) return connect();
    tab.connected = false;
    remember(tab);
    say("This tab is a copy of one that is connected: it was not connected by itself.");
    show();
  }

  return { take, next, say, redraw: overview.redraw, resume, willDrive: tab.connected && tab.secret !== "" && tab.drives };
}

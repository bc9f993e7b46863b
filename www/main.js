// @ts-check
// The page: one state, one redraw, and what connects them to the engine.
import { connectAddress, connectCopy } from "./address.js";
import { entries, extend, newCampaign, regionsVisited } from "./campaign.js";
import { byId, setText } from "./dom.js";
import { described, engine, heard, site } from "./early.js";
import { aboutGateway } from "./instrument/session.js";
import { duration, significant } from "./format.js";
import { keepOffline } from "./install.js";
import { createHover } from "./hover.js";
import { pace } from "./pace.js";
import { onResize } from "./size.js";
import { createShade } from "./shade.js";
import { connectSettings } from "./settings.js";
import { mend } from "./share/link.js";
import { colours, connectTheme } from "./theme.js";
import { connectTransport } from "./transport.js";
import { connectResult } from "./result.js";
import { createViews } from "./views/all.js";
import { connectExplanations } from "./equations/explain.js";

/**
 * What the page is about; `goal` is the iteration that a link shows, until the campaign is there; `driven` is by an instrument.
 * @type {{ campaign: import("./types.js").Campaign | null, preset: string, view: import("./types.js").View, running: boolean, following: boolean, goal: number | null, driven: boolean, summary: any }}
 */
const app = {
  campaign: null,
  preset: "",
  view: { cursor: 0, hover: -1, palette: "viridis", axis: "iteration", colours: colours(), next: null },
  running: false,
  following: true,
  goal: null,
  driven: false,
  summary: null,
};

let dirty = false;
const redraw = () => {
  if (dirty) return;
  dirty = true;
  requestAnimationFrame(() => { dirty = false; draw(); });
};

heard.push = onPush;
const transport = connectTransport(app, engine, { redraw, reopen });
const shade = createShade(engine, redraw);
const hover = createHover(app, engine);
const views = createViews({
  onHover: (index, byKey) => { app.view.hover = index; void hover.show(byKey); redraw(); },
  onSeek: transport.seek,
  onView: redraw,
});
const result = connectResult(app, engine, redraw, (decision, config) => later?.why.show(decision, config));
const ledgerNow = pace(500, redraw);
/** Of what the ledger was asked last. @type {{ campaign: any, count: number }} */
let ledger = { campaign: null, count: 0 };
/** @type {ReturnType<typeof connectSettings> | null} */
let settings = null;
/** What the engine says of itself. @type {any} */
let description = null;
let opening = 0;
/** The Worker's number of the campaign in view: news of another, from before it was left, is still on its way. */
let inView = 0;
let preparing = false;
/** Nothing can be computed here. */
let failed = false;
/** The instrument's campaign is being opened, or is driven: no other takes its place. */
let locked = false;
/** Of the gateway that served this page, if one did. @type {ReturnType<typeof import("./instrument/panel.js").connectPanel> | null} */
let panel = null;
/** What is loaded after the first picture. @type {ReturnType<typeof import("./later.js").connectLater> | null} */
let later = null;
/** @type {() => void} */
let drawn = () => {};
const firstPicture = new Promise((resolve) => { drawn = () => resolve(undefined); });
/** @type {ReturnType<typeof connectAddress> | null} */
let address = null;

/** Longest that what is loaded later waits for a picture, ms: a library can take seconds to prepare. */
const LATER_MS = 1000;
/** A server that takes longer to answer is said to be waited for, ms. */
const SLOW_MS = 3000;
/** Drawn before a campaign runs. */
const FIRST_ENTRIES = 4;

/** Two frames, or a moment where none are drawn: what is new is on the screen before it starts to move. */
const shown = () => Promise.race([
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  new Promise((resolve) => setTimeout(resolve, 250)),
]);

/** The campaign in view from its start, and its settings with it: others may have been set that were refused, or are being prepared. @param {boolean} run */
function reopen(run) {
  if (!app.campaign || isLocked()) return;
  settings?.set(app.campaign.config, app.preset);
  void open(app.campaign.config, app.preset, run);
}

/**
 * Open a campaign; the one in view stays when the new one cannot be. Resolves to what is wrong with the configuration; to null when
 * another opening, or the reader, overtook it.
 * @param {any} config @param {string} preset that it is made from @param {boolean} [run] @param {import("./types.js").By | null} [by] the instrument that measures: nothing is simulated here
 * @param {number | null} [goal] the iteration to show; the campaign runs to its end for it, as fast as it goes
 * @returns {Promise<any[] | null>}
 */
async function open(config, preset, run = byId("autorun", HTMLInputElement).checked, by = null, goal = null) {
  if (!config || (!by && isLocked())) return null;
  const mine = (opening += 1);
  preparing = true;
  try {
    const opened = await engine.call("open", { config, waits: true });
    if (!opened || mine !== opening) return null;
    // What is asked of the Worker from here on is asked of this campaign; until here it was the one before.
    void engine.call("take");
    inView = opened.opening;
    app.campaign = newCampaign(config, opened, by);
    // It runs as soon as it is there, unless it is paused until then.
    Object.assign(app, { preset, running: run, following: goal === null, goal, driven: by !== null, summary: null });
    Object.assign(app.view, { cursor: 0, hover: -1 });
    address?.opened();
    void hover.show();
    shade.forget();
    result.clear();
    settings?.showErrors([]);
    views.opened(app.campaign);
    redraw();
    await shown();
    if (mine !== opening) return null;
    // The first entries are drawn one by one before the rest is asked for: the browser compiles what draws them meanwhile, and
    // no frame of a campaign at top speed waits for that.
    for (let entry = 0; !by && entry < (run ? FIRST_ENTRIES : 1); entry += 1) {
      await engine.call("step", { count: 1 });
      await shown();
      drawn();
      if (mine !== opening) return null;
    }
    if (app.running) goOn();
    return [];
  } catch (error) {
    if (mine !== opening) return null;
    const { message, errors } = /** @type {any} */ (error);
    const list = errors ?? [{ field: "config", value: "unusable", allowed: message, message }];
    settings?.showErrors(list);
    // The Worker stopped it to prepare what it then refused.
    if (app.running && !app.driven) goOn();
    return list;
  } finally {
    if (mine === opening) settle();
    redraw();
  }
}

/** What is in view runs: as fast as it goes to the iteration that a link shows. */
const goOn = () => transport.start(app.goal === null ? undefined : Infinity);

/** Nothing is being prepared any more. */
function settle() {
  preparing = false;
  byId("preparing", HTMLElement).hidden = true;
}

/** @param {any} message */
function onPush(message) {
  if (message.type === "preparing") {
    // News of what was cancelled may still be on its way.
    if (!preparing) return;
    byId("preparing", HTMLElement).hidden = false;
    byId("progress", HTMLProgressElement).value = message.share;
    return;
  }
  if (message.type === "gateway") return panel?.take(message);
  if (message.opening !== inView) return;
  if (message.type === "failed") return brokeOff(message.message);
  if (message.type !== "progress" || !app.campaign) return;
  extend(app.campaign, message);
  if (app.goal !== null) approach(app.campaign, app.goal);
  else if (app.following) app.view.cursor = Math.max(entries(app.campaign) - 1, 0);
  if (message.ended) {
    app.running = false;
    app.summary = message.summary;
    result.show(message.summary, description);
    settings?.ended(message.summary.digest, app.campaign.config);
    setText("announce", `The campaign ended after ${entries(app.campaign) - 1} iterations and ${app.campaign.visits.tile.length} regions.`);
  }
  redraw();
}

/** The engine can compute no more of the campaign in view. @param {string} why */
function brokeOff(why) {
  Object.assign(app, { running: false, goal: null });
  settings?.showRemarks([`The campaign broke off after iteration ${app.campaign ? entries(app.campaign) - 1 : 0} (${why}); what was computed until then stays in view. Reset begins it anew.`]);
  redraw();
}

/** Show the iteration that a link asks for as soon as it is there. @param {import("./types.js").Campaign} campaign @param {number} goal */
function approach(campaign, goal) {
  const last = Math.max(entries(campaign) - 1, 0);
  app.view.cursor = Math.min(goal, last);
  const endless = Object.values(campaign.config.stop).every((limit) => limit === null);
  if (endless && last >= goal) transport.pause();
  if (!campaign.ended) return;
  app.goal = null;
  if (last < goal) settings?.showRemarks([`The link shows iteration ${goal}; the campaign ended after ${last}, which is shown.`]);
}

/** The ledger of a campaign on its way, asked for when there is news. @param {import("./types.js").Campaign} campaign */
function askLedger(campaign) {
  const count = entries(campaign);
  if ((ledger.campaign === campaign && ledger.count === count) || !ledgerNow()) return;
  ledger = { campaign, count };
  void engine.call("summary").then((summary) => {
    if (app.campaign !== campaign || campaign.ended) return;
    app.summary = summary;
    redraw();
  });
}

/** Everything that depends on the state, once a frame at most. */
function draw() {
  const { campaign, view } = app;
  view.colours = colours();
  view.next = panel?.next() ?? null;
  if (!campaign) return views.empty(view, failed ? "gridscout could not start." : "The library is being prepared.");
  const at = view.cursor;
  const any = entries(campaign) > 0;
  setText("status", campaign.ended ? `ended: ${campaign.ended.replace("_", " ")}` : app.running ? "running" : "paused");
  setText("iteration", `${at} of ${campaign.config.stop.iterations ?? "any number"}`);
  setText("time", any ? duration(campaign.series.time_secs[at]) : "0 s");
  setText("cost", any ? significant(campaign.series.cost[at], 5) : "0");
  setText("regions-visited", String(regionsVisited(campaign, at)));
  setText("mean-sd", any ? significant(campaign.series.mean_sd[at], 3) : "–");
  if (any && !campaign.ended) askLedger(campaign);
  shade.want(campaign, at, byId("shade", HTMLSelectElement).value, app.running);
  views.draw(campaign, view, shade.current(campaign), app.summary);
  later?.compare.draw();
  transport.show();
  hover.follow();
  address?.follow();
  void result.decision(campaign, at);
  if (app.running) void engine.call("drawn");
}

async function start() {
  // Before anything is waited for: whoever chooses at once is heard.
  connectTheme(byId("theme", HTMLSelectElement), redraw, draw);
  // All that is waited for comes before there is anything to choose: the opening below would replace what was chosen meanwhile.
  const slow = setTimeout(() => setText("status", "waiting for the server to say in gateway.json whether it has an instrument"), SLOW_MS);
  const [says, about] = await Promise.all([described, aboutGateway(site).finally(() => clearTimeout(slow))]);
  const { connectPanel } = about ? await import("./instrument/panel.js") : { connectPanel: null };
  description = says;
  address = connectAddress(description, app, {
    redraw, restore: (wanted) => void restore(wanted),
    kept: () => (later ? later.compare.kept() : asked.state.a), study: () => (later ? later.study.asked() : asked.state.study),
    measuredA: () => Boolean(later?.compare.measuredA()),
  });
  connectCopy(address.link);
  const asked = address.asked();
  settings = connectSettings(description, engine, (config, preset, settled) => void open(config, preset, settled || undefined), isLocked);
  settings.set(asked.state.config, asked.state.preset);
  byId("cancel", HTMLButtonElement).addEventListener("click", () => {
    opening += 1;
    lock(false);
    void engine.call("cancel");
    settle();
    app.running = false;
    setText("announce", app.campaign ? "Cancelled; the last campaign stays in view." : "Cancelled.");
    if (app.campaign) {
      settings?.set(app.campaign.config, app.preset);
      address?.opened();
    } else {
      void openAsked({ state: { ...asked.state, config: presetOf(asked.state.preset).config, iteration: null }, problems: [] });
    }
    redraw();
  });
  for (const [id, key] of /** @type {const} */ ([["palette", "palette"], ["axis", "axis"]])) {
    const select = byId(id, HTMLSelectElement);
    select.addEventListener("change", () => { /** @type {any} */ (app.view)[key] = select.value; });
  }
  address.showView(asked.state.view);
  connectExplanations();
  onResize(() => { redraw(); panel?.redraw(); later?.study.redraw(); });
  result.capacity();
  keepOffline(about !== null);
  const query = location.search;
  void Promise.race([firstPicture, new Promise((resolve) => setTimeout(resolve, LATER_MS))]).then(() => loadLater(asked.state, about ? null : query));
  if (connectPanel) {
    panel = connectPanel(about, engine, { drive, released, news: redraw });
    if (panel.willDrive) await panel.resume();
    // There is always something to see, also where the gateway's campaign is not to be had.
    if (app.driven || preparing) return;
  }
  await openAsked(asked);
  // Who watches does so beside the simulator.
  await panel?.resume();
}

/** @param {import("./share/link.js").State} asked for by the address @param {string | null} query of the address, by which a tour is offered; none at a gateway */
async function loadLater(asked, query) {
  try {
    const { connectLater } = await import("./later.js");
    later = connectLater(app, engine, {
      views, shade, description, redraw, asked, change: (path, value) => settings?.change(path, value), remark: (text) => settings?.showRemarks([text]),
      link: (alone) => address?.link(alone)?.url ?? location.href, linkTo: (of) => address?.linkTo(of) ?? location.href,
    });
  } catch (error) {
    return settings?.showRemarks([`Tour, comparison, many campaigns, what if and export could not be loaded (${/** @type {Error} */ (error).message}). Load the page again to have them.`], true);
  }
  if (query !== null) later.tour.offer(query);
  result.forget();
  redraw();
}

/** @param {string} id */
const presetOf = (id) => description.presets.find((/** @type {any} */ p) => p.id === id);

/**
 * Open what an address asks for. There is always something to see: what the engine refuses gives way to the preset's.
 * @param {ReturnType<NonNullable<typeof address>["asked"]>} asked
 */
async function openAsked({ state, problems }) {
  const preset = presetOf(state.preset).config;
  const remarks = [...problems];
  let { config } = state;
  for (;;) {
    settings?.set(config, state.preset);
    address?.showView(state.view);
    const wrong = await open(config, state.preset, true, null, state.iteration);
    // What there is to remark is not of the campaign that overtook it.
    if (!wrong) return;
    if (!wrong.length) break;
    const mended = mend(config, preset, wrong, description.parameters);
    if (JSON.stringify(mended.config) === JSON.stringify(config)) break;
    config = mended.config;
    remarks.push(...mended.problems);
  }
  settings?.showRemarks(remarks);
}

/** The reader went back or forward. @param {ReturnType<NonNullable<typeof address>["asked"]>} asked */
async function restore(asked) {
  const { state } = asked;
  if (isLocked()) return;
  const { campaign } = app;
  // What is on its way would replace what is in view; to ask anew overtakes it.
  if (preparing || !campaign || app.preset !== state.preset || JSON.stringify(campaign.config) !== JSON.stringify(state.config)) return openAsked(asked);
  address?.showView(state.view);
  settings?.set(campaign.config, app.preset);
  if (state.iteration !== null && state.iteration < entries(campaign)) transport.seek(state.iteration);
}

/** @param {boolean} on */
function lock(on) {
  locked = on;
  byId("settings", HTMLElement).inert = on;
}

/** Whether the settings are the instrument's; the reader is told so. */
function isLocked() {
  if (locked) panel?.say("The instrument is being driven: settings, files and the address change nothing until it is disconnected.");
  return locked;
}

/** Open the configuration of the gateway; its instrument runs it. Resolves to why it was not opened, or null. @param {any} config @param {import("./types.js").By} by */
async function drive(config, by) {
  transport.pause();
  lock(true);
  settings?.set(config, by.preset);
  const wrong = await open(config, by.preset ?? byId("preset", HTMLSelectElement).value, false, by);
  if (wrong && !wrong.length) return null;
  lock(false);
  // Cancelled when it was in view already: it is a simulation like any other.
  if (app.campaign?.by === by) { app.campaign.by = null; app.driven = false; }
  return wrong ? "The gateway's settings cannot be used here." : "Cancelled; not connected.";
}

/** The settings are the reader's again. */
function released() {
  lock(false);
  if (app.driven) app.running = false;
  redraw();
}

start().catch((error) => {
  failed = true;
  setText("status", `could not start: ${error.message}`);
  redraw();
});

// @ts-check
// The only place where the engine runs. Requests are answered under their id; a campaign's progress is pushed as it comes.
import { createLink } from "./instrument/link.js";
import init, { Link, Session, Study, capacity, describe, fresh_seed, parse_particles_csv, parse_response_csv, read_journal } from "./pkg/gridscout.js";

/** Longest piece of work between two looks at the mailbox, ms. */
const SLICE_MS = 12;
/** Tiles whose particles cross in one message. */
const TILES = 60;
/** Of a larger library only the visited tiles are sent: the page would neither hold nor show it whole. */
const WHOLE = 3_000_000;
/** Longest wait for the page to draw what it was sent, ms; a hidden page draws nothing. */
const DRAW_MS = 60;

/** @type {Session | null} */
let session = null;
/** @type {Study | null} */
let study = null;
/** Counts openings; a piece of work that belongs to an older one stops. */
let opening = 0;
/** The opening that the session is of. */
let current = 0;
/** Ready to take the session's place; a page that thought better of it meanwhile never asks for that. @type {{ next: Session, of: number, whole: boolean } | null} */
let prepared = null;
let running = false;
/** Counts pauses; what was asked for before one is not gone on with. */
let pauses = 0;
/** Iterations per second; Infinity is as fast as it goes. */
let speed = 20;
let sent = { entries: 0, measurements: 0, visits: 0 };
let partial = false;
let debt = 0;
let last = 0;

const ready = init();
const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();
/** Let the mailbox have its turn. A message channel, because nested timers are held back to 4 ms. */
const breathe = () => new Promise((resolve) => {
  waiting.push(() => resolve(undefined));
  channel.port2.postMessage(null);
});

/** @param {any} message @param {Transferable[]} [transfer] */
const post = (message, transfer = []) => self.postMessage(message, { transfer });

/** @param {any} arrays */
const buffers = (arrays) => Object.values(arrays).map((array) => array.buffer);

const link = createLink(Link, () => session, post, push);

/** @type {Record<string, (args: any) => any>} */
const methods = {
  describe,
  capacity: ({ config }) => capacity(config),
  freshSeed: fresh_seed,
  responseCsv: ({ text, components }) => parse_response_csv(text, components),
  readJournal: ({ text, config }) => read_journal(text, config),
  csv: ({ text, components }) => parse_particles_csv(text, components),
  // The page asks for no such thing: this is the second lock.
  open: ({ config, waits }) => { if (link.drives()) throw new Error("the instrument is being driven; disconnect it first"); return open(config, waits); },
  take,
  cancel: () => { overtake(); },
  run: (args) => {
    if (link.drives()) { link.go(Infinity); return; }
    speed = args.speed;
    if (!running) { running = true; last = performance.now(); debt = 0; loop(opening).catch(broke); }
  },
  pause: () => { running = false; pauses += 1; link.go(0); },
  drawn: () => { seen(); },
  speed: (args) => { speed = args.speed; },
  step: async ({ count }) => {
    if (link.drives()) link.go(count);
    else if (session) await reach(session.iterations() + count);
  },
  // So that who asks twice, before the first answer, measures no more than who asks once.
  reach: ({ entries }) => reach(entries),
  connect: (options) => link.connect(options),
  disconnect: () => link.disconnect(),
  ask: ({ call }) => link.ask(call),
  calibration: () => link.calibration(),
  whatIf: ({ entry, path, value }) => session?.whatIf(entry, path, value) ?? null,
  turns: ({ entry, path }) => session?.turns(entry, path) ?? [],
  decision: ({ entry }) => session?.decision(entry) ?? null,
  field: ({ entry, resolution }) => session?.field(entry, resolution) ?? null,
  predict: ({ entry, fractions }) => session?.predict(entry, Float64Array.from(fractions)) ?? null,
  summary: () => session?.summary() ?? null,
  record: () => session?.record() ?? null,
  study: ({ spec }) => { study?.free(); study = null; study = new Study(spec); return study.campaigns(); },
  studyRun: ({ campaign }) => runOne(campaign),
  studyPut: ({ campaign, numbers }) => study?.put(campaign, numbers),
  studySummary: () => JSON.parse(study?.summary() ?? "null"),
};

self.onmessage = async ({ data: { id, method, args } }) => {
  try {
    await ready;
    post({ type: "answer", id, value: await methods[method](args) });
  } catch (error) {
    // An error of the engine carries what is wrong with which setting; anything else is a fault of ours and says so.
    const fault = /** @type {any} */ (error);
    post({ type: "answer", id, error: { message: String(fault?.message ?? fault), errors: fault?.errors ?? null } });
  }
};

/** A campaign of the study, or null when its seed draws a library that cannot be explored. @param {number} campaign */
function runOne(campaign) {
  try {
    return study?.run(campaign) ?? null;
  } catch (error) {
    if (/** @type {any} */ (error).errors) return null;
    throw error;
  }
}

/** What runs or is prepared is no longer wanted; the session stays. */
function overtake() {
  running = false;
  prepared?.next.free();
  prepared = null;
  return (opening += 1);
}

/** What is prepared becomes the session. */
function take() {
  if (!prepared) return;
  const { next, of, whole } = prepared;
  prepared = null;
  overtake();
  // Of one that broke off the memory is lost.
  try { session?.free(); } catch { /* It is borrowed for ever by the call that broke. */ }
  session = next;
  current = of;
  sent = { entries: 0, measurements: 0, visits: 0 };
  partial = !whole;
}

/**
 * Prepare a campaign, and send what does not change. Resolves to null when a later opening overtook it.
 * @param {any} config @param {boolean} [waits] until it is taken: until then the one before stays
 */
async function open(config, waits = false) {
  // Before anything is refused: settings that are refused overtake those before them, too.
  const mine = overtake();
  const next = new Session(config);
  const stale = () => mine !== opening;
  const abandon = () => { next.free(); return null; };
  const began = performance.now();
  for (let share = 0; share < 1;) {
    share = next.prepare(SLICE_MS);
    if (performance.now() - began > 200) post({ type: "preparing", share: 0.7 * share });
    await breathe();
    if (stale()) return abandon();
  }
  const geometry = /** @type {any} */ (next.geometry());
  const tiles = geometry.columns * geometry.rows;
  const { density_per_um2: density, particles: own } = config.library;
  const expected = own?.length ?? Math.round(density * geometry.width_um * geometry.height_um);
  const whole = expected <= WHOLE;
  /** @type {any[]} */
  const chunks = [];
  for (let tile = 0; whole && tile < tiles; tile += TILES) {
    chunks.push(next.particles(tile, TILES));
    if (performance.now() - began > 200) post({ type: "preparing", share: 0.7 + (0.3 * tile) / tiles });
    await breathe();
    if (stale()) return abandon();
  }
  prepared = { next, of: mine, whole };
  if (!waits) take();
  const particles = join(chunks);
  if (!whole) particles.offsets = new Uint32Array(tiles + 1);
  return { opening: mine, geometry, particles, partial: !whole, count: whole ? particles.x_um.length : expected };
}

/** One set of arrays from those of many tiles. @param {any[]} chunks */
function join(chunks) {
  const offsets = [0];
  for (const chunk of chunks) {
    const base = offsets[offsets.length - 1];
    for (const offset of chunk.offsets.subarray(1)) offsets.push(base + offset);
  }
  /** @param {string} key */
  const flat = (key) => {
    const out = new Float32Array(chunks.reduce((n, chunk) => n + chunk[key].length, 0));
    let at = 0;
    for (const chunk of chunks) { out.set(chunk[key], at); at += chunk[key].length; }
    return out;
  };
  return { offsets: Uint32Array.from(offsets), x_um: flat("x_um"), y_um: flat("y_um"), radius_nm: flat("radius_nm"), fractions: flat("fractions") };
}

/** The page has drawn; set while someone waits for it. @type {() => void} */
let seen = () => {};
/** At top speed the page sets the pace: computing while it draws would take from it the core that paints. */
const drawn = () => new Promise((resolve) => {
  const timer = setTimeout(() => seen(), DRAW_MS);
  seen = () => { clearTimeout(timer); seen = () => {}; resolve(undefined); };
});

/** Measure until there are so many entries, a slice at a time; answered when there are, or when it ended, was paused or overtaken. @param {number} entries */
async function reach(entries) {
  const [mine, asked] = [opening, pauses];
  const goesOn = () => session !== null && mine === opening && asked === pauses && !session.ended() && session.iterations() < entries;
  try {
    while (goesOn()) {
      const began = performance.now();
      do { if (session?.step(1) === 0) break; } while (performance.now() - began < SLICE_MS && goesOn());
      push();
      // Who asks for one entry is answered at once.
      if (goesOn()) await breathe();
    }
  } catch (error) {
    broke(error);
    throw error;
  }
}

/** Run until paused, ended or overtaken. @param {number} mine */
async function loop(mine) {
  while (running && session && mine === opening) {
    const now = performance.now();
    if (speed === Infinity) {
      // Within one slice, as many iterations as fit; at least one.
      do { if (session.step(1) === 0) break; } while (performance.now() - now < SLICE_MS);
    } else {
      // A hidden page is not owed the iterations it slept through.
      debt = Math.min(debt + (speed * (now - last)) / 1000, 5);
      last = now;
      const due = Math.floor(debt);
      if (due > 0) { session.step(due); debt -= due; }
    }
    push();
    if (session.ended()) break;
    await (speed === Infinity ? drawn() : new Promise((resolve) => setTimeout(resolve, 15)));
  }
  if (mine === opening) running = false;
}

/** The campaign cannot go on; who waits for it is told. @param {any} error */
function broke(error) {
  running = false;
  post({ type: "failed", opening: current, message: String(error?.message ?? error) });
}

/** Send what is new. */
function push() {
  if (!session) return;
  const entries = session.iterations();
  const ended = session.ended();
  if (entries === sent.entries && !ended) return;
  const series = /** @type {any} */ (session.series(sent.entries));
  const measurements = /** @type {any} */ (session.measurements(sent.measurements));
  const path = session.path();
  const visits = session.visits();
  /** @type {{ tile: number, particles: any }[]} */
  const more = [];
  if (partial) for (const tile of visits.tile.subarray(sent.visits)) more.push({ tile, particles: session.particles(tile, 1) });
  sent = { entries, measurements: sent.measurements + measurements.tile.length, visits: visits.tile.length };
  const transfer = [series, measurements, path, visits].flatMap(buffers);
  post({ type: "progress", opening: current, series, measurements, path, visits, more, ended, summary: ended ? session.summary() : null }, transfer);
}

// gridscout.mjs as a notebook's widget, with a kernel and a front end of the test's making.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, simulate } from "./chromium.mjs";
import { around, host, visit } from "./host.mjs";

let browser;
let expected;
before(async () => {
  browser = await launch();
  expected = await simulate("figure-3", 1);
});
after(() => browser?.close());

/** A kernel and the front end of a notebook: each has the traits, and what one sets reaches the other a moment later, if it is a change. */
const WIDGET = `<main></main><section></section><script type="module">
  import widget from "/dist/gridscout.mjs";
  const traits = { preset: "figure-3", seed: 1, params: {}, iteration: 0, digest: "", errors: [], ui: "presentation", theme: "light", autoplay: false, speed: "top" };
  const listeners = [];
  const front = structuredClone(traits);
  let changed = {};
  /** All that the kernel was told, in order. */
  const log = [];
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const set = (name, value) => {
    if (same(front[name], value)) return false;
    front[name] = value;
    for (const { event, run } of [...listeners]) if (event === "change:" + name) run();
    return true;
  };
  /** Messages on their way. */
  let underway = 0;
  const send = (arrive) => { underway += 1; setTimeout(() => { underway -= 1; arrive(); }, 30); };
  const kernel = (name, value) => { traits[name] = value; send(() => set(name, value)); };
  const model = {
    get: (name) => front[name], set: (name, value) => { if (set(name, value)) changed[name] = value; },
    save_changes: () => { const sent = changed; changed = {}; log.push(sent); send(() => Object.assign(traits, sent)); },
    on: (event, run) => listeners.push({ event, run }), off: (event, run) => listeners.splice(listeners.findIndex((l) => l.event === event && l.run === run), 1),
  };
  const end = widget.render({ model, el: document.querySelector("main") });
  Object.assign(globalThis, { traits, model, end, listeners, kernel, front, widget, log, underway: () => underway });
</script>`;

/** One view of it, when a campaign is shown. */
async function notebook(context) {
  const server = await host({ "/": around(WIDGET) });
  context.after(server.close);
  const { page, faults, close } = await visit(browser, server.url);
  context.after(close);
  const until = async (condition) => {
    try { await page.waitForFunction(condition, undefined, { timeout: 30_000 }); } catch {
      assert.fail(`never: ${condition}; ${await page.evaluate("JSON.stringify([traits, front, log.slice(-9), [...document.querySelectorAll('grid-scout')].map((view) => view.getState())])")}`);
    }
  };
  await until("document.querySelector('grid-scout')?.getState()?.preset");
  const views = () => page.evaluate("[...document.querySelectorAll('grid-scout')].map((view) => view.iteration)");
  return { page, faults, until, views };
}

test("a widget's traits and its element follow each other", async (context) => {
  const { page, faults, until } = await notebook(context);

  // From the element to the kernel.
  await page.locator("[part=run]").click();
  await until("traits.digest");
  const { digest } = expected;
  assert.deepEqual(await page.evaluate("[traits.digest, traits.iteration]"), [digest, 150]);
  await page.evaluate("document.querySelector('grid-scout').seek(40)");
  await until("traits.iteration === 40");

  // From the kernel to the element: another campaign, and a place in it.
  await page.evaluate('kernel("preset", "figure-4a"); kernel("seed", 3); kernel("params", { "stop.iterations": 12 }); kernel("iteration", 12)');
  await until("traits.digest && traits.digest !== '" + digest + "'");
  await until("traits.iteration === 12");
  const state = await page.evaluate("document.querySelector('grid-scout').getState()");
  assert.deepEqual([state.preset, state.seed, state.params, state.iteration], ["figure-4a", 3, { "stop.iterations": 12 }, 12]);
  assert.deepEqual(await page.evaluate("[traits.preset, traits.seed, traits.iteration, traits.digest, traits.errors]"), ["figure-4a", 3, 12, state.digest, []]);

  // While the element tells of another campaign's beginning, the kernel asks for a place in it: it does not keep the beginning.
  for (const [i, late] of [0, 20, 40, 60, 80, 100, 130, 160, 200].entries()) {
    const wanted = i + 2;
    await page.evaluate(`globalThis.asked = false; kernel("seed", ${100 + i}); setTimeout(() => { asked = true; kernel("iteration", ${wanted}); }, ${late})`);
    const all = "[traits.seed, traits.iteration, front.iteration, document.querySelector('grid-scout').iteration]";
    await until(`asked && !underway() && String(${all}) === "${[100 + i, wanted, wanted, wanted]}"`);
  }

  // What cannot be had comes back as what is shown, with the reason.
  await page.evaluate('kernel("params", { "stop.iterations": -1 })');
  await until("traits.errors.length");
  await until("traits.params['stop.iterations'] === 1");
  assert.match((await page.evaluate("traits.errors"))[0].message, /stop\.iterations is -1; allowed: /);
  await page.evaluate('kernel("params", {})');
  await until("!traits.errors.length");

  await page.evaluate("end()");
  assert.deepEqual(await page.evaluate("[listeners.length, document.querySelectorAll('grid-scout').length]"), [0, 0]);
  assert.deepEqual(faults, []);
});

test("taken from the page and put back, as a notebook does that shows only what is in sight, it is where it was", async (context) => {
  const { page, faults, until, views } = await notebook(context);
  await page.locator("[part=run]").click();
  await until("traits.digest");
  await page.evaluate("document.querySelector('grid-scout').seek(40)");
  await until("traits.iteration === 40");
  await page.evaluate("log.length = 0; globalThis.kept = document.querySelector('main'); kept.remove()");
  await until("kept.firstChild.getState() === null");
  // The kernel may ask for another place meanwhile.
  await page.evaluate('kernel("iteration", 55)');
  await until("front.iteration === 55");
  await page.evaluate("document.body.append(kept)");
  await until("kept.firstChild.getState().digest && kept.firstChild.iteration === 55");
  await page.evaluate("kept.firstChild.step()");
  await until("traits.iteration === 150");
  assert.equal((await views())[0], 150);
  const told = await page.evaluate("log");
  assert.deepEqual(told.filter((news) => "seed" in news || "preset" in news || "digest" in news || (news.iteration ?? 150) !== 150), [], JSON.stringify(told));
  assert.deepEqual(await page.evaluate("[traits.seed, traits.preset, traits.digest, traits.errors]"), [1, "figure-3", expected.digest, []]);
  assert.deepEqual(faults, []);
});

test("two views of one widget are at the same place, and neither takes back what the other told", async (context) => {
  const { page, faults, until, views } = await notebook(context);
  const first = page.locator("main grid-scout");
  await first.locator("[part=run]").click();
  await until("traits.digest");
  await page.evaluate("document.querySelector('grid-scout').seek(40)");
  await until("traits.iteration === 40");

  // The second shows what the first does, and the kernel still knows the end.
  await page.evaluate("log.length = 0; globalThis.end2 = widget.render({ model, el: document.querySelector('section') })");
  await until("document.querySelector('section grid-scout').iteration === 40");
  assert.deepEqual(await page.evaluate("log"), []);
  assert.equal(await page.evaluate("traits.digest"), expected.digest);

  // Begun anew in one, it has not ended.
  await page.evaluate("document.querySelector('main grid-scout').reset()");
  await until("document.querySelector('section grid-scout').iteration === 0 && traits.iteration === 0");
  assert.deepEqual(await page.evaluate("[traits.digest, log.filter(({ digest }) => digest).length]"), ["", 0]);

  // While one runs the kernel asks for a place: both go there.
  await page.evaluate("document.querySelectorAll('grid-scout')[0].setAttribute('speed', '20')");
  await first.locator("[part=run]").click();
  await until("document.querySelector('section grid-scout').iteration > 5");
  await page.evaluate('log.length = 0; kernel("iteration", 3)');
  await until("[...document.querySelectorAll('grid-scout')].every((view) => view.iteration === 3)");
  await page.evaluate("document.querySelector('grid-scout').pause()");
  await until("traits.iteration === 3");
  assert.deepEqual([await views(), await page.evaluate("traits.errors")], [[3, 3], []]);

  // Another campaign, chosen in the second, is that of both; what the first tells of its end stays.
  await page.evaluate("document.querySelectorAll('grid-scout')[0].setAttribute('speed', 'top'); document.querySelector('section grid-scout').seed = 2");
  await until("traits.seed === 2 && document.querySelector('main grid-scout').getState().seed === 2");
  await first.locator("[part=run]").click();
  await until("document.querySelector('section grid-scout').iteration === 150 && traits.digest");
  const { digest } = await simulate("figure-3", 2);
  assert.deepEqual(await page.evaluate("[traits.digest, traits.iteration, traits.errors]"), [digest, 150, []]);
  assert.deepEqual(faults, []);
});

test("what is complained of is forgotten when it is good again", async (context) => {
  const { page, faults, until } = await notebook(context);
  await page.evaluate('kernel("speed", "fast")');
  await until("traits.errors.some(({ field }) => field === 'speed')");
  await page.evaluate('kernel("speed", "top")');
  await until("!traits.errors.length");
  await page.evaluate('kernel("iteration", 500)');
  await until("traits.errors.some(({ field }) => field === 'iteration') && traits.iteration === 150");
  await page.evaluate('kernel("iteration", 20)');
  await until("!traits.errors.length && traits.iteration === 20");
  assert.equal(await page.evaluate("document.querySelector('grid-scout').iteration"), 20);
  assert.deepEqual(faults, []);
});

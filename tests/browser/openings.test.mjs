// Page and engine hold one campaign, the same one, whatever is asked for and then refused, overtaken or left.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status, text } from "./chromium.mjs";
import { presets } from "./states.mjs";
import { Session } from "../../www/pkg/gridscout.js";

let browser;
/** Of what `QUERY` asks for. */
let digest = "";
before(async () => {
  browser = await launch();
  const { page, close } = await open(browser, { ...QUERY, speed: "top" });
  await status(page, "ended");
  digest = await text(page, "#digest");
  await close();
});
after(() => browser.close());

const setting = (page, path) => page.locator(`[id="set-${path.replace(".", "-")}"]`);
const unfold = (page) => page.locator("#controls details").evaluateAll((all) => all.forEach((details) => { details.open = true; }));
/** Pressed in the page itself as soon as there are as many entries: no campaign runs to its end meanwhile. */
const pressAt = (page, button, least) => page.waitForFunction(([button, least]) => Number(document.querySelector("#scrub").max) >= least && (document.querySelector(button).click(), true), [button, least]);
/** Enough that its preparation takes seconds. */
const LONG = "300000";
/** A campaign that takes long is on its way; then a setting is refused. */
async function refuseWhilePreparing(page) {
  await setting(page, "response.gaussians").fill(LONG);
  await page.locator("#preparing").waitFor({ state: "visible" });
  await setting(page, "cost.stage_speed_um_per_s").fill("-1");
  await page.locator("#problems").waitFor({ state: "visible" });
  await page.locator("#preparing").waitFor({ state: "hidden" });
}

/** Notes what the Worker is asked and answers, from the start; while `held` is a list, campaigns that are ready wait in it. */
const listen = () => {
  Object.assign(window, { asked: [], answered: [], held: null });
  const Real = Worker;
  window.Worker = class extends Real {
    set onmessage(hear) {
      super.onmessage = (event) => {
        if (event.data.type === "answer") window.answered.push(event.data.id);
        if (window.held && event.data.value?.geometry) window.held.push(() => hear(event));
        else hear(event);
      };
    }
    postMessage(message, ...more) {
      window.asked.push(message);
      super.postMessage(message, ...more);
    }
  };
};
/** No opening is on its way in the Worker any more. */
const answered = (page) => page.waitForFunction(() => window.asked.every(({ method, id }) => method !== "open" || window.answered.includes(id)));

const QUERY = { preset: "figure-3", seed: "1", "stop.iterations": "80" };

/** The campaign of `QUERY`, paused in its middle, and all that the Worker is asked. */
async function paused() {
  const opened = await open(browser, { ...QUERY, speed: "10" }, {}, listen);
  const { page } = opened;
  await pressAt(page, "#run", 22);
  await status(page, "paused");
  await unfold(page);
  return opened;
}

/** What is in view goes on, one step and then to its end, and ends as it must. */
async function goesOn(page) {
  const before = await page.evaluate(() => [parseInt(document.querySelector("#iteration").textContent, 10), document.querySelector("#time").textContent]);
  await page.locator("#step").click();
  await page.waitForFunction((before) => parseInt(document.querySelector("#iteration").textContent, 10) === before + 1, before[0]);
  assert.notEqual(await text(page, "#time"), before[1]);
  await page.locator("#speed").selectOption("top");
  await page.locator("#run").click();
  await status(page, "ended");
  assert.match(await text(page, "#iteration"), /^80 of/);
  assert.equal(await text(page, "#digest"), digest);
}

test("a campaign whose preparation was overtaken by a refusal never takes the place of the one in view", async () => {
  const { page, faults, close } = await paused();
  try {
    await refuseWhilePreparing(page);
    assert.match(await text(page, "#problems"), /^Not run; the last good campaign stays in view/);
    await answered(page);
    await goesOn(page);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

for (const how of ["refused", "cancelled"]) {
  test(`nor does one that was ready when what came after it was ${how}`, async () => {
      const { page, faults, close } = await paused();
    try {
      await page.evaluate(() => { window.held = []; });
      await setting(page, "response.gaussians").fill(how === "refused" ? "7" : "60000");
      if (how === "cancelled") await page.locator("#preparing").waitFor({ state: "visible" });
      await page.waitForFunction(() => window.held.length === 1);
      if (how === "refused") {
        await setting(page, "cost.stage_speed_um_per_s").fill("-1");
        await page.locator("#problems").waitFor({ state: "visible" });
      } else await page.locator("#cancel").click();
      await page.evaluate(() => { for (const hear of window.held) hear(); window.held = null; });
      await goesOn(page);
      assert.deepEqual(faults, []);
    } finally {
      await close();
    }
  });
}

/** What is in view runs on: there is one entry more than there was. */
async function runsOn(page) {
  const before = Number(await page.locator("#scrub").getAttribute("max"));
  await page.waitForFunction((before) => Number(document.querySelector("#scrub").max) > before, before);
  assert.equal(await text(page, "#status"), "running");
  assert.equal(await text(page, "#run"), "Pause");
}

/** A region without particles, when there are so few to a square micrometre; the page learns that only from its library. @param {number} density_per_um2 */
function emptyRegion(density_per_um2) {
  const config = structuredClone(presets.find(({ id }) => id === "figure-3").config);
  Object.assign(config.library, { density_per_um2 });
  for (config.planner.first_region = 0; ; config.planner.first_region += 1) {
    const session = new Session({ ...config, seed: 1 });
    try { while (session.prepare(50) < 1); } catch { return config.planner.first_region; }
    session.free();
  }
}

test("a campaign that runs runs on when settings are refused that overtook others, or when their library is", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "2", "library.density_per_um2": "0.001", "stop.iterations": "null" });
  try {
    await status(page, "running");
    await unfold(page);
    await setting(page, "response.gaussians").fill("60000");
    await page.locator("#preparing").waitFor({ state: "visible" });
    await setting(page, "cost.stage_speed_um_per_s").fill("-1");
    await page.locator("#problems").waitFor({ state: "visible" });
    await runsOn(page);
    // Which regions are empty is known once the library is there.
    await setting(page, "response.gaussians").fill("3");
    await setting(page, "cost.stage_speed_um_per_s").fill("10");
    await page.locator("#problems").waitFor({ state: "hidden" });
    await page.locator('[id="set-planner-first_region-none"]').uncheck();
    await setting(page, "planner.first_region").fill(String(emptyRegion(0.001)));
    await page.locator("#problems").waitFor({ state: "visible" });
    assert.match(await text(page, "#problems"), /First region is/);
    await runsOn(page);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("run again and reset bring the settings back with the campaign, and it stays under its preset", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "20" });
  const speed = setting(page, "cost.stage_speed_um_per_s");
  const again = (button) => page.evaluate((button) => { document.querySelector("#digest").textContent = ""; document.querySelector(button).click(); }, button);
  const ended = () => page.waitForFunction(() => document.querySelector("#digest").textContent !== "");
  try {
    await status(page, "ended");
    const [first, address, gaussians] = [await text(page, "#digest"), page.url(), await setting(page, "response.gaussians").inputValue()];
    await unfold(page);
    await speed.fill("-1");
    await page.locator("#problems").waitFor({ state: "visible" });
    await again("#run");
    await ended();
    assert.equal(await speed.inputValue(), "10");
    assert.equal(await speed.getAttribute("aria-invalid"), "false");
    // What is being prepared is given up with its settings, also when they are another preset's.
    await page.locator("#preset").evaluate((select) => {
      select.value = "figure-4a";
      select.dispatchEvent(new Event("change"));
      document.querySelector("#digest").textContent = "";
      document.querySelector("#run").click();
    });
    await ended();
    assert.equal(await page.locator("#preset").inputValue(), "figure-3");
    assert.equal(await text(page, "#digest"), first);
    await setting(page, "response.gaussians").fill("60000");
    await page.locator("#preparing").waitFor({ state: "visible" });
    await again("#reset");
    await status(page, "paused");
    assert.equal(await setting(page, "response.gaussians").inputValue(), gaussians);
    await page.evaluate(() => document.querySelector("#run").click());
    await ended();
    assert.equal(await text(page, "#digest"), first);
    await page.waitForFunction((address) => location.href === address, address);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

/** While `frozen` no frame comes, and nobody who waits for one gives up. */
const freezable = () => {
  window.frozen = [];
  for (const name of ["requestAnimationFrame", "setTimeout"]) {
    const real = window[name].bind(window);
    window[name] = (then, ms) => (window.frozen && (name === "requestAnimationFrame" || ms === 250) ? window.frozen.push(() => real(then, ms)) : real(then, ms));
  }
};

test("what a link could not bring is not said of the campaign that overtook the link's", async () => {
  const { page, faults, close } = await open(browser, { ...QUERY, speed: "top", "cost.edx_secs": "quick" }, {}, freezable);
  const inView = (preset) => page.waitForFunction((preset) => history.state?.tables && new URLSearchParams(location.search).get("preset") === preset, preset, { polling: 50 });
  try {
    // The first is in view, and waits for its first frames when the other comes.
    await inView("figure-3");
    await page.locator("#preset").evaluate((select) => { select.value = "figure-4a"; select.dispatchEvent(new Event("change")); });
    await inView("figure-4a");
    await page.evaluate(() => { const waiting = window.frozen; window.frozen = null; for (const go of waiting) go(); });
    await status(page, "ended");
    assert.match(await page.locator("#simplex").getAttribute("aria-label"), /^Tetrahedron/);
    assert.ok(await page.locator("#problems").isHidden(), await text(page, "#problems"));
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

// Page and engine hold one campaign, the same one, whatever is asked for and then refused, overtaken or left.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status, text } from "./chromium.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const setting = (page, path) => page.locator(`[id="set-${path.replace(".", "-")}"]`);
const unfold = (page) => page.locator("#controls details").evaluateAll((all) => all.forEach((details) => { details.open = true; }));
const entries = (page, least) => page.waitForFunction((least) => Number(document.querySelector("#scrub").max) >= least, least);
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
/** Of what `QUERY` asks for. */
let digest = "";
before(async () => {
  const { page, close } = await open(browser, { ...QUERY, speed: "top" });
  await status(page, "ended");
  digest = await text(page, "#digest");
  await close();
});

/** The campaign of `QUERY`, paused in its middle, and all that the Worker is asked. */
async function paused() {
  const opened = await open(browser, { ...QUERY, speed: "10" }, {}, listen);
  const { page } = opened;
  await entries(page, 21);
  await page.locator("#run").click();
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

// Two campaigns side by side: one kept, one in view, linked by the time of the instrument.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status, text } from "./chromium.mjs";
import { complaints } from "./layout.mjs";
import { differenceOverTime, differences, entryAt, sameLibrary, timeToError } from "../../www/compare/differences.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const campaign = (time_secs, mean_abs_error) => ({ series: { time_secs, mean_abs_error, mean_sd: mean_abs_error } });

test("times, entries and differences are what they say", () => {
  assert.deepEqual([-1, 5, 10, 19.9, 20, 99].map((t) => entryAt([5, 10, 20], t)), [-1, 0, 1, 1, 2, 2]);
  const [a, b] = [campaign([5, 10, 20], [0.5, 0.3, 0.1]), campaign([8, 12], [0.4, 0.05])];
  assert.deepEqual([timeToError(a, 0.3), timeToError(a, 0.01), timeToError(b, 0.05)], [10, null, 12]);
  const { x, y } = differenceOverTime(a, b, "mean_abs_error");
  assert.deepEqual(x, [8, 10, 12]);
  assert.deepEqual(y.map((v) => Number(v.toFixed(9))), [-0.1, 0.1, -0.25]);
  const parameters = [{ path: "cost.v", label: "Speed", unit: "µm/s" }, { path: "library.d", label: "Density", unit: "" }];
  const config = (v, d) => ({ seed: 1, cost: { v }, library: { d, particles: null }, response: {} });
  const found = differences(config(1, 2), config(3, 2), parameters);
  assert.deepEqual(found, [{ path: "cost.v", label: "Speed", unit: "µm/s", a: 1, b: 3 }]);
  assert.equal(sameLibrary(found), true);
  assert.equal(sameLibrary(differences(config(1, 2), config(1, 3), parameters)), false);
  assert.deepEqual(differenceOverTime(a, campaign([], []), "mean_sd"), { x: [], y: [] });
});

for (const [width, theme] of [[1440, "light"], [390, "dark"]]) {
  test(`a kept campaign stands beside the next, ${width} pixels wide, ${theme}`, async () => {
    const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "60" }, { viewport: { width, height: 900 } });
    try {
      await page.locator("#theme").selectOption(theme);
      await status(page, "ended");
      await page.locator("#compare-keep").click();
      await page.locator('[id="set-planner-rule"]').selectOption("exhaust");
      await page.waitForFunction(() => document.querySelector("#compare-result").hidden === false);
      await status(page, "ended");
      await page.waitForFunction(() => document.querySelectorAll("#compare-differences tr").length === 1);
      assert.match(await text(page, "#compare-differences"), /paper.*exhaust/);
      assert.match(await text(page, "#compare-library"), /same particles/);
      await page.locator("#compare-error").fill("0.02");
      await page.waitForFunction(() => /A after .* B after|A after .*never|A never/.test(document.querySelector("#compare-reached").textContent));
      // Both at one time, set from the keyboard.
      await page.locator("#compare-time").focus();
      await page.keyboard.press("Home");
      await page.waitForFunction(() => document.querySelector("#compare-state-a").textContent.includes("nothing measured") && document.querySelector("#compare-state-b").textContent.includes("nothing measured"));
      await page.keyboard.press("End");
      await page.waitForFunction(() => /measured, mean error/.test(document.querySelector("#compare-state-a").textContent));
      const ends = await page.evaluate(() => ["a", "b"].map((side) => document.querySelector(`#compare-state-${side}`).textContent));
      assert.notEqual(ends[0], ends[1]);
      assert.deepEqual(await complaints(page), []);
      if (process.env.GRIDSCOUT_SHOT) await page.locator("#compare-section").screenshot({ path: `${process.env.GRIDSCOUT_SHOT}-${theme}.png` });
      await page.locator("#compare-error").fill("nonsense");
      await page.waitForFunction(() => document.querySelector("#compare-reached").textContent.includes("allowed: a number above 0"));
      await page.locator("#compare-drop").click();
      await page.waitForFunction(() => document.querySelector("#compare-result").hidden);
      assert.deepEqual(faults, []);
    } finally {
      await close();
    }
  });
}

test("what a campaign on its way has not reached is not said to be never reached", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "40" });
  try {
    await status(page, "ended");
    await page.locator("#compare-keep").click();
    await page.locator("#speed").selectOption("1");
    await page.locator("#seed").fill("2");
    await page.locator("#compare-error").fill("1e-9");
    await page.waitForFunction(() => /A never, B not yet\.$/.test(document.querySelector("#compare-reached").textContent));
    await page.locator("#speed").selectOption("top");
    await page.waitForFunction(() => /A never, B never\.$/.test(document.querySelector("#compare-reached").textContent));
  } finally {
    await close();
  }
});

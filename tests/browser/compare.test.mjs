// Two campaigns side by side: one kept, one in view, linked by the time of the instrument.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status, text } from "./chromium.mjs";
import { complaints } from "./layout.mjs";
import { differenceOverTime, differences, entryAt, inShort, linkHolds, sameLibrary, timeToError } from "../../www/compare/differences.js";
import { pathThrough } from "../../www/views/svg.js";

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
  // −0.1 for 2 s and 0.1 for 2 s; the last one is there for no time.
  const short = inShort({ x, y });
  assert.deepEqual([short.mean, short.least, short.most].map((v) => Number(v.toFixed(9))), [0, -0.25, 0.1]);
  assert.deepEqual(inShort({ x: [0, 30, 40], y: [0.1, 0.5, 0.2] }), { mean: 0.2, least: 0.1, most: 0.5 }, "0 is not one of its values");
  assert.deepEqual(inShort({ x: [7], y: [0.3] }), { mean: 0.3, least: 0.3, most: 0.3 });
  assert.equal(inShort(differenceOverTime(campaign([1, 2], [1, 1]), campaign([3, 4], [1, 1]), "mean_sd")), null, "no common time");
  const parameters = [{ path: "cost.v", label: "Speed", unit: "µm/s" }, { path: "library.d", label: "Density", unit: "" }];
  const config = (v, d) => ({ seed: 1, cost: { v }, library: { d, particles: null }, response: {} });
  const found = differences(config(1, 2), config(3, 2), parameters);
  assert.deepEqual(found, [{ path: "cost.v", label: "Speed", unit: "µm/s", a: 1, b: 3 }]);
  assert.equal(sameLibrary(found), true);
  assert.equal(sameLibrary(differences(config(1, 2), config(1, 3), parameters)), false);
  assert.deepEqual(differenceOverTime(a, campaign([], []), "mean_sd"), { x: [], y: [] });
  // What is said when A is kept.
  assert.equal(linkHolds({ by: null, config: config(1, 2) }), "the link of the page holds both");
  assert.match(linkHolds({ by: { driver: "simulated", run: "1" }, config: config(1, 2) }), /does not hold A/);
  for (const own of [{ library: { particles: [[0]] }, response: {} }, { library: {}, response: { table: [[0]] } }]) assert.match(linkHolds({ by: null, config: own }), /not your own table/);
});

test("over time a value holds until the next one", () => {
  const path = (stairs) => pathThrough(0, 2, (i) => [0, 10, 30][i], (i) => [5, 2, 1][i], stairs);
  assert.equal(path(true), "M0.0,5.0H10.0L10.0,2.0H30.0L30.0,1.0");
  assert.equal(path(false), "M0.0,5.0L10.0,2.0L30.0,1.0");
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
      // As the command line has them: the paper's rule after 57 iterations and 161.2 s, exhausting after 60 and 128.26 s.
      await page.waitForFunction(() => document.querySelector("#compare-reached").textContent === "A mean absolute error of 0.02: A after 2 min 41 s, B after 2 min 8 s; B is 1.26 times faster.");
      // Both at one time, set from the keyboard.
      await page.locator("#compare-time").focus();
      await page.keyboard.press("Home");
      await page.waitForFunction(() => document.querySelector("#compare-state-a").textContent.includes("nothing measured") && document.querySelector("#compare-state-b").textContent.includes("nothing measured"));
      const pictures = await page.evaluate(() => ["grid", "simplex"].flatMap((view) => ["a", "b"].map((side) => document.querySelector(`#compare-${view}-${side}`).getAttribute("aria-label"))));
      for (const words of pictures) assert.match(words, /Nothing has been measured yet\.$/);
      const lower = await page.locator("#compare-curves svg").nth(1).getAttribute("aria-label");
      assert.match(lower, /^B less A: \S+ on average over their common time, between \S+ and \S+\.$/);
      const stairs = await page.evaluate(() => [...document.querySelectorAll("#compare-curves :is(.line-a, .line-b, .line)")].map((path) => path.getAttribute("d")));
      assert.equal(stairs.length, 3);
      for (const d of stairs) assert.match(d, /^M[\d.]+,[\d.]+(H([\d.]+)L\2,[\d.]+)+$/);
      await page.keyboard.press("End");
      await page.waitForFunction(() => /measured, mean error/.test(document.querySelector("#compare-state-a").textContent));
      const ends = await page.evaluate(() => ["a", "b"].map((side) => document.querySelector(`#compare-state-${side}`).textContent));
      assert.deepEqual(ends, ["63 measured, mean error 0.0174", "63 measured, mean error 0.0194"]);
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

const shown = (page) => page.evaluate(() => ({
  differences: document.querySelector("#compare-differences").textContent,
  states: ["a", "b"].map((side) => document.querySelector(`#compare-state-${side}`).textContent),
  reached: document.querySelector("#compare-reached").textContent,
  curves: [...document.querySelectorAll("#compare-curves path")].map((path) => path.getAttribute("d")),
}));
const both = async (page) => {
  await page.waitForFunction(() => !document.querySelector("#compare-result").hidden && document.querySelector("#compare-progress").hidden);
  await status(page, "ended");
  await page.waitForFunction(() => document.querySelectorAll("#compare-curves path").length > 2);
  // What is drawn of a campaign on its way is drawn anew at its end, a moment later.
  await page.waitForTimeout(600);
  return shown(page);
};

test("a link holds both campaigns, and going back leaves A as it is", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "60" }, { permissions: ["clipboard-read", "clipboard-write"] });
  const other = await open(browser);
  try {
    await status(page, "ended");
    await page.locator("#compare-keep").click();
    await page.locator('[id="set-planner-rule"]').selectOption("exhaust");
    await page.locator("#compare-curve").selectOption("mean_sd");
    const mine = await both(page);
    await page.locator("#copy-link").click();
    await page.waitForFunction(() => document.querySelector("#result-message").textContent.startsWith("The link is copied"));
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(link, /planner\.rule=exhaust&stop\.iterations=60.*&compare-curve=mean_sd&iteration=60&a\.preset=figure-3&a\.seed=1&a\.stop\.iterations=60$/);

    await other.page.goto(link);
    await other.page.waitForFunction(() => document.querySelector("#compare-message").textContent === "A is what the link compares with.");
    assert.equal(await other.page.locator("#compare-curve").inputValue(), "mean_sd");
    assert.deepEqual(await both(other.page), mine);
    assert.ok(await other.page.locator("#problems").isHidden());

    // Going back is to another B; A is let go of by its button only, and then the address has none.
    await page.locator("#seed").fill("2");
    await page.waitForFunction(() => document.querySelector("#compare-library").textContent.includes("different particles"));
    await page.goBack();
    assert.deepEqual(await both(page), mine);
    await page.locator("#compare-drop").click();
    await page.waitForFunction(() => !location.search.includes("a.preset"));
    assert.deepEqual([...faults, ...other.faults], []);
  } finally {
    await close();
    await other.close();
  }
});

test("of a campaign that was left in its middle, a link holds the part there is", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "20" });
  try {
    await page.waitForFunction(() => document.querySelector("#scrub").max >= 12);
    await page.locator("#run").click();
    await page.locator("#compare-keep").click();
    const kept = await page.locator("#scrub").getAttribute("max");
    await page.locator("#speed").selectOption("top");
    await page.locator("#seed").fill("2");
    const mine = await both(page);
    await page.waitForFunction((kept) => new URLSearchParams(location.search).get("a.iteration") === kept, kept);
    await page.reload();
    await page.waitForFunction(() => document.querySelector("#compare-message").textContent === "A is what the link compares with.");
    assert.deepEqual(await both(page), mine);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("an A that cannot be had gives way, and one that takes long can be let go", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "5", "a.preset": "figure-3", "a.library.tile_um": "400", "a.stop.iterations": "7" });
  try {
    await page.waitForFunction(() => /Of what the link compares with: .*library.*The preset's value is used/.test(document.querySelector("#problems").textContent));
    await both(page);
    assert.match(await text(page, "#compare-differences"), /7.*5/);
    await page.goto(`${new URL(page.url()).origin}/?preset=figure-3&speed=top&stop.iterations=5&a.preset=full-grid&a.stop.iterations=5000`);
    await page.locator("#compare-progress").waitFor({ state: "visible" });
    await status(page, "ended");
    assert.ok(new URLSearchParams(new URL(page.url()).search).has("a.preset"), "it is in the address before it is there");
    await page.locator("#compare-drop").click();
    assert.ok(await page.locator("#compare-progress").isHidden());
    assert.ok(await page.locator("#compare-result").isHidden());
    await page.waitForFunction(() => !location.search.includes("a.preset"));
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("a link holds the time and the error at which two campaigns are compared, and what Figure 1 is asked", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "40" });
  const other = await open(browser);
  try {
    await status(page, "ended");
    await page.locator("#compare-keep").click();
    await page.locator('[id="set-planner-rule"]').selectOption("exhaust");
    await page.waitForFunction(() => !document.querySelector("#compare-result").hidden);
    await status(page, "ended");
    const word = (at, name, value) => at.waitForFunction(([name, value]) => new URLSearchParams(location.search).get(name) === value, [name, value]);
    await page.locator("#compare-time").focus();
    await page.keyboard.press("Home");
    for (let i = 0; i < 25; i += 1) await page.keyboard.press("ArrowRight");
    await word(page, "compare-time", "25");
    await page.locator("#compare-error").fill("0.2");
    await page.keyboard.press("Tab");
    await page.locator("#capacity-section > summary").click();
    await page.locator("#capacity-radius_nm").fill("50");
    await page.keyboard.press("Tab");
    await word(page, "capacity.radius_nm", "50");
    await word(page, "compare-error", "0.2");
    const seen = (at) => at.evaluate(() => ["compare-time-text", "compare-state-a", "compare-state-b", "compare-reached"].map((id) => document.querySelector(`#${id}`).textContent));
    const mine = await seen(page);

    await other.page.goto(page.url());
    await other.page.waitForFunction(() => document.querySelector("#compare-message").textContent === "A is what the link compares with." && !document.querySelector("#compare-result").hidden);
    await status(other.page, "ended");
    await other.page.waitForFunction((mine) => ["compare-time-text", "compare-state-a", "compare-state-b", "compare-reached"].every((id, i) => document.querySelector(`#${id}`).textContent === mine[i]), mine);
    assert.equal(await other.page.locator("#capacity-radius_nm").inputValue(), "50");
    await other.page.locator("#capacity table").waitFor();
    assert.equal(await other.page.locator("#problems").isHidden(), true);
    // At its end the slider follows again, and the link says nothing of it.
    await other.page.locator("#compare-time").focus();
    await other.page.keyboard.press("End");
    await word(other.page, "compare-time", null);
    // What is no number is in no link.
    await other.page.locator("#compare-error").fill("nonsense");
    await other.page.keyboard.press("Tab");
    await word(other.page, "compare-error", null);
    assert.deepEqual([...faults, ...other.faults], []);
  } finally {
    await close();
    await other.close();
  }
});

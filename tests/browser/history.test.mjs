// Back, forward, iterations asked for, and what no link can hold.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status, text } from "./chromium.mjs";
import { random } from "./states.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const has = (page, wanted) => page.waitForFunction((wanted) => Object.entries(wanted).every(([key, value]) => new URLSearchParams(location.search).get(key) === value), wanted);
const length = (page) => page.evaluate(() => history.length);

/** The digest of a campaign that ended after this many iterations, in view with this seed. */
async function digest(page, seed) {
  await page.waitForFunction((seed) => document.querySelector("#command").textContent.includes(`--seed ${seed}`) || document.querySelector("#command").textContent.includes("replay"), seed);
  return text(page, "#digest");
}

test("back and forward reopen what was there, without loading the page", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "40" });
  try {
    await page.evaluate(() => { window.alive = true; });
    await status(page, "ended");
    const start = await length(page);
    const one = await digest(page, 1);
    await page.locator("#scrub").fill("12");
    await has(page, { iteration: "12" });
    assert.equal(await length(page), start, "scrubbing is no step");

    await page.locator("#seed").fill("7");
    const seven = await digest(page, 7);
    await has(page, { seed: "7", iteration: "40" });
    assert.equal(await length(page), start + 1);
    await page.locator("#preset").selectOption("figure-4a");
    await has(page, { preset: "figure-4a" });
    await status(page, "ended");
    assert.equal(await length(page), start + 2);
    assert.notEqual(one, seven);

    await page.goBack();
    await has(page, { preset: "figure-3", seed: "7" });
    assert.equal(await digest(page, 7), seven);
    assert.equal(await page.locator("#preset").inputValue(), "figure-3");
    await page.goBack();
    await has(page, { seed: "1", iteration: "12" });
    assert.equal(await digest(page, 1), one);
    assert.match(await text(page, "#iteration"), /^12 of 40$/);
    assert.equal(await page.locator("#seed").inputValue(), "1");
    await page.goForward();
    await has(page, { seed: "7" });
    assert.equal(await digest(page, 7), seven);
    await page.goForward();
    await page.waitForFunction(() => document.querySelector("#preset").value === "figure-4a");
    await status(page, "ended");
    assert.equal(await length(page), start + 2, "going back and forth adds nothing");
    assert.equal(await page.evaluate(() => window.alive), true);
    assert.ok(await page.locator("#problems").isHidden());
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("a slider that is dragged is one step back", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "10" });
  try {
    await status(page, "ended");
    const start = await length(page);
    for (const secs of ["20", "21", "22"]) {
      await page.locator('[id="set-cost-edx_secs"]').fill(secs);
      await has(page, { "cost.edx_secs": secs });
    }
    assert.equal(await length(page), start + 1);
    await page.goBack();
    await page.waitForFunction(() => !new URLSearchParams(location.search).has("cost.edx_secs"));
    await page.waitForFunction(() => document.querySelector('[id="set-cost-edx_secs"]').value === "10");
  } finally {
    await close();
  }
});

test("the iteration that a link asks for is shown, or what there is of it", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", "stop.iterations": "20", iteration: "999" });
  try {
    await status(page, "ended");
    await page.waitForFunction(() => document.querySelector("#problems").textContent.includes("The link shows iteration 999; the campaign ended after 20, which is shown."));
    assert.match(await text(page, "#iteration"), /^20 of 20$/);
    // Without a limit there is no end to wait for.
    await page.goto(`${new URL(page.url()).origin}/?preset=figure-3&stop.iterations=null&iteration=30`);
    await page.waitForFunction(() => document.querySelector("#iteration").textContent === "30 of any number" && document.querySelector("#status").textContent === "paused", null, { timeout: 10_000 });
    await has(page, { "stop.iterations": "null", iteration: "30" });
    assert.ok(await page.locator("#problems").isHidden());
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("forward overtakes a campaign that back has only begun to prepare", async () => {
  const begun = Date.now();
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "response.gaussians": "100000", "stop.iterations": "10" });
  try {
    await status(page, "ended");
    const took = Date.now() - begun;
    await page.locator("#preset").selectOption("figure-4a");
    await has(page, { preset: "figure-4a", iteration: "300" });
    const there = await length(page);
    await page.goBack();
    await page.locator("#preparing").waitFor({ state: "visible" });
    await page.goForward();
    // What back asked for would have come by then.
    await page.waitForTimeout(2 * took);
    await status(page, "ended");
    await has(page, { preset: "figure-4a" });
    assert.equal(await page.locator("#preset").inputValue(), "figure-4a");
    assert.match(await page.locator("#simplex").getAttribute("aria-label"), /^Tetrahedron/);
    assert.equal(await length(page), there);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

/** @param {number} seed */
function particles(seed) {
  const next = random(seed);
  const rows = Array.from({ length: 300 }, () => {
    const parts = [next(), next(), next()];
    const sum = parts[0] + parts[1] + parts[2];
    return [300 * next(), 300 * next(), 20, ...parts.map((part) => part / sum)].map((x) => x.toFixed(6)).join(",");
  });
  return ["x_um,y_um,radius_nm,c1,c2,c3", ...rows].join("\n");
}
const giveParticles = (page, seed) => page.locator("#own-file").setInputFiles({ name: "own.csv", mimeType: "text/csv", buffer: Buffer.from(particles(seed)) });

test("own particles: the link leaves them out and says so; going back finds them", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "20" }, { permissions: ["clipboard-read", "clipboard-write"] });
  const other = await open(browser);
  try {
    await status(page, "ended");
    const generated = await digest(page, 1);
    await giveParticles(page, 9);
    await has(page, { particles: "own" });
    await page.waitForFunction(() => document.querySelector("#command").textContent.includes("replay"));
    const mine = await text(page, "#digest");
    assert.notEqual(mine, generated);
    await page.locator("#copy-link").click();
    await page.waitForFunction(() => /^The link is copied\. Your own table is not in it/.test(document.querySelector("#result-message").textContent));
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(link.length < 250, link);

    await other.page.goto(link);
    await other.page.waitForFunction(() => document.querySelector("#problems").textContent.includes("somebody's own table of particles or of the property, which no link holds"));
    assert.equal(await digest(other.page, 1), generated);

    assert.match(await text(page, "#own-message"), /own\.csv: 300 particles/);
    await page.goBack();
    await page.waitForFunction((digest) => document.querySelector("#digest").textContent === digest, generated);
    assert.equal(await text(page, "#own-message"), "", "nothing is said of a table that is not in use");
    await page.goForward();
    await page.waitForFunction((digest) => document.querySelector("#digest").textContent === digest, mine);
    assert.ok(await page.locator("#problems").isHidden());

    // A jump within the page is an entry, too; and another table has the same words in its link.
    await page.locator(".skip").focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => location.hash === "#views");
    await giveParticles(page, 10);
    await page.waitForFunction((mine) => !["", mine].includes(document.querySelector("#digest").textContent), mine);
    const another = await text(page, "#digest");
    await page.goBack();
    await page.waitForFunction((digest) => document.querySelector("#digest").textContent === digest, mine);
    assert.ok(await page.locator("#problems").isHidden());
    await page.goForward();
    await page.waitForFunction((digest) => document.querySelector("#digest").textContent === digest, another);
    assert.deepEqual([...faults, ...other.faults], []);
  } finally {
    await close();
    await other.close();
  }
});

test("a table that a reload has lost is said to be gone; no other takes its place", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "20" });
  try {
    await status(page, "ended");
    const generated = await digest(page, 1);
    const give = async (seed, not) => {
      await giveParticles(page, seed);
      await page.waitForFunction((not) => !["", ...not].includes(document.querySelector("#digest").textContent), not);
      return text(page, "#digest");
    };
    await give(9, [generated]);
    await page.locator("#preset").selectOption("figure-4a");
    await has(page, { preset: "figure-4a", particles: null });
    await status(page, "ended");
    const four = await text(page, "#digest");
    await page.reload();
    await page.waitForFunction((four) => document.querySelector("#digest").textContent === four, four);
    await page.locator("#preset").selectOption("figure-3");
    await page.waitForFunction((four) => !["", four].includes(document.querySelector("#digest").textContent), four);
    const second = await give(10, [four, generated, await text(page, "#digest")]);
    const there = await length(page);
    // By figure-3 and figure-4a to the entry of the first table: its settings, without the table.
    for (let i = 0; i < 3; i += 1) await page.goBack();
    await page.waitForFunction(() => document.querySelector("#problems").textContent.includes("somebody's own table of particles or of the property, which no link holds"));
    await page.waitForFunction((one) => document.querySelector("#digest").textContent === one, generated);
    assert.equal(await length(page), there, "going back adds nothing, and forward is kept");
    for (let i = 0; i < 3; i += 1) await page.goForward();
    await page.waitForFunction((digest) => document.querySelector("#digest").textContent === digest, second);
    assert.ok(await page.locator("#problems").isHidden());
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("where copying is not allowed, the message holds the link", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", speed: "top", "stop.iterations": "5", elements: `${"A".repeat(70)},B` });
  try {
    await status(page, "ended");
    await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await page.locator("#copy-link").click();
    await page.waitForFunction(() => /The link: http.*preset=figure-3/.test(document.querySelector("#result-message").textContent));
    assert.ok(await page.locator("#result-message").evaluate((line) => line.scrollWidth <= line.closest("aside").clientWidth), "a long link stays in its column");
  } finally {
    await close();
  }
});

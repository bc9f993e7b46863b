// What is said aloud and what a key does, for those who do not look: a campaign that runs is no stream of words.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status } from "./chromium.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** In the page: counts changes of text that a screen reader would tell, by the element that is live. */
function listen() {
  const told = {};
  const live = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const said = at.getAttribute("aria-live") ?? { status: "polite", alert: "assertive", log: "polite" }[at.getAttribute("role")] ?? (at.tagName === "OUTPUT" ? "polite" : null);
      if (said) return said === "off" ? null : at;
    }
    return null;
  };
  new MutationObserver((changes) => {
    const now = new Set(changes.map(({ target }) => live(target.nodeType === Node.TEXT_NODE ? target.parentElement : target)));
    for (const element of now) if (element?.checkVisibility()) told[element.id || element.className] = (told[element.id || element.className] ?? 0) + 1;
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
  Object.assign(window, { told });
}

test("a campaign on its way tells of its beginning and its end, not of every step", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "20" });
  try {
    await page.evaluate(listen);
    await status(page, "ended");
    // 150 iterations have gone by.
    assert.equal(await page.locator("#scrub-text").textContent(), "150 / 150");
    const told = await page.evaluate(() => window.told);
    const sum = Object.values(told).reduce((a, b) => a + b, 0);
    assert.ok(told.announce === 1 && sum <= 6, JSON.stringify(told));
    // Who goes through the record by keyboard is told where.
    await page.evaluate(() => { for (const id of Object.keys(window.told)) delete window.told[id]; });
    await page.locator("#curves svg").first().focus();
    for (const entry of [149, 148, 147]) {
      await page.keyboard.press("ArrowLeft");
      await page.waitForFunction((entry) => document.querySelector("#curves .readout").textContent.startsWith(`iteration ${entry}:`), entry);
    }
    assert.deepEqual(await page.evaluate(() => window.told), { told: 3 });
    assert.match(await page.locator("#curves .told").first().textContent(), /^iteration 147: /);
  } finally {
    await close();
  }
});

test("a campaign that runs on under the focus of a chart is not told, entry by entry", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "20" });
  try {
    await page.waitForFunction(() => document.querySelector("#scrub").max > 5);
    await page.evaluate(listen);
    const chart = page.locator("#curves svg").first();
    await chart.focus();
    const name = await chart.getAttribute("aria-label");
    await page.keyboard.press("End");
    await page.waitForFunction(() => window.told.told === 1);
    await page.waitForFunction((from) => document.querySelector("#scrub").value > from + 40, await page.evaluate(() => Number(document.querySelector("#scrub").value)));
    assert.deepEqual(await page.evaluate(() => window.told), { told: 1 });
    assert.equal(await chart.getAttribute("aria-label"), name, "the name of what has the focus is told when it changes");
    await chart.blur();
    assert.notEqual(await chart.getAttribute("aria-label"), name);
  } finally {
    await close();
  }
});

test("nor is one that runs on under the focus of a canvas", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "20" });
  try {
    await page.waitForFunction(() => document.querySelector("#scrub").max > 5);
    for (const id of ["grid", "simplex"]) {
      const canvas = page.locator(`#${id}`);
      await canvas.focus();
      const name = await canvas.getAttribute("aria-label");
      await page.waitForFunction((from) => document.querySelector("#scrub").max > from + 25, await page.evaluate(() => Number(document.querySelector("#scrub").max)));
      assert.equal(await canvas.getAttribute("aria-label"), name, id);
      await canvas.blur();
      assert.notEqual(await canvas.getAttribute("aria-label"), name, id);
    }
  } finally {
    await close();
  }
});

test("Space pauses and runs where one looks at the campaign; elsewhere it scrolls, and it runs nothing again", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "1", "stop.iterations": "20" }, { viewport: { width: 1000, height: 500 } });
  const words = () => page.locator("#run").textContent();
  // To its end: the browser scrolls by a key in steps.
  const scrolled = () => page.waitForFunction(() => { const before = window.before; window.before = scrollY; return scrollY > 0 && scrollY === before; }, null, { polling: 200 });
  try {
    await status(page, "running");
    await page.locator("#grid").focus();
    for (const says of ["paused", "running"]) {
      await page.keyboard.press("Space");
      await status(page, says);
    }
    await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
    await page.keyboard.press("Space");
    await scrolled();
    assert.equal(await words(), "Pause");
    await page.locator("#speed").selectOption("top");
    await status(page, "ended");
    const digest = await page.locator("#digest").textContent();
    for (const place of ["#grid", "body"]) {
      await page.evaluate((place) => { document.activeElement.blur(); document.querySelector(place).focus({ preventScroll: true }); scrollTo(0, 0); }, place);
      await page.waitForFunction(() => scrollY === 0);
      await page.keyboard.press("Space");
      await scrolled();
      assert.equal(await words(), "Run again");
      assert.equal(await page.locator("#digest").textContent(), digest);
    }
  } finally {
    await close();
  }
});

test("a full stop steps where one looks at the campaign, and nowhere else", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "20" });
  try {
    await status(page, "ended");
    await page.locator("#scrub").focus();
    await page.keyboard.press("Home");
    const at = () => page.locator("#scrub").inputValue();
    await page.keyboard.press(".");
    await page.waitForFunction(() => document.querySelector("#scrub").value === "1");
    await page.locator("#grid").focus();
    await page.keyboard.press(".");
    await page.waitForFunction(() => document.querySelector("#scrub").value === "2");
    for (const place of ["body", "#theme", "#settings summary", "#copy-link"]) {
      await page.locator(place).first().evaluate((element) => { document.activeElement?.blur(); element.focus(); });
      await page.keyboard.press(".");
      await page.waitForTimeout(60);
      assert.equal(await at(), "2", place);
    }
  } finally {
    await close();
  }
});

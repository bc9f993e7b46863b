// The guided first run by keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, setting, status, text } from "./chromium.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

for (const [width, height, theme] of [[1440, 900, "light"], [768, 1024, "dark"], [390, 844, "light"]]) {
  test(`the tour by keyboard from start to end, ${width} × ${height}, ${theme}`, async () => {
    const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top" }, { viewport: { width, height } });
    try {
      await page.locator("#theme").selectOption(theme);
      await status(page, "ended");
      const before = await text(page, "#digest");
      await page.locator("#tour-start:not([inert])").focus();
      await page.keyboard.press("Enter");
      const titles = [];
      for (let step = 1; step <= 5; step += 1) {
        assert.equal(await text(page, "#tour-count"), `${step} of 5`);
        titles.push(await text(page, "#tour-title"));
        assert.equal(await page.evaluate(() => document.activeElement.id), "tour");
        const box = await page.locator("#tour").boundingBox();
        assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, `step ${step} is off the screen: ${JSON.stringify(box)}`);
        if (process.env.GRIDSCOUT_SHOT) { await page.waitForTimeout(600); await page.screenshot({ path: `${process.env.GRIDSCOUT_SHOT}-${width}-${step}.png` }); }
        if (step === 4) {
          await page.locator("#tour-act").focus();
          await page.keyboard.press("Enter");
          await page.waitForFunction((before) => { const now = document.querySelector("#digest").textContent; return now && now !== before; }, before);
          assert.equal(await page.locator("#tour").isVisible(), true);
          await page.locator("#tour").focus();
        }
        if (step < 5) await page.keyboard.press("ArrowRight");
      }
      assert.equal(new Set(titles).size, 5);
      await page.keyboard.press("ArrowLeft");
      assert.equal(await text(page, "#tour-count"), "4 of 5");
      await page.keyboard.press("Escape");
      assert.equal(await page.locator("#tour").isHidden(), true);
      assert.equal(await page.evaluate(() => document.activeElement.id), "tour-start");
      assert.deepEqual(faults, []);
    } finally {
      await close();
    }
  });
}

test("it is offered once, to who asks for nothing in particular", async () => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(setting("GRIDSCOUT_URL"));
    await page.waitForFunction(() => !document.querySelector("#tour").hidden);
    await page.locator("#tour-skip").click();
    await page.goto(setting("GRIDSCOUT_URL"));
    await status(page, "ended");
    assert.equal(await page.locator("#tour").isHidden(), true);
  } finally {
    await context.close();
  }
});

test("who types already is not called away to it", async () => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.route("**/later.js", async (route) => {
      await page.locator("#seed").focus();
      await route.continue();
    });
    await page.goto(setting("GRIDSCOUT_URL"));
    await page.waitForFunction(() => !document.querySelector("[data-later][inert]"));
    await status(page, "running");
    assert.equal(await page.locator("#tour").isHidden(), true);
    assert.equal(await page.evaluate(() => document.activeElement.id), "seed");
    // It stays to be asked for.
    await page.locator("#tour-start").click();
    assert.equal(await page.locator("#tour").isVisible(), true);
  } finally {
    await context.close();
  }
});

test("its card and its buttons are within every window, however small", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "9" });
  try {
    await status(page, "ended");
    for (const [width, height] of [[320, 256], [720, 300], [844, 390]]) {
      await page.setViewportSize({ width, height });
      await page.locator("#tour-start").click();
      for (let step = 1; step <= 5; step += 1) {
        await page.locator("#tour-count").filter({ hasText: `${step} of 5` }).waitFor();
        // Its place is another once what it speaks of has been scrolled to.
        await page.waitForFunction(() => {
          const { top, bottom } = document.querySelector("#tour").getBoundingClientRect();
          return top >= 0 && bottom <= innerHeight;
        });
        await page.locator("#tour-next").scrollIntoViewIfNeeded();
        const { y, height: high } = await page.locator("#tour-next").boundingBox();
        assert.ok(y >= 0 && y + high <= height, `${width} × ${height}, step ${step}: ${y} to ${y + high}`);
        await page.locator("#tour-next").click();
      }
      assert.ok(await page.locator("#tour").isHidden());
    }
  } finally {
    await close();
  }
});

test("under other settings it speaks of those, and Escape closes it from anywhere", async () => {
  const { page, close } = await open(browser, { preset: "figure-4e", seed: "1", speed: "top", "stop.iterations": "9", "cost.edx_secs": "90", "planner.rule": "raster" });
  try {
    await status(page, "ended");
    await page.locator("#tour-start").click();
    const texts = [];
    for (let step = 1; step <= 4; step += 1) {
      texts.push(await text(page, "#tour-text"));
      await page.locator("#tour-next").click();
    }
    assert.match(texts[1], /the five corners are the pure elements/);
    assert.match(texts[2], /^A spectrum here takes 1 s\. A neighbouring square takes 1 min 38 s before the first one: 3 s of travel, 5 s of retuning, 1 min 30 s of EDX map\./);
    assert.match(texts[2], /the rule that is set decides otherwise/);
    assert.match(texts[3], /a neighbour is then 2 min 35 s away/);
    await page.locator("#run").focus();
    await page.keyboard.press("Escape");
    assert.ok(await page.locator("#tour").isHidden());
    assert.equal(await page.evaluate(() => document.activeElement.id), "run");
  } finally {
    await close();
  }
});

test("Figure 1 says how many grids it takes, and what it cannot take", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", speed: "top", "stop.iterations": "5" });
  try {
    await status(page, "ended");
    await page.locator("#capacity-section > summary").click();
    const [times, radius] = [page.locator("#capacity table"), page.getByLabel("Mean radius, nm")];
    await times.filter({ hasText: "3003 particles of 1 field of view; they are random, and hit 53.8 % of the compositions" }).waitFor();
    // 26 658 × 1.02 s and five moves of 18 s.
    await times.filter({ hasText: "until 95 % are hit7 h 34 min 41 s26658 random particles" }).waitFor();
    await page.getByLabel("Components", { exact: true }).fill("10");
    await radius.fill("3000");
    await times.filter({ hasText: /92378 particles of 6,?327 fields of view, on 3 grids \(to change them is not counted\)/ }).waitFor();
    await times.filter({ hasText: /until 95 % are hit–\d+ random particles, more than one grid holds/ }).waitFor();
    await page.getByLabel("Coverage", { exact: true }).fill("0.001");
    await page.getByLabel("Usable area, mm²").fill("0.0001");
    await page.waitForFunction(() => [...document.querySelectorAll("#capacity svg text")].some(({ textContent }) => textContent === "10⁻¹"));
    await radius.fill("-1");
    await page.locator("#capacity-radius_nm-problem").filter({ hasText: "Allowed: 0.1" }).waitFor();
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

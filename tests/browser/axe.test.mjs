// What axe-core finds to complain of, in every state of the page, light and dark.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launch, open, status } from "./chromium.mjs";
import { connect, says, serve } from "./gateway.mjs";

const AXE = await readFile(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Each violation with the elements it is about. */
async function violations(page) {
  // The content security policy of the page refuses injected script elements; an evaluation is none.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations, passes } = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    if (passes.length < 10) return [`only ${passes.length} rules were tried`];
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 4).map(({ target, failureSummary }) => `${target.join(" ")} (${failureSummary.split("\n")[1]?.trim()})`).join("; ")}`);
  });
}

const STATES = {
  "a campaign that has ended": async () => {},
  "everything unfolded": async (page) => {
    await page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
    await page.waitForFunction(() => document.querySelector("#capacity table"));
  },
  "a setting that is refused": async (page) => {
    await page.locator('[id="set-cost-stage_speed_um_per_s"]').first().fill("-1");
    await page.keyboard.press("Tab");
    await page.waitForFunction(() => document.querySelector('[aria-invalid="true"]'));
  },
  "the tour": async (page) => {
    await page.locator("#tour-start").click();
    for (let i = 0; i < 3; i += 1) await page.locator("#tour-next").click();
  },
  "two campaigns": async (page) => {
    await page.locator("#compare-keep").click();
    await page.locator('[id="set-planner-rule"]').selectOption("exhaust");
    await page.waitForFunction(() => !document.querySelector("#compare-result").hidden);
    await status(page, "ended");
  },
  "many campaigns": async (page) => {
    await page.locator("#study-settings > summary").click();
    await page.locator("#study-map-preset").click();
    await page.locator("#study-count").fill("1");
    await page.locator("#study-values-1").fill("2, 3");
    await page.locator("#study-values-2").fill("1, 10");
    await page.locator("#study-run").click();
    await page.waitForFunction(() => document.querySelector("#study-map td"));
    await page.waitForFunction(() => document.querySelector("#study-running").hidden, null, { timeout: 60_000 });
  },
};

for (const theme of ["light", "dark"]) {
  for (const [name, reach] of Object.entries(STATES)) {
    test(`${theme}: ${name}`, async () => {
      const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "40" }, { bypassCSP: true });
      try {
        await page.locator("#theme").selectOption(theme);
        await status(page, "ended");
        await reach(page);
        assert.deepEqual(await violations(page), []);
      } finally {
        await close();
      }
    });
  }

  test(`${theme}: at a gateway`, async () => {
    const gateway = await serve(["--time-scale", "0.01", "--mode", "approve"]);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, bypassCSP: true });
    try {
      const { page } = await connect(context, gateway);
      await says(page, "#gateway-link", "driving");
      await page.locator("#theme").selectOption(theme);
      await page.locator("#run").click();
      await says(page, "#queue", "Proposed: move the stage");
      assert.deepEqual(await violations(page), []);
    } finally {
      await context.close();
      await gateway.close();
    }
  });
}

test("the check finds what is wrong", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", speed: "top", "stop.iterations": "5" }, { bypassCSP: true });
  try {
    await status(page, "ended");
    await page.evaluate(() => document.querySelector("main").append(document.createElement("button")));
    assert.match((await violations(page)).join(), /button-name/);
  } finally {
    await close();
  }
});

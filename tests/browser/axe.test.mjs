// What axe-core finds to complain of, in every view of the page and of the embeds, light and dark.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launch, open, status } from "./chromium.mjs";
import { SCENES } from "./scenes.mjs";

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

for (const theme of ["light", "dark"]) {
  for (const [name, reach] of Object.entries(SCENES)) {
    test(`${theme}: ${name}`, async () => {
      // A print of the same is not looked at: it has no colours of its own and nothing to operate.
      const { page, close } = await reach(browser, { viewport: { width: 1440, height: 900 }, colorScheme: theme, bypassCSP: true });
      try {
        assert.deepEqual(await violations(page), []);
      } finally {
        await close();
      }
    });
  }
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

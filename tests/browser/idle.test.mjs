// Where nothing happens, nothing is drawn: no text that somebody selects is replaced, and no battery is emptied.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status } from "./chromium.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Notes what changes in the page, and what is drawn on its canvases. */
const watch = () => {
  window.changes = [];
  window.drawings = 0;
  const { fillRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillRect = function (...of) { window.drawings += 1; return fillRect.apply(this, of); };
  addEventListener("DOMContentLoaded", () => {
    const noted = (records) => window.changes.push(...records.map(({ target, type, attributeName }) => `${type} ${attributeName ?? ""} of ${target.id || target.nodeName}`));
    new MutationObserver(noted).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  });
};
/** How long the page must leave itself alone, ms. */
const IDLE_MS = 2000;

/** What the page changes in a while, once it has come to rest; it never does, when it is still at it after `tries` whiles. */
async function restless(page, tries = 10) {
  const once = () => page.evaluate(async (idle) => {
    window.changes = [];
    window.drawings = 0;
    await new Promise((resolve) => setTimeout(resolve, idle));
    return { changes: [...new Set(window.changes)], drawings: window.drawings };
  }, IDLE_MS);
  let last = await once();
  for (let i = 1; i < tries && (last.drawings || last.changes.length); i += 1) last = await once();
  return last;
}

test("with a campaign, two of them and a study in view, nothing changes by itself", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "30" }, {}, watch);
  try {
    await status(page, "ended");
    await page.locator("#compare-keep:enabled").click();
    await page.locator('[id="set-planner-rule"]').selectOption("exhaust");
    await page.locator("#compare-result").waitFor({ state: "visible" });
    await status(page, "ended");
    await page.locator("#study-settings > summary").click();
    await page.locator("#study-count").fill("2");
    await page.locator("#study-run").click();
    await page.locator("#study-result").waitFor({ state: "visible" });
    await page.locator("#study-message").filter({ hasText: /campaigns\./ }).waitFor();
    assert.deepEqual(await restless(page), { changes: [], drawings: 0 });
    // And yet what has another size is drawn anew.
    const width = () => page.locator("#study-bands svg").getAttribute("viewBox");
    const before = await width();
    await page.setViewportSize({ width: 1000, height: 900 });
    await page.waitForFunction((before) => document.querySelector("#study-bands svg").getAttribute("viewBox") !== before, before);
    for (const id of ["study-bands", "compare-curves"]) {
      await page.waitForFunction((id) => {
        const svg = document.querySelector(`#${id} svg`);
        return Math.abs(svg.viewBox.baseVal.width - svg.getBoundingClientRect().width) < 1;
      }, id);
    }
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

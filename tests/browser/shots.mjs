// Pictures of every view at three sizes, light, dark and printed: `cargo dev shots [DIR]`. Fails when the layout checks complain.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { launch, open, status } from "./chromium.mjs";
import { complaints } from "./layout.mjs";

const SIZES = [
  [1440, 900],
  [768, 1024],
  [390, 844],
];

const unfold = (page) => page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
const SHORT = { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "60" };

/** What is looked at; `print` is how it comes out of a printer. */
const SCENES = [
  { name: "figure-3-ended", query: { preset: "figure-3", seed: "1", speed: "top" }, arrive: (page) => status(page, "ended") },
  { name: "figure-4a-midway", query: { preset: "figure-4a", seed: "1", speed: "20" }, arrive: (page) => page.waitForTimeout(4000) },
  {
    name: "unfolded", query: SHORT,
    arrive: async (page) => { await status(page, "ended"); await unfold(page); await page.waitForFunction(() => document.querySelector("#capacity table")); },
  },
  {
    name: "two-campaigns", query: SHORT,
    arrive: async (page) => {
      await status(page, "ended");
      await page.locator("#compare-keep").click();
      await page.locator('[id="set-planner-rule"]').selectOption("exhaust");
      await page.waitForFunction(() => !document.querySelector("#compare-result").hidden);
      await status(page, "ended");
      await page.waitForTimeout(500);
    },
  },
  {
    name: "many-campaigns", query: SHORT,
    arrive: async (page) => {
      await status(page, "ended");
      await page.locator("#study-settings > summary").click();
      await page.locator("#study-map-preset").click();
      await page.locator("#study-count").fill("3");
      await page.locator("#study-values-1").fill("2, 3");
      await page.locator("#study-values-2").fill("1, 10");
      await page.locator("#study-run").click();
      await page.waitForFunction(() => /campaigns\./.test(document.querySelector("#study-message").textContent), null, { timeout: 120_000 });
    },
  },
  { name: "tour", query: SHORT, arrive: async (page) => { await status(page, "ended"); await page.locator("#tour-start").click(); await page.locator("#tour-next").click(); } },
];

const folder = process.argv[2];
if (!folder) throw new Error("usage: shots.mjs DIR");
await mkdir(folder, { recursive: true });
const browser = await launch();
let bad = 0;
try {
  for (const [width, height] of SIZES) {
    for (const look of ["light", "dark", "print"]) {
      for (const { name, query, arrive } of SCENES) {
        const { page, faults, close } = await open(browser, query, { viewport: { width, height }, colorScheme: look === "dark" ? "dark" : "light" });
        await arrive(page);
        const file = `${name}-${width}x${height}-${look}`;
        // What is printed has no viewport that could cut it.
        const found = look === "print" ? faults : [...(await complaints(page)), ...faults];
        if (look === "print") {
          await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
          await page.emulateMedia({ media: "print" });
        }
        await page.screenshot({ path: path.join(folder, `${file}.jpg`), type: "jpeg", quality: 60, fullPage: name !== "tour" });
        console.log(`${found.length ? "✗" : "✓"} ${file}`);
        for (const complaint of found) console.log(`    ${complaint}`);
        bad += found.length;
        await close();
      }
    }
  }
} finally {
  await browser.close();
}
console.log(`${folder}: ${bad ? `${bad} complaints` : "nothing cut, overlapping or blank"}`);
process.exitCode = bad ? 1 : 0;

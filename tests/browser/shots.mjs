// Pictures of the page at three sizes, light and dark: `cargo dev shots [DIR]`. Fails when the layout checks complain.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { launch, open, status } from "./chromium.mjs";
import { complaints } from "./layout.mjs";

const SIZES = [
  [1440, 900],
  [768, 1024],
  [390, 844],
];

/** A campaign at its end, and one of four elements on its way. */
const SCENES = [
  { name: "figure-3-ended", query: { preset: "figure-3", seed: "1", speed: "top" }, arrive: (page) => status(page, "ended") },
  { name: "figure-4a-midway", query: { preset: "figure-4a", seed: "1", speed: "20" }, arrive: (page) => page.waitForTimeout(4000) },
];

const folder = process.argv[2];
if (!folder) throw new Error("usage: shots.mjs DIR");
await mkdir(folder, { recursive: true });
const browser = await launch();
let bad = 0;
try {
  for (const [width, height] of SIZES) {
    for (const colorScheme of ["light", "dark"]) {
      for (const { name, query, arrive } of SCENES) {
        const { page, faults, close } = await open(browser, query, { viewport: { width, height }, colorScheme });
        await arrive(page);
        const file = `${name}-${width}x${height}-${colorScheme}`;
        await page.screenshot({ path: path.join(folder, `${file}.png`) });
        const found = [...(await complaints(page)), ...faults];
        await page.screenshot({ path: path.join(folder, `${file}-full.png`), fullPage: true });
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

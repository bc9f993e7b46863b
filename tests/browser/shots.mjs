// Pictures of every view at three sizes, light, dark and printed: `cargo dev shots [DIR]`. Fails when the layout checks complain or
// a picture looks otherwise than its reference; `--keep` makes the pictures the new references, once they have been looked at.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { launch } from "./chromium.mjs";
import { complaints } from "./layout.mjs";
import { likeness } from "./likeness.mjs";
import { SCENES } from "./scenes.mjs";

const SIZES = [[1440, 900], [768, 1024], [390, 844]];
/** What stands over the page is photographed as the window shows it; everything else whole. */
const WINDOW = ["the tour", "an explanation"];

const keep = process.argv.includes("--keep");
const [folder, only] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
if (!folder) throw new Error("usage: shots.mjs DIR [PART OF A SCENE'S NAME] [--keep]");
await mkdir(folder, { recursive: true });
const browser = await launch();
const references = await likeness(browser);
let [bad, count] = [0, 0];
try {
  for (const [width, height] of SIZES) {
    for (const [scene, reach] of Object.entries(SCENES)) {
      if (only && !scene.includes(only)) continue;
      for (const look of ["light", "dark", "print"]) {
        const { page, faults, close } = await reach(browser, { viewport: { width, height }, colorScheme: look === "dark" ? "dark" : "light", reducedMotion: "reduce" });
        const name = `${scene.replaceAll(/[^a-z]+/g, "-")}-${width}-${look}`;
        // What is printed has no window that could cut it.
        const found = look === "print" ? [...faults] : [...(await complaints(page)), ...faults];
        if (look === "print") {
          await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
          await page.emulateMedia({ media: "print" });
          // To photograph what is beyond the window lays paper out 100 px wide for a moment, and charts are drawn for that.
          await page.waitForTimeout(300);
          await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
        }
        // Scrolled to, a control would leave what sticks to the window in the middle of the picture.
        await page.evaluate(() => { scrollTo(0, 0); return new Promise((resolve) => setTimeout(resolve, 300)); });
        const picture = await page.screenshot({ type: "jpeg", quality: 70, fullPage: look !== "print" && !WINDOW.includes(scene) });
        await writeFile(path.join(folder, `${name}.jpg`), picture);
        if (keep) await references.keep(name, picture);
        else found.push(...(await references.compare(name, picture)));
        console.log(`${found.length ? "✗" : "✓"} ${name}`);
        for (const complaint of found) console.log(`    ${complaint}`);
        bad += found.length;
        count += 1;
        await close();
      }
    }
  }
} finally {
  await browser.close();
}
console.log(`${folder}: ${count} pictures, ${bad ? `${bad} complaints` : `nothing cut, overlapping or blank, ${keep ? "all kept as references" : "none unlike its reference"}`}`);
process.exitCode = bad ? 1 : 0;

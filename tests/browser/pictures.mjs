// The pictures of the README, and the icon where a drawing will not do: `cargo dev pictures`.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { launch, open, status } from "./chromium.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("usage: pictures.mjs DIR");
/** Seeds for each place of the map: enough to tell most rules apart. */
const SEEDS = process.env.GRIDSCOUT_SEEDS ?? "100";

const browser = await launch();
try {
  // Some systems take no drawing, and round the corners themselves.
  const icon = await browser.newPage({ viewport: { width: 180, height: 180 } });
  await icon.setContent(`<body style="margin: 0; background: #2257a8">${await readFile("www/icon.svg", "utf8")}`);
  await icon.screenshot({ path: "www/icon.png" });
  await icon.close();
  console.log("icon.png");

  const explorer = await open(browser, { preset: "figure-3", seed: "1", speed: "top" }, { viewport: { width: 1440, height: 900 } });
  await status(explorer.page, "ended");
  // A decision in the middle says more than the end.
  await explorer.page.locator("#scrub").evaluate((scrub) => { scrub.value = "90"; scrub.dispatchEvent(new Event("input")); });
  await explorer.page.waitForTimeout(1500);
  await explorer.page.screenshot({ path: path.join(folder, "page.png") });
  await explorer.close();
  console.log("page.png");

  const map = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "100" }, { viewport: { width: 1180, height: 900 } });
  await status(map.page, "ended");
  await map.page.locator("#study-settings > summary").click();
  await map.page.locator("#study-map-preset").click();
  await map.page.locator("#study-count").fill(SEEDS);
  await map.page.locator("#study-run").click();
  const all = await map.page.waitForFunction(() => {
    const said = document.querySelector("#study-message").textContent;
    return /campaigns\./.test(said) && said;
  }, null, { timeout: 3_600_000 });
  console.log(`map.png: ${await all.jsonValue()}`);
  await map.page.locator("#study-map").screenshot({ path: path.join(folder, "map.png") });
  await map.close();
} finally {
  await browser.close();
}

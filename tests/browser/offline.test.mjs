// The page without a network, and as something to install.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, simulate, status, text } from "./chromium.mjs";
import { installed, site } from "./site.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("once seen it opens without a network, runs, and explains itself", async () => {
  const first = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  try {
    await page.goto(`${first.url}?preset=figure-3&seed=2&speed=top`);
    await status(page, "ended");
    await installed(page);
    await first.stop();
    await page.goto(`${first.url}?preset=figure-3&seed=1&speed=top`);
    await status(page, "ended");
    assert.equal(await text(page, "#digest"), (await simulate("figure-3", 1)).digest);
    // What it never loaded while there was a network.
    await page.getByRole("button", { name: "Explain: Stage speed" }).click();
    await page.waitForFunction(() => document.querySelector("#explanation math"));
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => [...document.styleSheets].every((sheet) => sheet.cssRules.length > 0)), true);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
    await first.stop().catch(() => {});
  }
});

test("the browser finds nothing that would keep it from being installed", async () => {
  const first = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await page.goto(`${first.url}?speed=top`);
    await installed(page);
    const devtools = await context.newCDPSession(page);
    const manifest = await devtools.send("Page.getAppManifest");
    assert.deepEqual(manifest.errors, []);
    assert.equal(JSON.parse(manifest.data).name, "gridscout");
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    // A window without a profile is said to be one of its own accord.
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []);
  } finally {
    await context.close();
    await first.stop();
  }
});

// The page drives an instrument over a real gateway.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { launch, setting, status, text } from "./chromium.mjs";
import { connect, says, serve } from "./gateway.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const MEASUREMENTS = ["--set", "stop.iterations=40"];

/** What the command line says of the same campaign in the simulator. */
async function undisturbed(settings) {
  const { stdout } = await promisify(execFile)(setting("GRIDSCOUT_CLI"), ["simulate", "--json", ...settings], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout).digest;
}

test("a campaign of 40 particles, reloaded in the middle, has the record of the simulator", async () => {
  const gateway = await serve(["--time-scale", "0.01", ...MEASUREMENTS]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const { page, faults } = await connect(context, gateway);
    await says(page, "#gateway-link", "driving");
    // Decided, and seen before it is done.
    await says(page, "#queue", "Next: move the stage");
    assert.equal((await gateway.journal()).filter(({ entry }) => entry.entry === "intent").length, 0);
    await page.locator("#run").click();
    await page.waitForFunction(() => Number.parseInt(document.querySelector("#iteration").textContent, 10) >= 15);
    const measured = async () => (await gateway.journal()).filter(({ entry }) => entry.entry === "intent" && entry.op.type === "spectrum");
    const before = (await measured()).length;
    await page.reload();
    await says(page, "#gateway-link", "driving");
    await page.locator("#run").click();
    await status(page, "ended", 60_000);
    const spectra = await measured();
    assert.ok(before >= 15 && before < spectra.length, `${before} of ${spectra.length} before the reload`);
    assert.equal(new Set(spectra.map(({ entry }) => entry.cid)).size, spectra.length, "a command was done twice");
    assert.equal(await text(page, "#digest"), await undisturbed(MEASUREMENTS));
    assert.equal(await text(page, "#iteration"), "40 of 40");
    await says(page, "#gateway-message", "The run has ended");
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
    await gateway.close();
  }
});

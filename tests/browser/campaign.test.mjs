// The page and the command line drive one engine: the same seed gives the same record in both, bit for bit.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, simulate, status, text } from "./chromium.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

for (const [preset, seed] of [
  ["figure-3", 1],
  ["figure-3", 2],
  ["figure-4a", 1],
  ["figure-4e", 1],
]) {
  test(`${preset}, seed ${seed}: the page's record is the command line's`, async () => {
    const expected = await simulate(preset, seed);
    const { page, faults, close } = await open(browser, { preset, seed: String(seed), speed: "top" });
    await status(page, "ended");
    assert.match(expected.digest, /^[0-9a-f]{16,}$/);
    assert.equal(await text(page, "#digest"), expected.digest);
    assert.equal(Number(await text(page, "#regions-visited")), expected.regions_visited);
    assert.deepEqual(faults, []);
    await close();
  });
}

test("the ledger says that it is of the whole campaign when an earlier iteration is in view", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "20" });
  try {
    await status(page, "ended");
    const ledger = page.locator("#ledger");
    await page.locator("#ledger table").waitFor();
    assert.doesNotMatch(await ledger.textContent(), /other views/);
    await page.locator("#scrub").fill("7");
    await ledger.filter({ hasText: "Of the whole campaign, 20 iterations; the other views show iteration 7." }).waitFor();
  } finally {
    await close();
  }
});

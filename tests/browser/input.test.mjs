// What a user types wrong is answered beside the control, and the last good campaign stays in view.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status } from "./chromium.mjs";
import { blankCanvases } from "./layout.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

async function stageSpeed(page) {
  const box = page.locator('input[type="number"]').and(page.getByLabel(/stage speed/i)).first();
  await box.evaluate((input) => {
    for (let group = input.closest("details"); group; group = group.parentElement?.closest("details")) group.open = true;
  });
  return box;
}

for (const typed of ["-1", "1e99"]) {
  test(`a stage speed of ${typed} is refused beside its control`, async () => {
    const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top" });
    await status(page, "ended");
    const box = await stageSpeed(page);
    await box.fill(typed);
    await box.press("Enter");
    await page.waitForFunction((input) => input.getAttribute("aria-invalid") === "true", await box.elementHandle());
    const message = await box.evaluate((input) => {
      const ids = `${input.getAttribute("aria-describedby") ?? ""} ${input.getAttribute("aria-errormessage") ?? ""}`;
      const shown = (id) => document.getElementById(id)?.checkVisibility() && document.getElementById(id)?.textContent;
      return ids.split(/\s+/).filter(Boolean).map(shown).filter(Boolean).join(" ");
    });
    assert.match(message, /\d/, "the message says what is allowed");
    assert.deepEqual(await page.evaluate(blankCanvases), []);

    await box.fill("10");
    await box.press("Enter");
    await page.waitForFunction((input) => input.getAttribute("aria-invalid") !== "true", await box.elementHandle());
    await status(page, "ended");
    assert.deepEqual(faults, []);
    await close();
  });
}

// What is said of the particle under the pointer is of the iteration in view, and of the campaign in view.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status, text } from "./chromium.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** In the page: points at places of the grid until what is said matches. */
const pointAt = (words) => {
  const canvas = document.querySelector("#grid");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  for (let y = 2; y < height; y += 4) {
    for (let x = 2; x < width; x += 4) {
      canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: left + x, clientY: top + y, bubbles: true, pointerId: 1, pointerType: "mouse" }));
      if (new RegExp(words).test(document.querySelector("#hover").textContent)) return true;
    }
  }
  return false;
};
const says = (page, words) => page.waitForFunction((words) => new RegExp(words).test(document.querySelector("#hover").textContent), words);

test("the words under the pointer follow the iteration, and another campaign clears them", async () => {
  const { page, faults, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "20" });
  try {
    await status(page, "ended");
    await page.waitForFunction(() => document.querySelector("#scrub").max === "20");
    assert.ok(await page.evaluate(pointAt, "· measured"), "there are measured particles");
    await says(page, "· measured .* · predicted");
    const seen = await text(page, "#hover");
    // Before the last one that is measured there, it was not.
    await page.locator("#scrub").evaluate((scrub) => { scrub.value = "0"; scrub.dispatchEvent(new Event("input")); });
    await page.waitForFunction((seen) => document.querySelector("#hover").textContent !== seen && /predicted/.test(document.querySelector("#hover").textContent), seen);
    assert.equal((await text(page, "#hover")).split(" · ")[0], seen.split(" · ")[0], "the same particle");
    await page.locator("#scrub").evaluate((scrub) => { scrub.value = "20"; scrub.dispatchEvent(new Event("input")); });
    await page.waitForFunction((seen) => document.querySelector("#hover").textContent === seen, seen);
    await page.locator("#preset").selectOption("figure-4a");
    await page.waitForFunction(() => /^Tetrahedron/.test(document.querySelector("#simplex").getAttribute("aria-label")));
    assert.equal(await text(page, "#hover"), "");
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

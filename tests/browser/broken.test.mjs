// A campaign whose engine breaks off in the page: it is told, what there is stays in view, and the next one runs.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { launch, status } from "./chromium.mjs";
import { site } from "./site.mjs";

/** At the end of the engine's module: the thirtieth step breaks as one does that runs out of memory. */
const BREAKING = `
  const step = Session.prototype.step;
  let steps = 0;
  Session.prototype.step = function (count) {
    steps += 1;
    if (steps === 30) this.free = () => { throw new Error("borrowed"); };
    if (steps === 30) throw new WebAssembly.RuntimeError("unreachable");
    return step.call(this, count);
  };`;

test("a campaign that breaks off is told, and can begin anew", async (context) => {
  const served = await site();
  context.after(served.stop);
  served.changed["pkg/gridscout.js"] = (await readFile("www/pkg/gridscout.js", "utf8")) + BREAKING;
  const browser = await launch();
  context.after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${served.url}?preset=figure-3&seed=1&speed=top`);
  const problems = page.locator("#problems").filter({ hasText: /The campaign broke off after iteration \d+ \(unreachable\)/ });
  await problems.waitFor();
  await status(page, "paused");
  await page.locator("#reset").click();
  await problems.waitFor({ state: "hidden" });
  await page.locator("#run").click();
  await status(page, "ended");
});

// The page keeps drawing while a campaign runs at top speed. Rendering is in software here, on a machine that also runs
// other things, so the bounds are wide; `cargo dev bench` reports the numbers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { gaps, statistics } from "./gaps.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test("no stall during a campaign at top speed", async (context) => {
  const { frames, median, p95, worst, late } = statistics((await gaps(browser, { preset: "figure-3", seed: "1" })).again);
  const shown = `${frames} frames: median ${median.toFixed(1)} ms, 95 % ${p95.toFixed(1)} ms, worst ${worst.toFixed(1)} ms, ${late} over 33 ms`;
  context.diagnostic(shown);
  assert.ok(median < 50, shown);
  assert.ok(worst < 500, shown);
});

test("the statistics tell a stall from a smooth run", () => {
  assert.deepEqual(statistics([16, 17, 16, 400]), { frames: 4, median: 17, p95: 400, worst: 400, late: 1 });
});

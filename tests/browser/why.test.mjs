// What if: eq 17 turned round, against every decision that the engine made, and on the page by keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, status, text } from "./chromium.mjs";
import { complaints } from "./layout.mjs";
import { Session } from "../../www/pkg/gridscout.js";
import { presets } from "./states.mjs";
import { PATHS, breakEven, isWeighed, switchValue } from "../../www/why/even.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Every decision of a campaign. */
function decisions(config) {
  const session = new Session(config);
  while (session.prepare(100) < 1);
  session.step(10_000);
  const all = [];
  for (let entry = 1; entry < session.iterations(); entry += 1) all.push(session.decision(entry));
  session.free();
  return all;
}

const close = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-6);

test("with its own parameters every decision is what the engine decided; across the break-even it is the other", () => {
  let [weighed, flips] = [0, 0];
  for (const seed of [1, 2, 3, 4, 5]) {
    const config = structuredClone(presets.find((p) => p.id === "figure-3").config);
    Object.assign(config, { seed });
    for (const decision of decisions(config).filter(isWeighed)) {
      weighed += 1;
      assert.equal(decision.switch_value > 0, decision.action === "switch", JSON.stringify(decision));
      for (const path of PATHS) {
        const own = config.cost[path.slice(5)];
        assert.ok(close(switchValue(decision, config.cost, path, own), decision.switch_value), `${path}: ${switchValue(decision, config.cost, path, own)}, ${decision.switch_value}`);
        const even = breakEven(decision, config.cost, path);
        if (even === null) continue;
        const [below, above] = [0.999, 1.001].map((share) => switchValue(decision, config.cost, path, even * share) > 0);
        assert.notEqual(below, above, `${path} at ${even}`);
        // A fast stage and a long spectrum speak for moving, a long map against it.
        assert.equal(above, path === "cost.stage_speed_um_per_s" || path === "cost.eels_secs", path);
        flips += 1;
      }
    }
  }
  console.log(`${weighed} decisions weighed, ${flips} break-even values, each of them a change of mind`);
  assert.ok(weighed > 500 && flips > 500);
});

test("a campaign that really runs with the other value decides as foretold", () => {
  const config = structuredClone(presets.find((p) => p.id === "figure-3").config);
  // The first weighed decision: what came before it does not depend on the length of a spectrum or a map.
  const first = decisions(config).find(isWeighed);
  for (const path of ["cost.edx_secs", "cost.retune_secs", "cost.eels_secs", "cost.stage_speed_um_per_s"]) {
    const even = breakEven(first, config.cost, path);
    if (even === null) continue;
    for (const share of [0.9, 1.1]) {
      const changed = structuredClone(config);
      changed.cost[path.slice(5)] = even * share;
      const really = decisions(changed).find((decision) => decision.iteration === first.iteration);
      assert.equal(really.action === "switch", switchValue(first, config.cost, path, even * share) > 0, `${path} at ${even * share}`);
    }
  }
});

for (const [width, theme] of [[1440, "light"], [390, "dark"]]) {
  test(`a slider is moved by keyboard until the decision is another, ${width} pixels wide, ${theme}`, async () => {
    const { page, faults, close: end } = await open(browser, { preset: "figure-3", seed: "1", speed: "top" }, { viewport: { width, height: 900 } });
    try {
      await page.locator("#theme").selectOption(theme);
      await status(page, "ended");
      await page.locator("#scrub").evaluate((scrub) => { scrub.value = "90"; scrub.dispatchEvent(new Event("input")); });
      await page.waitForFunction(() => document.querySelector("#decision h2").textContent.includes("iteration 90"));
      await page.locator("#why-section summary").focus();
      await page.keyboard.press("Enter");
      assert.match(await text(page, "#why-controls"), /Break-even at/);
      const slider = page.locator("#why-cost-edx_secs");
      await slider.focus();
      await page.keyboard.press("ArrowLeft");
      assert.match(await text(page, "#why-verdict"), /it would stay, as it did/);
      await page.keyboard.press("Home");
      await page.waitForFunction(() => /it would (move, and not stay|stay, as it did)/.test(document.querySelector("#why-verdict").textContent));
      await page.locator("#why-cost-eels_secs").focus();
      await page.keyboard.press("End");
      assert.match(await text(page, "#why-verdict"), /it would move, and not stay/);
      await page.locator("#why-reset").click();
      assert.match(await text(page, "#why-verdict"), /Move a slider/);
      assert.deepEqual(await complaints(page), []);
      if (process.env.GRIDSCOUT_SHOT) await page.locator("#explain").screenshot({ path: `${process.env.GRIDSCOUT_SHOT}-${theme}.png` });
      assert.deepEqual(faults, []);
    } finally {
      await end();
    }
  });
}

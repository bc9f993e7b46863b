// What if: the engine in the page turns a decision at the values that the command line prints, and a slider by keyboard shows it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { launch, open, status, text } from "./chromium.mjs";
import { complaints } from "./layout.mjs";
import { Session, describe } from "../../www/pkg/gridscout.js";
import { presets } from "./states.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("every turn of some decisions is that of the command line, under both rules that weigh", () => {
  const { levers } = describe();
  let turns = 0;
  for (const rule of ["paper", "marginal_value"]) {
    const config = structuredClone(presets.find((p) => p.id === "figure-3").config);
    config.planner.rule = rule;
    const session = new Session(config);
    while (session.prepare(100) < 1);
    session.step(10_000);
    for (const iteration of rule === "paper" ? [1, 20, 90, 91, 140] : [90]) {
      const args = ["why", "--preset", "figure-3", "--set", `planner.rule=${rule}`, "--iteration", String(iteration), "--json"];
      const native = JSON.parse(execFileSync(process.env.GRIDSCOUT_CLI, args, { encoding: "utf8" }));
      assert.deepEqual(Object.keys(native.turns).sort(), [...levers].sort());
      for (const path of levers) {
        assert.deepEqual(session.turns(iteration, path), native.turns[path], `${rule}, iteration ${iteration}, ${path}`);
        turns += native.turns[path].length;
        for (const { value, below, above } of native.turns[path]) {
          assert.equal(session.whatIf(iteration, path, value * (1 - 1e-8)).action, below);
          assert.equal(session.whatIf(iteration, path, value).action, above);
        }
      }
      assert.equal(session.whatIf(iteration, "cost.edx_secs", config.cost.edx_secs).sentence, native.sentence);
    }
    assert.throws(() => session.whatIf(20, "cost.edx_secs", -1), /cost\.edx_secs/);
    assert.throws(() => session.turns(20, "cost.nothing"), /cost\.nothing/);
    assert.equal(session.whatIf(5000, "cost.edx_secs", 1), null);
    session.free();
  }
  console.log(`${turns} turns, the same natively and in WebAssembly`);
  assert.ok(turns >= 10);
});

for (const [width, theme] of [[1440, "light"], [390, "dark"]]) {
  test(`a slider is moved by keyboard until the decision is another, ${width} pixels wide, ${theme}`, async () => {
    const { page, faults, close: end } = await open(browser, { preset: "figure-3", seed: "1", speed: "top" }, { viewport: { width, height: 900 } });
    const says = (pattern) => page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#why-verdict").textContent), pattern.source);
    try {
      await page.locator("#theme").selectOption(theme);
      await status(page, "ended");
      await page.locator("#scrub").evaluate((scrub) => { scrub.value = "90"; scrub.dispatchEvent(new Event("input")); });
      await page.waitForFunction(() => document.querySelector("#decision h2").textContent.includes("iteration 90"));
      await page.locator("#why-section summary").focus();
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => /Below .* it stays, above .* it moves/.test(document.querySelector("#why-cost-eels_secs-note").textContent));
      await page.waitForFunction(() => !document.querySelector("#why-controls").textContent.includes("Looking"));
      await page.locator("#why-cost-eels_secs").focus();
      await page.keyboard.press("ArrowLeft");
      await says(/it would have stayed, as it did/);
      await page.keyboard.press("End");
      await says(/it would have moved; it stayed\. A move is worth/);
      await page.locator("#why-planner-novelty_weight").focus();
      await page.keyboard.press("End");
      await says(/Novelty weight .* it would have moved/);
      await page.locator("#why-cost-cost_per_sec").focus();
      await page.keyboard.press("Home");
      await says(/it would have gone back; it stayed/);
      await page.locator("#why-reset").click();
      assert.match(await text(page, "#why-verdict"), /Move a slider/);
      assert.equal(await page.locator("#why-cost-eels_secs").getAttribute("aria-valuetext"), "1 s");
      assert.deepEqual(await complaints(page), []);
      if (process.env.GRIDSCOUT_SHOT) await page.locator("#explain").screenshot({ path: `${process.env.GRIDSCOUT_SHOT}-${theme}.png` });
      assert.deepEqual(faults, []);
    } finally {
      await end();
    }
  });
}

/** Counts the questions that are not answered yet, by method; those that `failing` names are answered with an error. */
const listen = () => {
  Object.assign(window, { asked: {}, most: {}, failing: "" });
  const open = {};
  const methods = new Map();
  const Real = Worker;
  window.Worker = class extends Real {
    set onmessage(hear) {
      super.onmessage = ({ data }) => {
        const method = data.type === "answer" ? methods.get(data.id) : null;
        if (method) open[method] -= 1;
        hear({ data: method && method === window.failing ? { ...data, error: { message: "out of order", errors: null } } : data });
      };
    }
    postMessage(message, ...more) {
      const { id, method } = message;
      methods.set(id, method);
      window.asked[method] = (window.asked[method] ?? 0) + 1;
      open[method] = (open[method] ?? 0) + 1;
      window.most[method] = Math.max(window.most[method] ?? 0, open[method]);
      super.postMessage(message, ...more);
    }
  };
};

test("a slider that is dragged asks one question at a time, and an engine that does not answer is said to", async () => {
  const { page, faults, close: end } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "40" }, {}, listen);
  const says = (id, words) => page.locator(`#${id}`).filter({ hasText: words }).waitFor();
  const drag = (positions) => page.locator("#why-cost-eels_secs").evaluate((slider, positions) => {
    for (const position of positions) { slider.value = position; slider.dispatchEvent(new Event("input")); }
  }, positions);
  try {
    await status(page, "ended");
    await page.evaluate(() => { window.failing = "turns"; });
    await page.locator("#why-section summary").click();
    await says("why-cost-eels_secs-note", "The values that change it were not found: out of order");
    assert.doesNotMatch(await text(page, "#why-controls"), /Looking/);
    await page.evaluate(() => { window.failing = ""; });
    await page.locator("#why-section summary").click();
    await page.locator("#why-section summary").click();
    await says("why-cost-eels_secs-note", /Below|at every value/);
    await page.waitForFunction(() => !document.querySelector("#why-controls").textContent.includes("not found"));
    await drag(Array.from({ length: 30 }, (_, i) => String(5 + 5 * i)));
    const value = await page.locator("#why-cost-eels_secs").getAttribute("aria-valuetext");
    await says("why-verdict", `${value}: it would have`);
    assert.deepEqual(await page.evaluate(() => [window.asked.whatIf, window.most.whatIf]), [2, 1]);
    await page.evaluate(() => { window.failing = "whatIf"; });
    await drag(["100"]);
    await says("why-verdict", "The engine does not say: out of order");
    await page.evaluate(() => { window.failing = ""; });
    await drag(["120"]);
    await says("why-verdict", "it would have");
    assert.deepEqual(faults, []);
  } finally {
    await end();
  }
});

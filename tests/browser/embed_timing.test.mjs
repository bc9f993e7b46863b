// What is asked of an element while it does something else: what it says, how far it measures, and how many Workers it starts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, simulate } from "./chromium.mjs";
import { around, heard, host, visit } from "./host.mjs";

const SCRIPT = '<script type="module" src="/dist/gridscout.mjs"></script>';
let browser;
let expected;
before(async () => {
  browser = await launch();
  expected = await simulate("figure-3", 1);
});
after(() => browser?.close());

/** A page with these elements, for as long as `look` takes. */
async function shown(body, look, init) {
  const server = await host({ "/": around(body + SCRIPT) });
  const visited = await visit(browser, server.url);
  try {
    if (init) { await visited.page.addInitScript(init); await visited.page.reload(); }
    await look(visited);
  } finally {
    await visited.close();
    await server.close();
  }
}

test("what is said while another campaign is opened is of the one in view", async () => {
  await shown('<grid-scout id="it" preset="figure-3" seed="1" speed="top"></grid-scout>', async ({ page, faults }) => {
    const said = await page.evaluate(async () => {
      await customElements.whenDefined("grid-scout");
      const it = document.querySelector("#it");
      await it.run();
      it.seed = 2;
      await it.ready;
      it.params = "stop.time_secs=1";
      await it.ready;
      await it.reset();
      // What was said last is heard by then: it is told in a microtask.
      return globalThis.heard.map(({ name, detail }) => ({ name, ...(name === "ready" ? detail.state : detail.state ?? detail) }));
    });
    const names = said.map(({ name }) => name);
    assert.equal(names[0], "ready");
    const states = said.filter(({ name }) => name !== "step").map(({ name, seed, iteration, digest }) => `${name} of ${seed} at ${iteration}${digest ? ", ended" : ""}`);
    const from = states.lastIndexOf("state of 1 at 150, ended");
    assert.ok(from > 0, states.join("; "));
    assert.ok(states.slice(0, from).every((one) => one.includes("of 1 ")), states.join("; "));
    // Of seed 2; then again of seed 2, which ends with its seeds; then that anew, for which it is paused first.
    const ended = ["end of 2 at 0, ended", "state of 2 at 0, ended"];
    const paused = "state of 2 at 0, ended";
    assert.deepEqual(states.slice(from + 1), ["state of 2 at 0", ...ended, paused, ...ended]);
    assert.deepEqual(names.slice(-7), ["step", "end", "state", "state", "step", "end", "state"]);
    assert.deepEqual(faults, []);
  });
});

test("what is far away starts nothing, and what is near shares what is compiled", async () => {
  const far = Array.from({ length: 5 }, (_, k) => `<grid-scout id="far-${k}" loading="lazy"></grid-scout>`).join("");
  const body = `<grid-scout id="a"></grid-scout><grid-scout id="b" seed="2"></grid-scout><div style="height: 5000px"></div>${far}`;
  const count = () => {
    const compile = WebAssembly.compile;
    globalThis.compiled = 0;
    WebAssembly.compile = (...given) => { globalThis.compiled += 1; return compile(...given); };
  };
  await shown(body, async ({ page, faults }) => {
    await heard(page, "ready", "a");
    await heard(page, "ready", "b");
    assert.deepEqual([page.workers().length, await page.evaluate(() => globalThis.compiled)], [2, 1]);
    await page.locator("#far-0").scrollIntoViewIfNeeded();
    await heard(page, "ready", "far-0");
    assert.equal(await page.evaluate(() => globalThis.compiled), 1);
    assert.deepEqual(faults, []);
  }, count);
  await shown(`<div style="height: 5000px"></div>${far}`, async ({ page, faults }) => {
    await page.waitForFunction(() => document.querySelector("#far-4").getState?.()?.seed === null);
    // Two frames after an observer of our own has been called, theirs have been, too.
    await page.evaluate(() => new Promise((resolve) => new IntersectionObserver(() => requestAnimationFrame(() => requestAnimationFrame(resolve))).observe(document.querySelector("#far-4"))));
    assert.equal(page.workers().length, 0);
    assert.deepEqual(faults, []);
  });
});

/** The last iteration that was measured. */
const measured = () => Math.max(...globalThis.heard.filter(({ name }) => name === "step").map(({ detail }) => detail.iteration));

test("seeks and steps that overlap measure what one would", async () => {
  await shown('<grid-scout seed="1"></grid-scout>', async ({ page, faults }) => {
    await heard(page, "ready");
    await page.addScriptTag({ content: `globalThis.measured = ${measured}` });
    const said = await page.evaluate(async () => {
      const it = document.querySelector("grid-scout");
      await Promise.all(Array.from({ length: 20 }, (_, k) => it.seek(k + 1)));
      const out = { sought: [it.iteration, globalThis.measured()] };
      await Promise.all([it.step(), it.step(), it.step()]);
      out.stepped = [it.iteration, globalThis.measured()];
      await Promise.all([it.seek(40), it.seek(5)]);
      out.back = [it.iteration, globalThis.measured()];
      await it.seek(40);
      const step = it.shadowRoot.querySelector("[part=step]");
      for (let i = 0; i < 3; i += 1) step.click();
      // In line behind the clicks.
      await it.step();
      out.clicked = [it.iteration, globalThis.measured()];
      out.digest = (await it.seek(150)).digest;
      return out;
    });
    assert.deepEqual(said, { sought: [20, 20], stepped: [23, 23], back: [5, 40], clicked: [44, 44], digest: expected.digest });
    assert.deepEqual(faults, []);
  });
});

test("a long seek is seen on its way, can be paused, and gives way to another campaign", async () => {
  await shown('<grid-scout id="it" seed="1" params="stop.iterations=5000"></grid-scout>', async ({ page, faults }) => {
    await heard(page, "ready");
    const long = async (end) => {
      await page.evaluate(() => { globalThis.heard.length = 0; globalThis.sought = document.querySelector("#it").seek(5000); });
      await page.waitForFunction(() => globalThis.heard.filter(({ name }) => name === "step").length > 3);
      return page.evaluate(end);
    };
    assert.equal(await long(() => document.querySelector("#it").getState().iteration > 0), true);
    await page.locator("[part=run]").filter({ hasText: "Pause" }).click();
    const paused = await page.evaluate(async () => (await globalThis.sought).iteration);
    assert.ok(paused > 0 && paused < 5000, String(paused));
    await page.locator("[part=run]").filter({ hasText: "Run" }).waitFor();
    const other = await long(async () => {
      const it = document.querySelector("#it");
      Object.assign(it, { seed: 2, params: null });
      const { seed, iteration } = await it.ready;
      await globalThis.sought;
      return { seed, iteration, now: it.iteration };
    });
    assert.deepEqual(other, { seed: 2, iteration: 0, now: 0 });
    assert.deepEqual(faults, []);
  });
});

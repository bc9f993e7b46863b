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

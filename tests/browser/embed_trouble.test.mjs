// An element whose engine fails, and what it says of what cannot be had.
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
async function shown(body, look, { init, headers = {}, pages = {} } = {}) {
  const server = await host({ "/": around(body + SCRIPT), ...pages }, headers);
  const visited = await visit(browser, server.url);
  try {
    if (init) { await visited.page.addInitScript(init); await visited.page.reload(); }
    await look(visited);
  } finally {
    await visited.close();
    await server.close();
  }
}

/** In every Worker the engine breaks in the sixth step of a campaign, as one does that runs out of memory: what it worked on stays borrowed. */
const BREAKING = () => {
  const url = URL.createObjectURL.bind(URL);
  const worker = `{
    const instantiate = WebAssembly.instantiate;
    let steps = 0;
    WebAssembly.instantiate = async (...given) => {
      const made = await instantiate(...given);
      const { exports } = made.instance ?? made;
      const broken = new Set();
      const session_step = (session, ...more) => {
        steps += 1;
        if (steps === 6) broken.add(session);
        if (broken.has(session)) throw new WebAssembly.RuntimeError("unreachable");
        return exports.session_step(session, ...more);
      };
      const __wbg_session_free = (session, ...more) => { if (broken.has(session)) throw new Error("borrowed"); return exports.__wbg_session_free(session, ...more); };
      return { instance: { exports: { ...exports, session_step, __wbg_session_free } } };
    };
  }`;
  URL.createObjectURL = (blob) => url(new Blob([worker, blob], { type: blob.type }));
};

test("a Worker that cannot start is told each time", async () => {
  const headers = { "content-security-policy": "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'" };
  await shown('<grid-scout id="it" seed="1"></grid-scout>', async ({ page }) => {
    await heard(page, "error");
    const said = await page.evaluate(async () => {
      const it = document.querySelector("#it");
      globalThis.heard.length = 0;
      it.seed = 2;
      const refused = await it.ready.then(() => "ready", () => "refused");
      it.ui = "report";
      const problems = it.shadowRoot.querySelector("[part=problems]");
      return { refused, errors: globalThis.heard.filter(({ name }) => name === "error").flatMap(({ detail }) => detail.errors.map(({ field }) => field)), text: problems.checkVisibility() && problems.textContent };
    });
    assert.deepEqual([said.refused, said.errors], ["refused", ["engine"]]);
    // Also when it is dressed otherwise.
    assert.match(said.text, /engine is .*Nothing can be computed here/);
  }, { headers });
});

test("a campaign that breaks off is told, keeps what it has, and can begin anew", async () => {
  await shown('<grid-scout id="it" seed="1" speed="top"></grid-scout>', async ({ page, faults }) => {
    await heard(page, "ready");
    const said = await page.evaluate(async () => {
      const it = document.querySelector("#it");
      const why = await it.run().then(() => "ended", (error) => error.message);
      const { running, iteration } = it.getState();
      const text = it.shadowRoot.querySelector("[part=problems]").textContent;
      const button = it.shadowRoot.querySelector("[part=run]");
      const sought = await it.seek(50).then(() => "sought", (error) => error.message);
      await it.reset();
      return { why, running, iteration, text, sought, button: button.textContent, hidden: it.shadowRoot.querySelector("[part=problems]").hidden, again: (await it.seek(150)).digest };
    });
    assert.deepEqual([said.why, said.running, said.sought], ["unreachable", false, "unreachable"]);
    assert.match(said.text, new RegExp(`broke off after iteration ${said.iteration} \\(unreachable\\)`));
    const { errors } = await heard(page, "error");
    assert.deepEqual(errors.map(({ field, value }) => [field, value]), [["engine", "unreachable"]]);
    assert.deepEqual([said.hidden, said.again], [true, expected.digest]);
    assert.deepEqual(faults, []);
  }, { init: BREAKING });
});

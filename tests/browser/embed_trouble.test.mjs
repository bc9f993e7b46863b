// An element whose engine fails, and what it says of what cannot be had.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { launch, setting, simulate } from "./chromium.mjs";
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

test("what is bad beside a saved record is named and put right; the record is shown", async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), "gridscout-trouble-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, "record.json");
  await promisify(execFile)(setting("GRIDSCOUT_CLI"), ["simulate", "--seed", "7", "--set", "stop.iterations=15", "--out", file]);
  const saved = JSON.parse(await readFile(file, "utf8"));
  const bad = JSON.stringify({ ...saved, config: { ...saved.config, stop: { ...saved.config.stop, iterations: -1 } } });
  const body = ["stop.iterations=-1", "planner.rule=best", '{"stop.iterations": "many", "cost.edx_secs": 20}'].map((params, k) => `<grid-scout id="it-${k}" src="/record.json" params='${params}'></grid-scout>`).join("");
  await shown(`${body}<grid-scout id="bad" src="/bad.json"></grid-scout>`, async ({ page, faults }) => {
    const states = [];
    for (const id of ["it-0", "it-1", "it-2", "bad"]) states.push((await heard(page, "ready", id)).state);
    assert.deepEqual(states.map(({ preset, seed, params }) => ({ preset, seed, params })), [
      { preset: null, seed: 7, params: { "stop.iterations": 1 } },
      { preset: null, seed: 7, params: {} },
      { preset: null, seed: 7, params: { "cost.edx_secs": 20 } },
      { preset: "figure-3", seed: 1, params: {} },
    ]);
    const fields = [];
    for (const id of ["it-0", "it-1", "it-2", "bad"]) fields.push((await heard(page, "error", id)).errors.map(({ field }) => field));
    assert.deepEqual(fields, [["stop.iterations"], ["planner.rule"], ["stop.iterations"], ["stop.iterations"]]);
    assert.deepEqual(faults, []);
  }, { pages: { "/record.json": JSON.stringify(saved), "/bad.json": bad } });
});

test("an iteration that the campaign does not have is named, however it is asked for", async () => {
  await shown('<grid-scout id="it" seed="1" params="stop.iterations=9"></grid-scout>', async ({ page, faults }) => {
    await heard(page, "ready");
    const said = await page.evaluate(async () => {
      const it = document.querySelector("#it");
      const problems = it.shadowRoot.querySelector("[part=problems]");
      const errors = () => globalThis.heard.splice(0).filter(({ name }) => name === "error").flatMap(({ detail }) => detail.errors.map(({ message }) => message));
      const out = { sought: (await it.seek(500)).iteration, errors: errors(), text: problems.checkVisibility() && problems.textContent };
      await it.seek(9);
      Object.assign(out, { good: errors(), hidden: problems.hidden });
      // Steps name no iteration.
      await it.step(5);
      out.stepped = errors();
      await it.setState({ iteration: 500 });
      return { ...out, set: errors() };
    });
    const message = "iteration is 500; allowed: 0 … 9, where the campaign ended";
    assert.deepEqual([said.sought, said.errors, said.set], [9, [message], [message]]);
    assert.ok(said.text.includes(message), said.text);
    assert.deepEqual([said.good, said.hidden, said.stepped], [[], true, []]);
    assert.deepEqual(faults, []);
  });
});

test("white space is no poster; a switch reads as it acts; what is not defined stays", async () => {
  await shown('<grid-scout id="it" preset="figure-4a" seed="1" autoplay="false">\n  <!-- nothing -->\n</grid-scout>', async ({ page, faults }) => {
    // Before anything is there, the box says that it is on its way.
    assert.deepEqual(await page.evaluate(() => globalThis.covered), { poster: true, content: false });
    await heard(page, "ready");
    const said = await page.evaluate(async () => {
      const it = document.querySelector("#it");
      const off = it.autoplay;
      it.autoplay = true;
      const on = it.autoplay;
      const kept = await it.setState({ preset: undefined, seed: undefined, iteration: undefined });
      const cleared = await it.setState({ preset: null });
      return { off, on, kept: kept.preset, cleared: cleared.preset };
    });
    assert.deepEqual(said, { off: false, on: true, kept: "figure-4a", cleared: "figure-3" });
    assert.deepEqual(faults, []);
  }, {
    init: () => customElements.whenDefined("grid-scout").then(() => {
      const { shadowRoot } = document.querySelector("#it");
      globalThis.covered = Object.fromEntries(["poster", "content"].map((name) => [name, shadowRoot.querySelector(`.${name}`).hidden]));
    }),
  });
});

test("moved to a window of its own, it keeps its style", async () => {
  await shown('<grid-scout id="it" seed="1"></grid-scout><iframe title="another document"></iframe>', async ({ page, faults }) => {
    await heard(page, "ready");
    const radius = () => page.evaluate(() => getComputedStyle(globalThis.it.shadowRoot.querySelector("[part=frame]")).borderRadius);
    await page.evaluate(() => { globalThis.it = document.querySelector("#it"); });
    const before = await radius();
    assert.notEqual(before, "0px");
    await page.evaluate(() => document.querySelector("iframe").contentDocument.body.append(globalThis.it));
    assert.equal(await radius(), before);
    await page.evaluate(() => document.body.append(globalThis.it));
    assert.equal(await radius(), before);
    assert.equal(await page.evaluate(async () => (await globalThis.it.seek(3)).iteration), 3);
    assert.deepEqual(faults, []);
  });
});

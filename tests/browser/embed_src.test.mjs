// What `src` names: a saved record or a saved state, with the checks of the command line.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { launch, setting } from "./chromium.mjs";
import { around, host, visit } from "./host.mjs";

const SCRIPT = '<script type="module" src="/dist/gridscout.mjs"></script>';
/** @type {any} */ let record;
let browser;
before(async () => {
  browser = await launch();
  const folder = await mkdtemp(path.join(tmpdir(), "gridscout-src-"));
  const file = path.join(folder, "record.json");
  await promisify(execFile)(setting("GRIDSCOUT_CLI"), ["simulate", "--seed", "5", "--set", "stop.iterations=12", "--out", file]);
  record = JSON.parse(await readFile(file, "utf8"));
  await rm(folder, { recursive: true });
});
after(() => browser?.close());

/** An element that opens this, in a page of the same host. @param {any} saved text, what answers, or what becomes JSON */
async function opened(context, saved, query = "") {
  const body = ["string", "function"].includes(typeof saved) ? saved : JSON.stringify(saved);
  const server = await host({ "/": around(`<grid-scout src="/saved.json${query}" speed="top"></grid-scout>${SCRIPT}`), "/saved.json": body });
  context.after(server.close);
  const { page, close } = await visit(browser, server.url);
  context.after(close);
  await page.waitForFunction(() => customElements.get("grid-scout"));
  await page.evaluate(() => document.querySelector("grid-scout").ready);
  return {
    page,
    state: () => page.evaluate(() => document.querySelector("grid-scout").getState()),
    errors: () => page.evaluate(() => globalThis.heard.filter(({ name }) => name === "error").flatMap(({ detail }) => detail.errors.map(({ message }) => message))),
    visible: () => page.locator("[part=problems]").innerText(),
  };
}
const run = (page) => page.evaluate(async () => (await document.querySelector("grid-scout").run()).digest);

test("a record opens, and its campaign ends with its digest", async (context) => {
  const { page, state, errors } = await opened(context, record);
  assert.deepEqual([(await state()).preset, (await state()).seed], [null, 5]);
  assert.equal(await run(page), record.digest);
  assert.deepEqual(await errors(), []);
});

test("a record that was changed is told by its digest, once", async (context) => {
  const changed = { ...record, digest: "0".repeat(64) };
  const { page, errors, visible } = await opened(context, changed);
  assert.deepEqual(await errors(), []);
  assert.equal(await run(page), record.digest);
  const said = 'src is "/saved.json"; allowed: a record whose campaign ends with the digest that it holds; this one was changed, or an instrument made it';
  assert.deepEqual(await errors(), [said]);
  assert.ok((await visible()).includes(said));
  await page.evaluate(() => document.querySelector("grid-scout").reset());
  await run(page);
  assert.deepEqual(await errors(), [said]);
});

test("a digest is no promise of other settings, nor that of a record that was stopped", async (context) => {
  const events = [...record.events.slice(0, -1), { ...record.events.at(-1), reason: "stopped" }];
  const stopped = await opened(context, { ...record, events, digest: "0".repeat(64) });
  await run(stopped.page);
  assert.deepEqual(await stopped.errors(), []);
  const other = await opened(context, record);
  await other.page.evaluate(() => { document.querySelector("grid-scout").seed = 6; return document.querySelector("grid-scout").ready; });
  assert.notEqual(await run(other.page), record.digest);
  assert.deepEqual(await other.errors(), []);
});

test("another engine is named, another version refused", async (context) => {
  const engine = await opened(context, { ...record, engine: "0.0.1" });
  assert.deepEqual(await engine.errors(), [`src is "/saved.json (engine 0.0.1)"; allowed: a record of engine ${record.engine}; the settings are the record's, but the campaign may come out otherwise`]);
  assert.equal((await engine.state()).seed, 5);
  for (const version of [99, "1", undefined]) {
    const refused = await opened(context, { ...record, version });
    assert.match((await refused.errors())[0], /^src is "\/saved\.json \(a record of version .*, not 1\)"; allowed: the address of a saved record/);
    assert.deepEqual([(await refused.state()).preset, (await refused.state()).seed], ["figure-3", 1]);
  }
});

test("a saved state opens where it stood; one of a src is refused, for none leads to another", async (context) => {
  const saved = { version: 1, preset: "figure-4a", seed: 3, params: { "stop.iterations": 12 }, src: null, ui: "report", theme: "dark", iteration: 7 };
  const { state, errors } = await opened(context, saved);
  const { preset, seed, params, iteration, ui } = await state();
  assert.deepEqual([preset, seed, params, iteration, ui], ["figure-4a", 3, { "stop.iterations": 12 }, 7, "interactive"]);
  assert.deepEqual(await errors(), []);
  const nested = await opened(context, { ...saved, preset: null, src: "record.json" });
  assert.match((await nested.errors())[0], /a state of what another src names; no src leads to another/);
  const late = await opened(context, { ...saved, iteration: 20 });
  assert.equal((await late.state()).iteration, 12);
  assert.deepEqual(await late.errors(), ["iteration is 20; allowed: 0 … 12, where the campaign ended"]);
  for (const iteration of [-1, "3", 1.5]) assert.match((await (await opened(context, { ...saved, iteration })).errors())[0], /a state whose iteration is no whole number from 0/);
});

test("an iteration that does not exist is named, until one that does is asked for", async (context) => {
  const { page, state, errors, visible } = await opened(context, record);
  await page.evaluate(() => document.querySelector("grid-scout").seek(12));
  assert.deepEqual(await errors(), []);
  await page.evaluate(() => document.querySelector("grid-scout").setState({ iteration: 13 }));
  assert.equal((await state()).iteration, 12);
  assert.deepEqual(await errors(), ["iteration is 13; allowed: 0 … 12, where the campaign ended"]);
  assert.match(await visible(), /iteration is 13/);
  await page.evaluate(() => document.querySelector("grid-scout").seek(4));
  assert.ok(await page.locator("[part=problems]").isHidden());
});

test("what is longer than it may be is not read to its end, whatever the server says of its length", async (context) => {
  const piece = Buffer.alloc(1e6, " ");
  let sent = 0;
  let left = () => {};
  const gone = new Promise((resolve) => { left = () => resolve(undefined); });
  const { errors } = await opened(context, async (response) => {
    response.on("close", left);
    response.writeHead(200, { "content-type": "application/json" });
    while (!response.closed && sent < 400) {
      sent += 1;
      if (!response.write(piece)) await new Promise((resolve) => { response.once("drain", resolve); response.once("close", resolve); });
    }
    response.end();
  });
  assert.match((await errors())[0], /^src is "\/saved\.json \(too long\)"; /);
  await gone;
  assert.ok(sent > 64 && sent < 200, `${sent} MB were sent`);
});

test("pictures name the file, without what its address holds beside the path", async (context) => {
  const { page } = await opened(context, record, "?signature=secret#part");
  const svg = await page.evaluate(() => document.querySelector("grid-scout").exportSVG());
  assert.ok(svg.includes("/saved.json") && !svg.includes("secret"));
});

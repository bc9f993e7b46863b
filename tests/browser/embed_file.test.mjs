// The single file: opened from the disk, without a network, and in a sandbox that grants nothing but scripts.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { launch, simulate } from "./chromium.mjs";
import { DIST, around, heard, host, visit } from "./host.mjs";

const FILE = pathToFileURL(path.join(DIST, "gridscout.html")).href;
let browser;
let expected;
before(async () => {
  browser = await launch();
  expected = await simulate("figure-3", 1);
});
after(() => browser?.close());

test("from file://, offline, it gives the digest of the command line", async (context) => {
  const { page, faults, close } = await visit(browser, `${FILE}?preset=figure-3&seed=1&autoplay&speed=top`, [], { offline: true });
  context.after(close);
  assert.equal((await heard(page, "end")).digest, expected.digest);
  assert.ok(await page.locator("[part=grid]").isVisible());
  assert.deepEqual(faults, []);
});

test("in sandbox=\"allow-scripts\", from its text alone, it gives that too", async (context) => {
  const text = await readFile(path.join(DIST, "gridscout.html"), "utf8");
  const attributes = '<grid-scout preset="figure-3" seed="1" autoplay speed="top">';
  const inside = text.replace("<grid-scout>", attributes);
  assert.notEqual(inside, text);
  const server = await host({ "/": around('<iframe sandbox="allow-scripts" width="800" height="700" title="gridscout"></iframe>') });
  context.after(server.close);
  const { page, faults, close } = await visit(browser, server.url);
  context.after(close);
  await page.locator("iframe").evaluate((frame, inside) => { frame.srcdoc = inside; }, inside);
  const digest = page.frameLocator("iframe").locator("[part=digest]");
  await digest.filter({ hasText: /[0-9a-f]{64}/ }).waitFor();
  assert.equal(await digest.textContent(), `Digest ${expected.digest}`);
  assert.deepEqual(faults, []);
});

test("the address sets what it names; what it cannot is named, and the nearest shown", async (context) => {
  const { page, faults, close } = await visit(browser, `${FILE}?preset=figure-4a&stop.iterations=12&cost.edx_secs=-1&nothing=1&ui=presentation`, []);
  context.after(close);
  const { state } = await heard(page, "ready");
  assert.deepEqual([state.preset, state.ui, state.params], ["figure-4a", "presentation", { "stop.iterations": 12, "cost.edx_secs": 0 }]);
  const { errors } = await heard(page, "error");
  assert.deepEqual(errors.map(({ field }) => field).sort(), ["cost.edx_secs", "params"]);
  assert.match(await page.locator("[part=problems]").textContent(), /cost\.edx_secs is -1/);
  assert.deepEqual(faults, []);
});

test("a link of the page means the same here", async (context) => {
  const link = "?v=1&engine=0.1.0&preset=figure-4a&seed=3&elements=Fe,Co,Ni,Cu&stop.iterations=9&palette=cividis&speed=top&iteration=7";
  const { page, faults, close } = await visit(browser, FILE + link, []);
  context.after(close);
  await page.waitForFunction(() => document.querySelector("grid-scout").iteration === 7);
  const state = await page.evaluate(() => document.querySelector("grid-scout").getState());
  assert.deepEqual([state.preset, state.seed, state.params], ["figure-4a", 3, { elements: ["Fe", "Co", "Ni", "Cu"], "stop.iterations": 9 }]);
  assert.ok(await page.locator("[part=problems]").isHidden());
  assert.deepEqual(faults, []);
});

test("what a link of the page cannot bring is said", async (context) => {
  const { page, close } = await visit(browser, `${FILE}?v=1&engine=0.0.9&preset=figure-3&seed=3&stop.iterations=9&particles=own&a.preset=figure-4a&a.seed=2&a.cost.edx_secs=3&study.seeds=1..20&study.sweep.elements=2,3`, []);
  context.after(close);
  const { state } = await heard(page, "ready");
  assert.deepEqual([state.seed, state.params], [3, { "stop.iterations": 9 }]);
  const { errors } = await heard(page, "error");
  assert.deepEqual(errors.map(({ message }) => message).sort(), [
    'a.preset is "figure-4a"; allowed: none; one campaign is shown here, without the one that the link compares it with',
    'engine is "0.0.9"; allowed: 0.1.0; the settings are the link\'s, but the campaign may come out otherwise',
    'particles is "own"; allowed: generated ones, which are shown; no link holds somebody\'s own table',
    'study.seeds is "1..20"; allowed: none; one campaign is shown here, without the study of many that the link holds',
  ]);
});

test("settings in JSON and settings by their names are taken together; what is no word is named", async (context) => {
  const { page, close } = await visit(browser, `${FILE}?params=${encodeURIComponent('{"stop.iterations": 12}')}&cost.edx_secs=2&toString=1&v=9&iteration=many`, []);
  context.after(close);
  const { state } = await heard(page, "ready");
  assert.deepEqual(state.params, { "stop.iterations": 12, "cost.edx_secs": 2 });
  const { errors } = await heard(page, "error");
  assert.deepEqual(errors.map(({ value }) => value).sort(), ['"iteration"', '"toString"', '"v"']);
});

test("an iteration that the campaign does not have is named, and its end shown", async (context) => {
  const { page, close } = await visit(browser, `${FILE}?stop.iterations=12&iteration=99999`, []);
  context.after(close);
  const { errors } = await heard(page, "error");
  assert.deepEqual(errors.map(({ message }) => message), ["iteration is 99999; allowed: 0 … 12, where the campaign ended"]);
  assert.equal(await page.evaluate(() => document.querySelector("grid-scout").iteration), 12);
  assert.match(await page.locator("[part=problems]").textContent(), /iteration is 99999/);
});

test("of a word that an address gives twice the page's choice counts: the first, of a setting the last", async (context) => {
  const twice = "?preset=figure-4a&preset=figure-3&seed=2&seed=4&stop.iterations=9&stop.iterations=11&iteration=3&iteration=5";
  const { page, close } = await visit(browser, FILE + twice, []);
  context.after(close);
  await page.waitForFunction(() => document.querySelector("grid-scout").iteration === 3);
  const state = await page.evaluate(() => document.querySelector("grid-scout").getState());
  assert.deepEqual([state.preset, state.seed, state.params], ["figure-4a", 4, { "stop.iterations": 11 }]);
});

// The single file in an iframe on another origin: its address, and the messages it answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, simulate } from "./chromium.mjs";
import { around, host, visit } from "./host.mjs";

let browser;
let expected;
let [theirs, ours, closed] = [];
/** Collects what is said to this window, and asks. */
const LISTEN = `<script>
  const said = [];
  addEventListener("message", ({ data, origin }) => said.push({ ...data, from: origin }));
  const ask = (message) => document.querySelector("iframe").contentWindow.postMessage(message, "*");
</script>`;

before(async () => {
  browser = await launch();
  expected = await simulate("figure-3", 1);
  const saved = JSON.stringify({ version: 1, preset: "figure-3", seed: 8, params: { "stop.iterations": 12 } });
  // One lets everybody read its files, the other only its own pages.
  ours = await host({ "/saved.json": saved, "/other.json": '{"hello": 1}' }, { "access-control-allow-origin": "*" });
  const frame = (query, of = ours.url) => `<iframe src="${of}/dist/gridscout.html${query}" style="border: 0; width: 800px; height: 300px" title="gridscout"></iframe>`;
  closed = await host({ "/saved.json": saved, "/": around(LISTEN + frame("?src=../saved.json", "")) });
  theirs = await host({
    "/": around(LISTEN + frame("?preset=figure-3&seed=1&autoplay&speed=top")),
    "/still": around(LISTEN + frame("?preset=figure-3&seed=1")),
    "/named": around(LISTEN + frame("?preset=figure-3&seed=1&src=../other.json")),
    "/missing": around(LISTEN + frame("?preset=figure-3&seed=1&src=no-such-file.json")),
    "/closed": around(LISTEN + frame("?src=../saved.json&ui=report", closed.url)),
    "/saved": around(LISTEN + frame("?src=../saved.json")),
    "/two": around(LISTEN + frame("?seed=1") + '<iframe src="/asker" title="asker"></iframe>'),
    "/asker": around('<script>const said = []; addEventListener("message", ({ data }) => said.push(data)); const ask = (message) => parent.frames[0].postMessage(message, "*");</script>'),
  });
});
after(async () => {
  await browser?.close();
  await theirs?.close();
  await ours?.close();
  await closed?.close();
});

const visited = (path) => visit(browser, theirs.url + path, [new URL(theirs.url).host, new URL(ours.url).host]);
/** Asks, and waits for the answer to that question. */
let questions = 0;
async function asked(page, message) {
  const id = `q${(questions += 1)}`;
  await page.evaluate((message) => ask(message), { ...message, id });
  const handle = await page.waitForFunction((id) => said.find((answer) => answer.id === id), id, { timeout: 60_000 });
  return handle.jsonValue();
}
const loaded = (page) => page.frameLocator("iframe >> nth=0").locator("[part=facts]").filter({ hasText: "iteration" }).waitFor();

test("on another origin, it tells the digest of the command line", async (context) => {
  const { page, faults, close } = await visited("/");
  context.after(close);
  await loaded(page);
  const answer = await asked(page, { type: "gridscout:result", version: 1 });
  assert.notEqual(new URL(theirs.url).origin, new URL(ours.url).origin);
  assert.deepEqual([answer.type, answer.version, answer.from], ["gridscout:result", 1, ours.url]);
  assert.equal(answer.digest, expected.digest);
  assert.equal(answer.summary.regions_visited, expected.regions_visited);
  assert.deepEqual(faults, []);
});

test("state is told and set; size is told again when it changes", async (context) => {
  const { page, faults, close } = await visited("/still");
  context.after(close);
  await loaded(page);
  const first = await asked(page, { type: "gridscout:state", version: 1 });
  assert.deepEqual([first.type, first.state.preset, first.state.seed, first.state.iteration], ["gridscout:state", "figure-3", 1, 0]);
  const set = await asked(page, { type: "gridscout:state", version: 1, state: { preset: "figure-4a", seed: 5, iteration: 4, params: { "stop.iterations": 30 } } });
  assert.deepEqual([set.state.preset, set.state.seed, set.state.iteration, set.state.params], ["figure-4a", 5, 4, { "stop.iterations": 30 }]);
  const back = await asked(page, { type: "gridscout:state", version: 1, state: first.state });
  assert.deepEqual(back.state, first.state);
  const size = await asked(page, { type: "gridscout:resize", version: 1 });
  assert.ok(size.width === 800 && size.height > 300, JSON.stringify(size));
  await page.locator("iframe").evaluate((frame) => { frame.style.width = "400px"; });
  await page.waitForFunction((before) => said.filter(({ type }) => type === "gridscout:resize").at(-1).height > before, size.height);
  assert.deepEqual(faults, []);
});

test("a bad message is answered with what is wrong, and changes nothing", async (context) => {
  const { page, faults, close } = await visited("/still");
  context.after(close);
  await loaded(page);
  const before = await asked(page, { type: "gridscout:state", version: 1 });
  for (const [message, field] of [
    [{ type: "gridscout:explode", version: 1 }, "type"],
    [{ type: "gridscout:toString", version: 1 }, "type"],
    [{ type: "gridscout:state" }, "version"],
    [{ type: "gridscout:state", version: 2 }, "version"],
    [{ type: "gridscout:result", version: "1" }, "version"],
    [{ type: "gridscout:state", version: 1, state: null }, "state"],
    [{ type: "gridscout:state", version: 1, state: [1] }, "state"],
    [{ type: "gridscout:state", version: 1, state: { colour: "red" } }, "state"],
    [{ type: "gridscout:state", version: 1, state: { version: 7 } }, "state.version"],
    [{ type: "gridscout:state", version: 1, state: { iteration: -1, seed: 9 } }, "state.iteration"],
  ]) {
    const answer = await asked(page, message);
    assert.deepEqual([answer.type, answer.version], ["gridscout:error", 1], JSON.stringify(answer));
    assert.equal(answer.errors[0].field, field, JSON.stringify(answer.errors));
    assert.match(answer.errors[0].message, / is .*; allowed: /);
  }
  const now = await asked(page, { type: "gridscout:state", version: 1 });
  assert.deepEqual(now.state, before.state);

  // A state that can be read but not had: the nearest, and why.
  await page.evaluate(() => { said.length = 0; });
  const nearest = await asked(page, { type: "gridscout:state", version: 1, state: { seed: "x", preset: "figure-9" } });
  assert.deepEqual([nearest.type, nearest.state.preset, nearest.state.seed], ["gridscout:state", "figure-3", 1]);
  const errors = await page.waitForFunction(() => said.find(({ type }) => type === "gridscout:error")?.errors);
  assert.deepEqual((await errors.jsonValue()).map(({ field }) => field).sort(), ["preset", "seed"]);

  // What is not for it is not answered.
  await page.evaluate(() => { said.length = 0; for (const message of [null, 1, "gridscout:state", [], {}, { type: 3 }, { type: "other:state" }, { type: "gridscout:error", version: 9 }]) ask(message); });
  await asked(page, { type: "gridscout:state", version: 1 });
  assert.equal(await page.evaluate(() => said.length), 1);
  assert.deepEqual(faults, []);
});

test("only who asked is answered", async (context) => {
  const { page, close } = await visited("/two");
  context.after(close);
  await loaded(page);
  const asker = page.frames().find((frame) => frame.url().endsWith("/asker"));
  await asker.evaluate(() => ask({ type: "gridscout:state", version: 1, id: "mine" }));
  await asker.waitForFunction(() => said.some(({ id }) => id === "mine"));
  assert.deepEqual(await page.evaluate(() => said), []);
});

test("nothing is read for who frames it but what the address names", async (context) => {
  const { page, close } = await visited("/still");
  context.after(close);
  await loaded(page);
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  for (const src of ["secret.json", "http://127.0.0.1:1/", 7, {}]) {
    const answer = await asked(page, { type: "gridscout:state", version: 1, state: { src } });
    assert.equal(answer.type, "gridscout:error", JSON.stringify(answer));
    assert.match(answer.errors[0].message, /src that the page was not opened with/);
  }
  assert.deepEqual(requests, []);
  const { state } = await asked(page, { type: "gridscout:state", version: 1 });
  assert.equal(state.src, null);

  // What the address names is read; why it could not be is told to the reader only.
  const named = await visited("/named");
  context.after(named.close);
  await loaded(named.page);
  await named.page.evaluate(() => ask({ type: "gridscout:state", version: 1, state: { seed: 2 } }));
  const told = await named.page.waitForFunction(() => said.find(({ type }) => type === "gridscout:error")?.errors);
  assert.deepEqual((await told.jsonValue()).map(({ field, value }) => [field, value]), [["src", '"unusable"']]);
  assert.match(await named.page.frameLocator("iframe").locator("[part=problems]").textContent(), /neither a record nor a state/);
});

test("of a file that the asking page may not read, its reader sees all and the page is told nothing", async (context) => {
  const UNTOLD = { field: "src", value: '"not told"' };
  for (const path of ["/closed", "/missing"]) {
    const { page, close } = await visit(browser, theirs.url + path, undefined);
    context.after(close);
    await loaded(page);
    for (const question of [{ type: "gridscout:state" }, { type: "gridscout:result" }, { type: "gridscout:state", state: { src: null } }, { type: "gridscout:state", state: { src: "../saved.json", seed: 9 } }]) {
      const answer = await asked(page, { ...question, version: 1 });
      assert.deepEqual([answer.type, answer.errors.length], ["gridscout:error", 1]);
      const { field, value, message } = answer.errors[0];
      assert.deepEqual({ field, value }, UNTOLD);
      assert.match(message, /Access-Control-Allow-Origin/);
    }
    assert.equal((await asked(page, { type: "gridscout:resize", version: 1 })).width, 800);
    // Nothing was changed, either.
    const inside = page.frameLocator("iframe");
    if (path === "/closed") assert.match(await inside.locator("[part=facts]").textContent(), /seed 8/);
    else assert.match(await inside.locator("[part=problems]").textContent(), /404/);
    assert.equal(await page.evaluate(() => said.filter(({ type }) => !["gridscout:error", "gridscout:resize"].includes(type)).length), 0);
  }

  // A page of the same origin reads it anyway.
  const own = await visit(browser, closed.url);
  context.after(own.close);
  await loaded(own.page);
  assert.equal((await asked(own.page, { type: "gridscout:state", version: 1 })).state.seed, 8);
});

test("the page around it takes the theme that a message sets, and never one that there is none of", async (context) => {
  const { page, close } = await visited("/still");
  context.after(close);
  await loaded(page);
  const paper = () => page.frames()[1].evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();
  await asked(page, { type: "gridscout:state", version: 1, state: { theme: "dark" } });
  const dark = await paper();
  assert.notEqual(dark, light);
  assert.equal(await page.frames()[1].evaluate(() => getComputedStyle(document.querySelector("grid-scout").shadowRoot.querySelector("[part=frame]")).backgroundColor), dark);
  await asked(page, { type: "gridscout:state", version: 1, state: { theme: "light" } });
  assert.equal(await paper(), light);

  const odd = await visit(browser, `${ours.url}/dist/gridscout.html?theme=foo`, undefined, { colorScheme: "dark" });
  context.after(odd.close);
  assert.equal(await odd.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), dark);
});

test("an answer speaks of its own question, and those that wait are numbered", async (context) => {
  const { page, close } = await visited("/still");
  context.after(close);
  await loaded(page);
  await page.evaluate(() => {
    ask({ type: "gridscout:state", version: 1, id: "bad", state: { seed: "x" } });
    for (let i = 0; i < 20; i += 1) ask({ type: "gridscout:state", version: 1, id: `good${i}` });
    for (let i = 0; i < 101; i += 1) ask({ type: "gridscout:result", version: 1, id: `wait${i}` });
  });
  await page.waitForFunction(() => said.some(({ id }) => id === "wait100"));
  const errors = await page.evaluate(() => said.filter(({ type }) => type === "gridscout:error").map(({ id }) => id));
  assert.deepEqual(errors, ["bad", "wait100"]);
  await page.evaluate(() => ask({ type: "gridscout:state", version: 1, state: { seed: 1, iteration: 150 } }));
  await page.waitForFunction(() => said.filter(({ type }) => type === "gridscout:result").length === 100, undefined, { timeout: 60_000 });
  const digests = await page.evaluate(() => [...new Set(said.filter(({ type }) => type === "gridscout:result").map(({ digest }) => digest))]);
  assert.deepEqual(digests, [expected.digest]);
});

test("a frame that was opened with a file goes back to it", async (context) => {
  const { page, faults, close } = await visited("/saved");
  context.after(close);
  await loaded(page);
  const first = await asked(page, { type: "gridscout:state", version: 1 });
  assert.deepEqual([first.state.src, first.state.seed], ["../saved.json", 8]);
  const other = await asked(page, { type: "gridscout:state", version: 1, state: { src: null, preset: "figure-4a", seed: 2, params: {} } });
  assert.deepEqual([other.state.src, other.state.preset], [null, "figure-4a"]);
  const back = await asked(page, { type: "gridscout:state", version: 1, state: first.state });
  assert.deepEqual([back.type, back.state.src, back.state.preset, back.state.seed], ["gridscout:state", "../saved.json", "figure-3", 8]);
  assert.deepEqual(faults, []);
});

test("its size is told while a file is still awaited", async (context) => {
  const { page, close } = await visited("/still");
  context.after(close);
  // A server that never answers.
  await page.route(({ pathname }) => pathname === "/saved.json", () => {});
  await page.goto(`${theirs.url}/saved`);
  await page.frameLocator("iframe").locator("[part=facts]").waitFor({ state: "attached" });
  await page.evaluate(() => ask({ type: "gridscout:state", version: 1, id: "waits" }));
  const size = await asked(page, { type: "gridscout:resize", version: 1 });
  assert.ok(size.width === 800 && size.height > 0, JSON.stringify(size));
  assert.equal(await page.evaluate(() => said.some(({ id }) => id === "waits")), false);
});

test("an id that cannot be sent back costs only its own answer", async (context) => {
  const { page, faults, close } = await visited("/still");
  context.after(close);
  await loaded(page);
  await page.evaluate(() => {
    for (const type of ["gridscout:state", "gridscout:result", "gridscout:explode"]) {
      const { port1 } = new MessageChannel();
      document.querySelector("iframe").contentWindow.postMessage({ type, version: 1, id: port1 }, "*", [port1]);
    }
    ask({ type: "gridscout:result", version: 1, id: "after" });
    ask({ type: "gridscout:state", version: 1, state: { iteration: 150 } });
  });
  await page.waitForFunction(() => said.some(({ id, digest }) => id === "after" && digest), undefined, { timeout: 60_000 });
  assert.deepEqual(faults, []);
});

// The state of the page in its address: nothing is lost on the way, and no link breaks the page.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { VERSION, VIEW, mend, read, write } from "../../www/share/link.js";
import { NUMBERS, mayBe } from "../../www/share/numbers.js";
import { assign } from "../../www/share/path.js";
import { launch, open, setting, status, text } from "./chromium.mjs";
import { blankCanvases } from "./layout.mjs";
import { description, hostileQueries, opened, own, parameters, presets, random, randomState, refused } from "./states.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const prototypes = () => [Object, Array, String, Number, Function].map(({ prototype }) => Reflect.ownKeys(prototype).map(String));
const query = (page) => new URL(page.url()).searchParams;
const follows = (page, wanted) => page.waitForFunction((wanted) => Object.entries(wanted).every(([key, value]) => new URLSearchParams(location.search).get(key) === value), wanted);

test("200 random states come back from their links as they were", () => {
  const next = random(1);
  let settings = 0;
  let longest = 0;
  for (let i = 0; i < 200; i += 1) {
    const state = randomState(next);
    assert.deepEqual(refused(state.config), []);
    const link = new URL(`http://gridscout.example/?${write(state, description)}`);
    const back = read(link.search, description);
    assert.deepEqual(back.problems, [], link.href);
    assert.deepStrictEqual(back.state, state, link.href);
    settings += own(state);
    longest = Math.max(longest, link.href.length);
  }
  console.log(`200 states, ${(settings / 200).toFixed(1)} settings changed in each, links of at most ${longest} characters`);
  assert.ok(settings > 200 * 5);
});

test("every setting of a preset has its place in a link, but for own particles", () => {
  const leaves = (value, path) => (value !== null && typeof value === "object" && !Array.isArray(value) ? Object.entries(value).flatMap(([key, v]) => leaves(v, path ? `${path}.${key}` : key)) : [path]);
  for (const { config } of presets) assert.deepEqual(leaves(config, "").filter((path) => !parameters.some((p) => p.path === path)), ["library.particles"]);
});

test("links from before there was a version mean what they meant", () => {
  const { state, problems } = read("?preset=figure-4a&seed=2&speed=top&cost.edx_secs=2&stop.iterations=null&elements=[\"A\",\"B\"]&surrogate.length_scale=[0.1,0.2]&planner.rule=\"raster\"&seed=3", description);
  const config = structuredClone(presets.find((p) => p.id === "figure-4a").config);
  Object.assign(config, { seed: 3, elements: ["A", "B"] });
  config.cost.edx_secs = 2;
  config.stop.iterations = null;
  config.surrogate.length_scale = [0.1, 0.2];
  config.planner.rule = "raster";
  assert.deepEqual(state, { preset: "figure-4a", config, view: { ...read("", description).state.view, speed: "top" }, iteration: null, own: false, a: null, study: null });
  assert.deepEqual(problems, ["The link gives “seed” 2 times; one of them is used."]);
});

test("a link of another engine says that its campaign may come out otherwise", () => {
  const link = write({ preset: "figure-3", config: presets[0].config, view: read("", description).state.view, iteration: null, own: false, a: null, study: null }, description);
  assert.deepEqual(read(link, description).problems, []);
  const { state, problems } = read(link, { ...description, version: "9.0.0" });
  assert.match(problems.join(), new RegExp(`^The link was made with gridscout .${description.version}.*this is 9\\.0\\.0`));
  assert.deepEqual(state.config, presets[0].config);
});

test("a link without numbers means the end, an error of 0.01 and the Figure 1 of before", () => {
  const { view } = read("?preset=figure-3&compare-log=false", description).state;
  for (const [word, { usual }] of Object.entries(NUMBERS)) assert.equal(view[word], usual, word);
  assert.deepEqual([view["compare-time"], view["compare-error"], view["capacity.radius_nm"]], ["", "0.01", "150"]);
  const asked = read("?compare-time=12.5&compare-error=&capacity.radius_nm=50&capacity.components=8", description);
  assert.deepEqual([asked.problems, asked.state.view["compare-time"], asked.state.view["compare-error"], asked.state.view["capacity.radius_nm"]], [[], "12.5", "", "50"]);
  for (const text of ["-1", "x", "NaN", "Infinity", "1e999", " 5", "9".repeat(25), "0x10x", "<b>"]) {
    assert.equal(mayBe("compare-time", text), false, text);
    const { state, problems } = read(`?capacity.radius_nm=${encodeURIComponent(text)}`, description);
    assert.equal(state.view["capacity.radius_nm"], "150");
    assert.match(problems.join(), /^The link sets capacity\.radius_nm to “.*”; allowed: a number from 0/);
  }
});

/** What the words of a link mean, by its version. When this fails, a preset, a setting or a view means something else than in links
 * that people hold: give links a new version, and keep what the old one meant. Only where a word is new, and links without it mean
 * what they meant, is this figure made anew. */
const MEANING = { 1: "c3db9c70bc0ae318" };

test("what a link of this version says means what it meant", () => {
  const meaning = JSON.stringify([presets.map(({ id, config }) => [id, config]), parameters.map(({ path, kind }) => [path, kind]), VIEW, Object.entries(NUMBERS).map(([word, { usual }]) => [word, usual])]);
  assert.equal(createHash("sha256").update(meaning).digest("hex").slice(0, 16), MEANING[VERSION]);
});

test("300 hostile links each get a message and a state that opens, and nothing is polluted", () => {
  const before = prototypes();
  const untouched = structuredClone(description);
  const queries = hostileQueries(300);
  let messages = 0;
  for (const hostile of queries) {
    const shown = hostile.slice(0, 200);
    const { state, problems } = read(`?${hostile}`, description);
    const open = ({ preset, config }) => opened(config, presets.find((p) => p.id === preset));
    const { config, problems: more } = open(state);
    const kept = state.a && open(state.a);
    const a = kept && { ...state.a, config: kept.config, own: false };
    if (kept) more.push(...kept.problems);
    messages += problems.length + more.length;
    assert.ok(problems.length + more.length > 0, `no message: ${shown}`);
    for (const problem of [...problems, ...more]) assert.ok(problem.length > 10 && problem.length < 500, `${problem.length}: ${problem.slice(0, 600)}`);
    assert.ok(problems.length <= 13, shown);
    assert.deepEqual(read(write({ ...state, config, own: false, a }, description), description), { state: { ...state, config, own: false, a }, problems: [] }, shown);
  }
  console.log(`${queries.length} hostile links, ${messages} messages`);
  assert.equal(queries.length, 300);
  assert.deepEqual(prototypes(), before);
  assert.deepEqual(description, untouched);
  assert.equal({}.polluted, undefined);
});

test("what the engine refuses gives way, and no more than that", () => {
  const preset = presets.find((p) => p.id === "figure-3");
  const asked = (query) => read(`?seed=8&cost.edx_secs=3&${query}`, description).state.config;
  const settled = (query) => opened(asked(query), preset).config;
  const wanted = asked("");
  // The engine names the setting, or others of its section that are the preset's already.
  assert.deepEqual(settled("library.tile_um=400"), wanted);
  assert.deepEqual(settled("library.radius_sd_nm=100000"), wanted);
  const elsewhere = [{ field: "surrogate.kernel", value: "x", allowed: "y" }];
  assert.deepEqual(mend(wanted, preset.config, elsewhere, parameters).config, { ...preset.config, seed: 8 });
  assert.deepEqual(mend({ ...preset.config, seed: 8 }, preset.config, elsewhere, parameters).config, preset.config);
});

test("no path makes or reaches what is no setting", () => {
  const before = prototypes();
  for (const path of ["__proto__.polluted", "constructor.prototype.polluted", "cost.__proto__.polluted", "__proto__", "__proto__.polluted.x", "cost.__proto__.valueOf", "constructor.name", "cost.constructor.prototype.valueOf", "cost.new", "new", "elements.0", "seed.x", ""]) {
    assert.throws(() => assign(structuredClone(presets[0].config), path, 1), RangeError, path);
  }
  assert.deepEqual(prototypes(), before);
});

test("the page survives 25 hostile links", async () => {
  // Without what keeps the page offline: it asks in a way of its own, past the route below.
  const { page, faults, close } = await open(browser, { preset: "figure-3" }, { serviceWorkers: "block" });
  try {
    // Servers have limits of their own; the page has to be right at any length.
    await page.route((url) => url.search.length > 2000, async (route) => route.fulfill({ response: await route.fetch({ url: setting("GRIDSCOUT_URL") }) }));
    const queries = hostileQueries(300);
    const particular = ["v=99&future=1", "<script>", "onerror", "9999999", "x&x&", "library.tile_um=400", "library.radius_sd_nm"].map((part) => queries.find((q) => decodeURIComponent(q.replace(/%(?![0-9a-f]{2})/gi, "%25").replace(/%(?=[89a-f])/gi, "%25")).includes(part)));
    const tried = [...particular, ...queries.filter((_, i) => i % 16 === 3)].slice(0, 25);
    assert.ok(tried.every((hostile) => typeof hostile === "string") && new Set(tried).size >= 24);
    for (const hostile of tried) {
      await page.goto(`${setting("GRIDSCOUT_URL")}?${hostile}`);
      await page.waitForFunction(() => document.querySelector("#problems").textContent.length > 10 && /running|paused|ended/.test(document.querySelector("#status").textContent), null, { timeout: 30_000 }).catch((error) => { throw new Error(`no message: ${hostile.slice(0, 200)}`, { cause: error }); });
      assert.deepEqual(await page.evaluate(blankCanvases), []);
      assert.equal(await page.evaluate(() => window.polluted ?? {}.polluted), undefined);
      assert.equal(await page.locator("#problems :not(p):not(strong):not(ul):not(li)").count(), 0);
      await page.waitForFunction(() => new URLSearchParams(location.search).get("v") === "1");
    }
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("the page offers the views that a link knows", async () => {
  const { page, close } = await open(browser, { preset: "figure-4a", speed: "top", "stop.iterations": "5" });
  for (const [name, allowed] of Object.entries(VIEW)) {
    const offered = await page.locator(`#${name}`).evaluate((control) => (control.type === "checkbox" ? { usual: String(control.defaultChecked), values: ["false", "true"] }
      : { usual: ([...control.options].find((o) => o.defaultSelected) ?? control.options[0]).value, values: [...control.options].map((o) => o.value) }));
    assert.equal(allowed[0], offered.usual, name);
    assert.deepEqual([...allowed].sort(), offered.values.sort(), name);
  }
  await close();
});

test("a copied link opens as the same campaign, seen the same way", async () => {
  const asked = { preset: "figure-4a", seed: "5", "elements": "Au,Co,Ni,Pt", "planner.rule": "raster", "surrogate.fit_mean": "true", "surrogate.length_scale": "0.2,0.3,0.2,0.3", "stop.iterations": "40",
    speed: "top", palette: "cividis", projection: "pairs", axis: "time", log: "true" };
  const first = await open(browser, asked, { permissions: ["clipboard-read", "clipboard-write"] });
  const second = await open(browser);
  try {
    await status(first.page, "ended");
    await first.page.locator("#scrub").fill("17");
    await first.page.locator("#copy-link").click();
    await first.page.waitForFunction(() => document.querySelector("#result-message").textContent === "The link is copied.");
    const link = await first.page.evaluate(() => navigator.clipboard.readText());
    assert.deepEqual(Object.fromEntries(new URL(link).searchParams), { ...asked, v: "1", engine: description.version, iteration: "17" });
    await follows(first.page, { iteration: "17" });
    assert.equal(first.page.url(), link);

    await second.page.goto(link);
    await status(second.page, "ended");
    await second.page.waitForFunction(() => document.querySelector("#digest").textContent);
    assert.equal(await text(second.page, "#digest"), await text(first.page, "#digest"));
    for (const id of ["iteration", "time", "regions-visited", "mean-sd"]) assert.equal(await text(second.page, `#${id}`), await text(first.page, `#${id}`), id);
    assert.match(await text(second.page, "#iteration"), /^17 of 40$/);
    for (const id of ["preset", "seed", ...Object.keys(VIEW).filter((name) => name !== "log")]) assert.equal(await second.page.locator(`#${id}`).inputValue(), await first.page.locator(`#${id}`).inputValue(), id);
    assert.ok(await second.page.locator("#log").isChecked());
    await follows(second.page, { iteration: "17" });
    assert.equal(second.page.url(), link);
    assert.ok(await second.page.locator("#problems").isHidden());
    assert.deepEqual([...first.faults, ...second.faults], []);
  } finally {
    await first.close();
    await second.close();
  }
});

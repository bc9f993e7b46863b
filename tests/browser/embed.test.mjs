// The custom element in plain pages that hold nothing else of gridscout.
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
async function shown(body, look, { script = SCRIPT, headers = {}, options = {} } = {}) {
  const server = await host({ "/": around(body + script) }, headers);
  const visited = await visit(browser, server.url, undefined, options);
  try {
    await look(visited);
  } finally {
    await visited.close();
    await server.close();
  }
}

/** How many colours a canvas in the shadow root shows: a blank one has one. */
const colours = (page, part) =>
  page.locator(`[part=${part}]`).first().evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

test("alone in a plain page, it gives the digest of the command line", async () => {
  await shown('<grid-scout preset="figure-3" seed="1" autoplay speed="top"></grid-scout>', async ({ page, faults }) => {
    const { digest, iteration } = await heard(page, "end");
    assert.equal(digest, expected.digest);
    assert.equal(iteration, expected.mean_sd.length - 1);
    assert.match(await page.locator("[part=digest]").textContent(), new RegExp(expected.digest));
    assert.ok((await colours(page, "grid")) > 20);
    assert.ok((await colours(page, "composition")) > 20);
    assert.ok((await page.evaluate(() => globalThis.heard.filter(({ name }) => name === "step").length)) > 3);
    assert.deepEqual(faults, []);
  });
});

test("out of sight, of no size or in a tab that draws no frames, it runs and exports all the same", async () => {
  for (const style of ["", "display: none", "width: 0; height: 0", "position: absolute; top: 99999px"]) {
    await shown(`<script>requestAnimationFrame = () => 1;</script><grid-scout id="it" preset="figure-3" seed="1" speed="top" style="${style}"></grid-scout>`, async ({ page, faults }) => {
      await page.waitForFunction(() => customElements.get("grid-scout"), undefined, { polling: 50 });
      const said = await page.evaluate(async () => {
        const it = document.querySelector("#it");
        const { digest, iteration } = await it.run();
        const sought = (await it.seek(20)).iteration;
        const [png, svg, csv] = [await createImageBitmap(await it.exportPNG()), await it.exportSVG(), await it.exportCSV()];
        return { digest, iteration, sought, png: png.width, svg: svg.slice(0, 200), rows: csv.split("\n").length };
      });
      assert.deepEqual([said.digest, said.iteration, said.sought], [expected.digest, 150, 20], style);
      assert.ok(said.png > 500 && said.rows > 150, JSON.stringify(said));
      assert.match(said.svg, /<svg /);
      assert.deepEqual(faults, []);
    });
  }
});

test("run, step, seek, reset, state and exports", async () => {
  await shown('<grid-scout id="it" preset="figure-3" seed="1"></grid-scout>', async ({ page, faults }) => {
    const said = await page.evaluate(async () => {
      const it = document.querySelector("grid-scout");
      const out = { before: it.getState()?.iteration };
      const opened = await it.ready;
      out.opened = opened.iteration;
      out.stepped = (await it.step(7)).iteration;
      out.back = (await it.seek(3)).iteration;
      out.beyond = (await it.seek(12)).iteration;
      out.reset = (await it.reset()).iteration;
      out.digest = (await it.seek(150)).digest;
      const saved = it.getState();
      out.other = (await it.setState({ version: 1, preset: "figure-4a", seed: 3, params: { "stop.iterations": 9 }, iteration: 9 })).digest;
      out.otherState = it.getState();
      await it.setState(saved);
      out.again = it.getState();
      out.csv = await it.exportCSV();
      const png = await it.exportPNG();
      out.png = { type: png.type, size: png.size, magic: [...new Uint8Array(await png.slice(0, 4).arrayBuffer())] };
      return out;
    });
    assert.deepEqual([said.opened, said.stepped, said.back, said.beyond, said.reset], [0, 7, 3, 12, 0]);
    assert.equal(said.digest, expected.digest);
    assert.deepEqual([said.otherState.preset, said.otherState.seed, said.otherState.params, said.otherState.iteration], ["figure-4a", 3, { "stop.iterations": 9 }, 9]);
    assert.notEqual(said.other, expected.digest);
    assert.deepEqual([said.again.preset, said.again.iteration, said.again.digest], ["figure-3", 150, expected.digest]);
    const lines = said.csv.trim().split("\n");
    assert.match(lines[0], /^# gridscout \d+\.\d+\.\d+, preset figure-3, seed 1/);
    assert.equal(lines.length, 2 + expected.mean_sd.length);
    assert.equal(Number(lines.at(-1).split(",")[5]), expected.mean_sd.at(-1));
    assert.deepEqual(said.png.magic, [0x89, 0x50, 0x4e, 0x47]);
    assert.ok(said.png.size > 10_000);
    assert.deepEqual(faults, []);
  });
});

test("its buttons and its seed do what they say, by keyboard", async () => {
  await shown('<grid-scout preset="figure-3" seed="1" speed="top"></grid-scout>', async ({ page, faults }) => {
    await heard(page, "ready");
    await page.locator("[part=step]").focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("grid-scout").iteration === 1);
    // The slider is drawn in the next frame; before that it has nowhere to go back to.
    await page.waitForFunction(() => document.querySelector("grid-scout").shadowRoot.querySelector("[part=scrub]").value === "1");
    await page.locator("[part=scrub]").focus();
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(() => document.querySelector("grid-scout").iteration === 0);
    await page.locator("[part=run]").focus();
    await page.keyboard.press("Enter");
    assert.equal((await heard(page, "end")).digest, expected.digest);
    await page.locator("[part=seed]").fill("2");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("grid-scout").getState().seed === 2);
    assert.equal(await page.locator("grid-scout").getAttribute("seed"), "2");
    assert.deepEqual(faults, []);
  });
});

test("the four forms show what they should", async () => {
  const body = ["interactive", "presentation", "report", "minimal"].map((ui) => `<grid-scout id="${ui}" ui="${ui}" speed="top"></grid-scout>`).join("");
  await shown(body, async ({ page, faults }) => {
    assert.equal((await heard(page, "end", "report")).digest, expected.digest);
    const visible = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll("grid-scout")].map((element) => [element.id,
      ["grid", "composition", "curve", "run", "step", "scrub", "seed", "preset"].filter((part) => element.shadowRoot.querySelector(`[part=${part}]`)?.checkVisibility())])));
    assert.deepEqual(visible, {
      interactive: ["grid", "composition", "curve", "run", "step", "scrub", "seed", "preset"],
      presentation: ["grid", "composition", "curve", "run", "scrub"],
      report: ["grid", "composition", "curve"],
      minimal: ["grid"],
    });
    assert.deepEqual(faults, []);
  });
});

test("two at once keep apart", async () => {
  const body = '<grid-scout id="a" seed="1" autoplay speed="top"></grid-scout><grid-scout id="b" preset="figure-4a" seed="1" autoplay speed="top" theme="dark"></grid-scout>';
  await shown(body, async ({ page, faults }) => {
    const [a, b, other] = [await heard(page, "end", "a"), await heard(page, "end", "b"), await simulate("figure-4a", 1)];
    assert.deepEqual([a.digest, b.digest], [expected.digest, other.digest]);
    const papers = await page.evaluate(() => [...document.querySelectorAll("grid-scout")].map((element) => getComputedStyle(element.shadowRoot.querySelector("[part=frame]")).backgroundColor));
    assert.notEqual(papers[0], papers[1]);
    assert.deepEqual(faults, []);
  });
});

// What is asked for; the fields that are complained of; what is shown instead.
const BAD = [
  [{ preset: "figure-9" }, ["preset"], { preset: "figure-3" }],
  [{ seed: "abc" }, ["seed"], { seed: 1 }],
  [{ seed: "-4" }, ["seed"], { seed: 0 }],
  [{ seed: "2.6" }, ["seed"], { seed: 3 }],
  [{ seed: "1e30" }, ["seed"], { seed: 4294967295 }],
  [{ params: "{" }, ["params"], { params: {} }],
  [{ params: "[1]" }, ["params"], { params: {} }],
  [{ params: '{"nothing.of.the.kind": 1}' }, ["params"], { params: {} }],
  [{ params: '{"__proto__.x": 1, "constructor": 2, "stop": 3}' }, ["params", "params", "params"], { params: {} }],
  [{ params: "stop.iterations=-3" }, ["stop.iterations"], { params: { "stop.iterations": 1 } }],
  [{ params: '{"stop.iterations": "many", "cost.edx_secs": 20}' }, ["stop.iterations"], { params: { "cost.edx_secs": 20 } }],
  [{ params: "planner.rule=best" }, ["planner.rule"], { params: {} }],
  [{ ui: "full" }, ["ui"], { ui: "interactive" }],
  [{ theme: "sepia" }, ["theme"], { theme: "auto" }],
  [{ loading: "never" }, ["loading"], { preset: "figure-3" }],
  [{ speed: "fast" }, ["speed"], { preset: "figure-3" }],
  [{ src: "/missing.json" }, ["src"], { preset: "figure-3" }],
  [{ src: "/other.json", preset: "figure-4a" }, ["src"], { preset: "figure-4a" }],
  [{ preset: "<b>x</b>", seed: "x", ui: "y" }, ["preset", "seed", "ui"], { preset: "figure-3", seed: 1, ui: "interactive" }],
];

test("each bad attribute is named, and the nearest valid state is shown", async (context) => {
  const server = await host({ "/": around(SCRIPT), "/other.json": '{"hello": 1}' });
  context.after(server.close);
  const { page, close } = await visit(browser, server.url);
  context.after(close);
  await page.waitForFunction(() => customElements.get("grid-scout"));
  for (const [attributes, fields, state] of BAD) {
    const said = await page.evaluate(async (attributes) => {
      const element = document.createElement("grid-scout");
      const errors = [];
      element.addEventListener("gridscout-error", ({ detail, bubbles, composed }) => errors.push(...detail.errors, ...(bubbles && composed ? [] : ["does not leave"])));
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      document.body.append(element);
      const state = await element.ready;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const canvas = element.shadowRoot.querySelector("canvas");
      const shades = new Set(new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
      const box = element.shadowRoot.querySelector("[part=problems]");
      const out = { errors, state, shades, visible: box.checkVisibility(), text: box.textContent };
      element.remove();
      return out;
    }, attributes);
    const shownAs = JSON.stringify(attributes);
    assert.deepEqual(said.errors.map(({ field }) => field).sort(), [...fields].sort(), `${shownAs}: ${JSON.stringify(said.errors)}`);
    for (const { message, allowed, value } of said.errors) assert.ok(said.visible && said.text.includes(message) && allowed && value, `${shownAs}: ${said.text}`);
    for (const [key, value] of Object.entries(state)) assert.deepEqual(said.state[key], value, `${shownAs}: ${key}`);
    assert.ok(said.shades > 10, `${shownAs}: the grid is blank`);
  }
});

test("an attribute that turns bad, then good again", async () => {
  await shown('<grid-scout id="it" seed="1"></grid-scout>', async ({ page }) => {
    await heard(page, "ready");
    const said = await page.evaluate(async () => {
      const it = document.querySelector("grid-scout");
      const problems = it.shadowRoot.querySelector("[part=problems]");
      it.seed = "one";
      const bad = await it.ready;
      const text = problems.textContent;
      it.seed = 5;
      const good = await it.ready;
      const refused = await it.step(-1).catch((error) => error.message);
      const state = await it.setState({ version: 2 }).catch((error) => error.message);
      return { bad: bad.seed, text, good: good.seed, hidden: problems.hidden, refused, state, errors: globalThis.heard.filter(({ name }) => name === "error").length };
    });
    assert.equal(said.bad, 1);
    assert.match(said.text, /seed is "one"; allowed: a whole number, 0 … 4294967295/);
    assert.deepEqual([said.good, said.hidden], [5, true]);
    assert.match(said.refused, /step is -1; allowed: a whole number from 1/);
    assert.match(said.state, /state.version is 2; allowed: 1/);
    assert.equal(said.errors, 3);
  });
});

test("a page that forbids Workers is told so, and what stands in the element stays", async () => {
  const headers = { "content-security-policy": "script-src 'self'; worker-src 'none'" };
  await shown("<grid-scout><p>A picture of it.</p></grid-scout>", async ({ page }) => {
    const { errors } = await heard(page, "error");
    assert.equal(errors[0].field, "engine");
    assert.match(await page.locator("[part=problems]").textContent(), /Nothing can be computed here/);
    assert.ok(await page.getByText("A picture of it.").isVisible());
  }, { headers });
});

test("loaded twice, defined once; set before it is defined; lazy until it is near", async () => {
  const script = `<script>const late = document.querySelector("#late"); late.seed = 7; late.preset = "figure-4a";</script>${SCRIPT}<script type="module" src="/dist/gridscout.mjs?again"></script>`;
  await shown('<grid-scout id="late"></grid-scout><div style="height: 5000px"></div><grid-scout id="far" loading="lazy"></grid-scout>', async ({ page, faults }) => {
    const { state } = await heard(page, "ready", "late");
    assert.deepEqual([state.seed, state.preset], [7, "figure-4a"]);
    assert.ok(await page.evaluate(() => globalThis.heard.every(({ id }) => id !== "far")));
    await page.locator("#far").scrollIntoViewIfNeeded();
    await heard(page, "ready", "far");
    assert.deepEqual(faults, []);
  }, { script });
});

test("moved, it goes on; taken out, its Worker ends; put back, it begins anew", async () => {
  await shown('<section></section><grid-scout seed="1"></grid-scout>', async ({ page, faults }) => {
    await heard(page, "ready");
    const moved = await page.evaluate(async () => {
      const it = document.querySelector("grid-scout");
      await it.seek(5);
      document.querySelector("section").append(it);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return (await it.step(2)).iteration;
    });
    assert.equal(moved, 7);
    assert.equal(page.workers().length, 1);
    await page.evaluate(() => { globalThis.kept = document.querySelector("grid-scout"); globalThis.kept.remove(); });
    for (const until = Date.now() + 5000; page.workers().length && Date.now() < until;) await page.waitForTimeout(20);
    assert.equal(page.workers().length, 0);
    const [none, refused] = await page.evaluate(async () => [globalThis.kept.getState(), await globalThis.kept.run().catch((error) => error.message)]);
    assert.deepEqual([none, refused], [null, "<grid-scout> is not in a page"]);
    const back = await page.evaluate(async () => { document.body.append(globalThis.kept); return (await globalThis.kept.seek(150)).digest; });
    assert.equal(back, expected.digest);
    assert.deepEqual(faults, []);
  });
});

test("how it is to run can be set later", async () => {
  await shown('<grid-scout id="it" preset="figure-3" seed="1" speed="1"></grid-scout><div style="height: 3000px"></div><grid-scout id="lazy" loading="lazy"></grid-scout>', async ({ page, faults }) => {
    await heard(page, "ready", "it");
    const running = () => page.evaluate(() => document.querySelector("#it").getState().running);
    await page.evaluate(() => { document.querySelector("#it").autoplay = true; });
    assert.equal(await running(), true);
    // At one a second 150 iterations would take minutes.
    await page.evaluate(() => { document.querySelector("#it").speed = "top"; });
    assert.equal((await heard(page, "end", "it")).digest, expected.digest);
    await page.evaluate(() => { globalThis.heard.length = 0; Object.assign(document.querySelector("#it"), { autoplay: false, seed: 2 }); });
    await page.waitForFunction(() => document.querySelector("#it").getState().seed === 2);
    assert.equal(await running(), false);
    await page.evaluate(() => { document.querySelector("#it").ui = "report"; });
    assert.equal((await heard(page, "end", "it")).digest, (await simulate("figure-3", 2)).digest);
    assert.equal(await page.evaluate(() => globalThis.heard.some(({ id, name }) => id === "lazy" && name === "ready")), false);
    await page.evaluate(() => { document.querySelector("#lazy").loading = "eager"; });
    await heard(page, "ready", "lazy");
    assert.deepEqual(faults, []);
  });
});

test("what waits for an element that is taken away waits no longer", async () => {
  await shown('<grid-scout speed="1"></grid-scout>', async ({ page, faults }) => {
    await heard(page, "ready");
    const said = await page.evaluate(async () => {
      const running = document.querySelector("grid-scout");
      // Tens of thousands of particles: nothing is ready within 50 ms.
      const loading = Object.assign(document.createElement("grid-scout"), { preset: "full-grid" });
      document.body.append(loading);
      const waited = [running.run(), loading.ready, loading.exportPNG()].map((promise) => promise.then(() => "done", (error) => error.message));
      await new Promise((resolve) => setTimeout(resolve, 50));
      running.remove();
      loading.remove();
      const settled = await Promise.all(waited);
      return Promise.all([...settled, running.run().catch((error) => error.message)]);
    });
    assert.deepEqual(said.slice(0, 3), Array(3).fill("<grid-scout> was taken from the page"));
    assert.match(said[3], /is not in a page/);
    assert.deepEqual(faults, []);
  });
});

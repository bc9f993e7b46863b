// gridscout.mjs as an npm package and as a widget: its types, its import where there is no page, and its traits.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { launch, simulate } from "./chromium.mjs";
import { DIST, around, host, visit } from "./host.mjs";

const run = promisify(execFile);
let browser;
let folder;
before(async () => {
  browser = await launch();
  // As npm lays it out for one who uses it.
  folder = await mkdtemp(path.join(tmpdir(), "gridscout-module-"));
  const own = path.join(folder, "node_modules/gridscout");
  await mkdir(own, { recursive: true });
  for (const name of ["package.json", "gridscout.mjs", "gridscout.d.mts"]) await copyFile(path.join(DIST, name), path.join(own, name));
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

test("imported where there is no page, it harms nothing", async () => {
  await writeFile(path.join(folder, "server.mjs"), 'import widget, { GridScout } from "gridscout"; console.log(typeof widget.render, typeof GridScout);');
  const { stdout } = await run("node", [path.join(folder, "server.mjs")]);
  assert.equal(stdout.trim(), "function function");
});

test("its types are those of what it does, and a mistake is found", async () => {
  const good = `
    import widget, { GridScout, type State } from "gridscout";
    const it = document.createElement("grid-scout");
    it.seed = 2; it.params = { "stop.iterations": 3 }; it.autoplay = true;
    it.addEventListener("gridscout-end", ({ detail }) => { const digest: string = detail.digest; void digest; });
    it.addEventListener("click", (event) => { const x: number = event.clientX; void x; });
    document.addEventListener("gridscout-end", ({ detail }) => { const digest: string = detail.digest; void digest; });
    document.body.addEventListener("gridscout-error", ({ detail }) => { const [{ message }] = detail.errors; void message; });
    window.addEventListener("gridscout-state", ({ detail }) => { const running: boolean = detail.running; void running; });
    const state: State = await it.setState({ preset: "figure-4a" });
    const text: string = await it.exportCSV(); const blob: Blob = await it.exportPNG(); const shapes: string = await it.exportSVG();
    void [widget.render, GridScout, state.digest?.length, text, blob, shapes, it.iteration + 1];`;
  const bad = 'import "gridscout"; document.createElement("grid-scout").seek("ten");';
  await writeFile(path.join(folder, "good.ts"), good);
  await writeFile(path.join(folder, "bad.ts"), bad);
  const check = (file) => run("node", [path.resolve("node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--types", "", path.join(folder, file)], { cwd: folder });
  await writeFile(path.join(folder, "package.json"), '{ "type": "module" }');
  await check("good.ts").catch((error) => assert.fail(error.stdout));
  await assert.rejects(check("bad.ts"), ({ stdout }) => stdout.includes("'string' is not assignable to parameter of type 'number'"));
});

/** A kernel and the front end of a notebook: each has the traits, and what one sets reaches the other a moment later, if it is a change. */
const WIDGET = `<main></main><script type="module">
  import widget from "/dist/gridscout.mjs";
  const traits = { preset: "figure-3", seed: 1, params: {}, iteration: 0, digest: "", errors: [], ui: "presentation", theme: "light", autoplay: false, speed: "top" };
  const listeners = [];
  const front = structuredClone(traits);
  let changed = {};
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const set = (name, value) => {
    if (same(front[name], value)) return false;
    front[name] = value;
    for (const { event, run } of [...listeners]) if (event === "change:" + name) run();
    return true;
  };
  const kernel = (name, value) => { traits[name] = value; setTimeout(() => set(name, value), 30); };
  const model = {
    get: (name) => front[name], set: (name, value) => { if (set(name, value)) changed[name] = value; },
    save_changes: () => { const sent = changed; changed = {}; setTimeout(() => Object.assign(traits, sent), 30); },
    on: (event, run) => listeners.push({ event, run }), off: (event, run) => listeners.splice(listeners.findIndex((l) => l.event === event && l.run === run), 1),
  };
  const end = widget.render({ model, el: document.querySelector("main") });
  Object.assign(globalThis, { traits, model, end, listeners, kernel, front });
</script>`;

test("a widget's traits and its element follow each other", async (context) => {
  const server = await host({ "/": around(WIDGET) });
  context.after(server.close);
  const { page, faults, close } = await visit(browser, server.url);
  context.after(close);
  const until = (condition) => page.waitForFunction(condition, undefined, { timeout: 30_000 });
  await until("document.querySelector('grid-scout')?.getState()?.preset");

  // From the element to the kernel.
  await page.locator("[part=run]").click();
  await until("traits.digest");
  const { digest } = await simulate("figure-3", 1);
  assert.deepEqual(await page.evaluate("[traits.digest, traits.iteration]"), [digest, 150]);
  await page.evaluate("document.querySelector('grid-scout').seek(40)");
  await until("traits.iteration === 40");

  // From the kernel to the element: another campaign, and a place in it.
  await page.evaluate('kernel("preset", "figure-4a"); kernel("seed", 3); kernel("params", { "stop.iterations": 12 }); kernel("iteration", 12)');
  await until("traits.digest && traits.digest !== '" + digest + "'");
  await until("traits.iteration === 12");
  const state = await page.evaluate("document.querySelector('grid-scout').getState()");
  assert.deepEqual([state.preset, state.seed, state.params, state.iteration], ["figure-4a", 3, { "stop.iterations": 12 }, 12]);
  assert.deepEqual(await page.evaluate("[traits.preset, traits.seed, traits.iteration, traits.digest, traits.errors]"), ["figure-4a", 3, 12, state.digest, []]);

  // While the element tells of another campaign's beginning, the kernel asks for a place in it: it does not keep the beginning.
  for (const [i, late] of [0, 20, 40, 60, 80, 100, 130, 160, 200].entries()) {
    const wanted = i + 2;
    await page.evaluate(`kernel("seed", ${100 + i}); setTimeout(() => kernel("iteration", ${wanted}), ${late})`);
    await page.waitForTimeout(late + 500);
    const all = "[traits.seed, traits.iteration, front.iteration, document.querySelector('grid-scout').iteration]";
    assert.deepEqual(await page.evaluate(all), [100 + i, wanted, wanted, wanted], `${late} ms later`);
  }

  // What cannot be had comes back as what is shown, with the reason.
  await page.evaluate('kernel("params", { "stop.iterations": -1 })');
  await until("traits.errors.length");
  await until("traits.params['stop.iterations'] === 1");
  assert.match((await page.evaluate("traits.errors"))[0].message, /stop\.iterations is -1; allowed: /);
  await page.evaluate('kernel("params", {})');
  await until("!traits.errors.length");

  await page.evaluate("end()");
  assert.deepEqual(await page.evaluate("[listeners.length, document.querySelectorAll('grid-scout').length]"), [0, 0]);
  assert.deepEqual(faults, []);
});

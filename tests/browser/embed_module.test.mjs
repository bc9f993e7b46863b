// gridscout.mjs as an npm package: its types, and its import where there is no page.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { DIST } from "./host.mjs";

const run = promisify(execFile);
let folder;
before(async () => {
  // As npm lays it out for one who uses it.
  folder = await mkdtemp(path.join(tmpdir(), "gridscout-module-"));
  const own = path.join(folder, "node_modules/gridscout");
  await mkdir(own, { recursive: true });
  for (const name of ["package.json", "gridscout.mjs", "gridscout.d.mts"]) await copyFile(path.join(DIST, name), path.join(own, name));
});
after(() => rm(folder, { recursive: true, force: true }));

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

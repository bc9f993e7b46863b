// What `cargo dev dist` leaves is ready to publish: the npm package has all it should, and others' work in it is named.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { crates, standardLibrary } from "../../packaging/notices.mjs";
import { DIST } from "./host.mjs";

const built = (/** @type {string} */ name) => readFile(path.join(DIST, name), "utf8");

test("npm packs modules, types, README and licences, and nothing else that lies beside them", async () => {
  const { stdout } = await promisify(execFile)("npm", ["pack", "--dry-run", "--json"], { cwd: DIST });
  const said = JSON.parse(stdout);
  const [{ files }] = Array.isArray(said) ? said : Object.values(said);
  assert.deepEqual(files.map(({ path }) => path).sort(), [
    "LICENSE-APACHE", "LICENSE-MIT", "README.md", "THIRD-PARTY-NOTICES.txt", "gridscout.d.mts", "gridscout.html", "gridscout.mjs", "package.json",
  ]);
});

test("what the npm package exports is in it", async () => {
  const { exports, main, types, files } = JSON.parse(await built("package.json"));
  const named = [main, types, ...Object.values(exports).flatMap((one) => (typeof one === "string" ? one : Object.values(one)))];
  for (const file of named) assert.ok([...files, "package.json"].includes(file.replace("./", "")), file);
});

test("all that is compiled into the WebAssembly is named with its terms, in the single file too", async () => {
  const root = path.resolve(".");
  const works = [...crates(root), ...standardLibrary(root)];
  const names = works.map(({ name }) => name);
  // Of the engine, of the glue, of Rust; macros and what only the command line needs are not in it.
  for (const name of ["nalgebra", "serde_json", "wasm-bindgen", "dlmalloc", "Rust standard library"]) assert.ok(names.includes(name), name);
  for (const name of ["gridscout", "syn", "serde_derive", "clap", "tokio", "wasm-bindgen-test"]) assert.ok(!names.includes(name), name);
  const [text, page, module] = await Promise.all(["THIRD-PARTY-NOTICES.txt", "gridscout.html", "gridscout.mjs"].map(built));
  for (const { name, version, license, texts } of works) {
    assert.ok(text.includes(`  ${name} ${version} (${license})\n`), name);
    for (const one of texts) assert.ok(text.includes(one.trim().split("\n").at(-1).trimEnd()), `the terms of ${name}`);
  }
  assert.ok(page.includes(text.replaceAll("-->", "-- >")));
  assert.match(module, /^\/\* gridscout [\d.]+, MIT OR Apache-2\.0\. Works of others in it: THIRD-PARTY-NOTICES\.txt \*\/\n/);
});

// The terms of other people's work in the WebAssembly: of the crates that cargo compiles into it, and of what Rust brings along.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const TARGET = "wasm32-unknown-unknown";
/** Files that hold terms, or names that must be passed on. */
const TERMS = /^(licen[cs]e|copying|copyright|notice|unlicense)/i;
/** More than cargo says of all crates, bytes. */
const LONGEST = 1e8;

/** @typedef {{ name: string, version: string, license: string, texts: string[] }} Work */

/** @param {string} root @param {string} program @param {string[]} words */
const said = (root, program, words) => execFileSync(program, words, { cwd: root, encoding: "utf8", maxBuffer: LONGEST, stdio: ["ignore", "pipe", "inherit"] });

/** The crates whose code is in the library as `cargo dev build` compiles it. @param {string} root of the project @returns {Work[]} */
export function crates(root) {
  const words = ["metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET, "--no-default-features"];
  const { packages, resolve } = JSON.parse(said(root, process.env.CARGO ?? "cargo", words));
  const known = new Map(packages.map((one) => [one.id, one]));
  // A macro, and what it is made of, ran at compile time only.
  const isMacro = (id) => known.get(id).targets.some(({ kind }) => kind.includes("proc-macro"));
  const compiledIn = ({ pkg, dep_kinds }) => dep_kinds.some(({ kind }) => kind === null) && !isMacro(pkg);
  const needs = new Map(resolve.nodes.map(({ id, deps }) => [id, deps.filter(compiledIn)]));
  const found = new Set([resolve.root]);
  // The loop comes to what it adds, too.
  for (const id of found) for (const { pkg } of needs.get(id)) found.add(pkg);
  found.delete(resolve.root);
  return [...found].map((id) => known.get(id)).map(({ name, version, license, manifest_path: manifest }) => {
    const folder = path.dirname(manifest);
    const files = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile() && TERMS.test(file.name));
    return { name, version, license, texts: chosen(license, files.map((file) => [file.name, readFileSync(path.join(folder, file.name), "utf8")])) };
  });
}

/** The standard library, and the crates in it, as the toolchain itself speaks of them. @param {string} root @returns {Work[]} */
export function standardLibrary(root) {
  const sysroot = said(root, "rustc", ["--print", "sysroot"]).trim();
  const read = (/** @type {string} */ name) => readFileSync(path.join(sysroot, "share/doc/rust", name), "utf8");
  const libraries = readdirSync(path.join(sysroot, "lib/rustlib", TARGET, "lib")).map((file) => /^lib(\w+)-\w+\.rlib$/.exec(file)?.[1]);
  const [own, ...others] = read("COPYRIGHT-library.html").split("<h3>📦 ");
  const works = others.map((html) => {
    const [, name, version] = /^(.+?)-(\d[^<]*)</.exec(html) ?? [];
    const license = /License:<\/b>(.*?)<\/p>/.exec(html)?.[1].trim() ?? "";
    const files = [...html.matchAll(/<code>(.*?)<\/code><\/summary>\s*<pre>(.*?)<\/pre>/gs)].map(([, file, text]) => [file, plain(text)]);
    return { name, version, license, texts: chosen(license, files) };
  });
  const texts = [plain(own.slice(own.indexOf("<body"))), read("licenses/MIT.txt"), read("licenses/Unicode-3.0.txt")];
  const version = said(root, "rustc", ["--version"]).split(" ")[1];
  return [{ name: "Rust standard library", version, license: "MIT OR Apache-2.0", texts }, ...works.filter(({ name }) => libraries.includes(name?.replaceAll("-", "_")))];
}

/** Of terms to choose from, MIT's are the shortest. @param {string} license @param {[string, string][]} files names and texts */
function chosen(license, files) {
  const free = files.some(([name]) => /mit/i.test(name)) && !/\bAND\b/.test(license);
  return files.filter(([name]) => !free || /mit|copyright|notice/i.test(name)).map(([, text]) => text);
}

/** @param {string} html */
const plain = (html) => html.replace(/<[^>]*>/g, "").replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))).replaceAll("&amp;", "&").replace(/\n(\s*\n)+/g, "\n\n").trim();

/** All of it as one text, each of the terms once. @param {string} root */
export function notices(root) {
  const works = [...crates(root), ...standardLibrary(root)].sort((a, b) => a.name.localeCompare(b.name, "en"));
  /** @type {Map<string, { text: string, names: string[] }>} */
  const terms = new Map();
  for (const { name, version, texts } of works) {
    if (!texts.length) throw new Error(`${name} ${version} came without the text of its licence, which must be passed on`);
    for (const text of texts) {
      const same = text.replace(/\s+/g, " ").trim();
      if (!terms.has(same)) terms.set(same, { text: text.replace(/[ \t\r]+$/gm, "").replace(/^\n+/, "").trimEnd(), names: [] });
      terms.get(same).names.push(`${name} ${version}`);
    }
  }
  const list = works.map(({ name, version, license }) => `  ${name} ${version} (${license})`);
  const parts = [...terms.values()].map(({ text, names }) => `${"=".repeat(80)}\n${[...new Set(names)].join(", ")}\n\n${text}\n`);
  return ["The WebAssembly of gridscout is compiled with these works of others; their terms follow.\n", ...list, "", ...parts].join("\n");
}

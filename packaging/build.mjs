// The embeds, from www/ into a folder: `node packaging/build.mjs FOLDER`. `cargo dev dist` calls it.
import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { notices } from "./notices.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const www = path.join(root, "www");
const out = path.resolve(process.argv[2] ?? path.join(root, "dist"));
const common = { bundle: true, write: false, minify: true, target: "es2022", legalComments: "none", logLevel: "warning", absWorkingDir: root };

/** Files that others take the place of, as seen by who imports them. */
const STAND_INS = { "worker_file.js": "embed/worker_packed.js", "pkg/gridscout.js": "embed/wasm_packed.js" };

const packing = {
  name: "packing",
  setup(bundler) {
    bundler.onResolve({ filter: /\/(worker_file|pkg\/gridscout)\.js$/ }, ({ path: wanted, resolveDir, importer }) => {
      const name = path.relative(www, path.join(resolveDir, wanted));
      const standIn = STAND_INS[name] && path.join(www, STAND_INS[name]);
      return standIn && importer !== standIn ? { path: standIn } : undefined;
    });
    bundler.onResolve({ filter: /^packed:/ }, ({ path: name }) => ({ path: name, namespace: "packed" }));
    bundler.onLoad({ filter: /^packed:worker$/, namespace: "packed" }, async () => ({ contents: await worker(), loader: "text" }));
    bundler.onLoad({ filter: /^packed:wasm$/, namespace: "packed" }, async () => ({ contents: gzipSync(await readFile(path.join(www, "pkg/gridscout_bg.wasm")), { level: 9 }), loader: "binary" }));
    bundler.onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
      const { code } = await transform(await readFile(file, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

/** The text of one script. */
async function bundle(entry, format) {
  // In the Worker's classic script `import.meta` is empty; what would read it is never called.
  const { outputFiles } = await build({ ...common, entryPoints: [path.join(www, entry)], format, plugins: [packing], logOverride: { "empty-import-meta": "silent" } });
  return outputFiles[0].text;
}

/** @type {Promise<string> | undefined} */
let packedWorker;
const worker = () => (packedWorker ??= bundle("worker.js", "iife"));

/** One page with its script inside, which its policy knows by its hash. It goes alone, and so has in it what must be said of others' work. @param {string} terms */
async function page(terms) {
  // The parser of HTML reads "</script" and "<!--" even within a string.
  const script = (await bundle("embed/page.js", "iife")).replace(/<(?=\/script|!--)/gi, "\\x3c");
  const hash = `sha256-${createHash("sha256").update(script).digest("base64")}`;
  const template = await readFile(path.join(root, "packaging/gridscout.html"), "utf8");
  return template.replace("SCRIPT_HASH", () => hash).replace("TERMS", () => terms.replaceAll("-->", "-- >")).replace("SCRIPT", () => script);
}

/** Files of the packages that stand in the project as they are. */
const AS_THEY_ARE = ["packaging/npm/package.json", "packaging/npm/README.md", "packaging/npm/gridscout.d.mts", "LICENSE-MIT", "LICENSE-APACHE"];

const { version, license } = JSON.parse(await readFile(path.join(root, "packaging/npm/package.json"), "utf8"));
const terms = notices(root);
await mkdir(out, { recursive: true });
await writeFile(path.join(out, "gridscout.mjs"), `/* gridscout ${version}, ${license}. Works of others in it: THIRD-PARTY-NOTICES.txt */\n${await bundle("embed/index.js", "esm")}`);
await writeFile(path.join(out, "gridscout.html"), await page(terms));
await writeFile(path.join(out, "THIRD-PARTY-NOTICES.txt"), terms);
for (const file of AS_THEY_ARE) await copyFile(path.join(root, file), path.join(out, path.basename(file)));

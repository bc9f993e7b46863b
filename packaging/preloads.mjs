// What the page's first picture needs, named in www/index.html, so that the browser asks for all of it at once and not import by import:
// `node packaging/preloads.mjs` brings the list up to date, and a test holds it so.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const www = fileURLToPath(new URL("../www", import.meta.url));
export const PAGE = `${www}/index.html`;
const [BEGIN, END] = ["    <!-- The modules of the first picture: packaging/preloads.mjs. -->\n", "    <!-- So far. -->\n"];
/** Asked for by the page's first lines already. */
const FIRST = ["main.js", "early.js", "engine.js", "worker_file.js"];

/** Modules that main.js cannot begin without, the nearest first. @returns {Promise<string[]>} */
async function modules() {
  const { metafile } = await build({ entryPoints: ["main.js"], absWorkingDir: www, bundle: true, format: "esm", write: false, metafile: true, outdir: "out", external: ["./pkg/*"], logLevel: "error" });
  const found = new Set(["main.js"]);
  // A set that grows is gone through to its end.
  for (const file of found) for (const { path, kind } of metafile.inputs[file].imports) if (kind === "import-statement") found.add(path);
  return [...found].filter((file) => !FIRST.includes(file));
}

/** The page with the list as it is to be. @param {string} page */
export async function withPreloads(page) {
  const [head, rest] = page.split(BEGIN);
  if (rest === undefined || !rest.includes(END)) throw new Error(`${PAGE}: its marks for the list are missing`);
  const links = (await modules()).map((file) => `    <link rel="modulepreload" href="${file}" />\n`);
  return head + BEGIN + links.join("") + rest.slice(rest.indexOf(END));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(PAGE, await withPreloads(await readFile(PAGE, "utf8")));

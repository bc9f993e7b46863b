// @ts-check
// Stands in for ../worker_file.js in an embed: the Worker and its WebAssembly are text in this file, so nothing is fetched.
import code from "packed:worker";
import packed from "packed:wasm";

/** One for all elements of the page. */
let address = "";
/** Compiled once for all of them. @type {Promise<WebAssembly.Module> | null} */
let compiled = null;

async function compile() {
  const bytes = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(bytes).arrayBuffer());
}

export function newWorker() {
  address ||= URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(address, { name: "gridscout" });
  compiled ??= compile();
  compiled.then((module) => worker.postMessage({ module }), (error) => worker.postMessage({ error: String(error?.message ?? error) }));
  return worker;
}

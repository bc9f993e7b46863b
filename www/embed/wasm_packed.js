// @ts-check
// Stands in for ../pkg/gridscout.js in the Worker of an embed: the same, its WebAssembly unpacked from the text it is part of.
import init from "../pkg/gridscout.js";
import packed from "packed:wasm";

export * from "../pkg/gridscout.js";

export default async function unpack() {
  const bytes = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return init({ module_or_path: await new Response(bytes).arrayBuffer() });
}

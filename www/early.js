// @ts-check
// What is begun before the page's other modules are there: the Worker with the engine, and the loading of those modules, all at once
// and not each when another names it.
import { newWorker } from "./worker_file.js";

/** The engine's Worker; it answers once someone asks. */
export const worker = newWorker();

/** Loaded when they are needed, or by the Worker. */
const LATER = ["equations/typeset.js", "worker.js", "early.js"];

/** They would be found without this, too, one after the other. */
async function loadTogether() {
  const { files } = await (await fetch("pkg/files.json")).json();
  for (const file of files) {
    if (!file.endsWith(".js") || file.startsWith("pkg") || LATER.includes(file)) continue;
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: file }));
  }
}
void loadTogether().catch(() => {});

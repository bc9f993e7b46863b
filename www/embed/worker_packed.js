// @ts-check
// Stands in for ../worker_file.js in an embed: the Worker and its WebAssembly are text in this file, so nothing is fetched.
import code from "packed:worker";

/** One for all elements of the page. */
let address = "";

export function newWorker() {
  address ||= URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  return new Worker(address, { name: "gridscout" });
}

// @ts-check
// Stands in for ../pkg/gridscout.js in the Worker of an embed: the same, its WebAssembly compiled by the page, which sends it first.
import init from "../pkg/gridscout.js";

export * from "../pkg/gridscout.js";

/** Called before the Worker listens to questions. */
export default async function received() {
  const { module, error } = await new Promise((resolve) => {
    const take = (/** @type {MessageEvent} */ event) => {
      if (!("module" in event.data || "error" in event.data)) return;
      self.removeEventListener("message", take);
      // It is no question.
      event.stopImmediatePropagation();
      resolve(event.data);
    };
    self.addEventListener("message", take);
  });
  if (error) throw new Error(error);
  return init({ module_or_path: module });
}

// @ts-check
// The page's end of the Worker: calls that return promises, and a listener for what is pushed.
import { newWorker } from "./worker_file.js";

/** An error of the engine; `errors` lists field, value and what is allowed. */
export class EngineError extends Error {
  /** @param {{ message: string, errors: { field: string, value: string, allowed: string, message: string }[] | null }} fault */
  constructor(fault) {
    super(fault.message);
    this.errors = fault.errors;
  }
}

/** A policy of the page may forbid Workers at once; then every call says so. @param {(message: any) => void} onPush @returns {ReturnType<typeof begin>} */
export function startEngine(onPush) {
  try { return begin(onPush); } catch (error) { return { call: () => Promise.reject(error), end() {} }; }
}

/** @param {(message: any) => void} onPush */
function begin(onPush) {
  const worker = newWorker();
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const calls = new Map();
  let next = 0;
  let spoke = false;
  /** Why it never will. @type {Error | null} */
  let failure = null;
  worker.onmessage = ({ data }) => {
    spoke = true;
    if (data.type !== "answer") return onPush(data);
    const call = calls.get(data.id);
    calls.delete(data.id);
    if (data.error) call?.reject(new EngineError(data.error));
    else call?.resolve(data.value);
  };
  worker.onerror = (event) => {
    const error = new Error(event.message || "the Worker could not start");
    // One that has spoken goes on after an error; one that has not never answers.
    if (!spoke) failure = error;
    for (const call of calls.values()) call.reject(error);
    calls.clear();
  };
  return {
    /** @param {string} method @param {any} [args] @param {Transferable[]} [transfer] @returns {Promise<any>} */
    call(method, args = {}, transfer = []) {
      if (failure) return Promise.reject(failure);
      const id = next++;
      return new Promise((resolve, reject) => {
        calls.set(id, { resolve, reject });
        worker.postMessage({ id, method, args }, transfer);
      });
    },
    /** Ends it at once, in the middle of whatever it does; its calls are never answered. */
    end() {
      worker.terminate();
      calls.clear();
    },
  };
}

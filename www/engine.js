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

/** @param {(message: any) => void} onPush */
export function startEngine(onPush) {
  const worker = newWorker();
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const calls = new Map();
  let next = 0;
  worker.onmessage = ({ data }) => {
    if (data.type !== "answer") return onPush(data);
    const call = calls.get(data.id);
    calls.delete(data.id);
    if (data.error) call?.reject(new EngineError(data.error));
    else call?.resolve(data.value);
  };
  worker.onerror = (event) => {
    for (const call of calls.values()) call.reject(new Error(event.message || "the Worker could not start"));
    calls.clear();
  };
  return {
    /** @param {string} method @param {any} [args] @param {Transferable[]} [transfer] @returns {Promise<any>} */
    call(method, args = {}, transfer = []) {
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

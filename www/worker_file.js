// @ts-check
// Where the Worker comes from: a file beside this one. An embed is one file, and its build puts embed/worker_packed.js in this place.

export const newWorker = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

// Time whole campaigns of the engine in WebAssembly under Node.js: `wasm.mjs MODULE RUNS` prints {"milliseconds": [...]}.
import { createRequire } from "node:module";
import path from "node:path";

const [module, runs] = process.argv.slice(2);
const { Session, describe } = createRequire(import.meta.url)(path.resolve(module));
const { config } = describe().presets.find((preset) => preset.id === "figure-3");

function campaign() {
  const began = performance.now();
  const session = new Session(config);
  while (session.prepare(1000) < 1);
  while (session.step(1000) > 0);
  const took = performance.now() - began;
  session.free();
  return took;
}

// The engine of V8 compiles in two tiers; both have done their work after a few campaigns.
for (let i = 0; i < 5; i += 1) campaign();
console.log(JSON.stringify({ milliseconds: Array.from({ length: Number(runs) }, campaign) }));

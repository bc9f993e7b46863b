// @ts-check
// What is begun before the page's other modules are there: the engine, and what it says of itself.
import { startEngine } from "./engine.js";

/** Who hears what the engine pushes; nothing is pushed before something is asked. @type {{ push: (message: any) => void }} */
export const heard = { push: () => {} };
export const engine = startEngine((message) => heard.push(message));
export const described = engine.call("describe");
// Who waits for it is there later than it may fail.
described.catch(() => {});

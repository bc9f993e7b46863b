// @ts-check
// What is begun before the page's other modules are there: the engine, what it says of itself, and what the site says of its gateway.
import { startEngine } from "./engine.js";

/** Who hears what the engine pushes; nothing is pushed before something is asked. @type {{ push: (message: any) => void }} */
export const heard = { push: () => {} };
export const engine = startEngine((message) => heard.push(message));
export const described = engine.call("describe");
// Who waits for it is there later than it may fail.
described.catch(() => {});

/** What the site says of a gateway; whether that can be used is for who awaits it to find out. */
export const site = fetch("gateway.json").then((answer) => answer.json());
site.catch(() => {});

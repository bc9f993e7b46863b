// @ts-check
// How an embed is to look and behave, from its attributes.
import { fault, oneOf } from "./wanted.js";
import { FORMS } from "./markup.js";

export const ATTRIBUTES = ["preset", "seed", "params", "ui", "theme", "autoplay", "loading", "poster", "src", "speed"];

/** Whether the attribute of a switch, or its absence, turns it on. @param {string | null} text */
export const isOn = (text) => !["false", "0", null].includes(text);

/** @typedef {{ ui: keyof typeof FORMS, theme: "auto" | "light" | "dark", autoplay: boolean, lazy: boolean, poster: string, src: string, speed: number, faults: import("./wanted.js").Fault[] }} Look */

/** @param {Element} host @returns {Look} */
export function readLook(host) {
  /** @type {import("./wanted.js").Fault[]} */
  const faults = [];
  const of = (/** @type {string} */ name) => host.getAttribute(name);
  const word = (/** @type {string} */ name, /** @type {string[]} */ words) => /** @type {any} */ (oneOf(name, of(name), words, faults));
  return {
    ui: word("ui", Object.keys(FORMS)),
    theme: word("theme", ["auto", "light", "dark"]),
    autoplay: isOn(of("autoplay")),
    lazy: word("loading", ["eager", "lazy"]) === "lazy",
    poster: of("poster") ?? "",
    src: of("src") ?? "",
    speed: readSpeed(of("speed"), faults),
    faults,
  };
}

/** Iterations per second. @param {string | null} text @param {import("./wanted.js").Fault[]} faults */
function readSpeed(text, faults) {
  // Who wants no motion gets the result.
  const usual = matchMedia("(prefers-reduced-motion: reduce)").matches ? Infinity : 20;
  if (!text) return usual;
  if (text === "top") return Infinity;
  const speed = Number(text);
  if (speed > 0 && speed <= 1000) return speed;
  faults.push(fault("speed", text, "more than 0 and up to 1000 iterations per second, or top"));
  return usual;
}

// @ts-check
// What an address asks for, as attributes of the element: ?preset=figure-4a&seed=2&ui=report&stop.iterations=40
import { ATTRIBUTES } from "./attributes.js";

/** Attributes go by their names, settings by their paths. @param {string} search @returns {[string, string][]} */
export function attributesFrom(search) {
  const asked = [...new URLSearchParams(search)];
  const settings = new URLSearchParams(asked.filter(([name]) => !ATTRIBUTES.includes(name)));
  const attributes = new Map(asked.filter(([name]) => ATTRIBUTES.includes(name)));
  const params = [attributes.get("params"), settings.toString()].filter(Boolean).join("&");
  if (params) attributes.set("params", params);
  return [...attributes];
}

// @ts-check
// gridscout.mjs: defines <grid-scout>.
import { GridScout, define } from "./element.js";

define();

export { GridScout };

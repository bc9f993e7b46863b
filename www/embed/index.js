// @ts-check
// gridscout.mjs: defines <grid-scout>; its default export is a widget for notebooks.
import { GridScout, define } from "./element.js";
import { render } from "./widget.js";

define();

export { GridScout };
export default { render };

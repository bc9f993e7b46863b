// @ts-check
// The self-contained page: one element, dressed by the address.
import { define } from "./element.js";
import { answerMessages } from "./frame.js";
import { attributesFrom } from "./query.js";

const element = /** @type {import("./element.js").GridScout} */ (document.querySelector("grid-scout"));
for (const [name, value] of attributesFrom(location.search)) element.setAttribute(name, value);
document.documentElement.dataset.theme = element.getAttribute("theme") ?? "auto";
define();
answerMessages(element);

// @ts-check
// The self-contained page: one element, dressed by the address.
import { define } from "./element.js";
import { answerMessages } from "./frame.js";
import { attributesFrom, iterationFrom } from "./query.js";

const element = /** @type {import("./element.js").GridScout} */ (document.querySelector("grid-scout"));
for (const [name, value] of attributesFrom(location.search)) element.setAttribute(name, value);
document.documentElement.dataset.theme = element.getAttribute("theme") ?? "auto";
define();
answerMessages(element);
const iteration = iterationFrom(location.search);
// What is wrong is shown, and told by an event.
if (iteration !== null) element.seek(iteration).catch(() => {});

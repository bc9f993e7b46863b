// @ts-check
// The self-contained page: one element, dressed by the address.
import { define } from "./element.js";
import { answerMessages } from "./frame.js";
import { attributesFrom, iterationFrom } from "./query.js";

const element = /** @type {import("./element.js").GridScout} */ (document.querySelector("grid-scout"));
for (const [name, value] of attributesFrom(location.search)) element.setAttribute(name, value);
define();
// The page around it is as light or dark as it is itself, also when a message changes that.
const dress = () => { document.documentElement.dataset.theme = element.getState()?.theme ?? "auto"; };
dress();
new MutationObserver(dress).observe(element, { attributeFilter: ["theme"] });
answerMessages(element);
const iteration = iterationFrom(location.search);
// What is wrong is shown, and told by an event.
if (iteration !== null) element.seek(iteration).catch(() => {});

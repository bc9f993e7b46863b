// @ts-check
// An explanation on demand: a button beside each control and each view opens a note with its equations.
import { symbols } from "../symbols.js";
import { ofView } from "./subjects.js";

/** @typedef {import("./subjects.js").Subject} Subject */

const NOTE = "explanation";
/** @type {WeakMap<HTMLButtonElement, Subject>} */
const subjects = new WeakMap();

/** A button that explains. @param {Subject} subject */
export function explainButton(subject) {
  const button = document.createElement("button");
  button.setAttribute("popovertarget", NOTE);
  return prepare(Object.assign(button, { type: "button", className: "explain", textContent: "?" }), subject);
}

/** @param {HTMLButtonElement} button @param {Subject} subject */
function prepare(button, subject) {
  button.setAttribute("aria-label", `Explain: ${subject.title}`);
  subjects.set(button, subject);
  return button;
}

/** The note, and the buttons that stand in the page. */
export function connectExplanations() {
  const note = Object.assign(document.createElement("div"), { id: NOTE, tabIndex: -1 });
  note.setAttribute("popover", "auto");
  note.setAttribute("role", "dialog");
  note.setAttribute("aria-labelledby", `${NOTE}-title`);
  document.body.append(note);
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button.explain[data-explain]"))) {
    prepare(button, ofView(button.dataset.explain ?? ""));
  }
  // Before the browser opens the note for a button, it is filled for that button.
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button.explain") : null;
    const subject = button instanceof HTMLButtonElement && subjects.get(button);
    if (button && subject) { fill(note, subject); near = button; }
  }, true);
  /** @type {Element | null} */
  let near = null;
  note.addEventListener("toggle", () => {
    if (!note.matches(":popover-open") || !near) return;
    place(note, near.getBoundingClientRect());
    note.focus({ preventScroll: true });
  });
  const list = /** @type {HTMLDetailsElement} */ (document.getElementById("equations"));
  list.addEventListener("toggle", async () => {
    if (!list.open || list.querySelector("dl")) return;
    const { equations } = await import("./typeset.js");
    const all = document.createElement("dl");
    for (const name of Object.keys(equations)) all.append(...term(equations, name));
    list.append(all);
  });
}

/** @param {HTMLElement} note @param {Subject} subject */
async function fill(note, { title, text, equations: names }) {
  const heading = Object.assign(document.createElement("h2"), { id: `${NOTE}-title`, textContent: title });
  const words = document.createElement("p");
  words.append(...symbols(text));
  const list = document.createElement("dl");
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close", className: "close" });
  close.setAttribute("popovertarget", NOTE);
  close.setAttribute("popovertargetaction", "hide");
  note.replaceChildren(heading, words, ...(names.length ? [list] : []), close);
  if (!names.length) return;
  const { equations } = await import("./typeset.js");
  list.append(...names.flatMap((name) => term(equations, name)));
}

/** One equation under its name. @param {Record<string, { title: string, says: string, math: string }>} equations @param {string} name */
function term(equations, name) {
  const { title, says, math } = equations[name];
  const head = Object.assign(document.createElement("dt"), { textContent: `${title} ` });
  if (Number(name)) head.append(Object.assign(document.createElement("span"), { className: "help", textContent: `(eq\u00a0${name})` }));
  const body = document.createElement("dd");
  const text = Object.assign(document.createElement("p"), { className: "help" });
  text.append(...symbols(says));
  body.append(document.importNode(new DOMParser().parseFromString(math, "application/xml").documentElement, true), text);
  return [head, body];
}

/** Beside the button where there is room; on a narrow window its style sheet puts it at the bottom. @param {HTMLElement} note @param {DOMRect} button */
function place(note, button) {
  const { width, height } = note.getBoundingClientRect();
  const room = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ whole) => Math.max(8, Math.min(at, whole - size - 8));
  note.style.setProperty("--left", `${room(button.left, width, innerWidth)}px`);
  const below = button.bottom + 6;
  note.style.setProperty("--top", `${room(below + height + 8 <= innerHeight ? below : button.top - height - 6, height, innerHeight)}px`);
}

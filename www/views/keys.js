// @ts-check
// What the keys do on a canvas, told to those who do not see it.

/** Of a canvas with a cursor. */
export const CURSOR = "Arrow keys go from particle to particle, Home and End to the first and the latest measured, Page Up and Page Down through the measured in order; Escape leaves them.";

/** @param {HTMLCanvasElement} canvas @param {string} words empty where keys do nothing: it is a picture like any other then */
export function tellKeys(canvas, words) {
  if (canvas.getAttribute("aria-description") === words) return;
  canvas.setAttribute("aria-description", words);
  canvas.tabIndex = words ? 0 : -1;
  // A screen reader keeps the arrow keys to itself, unless what has the focus is called an application.
  canvas.setAttribute("role", words ? "application" : "img");
  if (words) canvas.setAttribute("aria-roledescription", "picture");
  else canvas.removeAttribute("aria-roledescription");
}

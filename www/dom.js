// @ts-check
// Elements that the page is known to have.

/**
 * @template {HTMLElement} T
 * @param {string} id @param {{ new (): T }} kind @returns {T}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page lacks #${id}`);
  return element;
}

/** @param {string} id @param {string} text Set a text only when it changed, so that nothing is announced or laid out in vain. */
export function setText(id, text) {
  const element = byId(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}

// @ts-check
// Symbols in running text: V_stay becomes an italic V with "stay" below; what is around stays as it is.

/** @param {string} text @returns {(string | Node)[]} */
export function symbols(text) {
  // One letter, Greek or Latin, and what an underscore hangs on it.
  /** @type {(string | Node)[]} */
  const out = [];
  text.split(/(\p{L}_[\p{L}\d]+)/u).forEach((part, i) => out.push(...(i % 2 ? symbol(part) : [part])));
  return out;
}

/** @param {string} text @returns {Node[]} */
export function symbol(text) {
  const [letter, below] = text.split("_");
  const nodes = [Object.assign(document.createElement("i"), { textContent: letter })];
  return below ? [...nodes, Object.assign(document.createElement("sub"), { textContent: below })] : nodes;
}

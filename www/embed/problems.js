// @ts-check
// What could not be used of what an embed was asked for, and what it shows instead.

/** @param {HTMLElement} box @param {import("./wanted.js").Fault[]} faults @param {string} instead */
export function showProblems(box, faults, instead) {
  box.hidden = faults.length === 0;
  const list = document.createElement("ul");
  list.append(...faults.map(({ message }) => Object.assign(document.createElement("li"), { textContent: `${message}.` })));
  const close = Object.assign(document.createElement("p"), { textContent: instead });
  box.replaceChildren(...(faults.length ? [list, close] : []));
}

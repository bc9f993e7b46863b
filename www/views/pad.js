// @ts-check
// Four buttons that do what dragging does, for hands that cannot drag.

/** @type {[string, string, number, number][]} */
const WAYS = [["←", "left", -1, 0], ["↑", "up", 0, -1], ["↓", "down", 0, 1], ["→", "right", 1, 0]];

/**
 * @param {HTMLElement} place where they stand, hidden as long as there is nothing to move
 * @param {string} verb @param {(right: number, down: number) => void} move one step
 */
export function createPad(place, verb, move) {
  const pad = Object.assign(document.createElement("span"), { className: "pad", hidden: true });
  pad.append(verb, ...WAYS.map(([arrow, way, right, down]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: arrow, ariaLabel: `${verb} ${way}` });
    button.addEventListener("click", () => move(right, down));
    return button;
  }));
  place.append(pad);
  return pad;
}

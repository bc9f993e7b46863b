// @ts-check
// What the instrument does, what it would do next, and a supervisor's yes or no.
import { byId } from "../dom.js";
import { commandText } from "./command_text.js";

/** @param {(call: any) => void} ask */
export function createQueue(ask) {
  const list = byId("queue", HTMLUListElement);
  let shown = "";

  /** @param {string} text @param {[string, () => void][]} [actions] */
  const row = (text, actions = []) => {
    const item = document.createElement("li");
    const words = document.createElement("span");
    words.textContent = text;
    item.append(words);
    for (const [name, act] of actions) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.setAttribute("aria-label", `${name}: ${text}`);
      button.addEventListener("click", act);
      item.append(button);
    }
    return item;
  };

  return {
    /** @param {any} status of the gateway, or null @param {any} next what this page's planner has decided and not sent yet */
    show(status, next) {
      const now = JSON.stringify([status?.running, status?.queue, status?.in_doubt, next]);
      if (now === shown) return;
      shown = now;
      const rows = [];
      for (const { cid, op } of status?.in_doubt ?? []) {
        const decide = (/** @type {string} */ verdict) => () => ask({ method: "resolve", params: { cid, verdict } });
        rows.push(row(`In doubt: ${commandText(op)}`, [["Redo", decide("redo")], ["Skip", decide("skip")]]));
      }
      if (status?.running) rows.push(row(`Now: ${commandText(status.running.op)}`));
      for (const { cid, op, approved } of status?.queue ?? []) {
        const say = (/** @type {boolean} */ yes) => () => ask({ method: "approve", params: { cid, yes } });
        rows.push(approved ? row(`Waits: ${commandText(op)}`) : row(`Proposed: ${commandText(op)}`, [["Approve", say(true)], ["Refuse", say(false)]]));
      }
      if (next) rows.push(row(`Next: ${commandText(next)} (Run or Step sends it)`));
      if (!rows.length) rows.push(row(status ? "Nothing." : "Not connected."));
      list.replaceChildren(...rows);
    },
  };
}

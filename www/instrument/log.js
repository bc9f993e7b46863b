// @ts-check
// The gateway's journal as a list, and what in it a person must look at.
import { byId } from "../dom.js";
import { entryText, isAlarm } from "./command_text.js";

/** Entries shown; all are in the journal. */
const SHOWN = 200;
const ALARMS = 5;

export function createLog() {
  const list = byId("journal", HTMLOListElement);
  const alarms = byId("alarms", HTMLUListElement);
  return {
    /** @param {{ jseq: number, unix_ms: number, entry: any }[]} entries */
    add(entries) {
      for (const { jseq, unix_ms, entry } of entries) {
        const time = new Date(unix_ms).toTimeString().slice(0, 8);
        const item = document.createElement("li");
        item.value = jseq;
        item.textContent = `${time} ${entryText(entry)}`;
        item.classList.toggle("alarm", isAlarm(entry));
        list.prepend(item);
        if (!isAlarm(entry)) continue;
        const alarm = document.createElement("li");
        alarm.textContent = `${time} ${entryText(entry)}`;
        alarms.append(alarm);
        while (alarms.children.length > ALARMS) alarms.firstElementChild?.remove();
      }
      while (list.children.length > SHOWN) list.lastElementChild?.remove();
    },
    clear() {
      list.replaceChildren();
      alarms.replaceChildren();
    },
    /** The alarms have been seen. */
    seen: () => alarms.replaceChildren(),
  };
}

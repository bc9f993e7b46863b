// @ts-check
// What is known of the particle under the pointer or the cursor of the keyboard, in words.
import { tileOf } from "./campaign.js";
import { setText } from "./dom.js";
import { composition, significant } from "./format.js";
import { pace } from "./pace.js";

/** Least time between two changes of what is said of one particle, ms. */
const PACE_MS = 250;

/**
 * @param {{ campaign: import("./types.js").Campaign | null, view: import("./types.js").View }} app
 * @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 * @param {(text: string) => void} [say]
 * @param {(text: string) => void} [tell] those who do not look
 */
export function createHover(app, engine, say = (text) => setText("hover", text), tell = (text) => setText("announce", text)) {
  /** What was said last. @type {{ campaign: any, index: number, cursor: number }} */
  let said = { campaign: null, index: -1, cursor: -1 };
  const now = pace(PACE_MS, () => api.follow());
  const api = {
    /** The same particle at another iteration. */
    follow() {
      const { campaign, view } = app;
      if (!campaign || view.hover < 0 || (said.campaign === campaign && said.cursor === view.cursor) || !now()) return;
      void api.show();
    },
    /** @param {boolean} [byKey] whoever moves a cursor by keys is told where it is; a pointer would be a stream of words */
    async show(byKey) {
      const { campaign, view } = app;
      const { hover: index, cursor } = view;
      const another = said.campaign !== campaign || said.index !== index;
      said = { campaign, index, cursor };
      const mine = said;
      if (!campaign || index < 0) return say("");
      const { fractions, radius_nm, offsets } = campaign.particles;
      const n = campaign.geometry.components;
      const own = Array.from(fractions.subarray(index * n, (index + 1) * n));
      const k = campaign.measurements.index.indexOf(index);
      const measured = k >= 0 && campaign.measurements.iteration[k] <= cursor;
      const value = measured ? `measured ${significant(campaign.measurements.value[k])}` : "not measured";
      const base = `${composition(campaign.elements, own)} · radius ${radius_nm[index].toFixed(1)} nm · tile ${tileOf(offsets, index)} · ${value}`;
      // Of the same particle all is said at once: half of it would flicker.
      if (another) say(base);
      // Rounding to single precision leaves a sum a hair off 1, which the engine closes.
      const predicted = await engine.call("predict", { entry: cursor, fractions: own }).catch(() => null);
      if (app.campaign !== campaign || view.hover !== index) return;
      const text = predicted ? `${base} · predicted ${significant(predicted.mean)} ± ${significant(predicted.sd, 2)}` : base;
      if (said === mine) say(text);
      if (byKey) tell(text);
    },
  };
  return api;
}

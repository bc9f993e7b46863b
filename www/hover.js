// @ts-check
// What is known of the particle under the pointer or the cursor of the keyboard, in words.
import { tileOf } from "./campaign.js";
import { setText } from "./dom.js";
import { composition, significant } from "./format.js";

/**
 * @param {{ campaign: import("./types.js").Campaign | null, view: import("./types.js").View }} app
 * @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 * @param {(text: string) => void} [say]
 * @param {(text: string) => void} [tell] those who do not look
 */
export function createHover(app, engine, say = (text) => setText("hover", text), tell = (text) => setText("announce", text)) {
  return {
    /** @param {boolean} [byKey] whoever moves a cursor by keys is told where it is; a pointer would be a stream of words */
    async show(byKey) {
      const { campaign, view } = app;
      const index = view.hover;
      if (!campaign || index < 0) return say("");
      const { fractions, radius_nm, offsets } = campaign.particles;
      const n = campaign.geometry.components;
      const own = Array.from(fractions.subarray(index * n, (index + 1) * n));
      const k = campaign.measurements.index.indexOf(index);
      const measured = k >= 0 && campaign.measurements.iteration[k] <= view.cursor;
      const value = measured ? `measured ${significant(campaign.measurements.value[k])}` : "not measured";
      const base = `${composition(campaign.elements, own)} · radius ${radius_nm[index].toFixed(1)} nm · tile ${tileOf(offsets, index)} · ${value}`;
      say(base);
      // Rounding to single precision leaves a sum a hair off 1, which the engine closes.
      const predicted = await engine.call("predict", { entry: view.cursor, fractions: own }).catch(() => null);
      if (app.view.hover !== index) return;
      const text = predicted ? `${base} · predicted ${significant(predicted.mean)} ± ${significant(predicted.sd, 2)}` : base;
      say(text);
      if (byKey) tell(text);
    },
  };
}

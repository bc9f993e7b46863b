// @ts-check
// The predicted mean or sd over the triangle, asked of the engine for the entry in view: one question at a time, the
// latest last, and not more often than is worth drawing while a campaign runs.
import { entries } from "./campaign.js";

const RESOLUTION = 60;
/** Least time between two questions while a campaign runs, and before the first, ms: a short campaign is shaded at its end. */
const PACE_MS = 400;

/** @param {{ call: (method: string, args?: any) => Promise<any> }} engine @param {() => void} redraw */
export function createShade(engine, redraw) {
  /** @type {{ campaign: any, entry: number, mean: Float32Array, sd: Float32Array } | null} */
  let known = null;
  let kind = "none";
  let asking = false;
  let asked = 0;

  return {
    forget() { known = null; asked = performance.now(); },
    /** @param {import("./types.js").Campaign} campaign @param {number} entry @param {string} which @param {boolean} running */
    want(campaign, entry, which, running) {
      kind = which;
      if (which === "none" || campaign.geometry.components !== 3 || entries(campaign) === 0) return;
      if (asking || (known?.campaign === campaign && known.entry === entry)) return;
      const wait = running ? asked + PACE_MS - performance.now() : 0;
      if (wait > 0) return;
      asking = true;
      asked = performance.now();
      engine.call("field", { entry, resolution: RESOLUTION })
        .then((field) => { if (field) known = { campaign, entry, ...field }; })
        // A campaign that was replaced meanwhile has no field; the next redraw asks for the new one's.
        .catch(() => {})
        .finally(() => { asking = false; redraw(); });
    },
    /** The latest there is of this campaign; an answer may come after another was opened. @param {import("./types.js").Campaign} campaign */
    current(campaign) {
      if (known?.campaign !== campaign || kind === "none") return null;
      return shadeOf(known, kind, campaign);
    },
    /** The shade of one entry, for an export. @param {import("./types.js").Campaign} campaign @param {number} entry @param {string} which */
    async at(campaign, entry, which) {
      if (which === "none" || campaign.geometry.components !== 3 || entries(campaign) === 0) return null;
      const field = await engine.call("field", { entry, resolution: RESOLUTION });
      return field && shadeOf(field, which, campaign);
    },
  };
}

/** @param {{ mean: Float32Array, sd: Float32Array }} field @param {string} kind @param {import("./types.js").Campaign} campaign */
function shadeOf(field, kind, campaign) {
  const values = kind === "sd" ? field.sd : field.mean;
  const range = kind === "sd" ? [0, campaign.config.surrogate.prior_sd] : campaign.range;
  return { resolution: RESOLUTION, values, range: /** @type {[number, number]} */ (range), kind: /** @type {'mean' | 'sd'} */ (kind) };
}

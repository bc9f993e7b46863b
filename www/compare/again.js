// @ts-check
// A campaign computed anew beside the one in view, by an engine of its own: the one that a link compares with.
import { entries, extend, newCampaign } from "../campaign.js";
import { startEngine } from "../engine.js";
import { mend, mostIterations } from "../share/link.js";

/** Entries that are asked for at once; between two questions it is told how far it is. */
const AT_ONCE = 10;

/** @typedef {import("../types.js").Campaign} Campaign */

/**
 * Compute what a link asks for, or the nearest to it that the engine takes. Never answered after `end`; rejects when nothing can be computed.
 * @param {import("../share/link.js").Kept} kept @param {import("../share/link.js").Description} description
 * @param {(campaign: Campaign) => void} progress
 * @returns {{ done: Promise<{ campaign: Campaign, digest: string | null, problems: string[] }>, end: () => void }}
 */
export function computeAgain({ preset, config, iteration }, description, progress) {
  const last = iteration ?? mostIterations(description.parameters);
  const usual = description.presets.find((p) => p.id === preset).config;
  /** @type {string[]} */
  const problems = [];
  /** @type {Campaign | null} */
  let campaign = null;
  /** @type {string | null} */
  let digest = null;
  const engine = startEngine((message) => {
    if (message.type !== "progress" || !campaign) return;
    extend(campaign, message);
    if (message.ended) digest = message.summary.digest;
  });

  /** @param {any} config @returns {Promise<Campaign>} */
  async function open(config) {
    try {
      return newCampaign(config, await engine.call("open", { config }));
    } catch (error) {
      const { errors } = /** @type {any} */ (error);
      const mended = errors && mend(config, usual, errors, description.parameters);
      if (!mended || JSON.stringify(mended.config) === JSON.stringify(config)) throw error;
      problems.push(...mended.problems);
      return open(mended.config);
    }
  }

  async function run() {
    try {
      campaign = await open(config);
      for (let left = last + 1; left > 0 && !campaign.ended; left = last + 1 - entries(campaign)) {
        await engine.call("step", { count: Math.min(left, AT_ONCE) });
        progress(campaign);
      }
      return { campaign, digest, problems };
    } finally {
      engine.end();
    }
  }
  return { done: run(), end: engine.end };
}

// @ts-check
// A study on a pool of Workers: each runs campaigns by their numbers, one more puts the results together.
import { startEngine } from "../engine.js";

/** Campaigns that wait in the mailbox of a Worker, so that it never waits for the page. */
const AHEAD = 2;
/** Time between two looks at what is typical so far, ms. */
const LOOK_MS = 1000;

/** Cores for campaigns: one is left to the page. */
export const runners = () => Math.max((navigator.hardwareConcurrency || 2) - 1, 1);

/**
 * Begin a study. Rejects when its specification cannot be used.
 * @param {any} spec
 * @param {{ progress: (done: number, all: number, secsLeft: number | null) => void, summary: (study: any, ended: boolean) => void, failed: (error: Error) => void }} on
 * @returns {Promise<{ cancel: () => void }>} `cancel` ends the Workers at once
 */
export async function startStudy(spec, on) {
  const collector = startEngine(() => {});
  const pool = Array.from({ length: runners() }, () => startEngine(() => {}));
  let over = false;
  const cancel = () => {
    over = true;
    for (const engine of [collector, ...pool]) engine.end();
  };
  /** @type {number} */
  let all;
  try {
    all = await collector.call("study", { spec });
  } catch (error) {
    cancel();
    throw error;
  }
  let [next, done] = [0, 0];
  const began = performance.now();
  let looking = false;
  let looked = 0;

  async function look(/** @type {boolean} */ ended) {
    if (looking && !ended) return;
    looking = true;
    const study = await collector.call("studySummary");
    looking = false;
    looked = performance.now();
    if (over) return;
    on.summary(study, ended);
    if (ended) cancel();
  }

  /** One mailbox place of a Worker: campaign after campaign until there is none left. @param {ReturnType<typeof startEngine>} engine */
  async function work(engine) {
    while (next < all && !over) {
      const campaign = next++;
      // No numbers: its seed draws a library that cannot be explored.
      const numbers = (await engine.call("studyRun", { campaign })) ?? new Float64Array();
      if (over) return;
      await collector.call("studyPut", { campaign, numbers }, [numbers.buffer]);
      if (over) return;
      done += 1;
      const perCampaignMs = (performance.now() - began) / done;
      on.progress(done, all, done >= 2 * pool.length ? (perCampaignMs * (all - done)) / 1000 : null);
      if (done === all) await look(true);
      else if (performance.now() - looked > LOOK_MS) look(false).catch(fail);
    }
  }
  const fail = (/** @type {Error} */ error) => {
    if (over) return;
    cancel();
    on.failed(error);
  };
  for (const engine of pool) {
    void engine.call("study", { spec }).then(() => { for (let i = 0; i < AHEAD; i += 1) work(engine).catch(fail); }, fail);
  }
  return { cancel };
}

// @ts-check
// Numbers beside the campaign that a link holds: at what time two campaigns are compared, and Figure 1. A word is the id of its control,
// with a dot where that has a dash after "capacity".

/** What each usually is (empty: the end of the longer campaign), and what else it may be. @type {Record<string, { usual: string, allowed: string, fits: (x: number) => boolean }>} */
export const NUMBERS = {
  "compare-time": { usual: "", allowed: "seconds from 0", fits: (x) => x >= 0 },
  "compare-error": { usual: "0.01", allowed: "a number above 0, or nothing", fits: (x) => x > 0 },
  ...Object.fromEntries(Object.entries({ radius_nm: "150", sd_ratio: "0.3", coverage: "0.5", area_mm2: "2.67", components: "6", eels_secs: "1", beam_shift_secs: "0.02", switch_secs: "18", tile_um: "30" })
    .map(([key, usual]) => [`capacity.${key}`, { usual, allowed: "a number from 0; what Figure 1 can have, it says itself", fits: (/** @type {number} */ x) => x >= 0 }])),
};

/** The control of a word. @param {string} word */
export const controlId = (word) => word.replace(/^capacity\./, "capacity-");

/** Whether a text may stand in a link. @param {string} word @param {string} text */
export function mayBe(word, text) {
  const { usual, fits } = NUMBERS[word];
  if (text === "") return usual === "" || word === "compare-error";
  return text.length <= 24 && text.trim() === text && Number.isFinite(Number(text)) && fits(Number(text));
}

// @ts-check
// How much there is of a study that is still running, or was cancelled.

/** In words; null when there is all of it. @param {any} result @returns {string | null} */
export const partOf = ({ unfinished }) => unfinished && `${unfinished.done} of ${unfinished.campaigns} campaigns`;

// @ts-check
// What each control and each view is explained by: words, and the equations it stands in.

/** @typedef {{ title: string, text: string, equations: string[] }} Subject */

/** Equations of a setting, by its path, where they are more than the one it is listed with. @type {Record<string, string[]>} */
const OF_SETTING = {
  "planner.rule": ["17", "marginal"],
  "cost.stage_speed_um_per_s": ["5", "16"],
  "cost.retune_secs": ["5", "16"],
  "cost.overview_secs": ["5", "16"],
  "cost.edx_secs": ["5", "16"],
  "cost.cost_per_sec": ["6", "4"],
  "cost.intra_cost": ["6", "4"],
  "planner.novelty_weight": ["15", "14"],
  "planner.novelty_length": ["14", "15"],
  "acquisition.function": ["4", "sd", "improvement", "bound"],
  "acquisition.xi": ["improvement"],
  "acquisition.beta": ["bound"],
  "acquisition.threshold": ["bound"],
  "surrogate.kernel": ["kernel", "posterior"],
  "surrogate.length_scale": ["kernel"],
  "surrogate.prior_sd": ["kernel", "posterior"],
  "surrogate.noise_sd": ["posterior"],
  "surrogate.mean": ["posterior"],
  "surrogate.hyper": ["likelihood"],
  "surrogate.fit_mean": ["likelihood"],
  "surrogate.refit_every": ["likelihood"],
  "surrogate.input_noise": ["3", "posterior"],
  "microscope.edx_sigma": ["3", "2"],
  "microscope.closure": ["2", "3"],
  "microscope.value_noise_sd": ["posterior"],
  elements: ["simplex"],
  "library.width_um": ["size"],
  "library.height_um": ["size"],
  "library.density_per_um2": ["size", "11"],
  "response.gaussians": ["response"],
  "response.width": ["response"],
  "response.amplitudes": ["response"],
  "response.scale": ["response"],
  "stop.time_secs": ["5"],
  "stop.cost": ["6"],
  "stop.mean_sd": ["scores"],
};

/** @type {Record<string, Subject>} */
const VIEWS = {
  grid: {
    title: "Grid",
    text: "The area that the stage can reach, in µm, cut into regions as large as the field of view. Each dot is a particle; those that were measured have the colour of their value, and the red line is the way of the stage. Within a region only the beam is shifted. Arrow keys move a cursor from particle to particle, and what is known of that particle stands below; Home and End go to the first and the latest measured, Page Up and Page Down through the measured in order, Escape takes the cursor away. Shift and an arrow key pan, + and − zoom, 0 shows all.",
    equations: ["11", "5"],
  },
  simplex: {
    title: "Composition",
    text: "The same particles where they lie in composition space: each corner is a pure element, a point halfway between two corners has half of each. Circles were measured. The shade is what the surrogate predicts, or how uncertain it is. With five elements or more the polygon shows several compositions at one point; the pairs do not. The same keys as on the grid move the cursor, which both views share; Shift and an arrow key turn the tetrahedron.",
    equations: ["simplex", "posterior", "kernel"],
  },
  progress: {
    title: "Progress",
    text: "Mean uncertainty and mean error over every particle of the library, after each measurement. Vertical dashed lines are moves of the stage. Over instrument time, each value holds until the next measurement is made: a long flat piece is travel, retuning and mapping.",
    equations: ["scores", "posterior"],
  },
  shares: {
    title: "Measured share",
    text: "One bar for each region in the order of the first visit: which share of its particles was measured. Early regions are worked through, later ones are left sooner, because what is left in them resembles what is known.",
    equations: ["9", "17"],
  },
  decision: {
    title: "Why it stays or moves",
    text: "The numbers that the planner weighed before the measurement in view, in the symbols of the paper.",
    equations: ["4", "9", "13", "16", "17"],
  },
  ledger: {
    title: "Where the time went",
    text: "Seconds and cost of the whole campaign by kind of action. Cost counts repositioning only: a beam shift costs C_intra, a stage move α times its seconds.",
    equations: ["5", "6"],
  },
  whatIf: {
    title: "What if",
    text: "One decision made again. Up to that moment everything is as it was; then the planner decides with one setting changed. The band under a slider says what it would do at each value.",
    equations: ["17", "16", "15", "4"],
  },
  compare: {
    title: "Two campaigns",
    text: "The same library explored in two ways, at the same instrument time. The difference curve is B minus A: below zero, B knows more by then.",
    equations: ["scores"],
  },
  study: {
    title: "Many campaigns",
    text: "A curve is the median over the seeds; half of the campaigns lie in its band. Each seed draws another library and another hidden property, and the rules that compete see the same ones. So the map compares them seed by seed, at the time when the first of a seed’s campaigns has ended: a field has a colour where its best rule is better by 1.01 times or more, and beats each other one for so many seeds that chance alone would do so less than once in 20 times (two-sided sign test; with no allowance for the number of fields, so of 20 fields without any difference one may have a colour); else it names those that may be as good. It takes at least 6 seeds. The curves of a configuration end when half of its campaigns have.",
    equations: ["scores", "17", "marginal"],
  },
  capacity: {
    title: "How much fits on a grid",
    text: "The number of particles, and so of compositions, that one grid can hold. A library of n elements at a step of 0.1 has 10ⁿ points if every fraction is counted by itself, and fewer on the simplex, where fractions sum to 1.",
    equations: ["1"],
  },
};

/** Explanation of a setting. @param {import("../controls.js").Parameter} parameter @returns {Subject} */
export function ofSetting({ path, label, help, unit, min, max, equation }) {
  const range = min === null || max === null ? "" : ` From ${min} to ${max}${unit && ` ${unit}`}.`;
  return { title: label, text: help + range, equations: OF_SETTING[path] ?? (equation ? [equation] : []) };
}

/** Explanation of a view. @param {string} name */
export const ofView = (name) => VIEWS[name];

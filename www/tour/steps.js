// @ts-check
// The guided first run, on preset figure-3: five things to look at, the fourth of which is done.

/** @typedef {{ at: string, title: string, text: string, act?: { label: string, path: string, value: number } }} Step */
/** @type {Step[]} */
export const STEPS = [
  {
    at: "#grid-figure", title: "A random library",
    text: "Thousands of particles lie on one grid, each of another composition, and nobody knows which is where. The microscope sees one square at a time. The red line is the way of the stage; filled discs have been measured.",
  },
  {
    at: "#simplex-figure", title: "What is measured",
    text: "Each point is a composition; the three corners are the pure elements. The colour is the property, measured at the circles and predicted in between. A good next particle is one whose composition says most about what is not known yet, wherever it lies on the grid.",
  },
  {
    at: "#decision", title: "Stay or move?",
    text: "Measuring here takes a second. A neighbouring square takes 18 s before the first spectrum: 3 s of travel, 5 s of retuning, 10 s of EDX map. The microscope moves when what a new square is expected to offer is worth more than the measurements that time would have bought here.",
  },
  {
    at: "#settings", title: "Change the price of moving",
    text: "Let the stage crawl at 0.5 µm/s: a neighbour is then 75 s away. The campaign runs again with the same particles, and stays longer in each square.",
    act: { label: "Slow the stage down", path: "cost.stage_speed_um_per_s", value: 0.5 },
  },
  {
    at: "#curves-section", title: "What it bought",
    text: "Uncertainty and error against iterations, or against the time of the instrument: choose the latter to see what a slow stage costs. Dashed lines are moves. From here, change anything; What if … explains one decision, Two campaigns compares, Many campaigns tells what is typical.",
  },
];

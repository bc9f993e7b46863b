// @ts-check
// The guided first run: five things to look at, the fourth of which is done. The numbers are those of the settings in view.
import { duration, significant } from "../format.js";

/** @typedef {{ at: string, title: string, text: (config: any) => string, act?: { label: string, path: string, value: number } }} Step */

const SLOW_UM_PER_S = 0.5;

/** Time until the first spectrum of a neighbouring square, and its parts, s. @param {any} config @param {number} [speed] of the stage, µm/s */
function toNeighbour({ cost, library }, speed = cost.stage_speed_um_per_s) {
  const parts = { travel: library.tile_um / speed, retuning: cost.retune_secs, overview: cost.overview_secs, map: cost.edx_secs };
  return { ...parts, all: parts.travel + parts.retuning + parts.overview + parts.map };
}

/** @param {number} secs */
const time = (secs) => (secs < 60 ? `${significant(secs)} s` : duration(secs));

/** How many corners the elements have in the view of compositions. @param {number} n */
const corners = (n) => (n === 2 ? "the ends of the line" : `the ${["three", "four", "five", "six"][n - 3] ?? n} corners`);

/** @type {Step[]} */
export const STEPS = [
  {
    at: "#grid-figure", title: "A random library",
    text: () => "Thousands of particles lie on one grid, each of another composition, and nobody knows which is where. The microscope sees one square at a time. The red line is the way of the stage; filled discs have been measured.",
  },
  {
    at: "#simplex-figure", title: "What is measured",
    text: ({ elements }) => `Each point is a composition; ${corners(elements.length)} are the pure elements. The colour is the property, measured at the circles and predicted in between. A good next particle is one whose composition says most about what is not known yet, wherever it lies on the grid.`,
  },
  {
    at: "#decision", title: "Stay or move?",
    text: (config) => {
      const { travel, retuning, overview, map, all } = toNeighbour(config);
      const parts = [[travel, "travel"], [retuning, "retuning"], [overview, "overview image"], [map, "EDX map"]].filter(([secs]) => Number(secs) > 0).map(([secs, what]) => `${time(Number(secs))} of ${what}`);
      const rule = config.planner.rule === "paper" ? "The microscope moves when what a new square is expected to offer is worth more than the measurements that time would have bought here."
        : "The paper's rule weighs what a new square is expected to offer against the measurements that time would have bought here; the rule that is set decides otherwise, and its question mark says how.";
      return `A spectrum here takes ${time(config.cost.eels_secs)}. A neighbouring square takes ${time(all)} before the first one: ${parts.join(", ")}. ${rule}`;
    },
  },
  {
    at: "#settings", title: "Change the price of moving",
    text: (config) => `Let the stage crawl at ${SLOW_UM_PER_S} µm/s: a neighbour is then ${time(toNeighbour(config, SLOW_UM_PER_S).all)} away. The campaign runs again with the same particles${config.planner.rule === "paper" ? ", and stays longer in each square" : ""}.`,
    act: { label: "Slow the stage down", path: "cost.stage_speed_um_per_s", value: SLOW_UM_PER_S },
  },
  {
    at: "#curves-section", title: "What it bought",
    text: () => "Uncertainty and error against iterations, or against the time of the instrument: choose the latter to see what a slow stage costs. Dashed lines are moves. From here, change anything; What if … explains one decision, Two campaigns compares, Many campaigns tells what is typical.",
  },
];

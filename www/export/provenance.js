// @ts-check
// Where a file comes from: what every export says of itself, in whatever form.
import { changes, commandFor, studyCommandFor } from "../command.js";
import { partOf } from "../study/part.js";

/**
 * @typedef {{ program: "gridscout", version: string, view: string, link: string | null } & Record<string, any>} Provenance
 * @typedef {{ preset: string, seed: number, changed: Record<string, any>, own_particles: number | null, own_property: number | null,
 *   iteration: number | null, iterations_recorded: number, ended: string | null, digest: string | null, measured_by: { driver: string, run: string } | null,
 *   command: string | null }} Of one campaign; what an instrument measured, no command brings again
 */

/**
 * @param {import("../types.js").Campaign} campaign @param {any} description what the engine says of its presets and settings
 * @param {{ preset: string, iteration: number | null, digest: string | null }} about
 * @returns {Of}
 */
function ofCampaign({ config, series, ended, by }, description, { preset, iteration, digest }) {
  const base = description.presets.find((/** @type {any} */ p) => p.id === preset);
  return {
    preset, seed: config.seed,
    changed: Object.fromEntries(base ? changes(config, base.config, description.parameters) : []),
    own_particles: config.library.particles?.length ?? null, own_property: config.response.table?.length ?? null,
    iteration, iterations_recorded: Math.max(series.mean_sd.length - 1, 0), ended, digest,
    measured_by: by && { driver: by.driver, run: by.run },
    command: by ? null : commandFor(config, description.presets, preset, description.parameters),
  };
}

/**
 * @param {import("../types.js").Campaign} campaign @param {any} description @param {{ preset: string, view: string, iteration: number, digest: string | null, link: string | null }} about
 * @returns {Provenance & Of}
 */
export const provenanceOf = (campaign, description, { view, link, ...about }) =>
  ({ program: "gridscout", version: description.version, ...ofCampaign(campaign, description, about), view, link: campaign.by ? null : link });

/**
 * Each of two campaigns by itself, and the instrument time at which both are looked at; no iteration where nothing was measured by then.
 * @param {{ campaign: import("../types.js").Campaign, preset: string, iteration: number, digest: string | null, link: string }[]} two A and B
 * @param {number} time_secs @param {any} description @param {string} view
 * @returns {Provenance}
 */
export function comparisonOf(two, time_secs, description, view) {
  const [a, b] = two.map(({ campaign, link, iteration, ...about }) => ({ ...ofCampaign(campaign, description, { ...about, iteration: iteration < 0 ? null : iteration }), link: campaign.by ? null : link }));
  return { program: "gridscout", version: description.version, time_secs, a, b, view, link: b.link };
}

/**
 * The specification of a study, which holds the whole configuration and the seeds. The reader's own tables would be longer than all else:
 * how long they are stands for them. Of a study that was not run to its end no command gives the same numbers.
 * @param {any} result @param {{ preset: string, link: string }} from where it was begun @param {any} description @param {string} view
 * @returns {Provenance}
 */
export function studyProvenanceOf(result, { preset, link }, description, view) {
  const { spec } = result;
  const { library, response } = spec.config;
  const config = { ...spec.config, library: { ...library, particles: library.particles?.length ?? null }, response: { ...response, ...(response.table ? { table: response.table.length } : {}) } };
  const unfinished = partOf(result);
  const command = unfinished ? null : studyCommandFor(spec, description.presets, preset, description.parameters);
  return { program: "gridscout", version: description.version, preset, study: { ...spec, config }, unfinished, command, view, link };
}

/** Figure 1 is of no campaign. @param {Record<string, number>} capacity what it was asked @param {any} description @param {string | null} link @returns {Provenance} */
export const capacityProvenance = (capacity, description, link) => ({ program: "gridscout", version: description.version, capacity, view: "capacity", link });

/** Whose it is, in words. @param {Provenance} about */
function subjectOf({ preset, seed, iteration, a, b, time_secs, study, capacity }) {
  if (capacity) return `a grid, mean radius ${capacity.radius_nm} nm`;
  if (study) return `${preset}, seeds ${study.first_seed} to ${study.last_seed}`;
  if (a) return `A (${a.preset}, seed ${a.seed}) and B (${b.preset}, seed ${b.seed}) after ${time_secs} s`;
  return `${preset}, seed ${seed}, iteration ${iteration}`;
}

/** @param {Provenance} about */
export const titleOf = (about) => `gridscout: ${about.view} of ${subjectOf(about)}`;

/** One line for each thing that is known. @param {Provenance} about @returns {string[]} */
export function linesOf({ program, version, ...rest }) {
  const known = Object.entries(rest).filter(([, value]) => value !== null && JSON.stringify(value) !== "{}");
  return [`${program} ${version}`, ...known.map(([key, value]) => `${key.replaceAll("_", " ")}: ${typeof value === "object" ? JSON.stringify(value) : value}`)];
}

/** @param {Provenance} about @param {string} extension */
export function fileName({ preset, seed, a, study, capacity, view }, extension) {
  if (capacity) return `gridscout-${view}.${extension}`;
  const of = study ? `${preset}-seeds-${study.first_seed}-${study.last_seed}` : `${(a ?? { preset }).preset}-seed-${(a ?? { seed }).seed}`;
  return `gridscout-${of}-${view}.${extension}`;
}

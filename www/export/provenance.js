// @ts-check
// Where a file comes from: what every export says of itself, in whatever form.
import { changes, commandFor } from "../command.js";

/**
 * @typedef {{ program: "gridscout", version: string, preset: string, seed: number, changed: Record<string, any>, own_particles: number | null,
 *   iteration: number, iterations_recorded: number, ended: string | null, digest: string | null, command: string | null, view: string, link: string }} Provenance
 */

/**
 * @param {import("../types.js").Campaign} campaign @param {any} description what the engine says of its presets and settings
 * @param {{ preset: string, view: string, iteration: number, digest: string | null }} about
 * @returns {Provenance}
 */
export function provenanceOf({ config, series, ended }, description, { preset, view, iteration, digest }) {
  const base = description.presets.find((/** @type {any} */ p) => p.id === preset);
  return {
    program: "gridscout", version: description.version, preset, seed: config.seed,
    changed: Object.fromEntries(base ? changes(config, base.config, description.parameters) : []),
    own_particles: config.library.particles?.length ?? null,
    iteration, iterations_recorded: Math.max(series.mean_sd.length - 1, 0), ended, digest,
    command: commandFor(config, description.presets, preset, description.parameters), view, link: location.href,
  };
}

/** One line for each thing that is known. @param {Provenance} about @returns {string[]} */
export function linesOf({ program, version, ...rest }) {
  const known = Object.entries(rest).filter(([, value]) => value !== null && JSON.stringify(value) !== "{}");
  return [`${program} ${version}`, ...known.map(([key, value]) => `${key.replaceAll("_", " ")}: ${typeof value === "object" ? JSON.stringify(value) : value}`)];
}

/** @param {Provenance} about @param {string} extension */
export const fileName = ({ preset, seed, view }, extension) => `gridscout-${preset}-seed-${seed}-${view}.${extension}`;

// @ts-check
// The command that runs the same campaign outside of the browser: the preset, the seed, and what was changed.

/**
 * Null when the command line cannot have it: a user's own tables are in the record only.
 * @param {any} config @param {{ id: string, config: any }[]} presets @param {string} id @param {{ path: string }[]} parameters
 */
export function commandFor(config, presets, id, parameters) {
  const words = wordsFor(config, presets, id, parameters);
  return words && ["gridscout simulate", ...words].join(" ");
}

/** The command of the same study; null as above. @param {any} spec @param {{ id: string, config: any }[]} presets @param {string} id @param {{ path: string }[]} parameters */
export function studyCommandFor({ config, first_seed, last_seed, rules, axes, target_error }, presets, id, parameters) {
  const words = wordsFor(config, presets, id, parameters);
  const sweeps = axes.map((/** @type {any} */ axis) => `--sweep ${quoted(`${axis.path}=${axis.values.map((/** @type {any} */ value) => JSON.stringify(value)).join(",")}`)}`);
  return words && ["gridscout study", ...words, `--seeds ${first_seed}..${last_seed}`, ...(rules.length ? [`--rules ${rules.join(",")}`] : []), ...sweeps, ...(target_error === null ? [] : [`--target-error ${target_error}`]), "--json"].join(" ");
}

/** Preset, seed and changed settings as options. @param {any} config @param {{ id: string, config: any }[]} presets @param {string} id @param {{ path: string }[]} parameters */
function wordsFor(config, presets, id, parameters) {
  const preset = presets.find((p) => p.id === id);
  if (!preset || config.library.particles || config.response.table) return null;
  const changed = changes(config, preset.config, parameters).map(([path, value]) => `--set ${quoted(`${path}=${text(value)}`)}`);
  return [`--preset ${id}`, `--seed ${config.seed}`, ...changed];
}

/** What differs from a preset, the seed aside: path and value. @param {any} config @param {any} preset @param {{ path: string }[]} parameters @returns {[string, any][]} */
export function changes(config, preset, parameters) {
  return parameters
    .filter(({ path }) => path !== "seed" && JSON.stringify(at(config, path)) !== JSON.stringify(at(preset, path)))
    .map(({ path }) => [path, at(config, path)]);
}

/** @param {any} config @param {string} path */
const at = (config, path) => path.split(".").reduce((value, key) => value?.[key], config);

/** Words as they are, all else as JSON. @param {any} value */
const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** For a shell. @param {string} word */
const quoted = (word) => (/^[\w.=,:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

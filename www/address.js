// @ts-check
// What the address asks for: ?preset=figure-4a&seed=2&speed=top&path.to.setting=value

/** @param {any[]} presets @param {any[]} parameters */
export function fromAddress(presets, parameters) {
  const query = new URLSearchParams(location.search);
  const wanted = query.get("preset");
  const known = presets.filter((preset) => preset.config);
  const preset = known.find((p) => p.id === wanted) ?? known[0];
  const config = structuredClone(preset.config);
  /** @type {string[]} */
  const problems = [];
  if (wanted && preset.id !== wanted) problems.push(`There is no preset “${wanted}”; showing ${preset.id}. Presets: ${known.map((p) => p.id).join(", ")}.`);
  for (const [key, text] of query) {
    if (["preset", "speed"].includes(key)) continue;
    const parameter = parameters.find((p) => p.path === key);
    if (!parameter) { problems.push(`The address sets “${key}”, which is no setting; it was passed over.`); continue; }
    assign(config, key, read(text));
  }
  const speed = query.get("speed");
  return { preset, config, speed, problems };
}

/** A JSON value, or the text itself. @param {string} text */
function read(text) {
  try { return JSON.parse(text); } catch { return text; }
}

/** Set a value by its path. @param {any} config @param {string} path @param {any} value */
export function assign(config, path, value) {
  const keys = path.split(".");
  const key = /** @type {string} */ (keys.pop());
  keys.reduce((at, k) => at[k], config)[key] = value;
}

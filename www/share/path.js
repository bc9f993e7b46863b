// @ts-check
// A setting by its path, such as cost.edx_secs.

/** @param {any} config @param {string} path */
export const valueAt = (config, path) => path.split(".").reduce((at, key) => (at !== null && typeof at === "object" && Object.hasOwn(at, key) ? at[key] : undefined), config);

/**
 * Set a value that is already there; a path can come from a stranger's link, and nothing is made or reached on its word.
 * @param {any} config @param {string} path @param {any} value
 */
export function assign(config, path, value) {
  const cut = path.lastIndexOf(".");
  const owner = cut < 0 ? config : valueAt(config, path.slice(0, cut));
  const key = path.slice(cut + 1);
  if (owner === null || typeof owner !== "object" || Array.isArray(owner) || !Object.hasOwn(owner, key)) throw new RangeError(`${path} is no setting`);
  owner[key] = value;
}

/** The same value to the last bit. @param {any} a @param {any} b @returns {boolean} */
export const same = (a, b) => Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((x, i) => same(x, b[i])) : Object.is(a, b);

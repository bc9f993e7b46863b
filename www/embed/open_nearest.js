// @ts-check
// Open what is wanted, or the nearest to it that the engine takes.
import { readWanted, repaired } from "./wanted.js";

/**
 * Null when another opening overtook it.
 * @param {ReturnType<typeof import("./player.js").createPlayer>} player @param {any} description @param {any} asked
 * @returns {Promise<import("./wanted.js").Wanted | null>}
 */
export async function openNearest(player, description, asked) {
  let wanted = readWanted(description, asked);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return (await player.open(wanted.config)) ? wanted : null;
    } catch (error) {
      const refused = /** @type {any} */ (error).errors;
      if (!refused || attempt === 3) throw error;
      // A saved configuration that cannot be used has no settings to go back on, and the last attempt keeps none.
      if (wanted.preset.id === null) wanted = { ...readWanted(description, {}), faults: [...wanted.faults, ...refused] };
      else wanted = repaired(description.parameters, attempt === 2 ? { ...wanted, params: {} } : wanted, refused);
    }
  }
}

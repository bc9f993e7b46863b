// @ts-check
// Open what is wanted, or the nearest to it that the engine takes.
import { readWanted, repaired } from "./wanted.js";

/**
 * Nothing is shown when another opening overtook it.
 * @param {ReturnType<typeof import("./player.js").createPlayer>} player @param {any} description @param {any} asked
 * @param {(wanted: import("./wanted.js").Wanted) => void} shown called with what is in view, before anything is said of it
 */
export async function openNearest(player, description, asked, shown) {
  let wanted = readWanted(description, asked);
  const inView = () => shown(wanted);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await player.open(wanted.config, inView);
    } catch (error) {
      const refused = /** @type {any} */ (error).errors;
      if (!refused || attempt === 3) throw error;
      // A saved configuration that cannot be used without what was set beside it has nothing to go back on, and the last attempt keeps no settings.
      const beside = refused.some((/** @type {import("./wanted.js").Fault} */ { field }) => field in wanted.params);
      if (wanted.preset.id === null && !beside) wanted = { ...readWanted(description, {}), faults: [...wanted.faults, ...refused] };
      else wanted = repaired(description.parameters, attempt === 2 ? { ...wanted, params: {} } : wanted, refused);
    }
  }
}

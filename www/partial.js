// @ts-check
// A library too large to be held whole: only the regions that were visited are here, and more come as the stage moves.
/** @import { Campaign, Particles } from "./types.js" */

/** @type {WeakMap<Campaign, Map<number, Particles>>} */
const held = new WeakMap();

/** Add the particles of newly visited tiles. @param {Campaign} campaign @param {{ tile: number, particles: Particles }[]} more */
export function addTiles(campaign, more) {
  const tiles = held.get(campaign) ?? new Map();
  held.set(campaign, tiles);
  for (const { tile, particles } of more) tiles.set(tile, particles);

  const order = [...tiles.keys()].sort((a, b) => a - b);
  const offsets = new Uint32Array(campaign.particles.offsets.length);
  let total = 0;
  order.forEach((tile, k) => {
    total += tiles.get(tile)?.x_um.length ?? 0;
    // Tiles that are not here are empty: they begin and end where the last one that is here ends.
    offsets.fill(total, tile + 1, (order[k + 1] ?? offsets.length - 1) + 1);
  });
  /** @param {'x_um' | 'y_um' | 'radius_nm' | 'fractions'} key */
  const flat = (key) => {
    const width = key === "fractions" ? campaign.geometry.components : 1;
    const out = new Float32Array(total * width);
    for (const tile of order) out.set(/** @type {Particles} */ (tiles.get(tile))[key], offsets[tile] * width);
    return out;
  };
  campaign.particles = { offsets, x_um: flat("x_um"), y_um: flat("y_um"), radius_nm: flat("radius_nm"), fractions: flat("fractions") };
  // Particles are counted over all tiles, and tiles have come between.
  const { index, tile, particle } = campaign.measurements;
  for (let i = 0; i < index.length; i += 1) index[i] = offsets[tile[i]] + particle[i];
}

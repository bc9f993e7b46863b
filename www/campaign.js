// @ts-check
// A campaign as the views see it: grown from what the Worker pushes, and looked at as of any entry.

import { addTiles } from "./partial.js";

/** @typedef {import("./types.js").Campaign} Campaign */

/** @param {any} config @param {{ geometry: any, particles: any, partial: boolean, count: number }} opened @param {import("./types.js").By | null} [by] the instrument that measures @returns {Campaign} */
export function newCampaign(config, { geometry, particles, partial, count }, by = null) {
  return {
    config,
    by,
    elements: config.elements,
    geometry,
    particles,
    series: { mean_sd: [], mean_abs_error: [], rmse: [], time_secs: [], cost: [], region: [], measured: [] },
    measurements: { index: [], tile: [], particle: [], value: [], iteration: [] },
    path: { tile: [], iteration: [] },
    visits: { tile: [], measured: [], total: [], first_iteration: [] },
    range: [0, 1],
    ended: null,
    partial,
    count,
  };
}

/** Add what is new. @param {Campaign} campaign @param {any} news */
export function extend(campaign, news) {
  for (const key of /** @type {(keyof import("./types.js").Series)[]} */ (Object.keys(campaign.series))) {
    campaign.series[key].push(...news.series[key]);
  }
  if (news.more.length) addTiles(campaign, news.more);
  const { tile, particle, value, iteration } = news.measurements;
  for (let i = 0; i < tile.length; i += 1) {
    campaign.measurements.tile.push(tile[i]);
    campaign.measurements.particle.push(particle[i]);
    campaign.measurements.index.push(campaign.particles.offsets[tile[i]] + particle[i]);
    campaign.measurements.value.push(value[i]);
    campaign.measurements.iteration.push(iteration[i]);
    campaign.range = [Math.min(campaign.range[0], value[i]), Math.max(campaign.range[1], value[i])];
  }
  campaign.path = { tile: [...news.path.tile], iteration: [...news.path.iteration] };
  const visits = news.visits;
  campaign.visits = { tile: [...visits.tile], measured: [...visits.measured], total: [...visits.total], first_iteration: [...visits.first_iteration] };
  campaign.ended = news.ended;
}

/** Entries so far. @param {Campaign} campaign */
export const entries = (campaign) => campaign.series.mean_sd.length;

/** Regions visited by an entry. @param {Campaign} campaign @param {number} entry */
export const regionsVisited = (campaign, entry) => campaign.visits.first_iteration.filter((first) => first <= entry).length;

/** Tile of a particle, by bisection. @param {Uint32Array} offsets @param {number} index */
export function tileOf(offsets, index) {
  let low = 0;
  let high = offsets.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsets[middle] <= index) low = middle;
    else high = middle;
  }
  return low;
}

// @ts-check
// One decision of the paper's rule with one parameter changed (eqs 9, 13, 16, 17). What the region holds and what a new one
// promises (V_stay, E_gain) do not depend on these parameters, so eq 17 can be turned round:
//   V_switch = E_gain − V_stay · t_switch / t_meas,   t_switch = t_EDX + t_overview + t_ma + d / v.
// No page in it: tests read it as it is.

/** @typedef {{ expected_gain: number, stay_value: number, switch_secs: number, switch_value: number, action: string, rule: string }} Decision */
/** @typedef {{ edx_secs: number, overview_secs: number, retune_secs: number, eels_secs: number, stage_speed_um_per_s: number }} Cost */

/** Parameters that eq 16 depends on, by their paths. */
export const PATHS = /** @type {const} */ (["cost.stage_speed_um_per_s", "cost.edx_secs", "cost.retune_secs", "cost.eels_secs"]);
/** @typedef {typeof PATHS[number]} Path */

/** Whether eq 17 decided. @param {any} decision @returns {decision is Decision} */
export const isWeighed = (decision) => decision?.rule === "paper" && [decision.expected_gain, decision.stay_value, decision.switch_secs, decision.switch_value].every(Number.isFinite);

/** Distance to the region that was weighed, µm. @param {Decision} decision @param {Cost} cost */
const distanceUm = ({ switch_secs: secs }, cost) => Math.max(secs - cost.edx_secs - cost.overview_secs - cost.retune_secs, 0) * cost.stage_speed_um_per_s;

/** V_switch with one parameter changed. @param {Decision} decision @param {Cost} cost @param {Path} path @param {number} value */
export function switchValue(decision, cost, path, value) {
  const key = /** @type {keyof Cost} */ (path.slice("cost.".length));
  const changed = { ...cost, [key]: value };
  const switchSecs = changed.edx_secs + changed.overview_secs + changed.retune_secs + distanceUm(decision, cost) / changed.stage_speed_um_per_s;
  return decision.expected_gain - (decision.stay_value * switchSecs) / changed.eels_secs;
}

/**
 * The value of a parameter at which staying and moving are worth the same; null when there is none above 0.
 * @param {Decision} decision @param {Cost} cost @param {Path} path
 */
export function breakEven(decision, cost, path) {
  const { expected_gain: gain, stay_value: stay } = decision;
  const allowedSecs = stay > 0 ? (gain * cost.eels_secs) / stay : Infinity;
  const distance = distanceUm(decision, cost);
  const rest = allowedSecs - cost.edx_secs - cost.overview_secs - cost.retune_secs;
  const value = {
    "cost.stage_speed_um_per_s": rest > 0 ? distance / rest : NaN,
    "cost.edx_secs": rest + cost.edx_secs - distance / cost.stage_speed_um_per_s,
    "cost.retune_secs": rest + cost.retune_secs - distance / cost.stage_speed_um_per_s,
    "cost.eels_secs": gain > 0 ? (stay * decision.switch_secs) / gain : NaN,
  }[path];
  return value > 0 && Number.isFinite(value) ? value : null;
}

// @ts-check
// Mean predictive sd and mean absolute error as the campaign goes on; dashed where the region changed.
import { duration, significant } from "../format.js";
import { createChart } from "./line_chart.js";
import { ticks, timeText, timeTicks } from "./svg.js";

/** @typedef {import("../types.js").Campaign} Campaign @typedef {import("../types.js").View} View */

/** @param {HTMLElement} container @param {HTMLInputElement} log whether the values stand on a logarithmic axis @param {{ onSeek: (entry: number, end?: boolean) => void }} on */
export function createCurves(container, log, on) {
  const pair = Object.assign(document.createElement("div"), { className: "pair" });
  container.append(pair);
  const charts = [
    { key: /** @type {const} */ ("mean_sd"), chart: createChart(pair, "Mean predictive sd", "units of the property", on.onSeek) },
    { key: /** @type {const} */ ("mean_abs_error"), chart: createChart(pair, "Mean absolute error", "units of the property", on.onSeek) },
  ];
  /** @type {[Campaign, View] | null} */
  let last = null;
  log.addEventListener("change", () => { if (last) draw(...last); });

  /** @param {Campaign} campaign @param {View} view */
  function draw(campaign, view) {
    last = [campaign, view];
    const byTime = view.axis === "time";
    const n = campaign.series.mean_sd.length;
    const x = byTime ? campaign.series.time_secs : Array.from({ length: n }, (_, i) => i);
    const limit = campaign.config.stop.iterations;
    const end = byTime ? Math.max(x[n - 1] ?? 1, campaign.config.stop.time_secs ?? 0) : Math.max(campaign.ended ? 0 : limit ?? 0, n - 1, 1);
    // A move made for iteration i stands between entries i − 1 and i.
    const moves = campaign.path.iteration.slice(1).filter((i) => i <= n);
    const at = moves.map((i) => (byTime ? x[Math.max(i - 1, 0)] : i - 0.5));
    for (const { key, chart } of charts) {
      chart.draw({
        x, y: campaign.series[key], end, moves: at, cursor: view.cursor, log: log.checked, stairs: byTime,
        xLabel: byTime ? "instrument time" : "iteration",
        ticks: byTime ? timeTicks : ticks,
        xText: byTime ? timeText : String,
        read: (i) => `${byTime ? duration(x[i]) : i === 0 ? "after the seeds" : `iteration ${i}`}: ${significant(campaign.series[key][i])}`,
      });
    }
  }
  return { draw };
}

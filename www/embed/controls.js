// @ts-check
// Run, step, reset, scrub, preset and seed of an embed.
import { duration, significant } from "../format.js";

/**
 * @param {ReturnType<typeof import("./markup.js").build>} parts
 * @param {{ run: () => void, pause: () => void, step: () => void, reset: () => void, seek: (entry: number) => void, preset: (id: string) => void, seed: (text: string) => void, running: () => boolean }} on
 */
export function connectControls(parts, on) {
  const { run, step, reset, scrub, preset, seed } = parts;
  run.addEventListener("click", () => (on.running() ? on.pause() : on.run()));
  step.addEventListener("click", on.step);
  reset.addEventListener("click", on.reset);
  scrub.addEventListener("input", () => on.seek(Number(scrub.value)));
  preset.addEventListener("change", () => on.preset(preset.value));
  seed.addEventListener("change", () => on.seed(seed.value));
}

/** What differs from the preset, in words. @param {import("./wanted.js").Wanted} wanted */
export const paramTexts = ({ params }) => Object.entries(params).map(([path, value]) => `${path} ${typeof value === "string" ? value : JSON.stringify(value)}`);

/** Presets to choose from. @param {HTMLSelectElement} select @param {any} description */
export function offer(select, description) {
  const known = description.presets.filter((/** @type {any} */ p) => p.config);
  if (!select.options.length) select.append(...known.map((/** @type {any} */ p) => new Option(p.title, p.id)));
}

/**
 * Bring controls and words in line with the state.
 * @param {ReturnType<typeof import("./markup.js").build>} parts
 * @param {ReturnType<typeof import("./player.js").createPlayer>} player
 * @param {import("./wanted.js").Wanted} wanted
 */
export function show(parts, player, wanted) {
  const { campaign, cursor, running, measuring, summary } = player.state;
  if (!campaign) return;
  const { series, config, ended, visits } = campaign;
  const last = player.last();
  say(parts.run, ended ? "Run again" : running || measuring ? "Pause" : "Run");
  parts.step.disabled = Boolean(ended) && cursor >= last;
  parts.scrub.max = String(last);
  parts.scrub.value = String(cursor);
  parts.scrub.setAttribute("aria-valuetext", cursor === 0 ? "after the seeds" : `after iteration ${cursor} of ${last}`);
  say(parts.place, `${cursor} / ${config.stop.iterations ?? last}`);
  if (series.mean_sd.length) {
    const regions = visits.first_iteration.filter((first) => first <= cursor).length;
    say(parts.facts, [
      wanted.preset.title, `seed ${wanted.seed}`, ...paramTexts(wanted),
      `iteration ${cursor}`, `${duration(series.time_secs[cursor])} of instrument time`, `${regions} ${regions === 1 ? "region" : "regions"}`, `mean sd ${significant(series.mean_sd[cursor], 3)}`,
    ].join(" · "));
  }
  say(parts.digest, summary ? `Digest ${summary.digest}` : "");
}

/** @param {HTMLElement} element @param {string} text */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

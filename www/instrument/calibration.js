// @ts-check
// The cost model as the journal has it, beside the one that the planner goes by.
import { byId } from "../dom.js";
import { significant } from "../format.js";
import { pace } from "../pace.js";

const NAMES = {
  "cost.stage_speed_um_per_s": "Stage speed",
  "cost.retune_secs": "Retuning",
  "cost.overview_secs": "Overview image",
  "cost.beam_shift_secs": "Beam shift",
};

/**
 * @param {{ call: (method: string, args?: any) => Promise<any> }} engine
 * @param {(cost: any) => void} onUse the measured times are to be used from the next run on
 */
export function createCalibration(engine, onUse) {
  const body = byId("calibration", HTMLTableSectionElement);
  const use = byId("use-measured", HTMLButtonElement);
  const section = byId("calibration-section", HTMLDetailsElement);
  /** @type {any} */
  let cost = null;
  let wanted = false;

  const cell = (/** @type {string} */ text) => {
    const element = document.createElement("td");
    element.textContent = text;
    return element;
  };

  const show = async () => {
    if (!wanted || !section.open || !due()) return;
    wanted = false;
    const calibration = await engine.call("calibration");
    if (!calibration) return;
    cost = calibration.cost;
    use.disabled = calibration.fits.every((/** @type {any} */ fit) => fit.fitted === null);
    body.replaceChildren(...calibration.fits.map((/** @type {any} */ fit) => {
      const row = document.createElement("tr");
      const name = document.createElement("th");
      name.scope = "row";
      name.textContent = NAMES[/** @type {keyof typeof NAMES} */ (fit.path)] ?? fit.path;
      const note = document.createElement("span");
      note.className = "help";
      note.textContent = fit.note;
      name.append(note);
      const fitted = fit.fitted === null ? "–" : `${significant(fit.fitted)} ± ${significant(fit.standard_error, 2)} ${fit.unit}`;
      const spread = fit.spread_secs === null ? "–" : `${significant(fit.spread_secs, 2)} s`;
      row.append(name, cell(`${significant(fit.assumed)} ${fit.unit}`), cell(fitted), cell(spread), cell(String(fit.count)));
      return row;
    }));
  };
  const due = pace(1000, () => void show());

  section.addEventListener("toggle", () => { wanted = true; void show(); });
  use.addEventListener("click", () => onUse(cost));
  return { news: () => { wanted = true; void show(); } };
}

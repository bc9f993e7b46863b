// @ts-check
// Commands, readings and journal entries as people read them.
import { significant } from "../format.js";

/** @param {any} op */
export function commandText(op) {
  switch (op.type) {
    case "move_to_region": return `move the stage to region ${op.region} at (${significant(op.x_um, 5)}, ${significant(op.y_um, 5)}) µm`;
    case "overview": return "take an overview image";
    case "map_composition": return `map the compositions in view by EDX, ${significant(op.dwell_secs)} s`;
    case "spectrum": return `measure particle ${op.particle} by EELS, ${significant(op.dwell_secs)} s`;
    case "calibrate_image": return `measure how the image lies on the stage: an image here, ${significant(op.x_step_um)} µm along x and ${significant(op.y_step_um)} µm along y`;
    default: return String(op.type);
  }
}

/** How the image lies on the stage against what the driver states. @param {any} reading */
export function axesText({ image_to_stage: [[e, f], [g, h]], stated: [[a, b], [c, d]], residual_um: residual }) {
  const det = a * d - b * c;
  // measured · stated⁻¹
  const [[p, q], [r, s]] = [[(e * d - f * c) / det, (f * a - e * b) / det], [(g * d - h * c) / det, (h * a - g * b) / det]];
  const mirror = p * s - q * r < 0 ? -1 : 1;
  const [cos, sin] = [(p + mirror * s) / 2, (r - mirror * q) / 2];
  const degrees = (Math.atan2(sin, cos) * 180) / Math.PI;
  const turned = Math.abs(degrees) < 0.05 ? "not turned" : `turned by ${significant(degrees, 3)}°`;
  return `${turned}${mirror < 0 ? " and mirrored" : ""} against what the driver states, scale ${significant(Math.hypot(cos, sin), 4)}, measured to ${significant(residual, 2)} µm`;
}

/** @param {any} outcome */
function outcomeText(outcome) {
  if (outcome.Err) return outcome.Err.reason ? `${outcome.Err.type}: ${outcome.Err.reason}` : "no answer in time";
  const reading = outcome.Ok;
  switch (reading.type) {
    case "arrived": return `arrived at (${significant(reading.x_um, 5)}, ${significant(reading.y_um, 5)}) µm`;
    case "particles": return `${reading.particles.length} particles in view`;
    case "compositions": return `${reading.compositions.length} compositions`;
    case "property": return `value ${significant(reading.value, 4)} ± ${significant(reading.sd, 2)}`;
    case "image_calibrated": return `the image is ${axesText(reading)}`;
    default: return String(reading.type);
  }
}

/** @param {any} entry */
export function entryText(entry) {
  switch (entry.entry) {
    case "granted": return `lease ${entry.epoch} granted to a ${entry.role}`;
    case "intent": return `${entry.cid}: ${commandText(entry.op)}`;
    case "outcome": return `${entry.cid}: ${outcomeText(entry.outcome)}, took ${significant(entry.took_secs)} s`;
    case "in_doubt": return `${entry.cid} is in doubt: begun before a restart, and nobody knows whether it was done`;
    case "resolved": return `${entry.cid}: ${entry.verdict === "redo" ? "may be done again" : "is skipped"}`;
    case "state": return `${entry.to.toUpperCase()}: ${entry.why}`;
    default: return entry.entry;
  }
}

/** Whether a person must look. @param {any} entry */
export const isAlarm = (entry) =>
  entry.entry === "in_doubt" || (entry.entry === "state" && ["safe", "fault", "estop", "hold"].includes(entry.to)) || (entry.entry === "outcome" && Boolean(entry.outcome.Err));

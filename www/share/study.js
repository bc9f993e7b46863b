// @ts-check
// A study in the words of a link, spelt as on the command line:
//   study.seeds=1..20&study.rules=paper,exhaust&study.sweep.elements=2,3,4&study.sweep.cost.eels_secs=0.1,1&study.target_error=0.01

/** @typedef {import("../controls.js").Parameter} Parameter */
/**
 * Many campaigns: of these seeds, each under every rule (the one that is set when none is named) and at every value of at most two
 * swept settings; for `elements` the values are numbers of components. `target_error` is an error to reach, null for none.
 * @typedef {{ first_seed: number, last_seed: number, rules: string[], axes: { path: string, values: number[] }[], target_error: number | null }} Study
 */

/** Most campaigns that a page is asked for; more are for the command line. */
export const MOST_CAMPAIGNS = 20_000;
export const MOST_SEED = 4_294_967_295;
export const MOST_VALUES = 100;
/** Numbers of components. */
export const COMPONENTS = { least: 2, most: 10 };

/** @type {Study} */
export const USUAL_STUDY = { first_seed: 1, last_seed: 100, rules: [], axes: [], target_error: null };

/** What a link and the form may sweep. @param {Parameter[]} parameters */
export const swept = (parameters) => parameters.filter(({ kind, path }) => ["number", "integer"].includes(kind) && path !== "seed");

/** @param {Study} study */
export const campaignsOf = ({ first_seed, last_seed, rules, axes }) => (last_seed - first_seed + 1) * Math.max(rules.length, 1) * axes.reduce((n, { values }) => n * values.length, 1);

/** Why values cannot be swept, as what is allowed; null when they can. What the engine has against one, it says itself. @param {string} path @param {number[]} values */
export function valuesAllowed(path, values) {
  const numbers = values.length > 0 && values.length <= MOST_VALUES && values.every(Number.isFinite);
  if (!numbers) return `numbers with commas between, up to ${MOST_VALUES}`;
  const { least, most } = COMPONENTS;
  return path !== "elements" || values.every((n) => Number.isInteger(n) && n >= least && n <= most) ? null : `whole numbers from ${least} to ${most}`;
}

/** Numbers as they are typed or linked; what is none is NaN. @param {string} text */
export const numbersIn = (text) => text.split(/[,;\s]+/).filter(Boolean).map(Number);

/** Nothing of the usual one. @param {Study | null} study @returns {[string, string][]} */
export function studyWords(study) {
  if (!study) return [];
  const { first_seed, last_seed, rules, axes, target_error } = study;
  return [
    ["study.seeds", `${first_seed}..${last_seed}`],
    .../** @type {[string, string][]} */ (rules.length ? [["study.rules", rules.join(",")]] : []),
    ...axes.map(({ path, values }) => /** @type {[string, string]} */ ([SWEEP + path, values.map(textOf).join(",")])),
    .../** @type {[string, string][]} */ (target_error === null ? [] : [["study.target_error", String(target_error)]]),
  ];
}

const SWEEP = "study.sweep.";
const textOf = (/** @type {number} */ x) => (Object.is(x, -0) ? "-0" : String(x));

/**
 * The study that a link asks for, null when it asks for none. What it cannot have goes to `wrong`, and the usual is used.
 * @param {Map<string, string[]>} given @param {Parameter[]} parameters
 * @param {(key: string, text: string, allowed: string, instead: string) => void} wrong
 * @returns {{ study: Study | null, words: string[] }} and the words that were understood
 */
export function studyOf(given, parameters, wrong) {
  const sweeps = [...given.keys()].filter((key) => key.startsWith(SWEEP));
  const words = ["study.seeds", "study.rules", "study.target_error", ...sweeps].filter((word) => given.has(word));
  if (!words.length) return { study: null, words };
  const study = structuredClone(USUAL_STUDY);
  const text = (/** @type {string} */ word) => given.get(word)?.[0] ?? null;

  const seeds = text("study.seeds");
  const [first, last] = (/^(\d{1,10})\.\.(\d{1,10})$/.exec(seeds ?? "")?.slice(1) ?? []).map(Number);
  if (first <= last && last <= MOST_SEED && last - first < MOST_CAMPAIGNS) Object.assign(study, { first_seed: first, last_seed: last });
  else if (seeds !== null) wrong("study.seeds", seeds, `first..last, from 0 to ${MOST_SEED} and at most ${MOST_CAMPAIGNS}`, "1..100");

  const rules = text("study.rules");
  const choices = parameters.find(({ path }) => path === "planner.rule")?.choices.map(({ value }) => value) ?? [];
  const named = rules?.split(",") ?? [];
  if (named.every((rule) => choices.includes(rule))) study.rules = choices.filter((rule) => named.includes(rule));
  else if (rules !== null) wrong("study.rules", rules, choices.join(", "), "the rule that is set");

  const paths = ["elements", ...swept(parameters).map(({ path }) => path)];
  for (const word of sweeps) {
    const [path, values] = [word.slice(SWEEP.length), text(word) ?? ""];
    const allowed = !paths.includes(path) ? "the path of a number, or elements" : study.axes.length === 2 ? "at most two swept settings" : valuesAllowed(path, numbersIn(values));
    if (allowed) wrong(word, values, allowed, "no sweep");
    else study.axes.push({ path, values: numbersIn(values) });
  }

  const target = text("study.target_error");
  if (target !== null && Number(target) > 0 && Number.isFinite(Number(target))) study.target_error = Number(target);
  else if (target !== null) wrong("study.target_error", target, "a number above 0", "none");

  if (campaignsOf(study) <= MOST_CAMPAIGNS) return { study, words };
  wrong("study", `${campaignsOf(study)} campaigns`, `at most ${MOST_CAMPAIGNS} in a page; the command line runs more`, "the usual study");
  return { study: null, words };
}

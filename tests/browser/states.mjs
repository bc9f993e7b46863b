// States that a page can be in, and links that nobody should have made, both drawn from what the engine says of its settings.
import { readFile } from "node:fs/promises";
import { VIEW, mend } from "../../www/share/link.js";
import { NUMBERS } from "../../www/share/numbers.js";
import { assign, valueAt } from "../../www/share/path.js";
import { campaignsOf, MOST_CAMPAIGNS, MOST_SEED, swept } from "../../www/share/study.js";
import init, { Session, describe } from "../../www/pkg/gridscout.js";

await init({ module_or_path: await readFile(new URL("../../www/pkg/gridscout_bg.wasm", import.meta.url)) });
export const description = describe();
export const presets = description.presets.filter((preset) => preset.config);
export const parameters = description.parameters;

/** The same numbers for the same seed, each 0 … 1. */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What the engine has against a configuration. */
export function refused(config) {
  try {
    new Session(config).free();
    return [];
  } catch (error) {
    if (!error.errors) throw error;
    return error.errors;
  }
}

/** The configuration that the engine takes in the end, and what it said on the way; the page does the same. */
export function opened(config, preset) {
  const problems = [];
  for (let round = 0; round < 5; round += 1) {
    const errors = refused(config);
    if (!errors.length) return { config, problems };
    const mended = mend(config, preset.config, errors, parameters);
    config = mended.config;
    problems.push(...mended.problems);
  }
  throw new Error(`never opens: ${JSON.stringify(refused(config))}`);
}

const NAMES = ["Au", "Co", "Ni", "Cu", "Pd", "Fe", "α-Fe₂O₃", "a, b", "[x]", "\"q\"", "50 %", "a&b=c", "#1", "null", "+1", "O'", " led", "<b>", "名", "\\", "1e5", "%41"];

function number({ min, max, log, kind }, next) {
  const edge = next();
  let value = log && min > 0 ? min * (max / min) ** next() : min + (max - min) * next();
  if (edge < 0.05) value = min;
  else if (edge < 0.1) value = max;
  else if (edge < 0.13 && min <= 0 && kind !== "integer") value = -0;
  return kind === "integer" ? Math.round(value) : Math.min(Math.max(value, min), max);
}

function names(next) {
  const count = 2 + Math.floor(next() * 9);
  const left = [...NAMES];
  return Array.from({ length: count }, () => left.splice(Math.floor(next() * left.length), 1)[0]);
}

function value(parameter, elements, next) {
  if (parameter.optional && next() < 0.3) return null;
  switch (parameter.kind) {
    case "choice": return parameter.choices[Math.floor(next() * parameter.choices.length)].value;
    case "flag": return next() < 0.5;
    case "texts": return elements;
    case "numbers": return next() < 0.5 ? number(parameter, next) : elements.map(() => number(parameter, next));
    default: return number(parameter, next);
  }
}

/** A campaign that the engine opens. */
function randomCampaign(next) {
  const preset = presets[Math.floor(next() * presets.length)];
  const config = structuredClone(preset.config);
  const elements = next() < 0.5 ? config.elements : names(next);
  config.elements = elements;
  for (const parameter of parameters) if (next() < 0.4) assign(config, parameter.path, value(parameter, elements, next));
  return { preset: preset.id, config: opened(config, preset).config, own: false };
}

/** A study that the page runs. */
function randomStudy(next) {
  const some = (list, share) => list.filter(() => next() < share);
  const first_seed = Math.floor(next() * (MOST_SEED - MOST_CAMPAIGNS));
  const paths = some(["elements", ...swept(parameters).map(({ path }) => path)], 0.05).slice(0, 2);
  const axes = paths.map((path) => {
    const value = () => (path === "elements" ? 2 + Math.floor(next() * 9) : number(parameters.find((p) => p.path === path), next));
    return { path, values: Array.from({ length: 1 + Math.floor(next() * 6) }, value) };
  });
  const study = { first_seed, last_seed: first_seed, rules: some(parameters.find(({ path }) => path === "planner.rule").choices, 0.3).map(({ value }) => value), axes, target_error: next() < 0.5 ? null : next() + 1e-9 };
  return { ...study, last_seed: first_seed + Math.floor((next() * MOST_CAMPAIGNS) / campaignsOf(study)) };
}

/** A state that the engine opens, some of them with a campaign to compare with, or a study. */
export function randomState(next) {
  const iteration = () => (next() < 0.5 ? null : Math.floor(next() * 5001));
  const view = Object.fromEntries(Object.entries(VIEW).map(([name, allowed]) => [name, allowed[Math.floor(next() * allowed.length)]]));
  for (const name of Object.keys(NUMBERS)) view[name] = next() < 0.7 ? NUMBERS[name].usual : String(1e-9 + Number((next() * 1000).toPrecision(5)));
  const campaign = randomCampaign(next);
  if (campaign.config.elements.length < 4) view.projection = "solid";
  return { ...campaign, view, iteration: iteration(), a: next() < 0.5 ? null : { ...randomCampaign(next), iteration: iteration() }, study: next() < 0.5 ? null : randomStudy(next) };
}

/** How many settings a state has of its own. */
export const own = ({ preset, config }) => parameters.filter(({ path }) => JSON.stringify(valueAt(config, path)) !== JSON.stringify(valueAt(presets.find((p) => p.id === preset).config, path))).length;

/** Values that no setting has. */
const ROTTEN = ["NaN", "Infinity", "-1e999", "1e308", "{}", "[]", "[[1]]", "{\"__proto__\":{\"polluted\":1}}", "<img src=x onerror=\"window.polluted=1\">", "%FF%FE", "%E0%A4%A", "\u0000", "", "''", "undefined", "‮abc", "\\\";alert(1)//"];
/** Keys that lead where no setting is. */
const ASTRAY = ["__proto__.polluted", "constructor.prototype.polluted", "__proto__", "constructor", "prototype", "library.__proto__.polluted", "cost.constructor.prototype.polluted",
  "toString", "hasOwnProperty", "library", "cost", "library.particles", "library.particles.0.x_um", "cost.edx_secs.x", "cost..edx_secs", ".", "..", "", "elements.0", "elements.length", "seed.x", "stop",
  "%", "%zz", "%00", "<script>window.polluted=1</script>", "cost.EDX_secs", " seed", "__defineGetter__", "view", "preset.id", "valueOf", "cost[edx_secs]"];
const LONG = "9".repeat(100_000);
const HANDMADE = [
  "preset=figure-9", "preset=__proto__", "preset=toString", "preset=figure-1", "preset=", "preset=figure-3&preset=figure-4a", "seed=1&seed=2", "speed=top&speed=1",
  "v=2", "v=99&future=1", "v=0", "v=-1", "v=1.5", "v=NaN", "v=v", `v=${LONG}`, "v=1&v=2", "v=%31%00",
  "speed=ludicrous", "speed=__proto__", "palette=jet", "shade=constructor", "axis=z", "log=yes", "projection=pairs", "projection=sphere&preset=figure-4a", "particles=mine", "particles=own", "particles=[{}]",
  "iteration=-1", "iteration=1.5", "iteration=NaN", "iteration=1e9", "iteration=999999999999", "iteration=", "iteration=5001", "iteration=1&iteration=2", `iteration=${LONG}`,
  `seed=${LONG}`, `elements=${LONG}`, `elements=${LONG},B`, `cost.edx_secs=${LONG}`, `preset=${LONG}`, `${LONG}=1`, `planner.rule=${"[".repeat(100_000)}`, `surrogate.length_scale=${"0.1,".repeat(25_000)}0.1`, `elements=${"a,".repeat(50_000)}b`,
  "x&".repeat(50_000), Array.from({ length: 10_000 }, (_, i) => `k${i}=1`).join("&"), `${"seed=5&".repeat(15_000)}`, "%".repeat(100_000), "&&&=&=&=", "=%E0%A4%A", "?preset=figure-3", "a=1;b=2",
  "elements=A", "elements=A,A", "elements=A,,B", "elements=,", "elements=[1,2]", "elements=[\"A\",null]", "elements=[\"A\"", "elements=A,B,C,D,E,F,G,H,I,J,K", "elements={\"length\":3}",
  "a.seed=2", "a.preset=figure-9", "a.preset=__proto__", "a.preset=figure-3&a.cost.edx_secs=-1", "a.preset=figure-3&a.a.preset=figure-3", "a.preset=figure-3&a.v=1", "a.preset=figure-3&a.__proto__.polluted=1",
  "a.preset=figure-3&a.iteration=-1", "a.preset=figure-3&a.iteration=5001", "a.preset=figure-3&a.particles=own", "a.preset=figure-3&a.elements=A", "a.preset=figure-3&a.surrogate.length_scale=1,2", `a.preset=${LONG}`, "a.=1", "a=1",
  "study.seeds=", "study.seeds=1", "study.seeds=5..2", "study.seeds=-1..2", "study.seeds=1..99999", "study.seeds=4294967290..4294967296", `study.seeds=1..${LONG}`, "study.seeds=1..2&study.seeds=1..3",
  "study.rules=", "study.rules=best", "study.rules=paper,__proto__", `study.rules=${"paper,".repeat(20_000)}x`, "study.target_error=0", "study.target_error=x", "study.target_error=Infinity", "study=1", "study.x=1",
  "study.sweep.=1", "study.sweep.__proto__=1", "study.sweep.seed=1,2", "study.sweep.cost=1", "study.sweep.elements=1", "study.sweep.elements=2.5", "study.sweep.elements=A,B", "study.sweep.cost.edx_secs=", "study.sweep.cost.edx_secs=NaN",
  `study.sweep.cost.edx_secs=${"1,".repeat(50_000)}1`, "study.sweep.cost.edx_secs=1&study.sweep.cost.eels_secs=1&study.sweep.elements=2", "study.seeds=1..20000&study.sweep.cost.edx_secs=1,2",
  "surrogate.length_scale=1,2", "surrogate.length_scale=1,x,2", "surrogate.length_scale=[1,2,3,4]", "surrogate.length_scale=[]", "library.dirichlet_alpha=1,,1", "microscope.edx_sigma=0.1,0.2&preset=figure-4a",
  // Each value is allowed, and all of them together are not.
  "library.tile_um=400", "library.width_um=100000&library.tile_um=0.1", "planner.first_region=4000000", "library.density_per_um2=0.000001", "library.radius_sd_nm=100000", "library.width_um=1",
  "library.width_um=100000&library.height_um=100000&library.density_per_um2=100000", "library.radius_mean_nm=100000&library.radius_sd_nm=0&preset=full-grid",
];

/** Hostile queries, as many as wanted, each with something wrong. */
export function hostileQueries(count) {
  const next = random(4);
  const pick = (list) => list[Math.floor(next() * list.length)];
  // Percent signs stay what they are: garbage.
  const text = (word) => (word.includes("%") ? word : encodeURIComponent(word));
  const beyond = ({ min, max }) => pick([min - 1, max * 2, -max - 1, max + 1, min - 1e-9].filter((x) => x < min || x > max));
  const queries = [...HANDMADE, ...ASTRAY.map((key) => `preset=figure-4a&${text(key)}=1`)];
  for (const parameter of parameters) {
    if (parameter.max !== null) queries.push(`${parameter.path}=${beyond(parameter)}`);
    if (parameter.kind === "integer") queries.push(`${parameter.path}=${parameter.min + 0.5}`);
    if (parameter.kind !== "texts") queries.push(`${parameter.path}=true,false`);
  }
  while (queries.length < count) {
    const parameter = pick(parameters.filter((p) => p.kind !== "texts"));
    queries.push(`seed=${Math.floor(next() * 99)}&${parameter.path}=${text(pick(ROTTEN))}&${text(pick(ASTRAY))}=${text(pick(ROTTEN))}`);
  }
  return queries;
}

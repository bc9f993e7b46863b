// @ts-check
// The numbers behind the pictures of many campaigns, as columns.

/** @typedef {import("./many.js").Many} Many @typedef {import("./tables.js").Column} Column @typedef {(path: string) => string} UnitOf of a setting */

const UNITS = /** @type {Record<string, string>} */ ({ time_secs: "s", at_secs: "s", error_reached_secs: "s" });
/** Median and quartiles as three columns. @param {string} name @param {any[]} rows each with low, median and high @returns {Column[]} */
const quartiles = (name, rows) => ["low", "median", "high"].map((part) => ({ name: `${name}_${part}`, unit: UNITS[name] ?? "", values: rows.map((row) => row?.[part] ?? null) }));

/** Rule and swept settings. @param {any} spec @param {{ rule?: string, values: any[] }[]} cells @param {UnitOf} unitOf @returns {Column[]} */
const placeOf = (spec, cells, unitOf) => [
  ...(spec.rules.length && cells.every(({ rule }) => rule !== undefined) ? [{ name: "rule", unit: "", values: cells.map(({ rule }) => rule) }] : []),
  ...spec.axes.map((/** @type {any} */ { path }, /** @type {number} */ i) => ({ name: path, unit: unitOf(path), values: cells.map(({ values }) => (Array.isArray(values[i]) ? values[i].join("-") : values[i])) })),
];

/** Every configuration at every place of the axis in view, also those that the picture leaves out. @param {Many} shown @param {UnitOf} unitOf @returns {Column[]} */
export function bandColumns({ result: { spec, cells }, names, how: { axis } }, unitOf) {
  const all = cells.flatMap((/** @type {any} */ cell, /** @type {number} */ k) => {
    const bands = axis === "time" ? cell.by_time : cell.by_iteration;
    const at = (/** @type {string} */ key, /** @type {number} */ j) => ({ low: bands[key].low[j], median: bands[key].median[j], high: bands[key].high[j] });
    return bands.x.map((/** @type {number} */ x, /** @type {number} */ j) => ({ cell, name: names[k], x, mean_sd: at("mean_sd", j), mean_abs_error: at("mean_abs_error", j) }));
  });
  return [
    { name: "configuration", unit: "", values: all.map((/** @type {any} */ { name }) => name) },
    ...placeOf(spec, all.map((/** @type {any} */ { cell }) => cell), unitOf),
    { name: axis === "time" ? "time_secs" : "iteration", unit: axis === "time" ? "s" : "", values: all.map((/** @type {any} */ { x }) => x) },
    ...["mean_sd", "mean_abs_error"].flatMap((key) => quartiles(key, all.map((/** @type {any} */ row) => row[key]))),
  ];
}

/** Each configuration at its end. @param {Many} shown @param {UnitOf} unitOf @returns {Column[]} */
export function endColumns({ result: { spec, cells }, names }, unitOf) {
  const of = (/** @type {string} */ name) => ({ name, unit: "", values: cells.map((/** @type {any} */ cell) => cell[name]) });
  return [
    { name: "configuration", unit: "", values: names }, ...placeOf(spec, cells, unitOf), of("runs"), of("failed"), of("not_run"),
    ...["time_secs", "cost", "regions", "mean_sd", "mean_abs_error"].flatMap((key) => quartiles(key, cells.map((/** @type {any} */ cell) => cell[key]))),
    ...(cells[0]?.reached ? [{ name: "error_reached_runs", unit: "", values: cells.map((/** @type {any} */ cell) => cell.reached?.count ?? null) }, ...quartiles("error_reached_secs", cells.map((/** @type {any} */ cell) => cell.reached?.time_secs))] : []),
  ];
}

/** Each field of the map: over how many seeds, who won, by how much, who is not told apart from it or better for more seeds, and what each rule had. @param {Many} shown @param {UnitOf} unitOf @returns {Column[]} */
export function winColumns({ result: { spec, wins } }, unitOf) {
  const score = (/** @type {any} */ win, /** @type {string} */ rule) => win.scores.find((/** @type {any[]} */ [name]) => name === rule)?.[1] ?? null;
  return [
    ...placeOf(spec, wins.map((/** @type {any} */ { values }) => ({ values })), unitOf),
    { name: "seeds", unit: "", values: wins.map((/** @type {any} */ { seeds }) => seeds) },
    { name: "best_rule", unit: "", values: wins.map((/** @type {any} */ { rule }) => rule) },
    { name: "times_better", unit: "", values: wins.map((/** @type {any} */ { margin }) => margin) },
    { name: "not_told_apart", unit: "", values: wins.map((/** @type {any} */ { tied }) => tied.join(" ") || null) },
    { name: "better_for_more_seeds", unit: "", values: wins.map((/** @type {any} */ { disputed }) => disputed.join(" ") || null) },
    { name: "at_secs", unit: "s", values: wins.map((/** @type {any} */ { at_secs }) => at_secs) },
    ...spec.rules.map((/** @type {string} */ rule) => ({ name: `${spec.target_error ? "secs_to_error" : "mean_abs_error"}_${rule}`, unit: spec.target_error ? "s" : "", values: wins.map((/** @type {any} */ win) => score(win, rule)) })),
  ];
}

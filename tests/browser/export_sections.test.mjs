// Two campaigns and many campaigns as files: by a real click, read back, and compared with what the page draws and the command line gives.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { address, launch, open, setting, status } from "./chromium.mjs";
import { csv, difference, png, save, svgFacts } from "./exported.mjs";
import { complaints } from "./layout.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** What a command of the provenance prints. */
async function said(command) {
  const [program, ...words] = command.split(" ").map((word) => word.replace(/^'(.*)'$/, "$1"));
  assert.equal(program, "gridscout");
  const { stdout } = await promisify(execFile)(setting("GRIDSCOUT_CLI"), words.includes("--json") ? words : [...words, "--json"], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
}

const message = (page) => page.locator("#export-message").textContent();

/** A dark page with an ended campaign. */
async function ended(options = {}) {
  const opened = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "60" }, { acceptDownloads: true, ...options });
  await status(opened.page, "ended");
  await opened.page.locator("#theme").selectOption("dark");
  return opened;
}

/** Points of the paths of one class, in a file or on the page: x and y in pixels of the chart. A stair leads to the point after it. */
const points = (page, selector, text = null) => page.evaluate(([selector, text]) => {
  const root = text === null ? document : new DOMParser().parseFromString(text, "image/svg+xml");
  return [...root.querySelectorAll(selector)].map((path) => path.getAttribute("d").replace("Z", "").replace(/H[^L]*/g, "").slice(1).split("L").map((pair) => pair.split(",").map(Number)));
}, [selector, text]);

/** Every y is that of its value on a logarithmic axis. */
function standsAt(drawn, values, { low, top, bottom, up }) {
  assert.equal(drawn.length, values.length);
  for (const [i, [, y]] of drawn.entries()) {
    const wanted = bottom + (Math.log(Math.max(values[i], low) / low) / Math.log(top / low)) * (up - bottom);
    assert.ok(Math.abs(y - wanted) < 0.06, `point ${i} of ${values[i]} stands at ${y}, not ${wanted}`);
  }
}

/** All four files of a view, each told what it must be; returns what they hold. */
async function files(page, view, name) {
  const [vector, raster, table, numbers] = [await save(page, view, "svg"), await save(page, view, "png"), await save(page, view, "csv"), await save(page, view, "json")];
  if (process.env.GRIDSCOUT_SHOT) for (const { name, bytes } of [vector, raster]) await writeFile(`${process.env.GRIDSCOUT_SHOT}-${name}`, bytes);
  assert.deepEqual([vector, raster, table, numbers].map((file) => file.name), ["svg", "png", "csv", "json"].map((format) => `${name}-${view}.${format}`));
  const facts = await page.evaluate(svgFacts, vector.text);
  assert.deepEqual([facts.wrong, facts.unfit, facts.width], [null, [], "180mm"], view);
  for (const dark of ["#14171a", "#e7e9ea", "#7fb0ff", "#1b1f23", "#a3abb3"]) assert.ok(!facts.colours.includes(dark), `${view} has ${dark}`);
  const { texts, width } = png(raster.bytes);
  assert.deepEqual([texts.gridscout, texts.Title, width], [JSON.stringify(facts.about), facts.title, 2126]);
  const apart = await page.evaluate(difference, [vector.text, raster.bytes.toString("base64")]);
  console.log(`${view}: ${apart.width}×${apart.height}, SVG and PNG differ by ${(100 * apart.mean).toFixed(2)} % on average, ${(100 * apart.far).toFixed(2)} % of the pixels by more than a quarter; ${(100 * apart.ink).toFixed(1)} % ink`);
  assert.ok(apart.ink > 0.005 && apart.mean < 0.01 && apart.far < 0.01, view);
  assert.deepEqual(apart.corner, [255, 255, 255, 255]);
  const { columns: inJson, units, ...about } = JSON.parse(numbers.text);
  const { columns, comments } = csv(table.text);
  assert.deepEqual(inJson, columns, view);
  assert.deepEqual(about, facts.about, view);
  assert.ok(comments[0] === "gridscout 0.1.0" && comments.includes(`link: ${about.link}`) && facts.description.includes(`link: ${about.link}`), view);
  return { facts, about, columns, units, text: vector.text };
}

for (const width of [1440, 390]) {
  test(`two campaigns, ${width} pixels wide`, async () => {
    const { page, faults, close } = await ended({ viewport: { width, height: 900 } });
    try {
      await page.locator("#export-section > summary").click();
      await page.locator("#export-view").selectOption("compare-curves");
      await page.locator("#export-save").click();
      assert.match(await message(page), /^There are no two campaigns to export yet: keep one as A/);
      await page.locator("#export-section > summary").click();
      const kept = await address(page);
      await page.locator("#compare-keep").click();
      await page.locator('[id="set-planner-rule"]').selectOption("exhaust");
      await page.waitForFunction(() => !document.querySelector("#compare-result").hidden);
      await status(page, "ended");
      await page.locator("#compare-time").focus();
      for (let i = 0; i < 4; i += 1) await page.keyboard.press("PageDown");
      await page.waitForFunction(() => document.querySelector("#compare-state-a").textContent !== document.querySelector("#compare-state-b").textContent);
      await page.locator('[data-export="compare-curves"]').click();
      assert.deepEqual(await page.evaluate(() => [document.querySelector("#export-section").open, document.activeElement.id, document.activeElement.value]), [true, "export-view", "compare-curves"]);
      assert.deepEqual(await complaints(page), []);

      const { about, columns, text, facts, units } = await files(page, "compare-curves", "gridscout-figure-3-seed-1");
      // Both say how they are run again, and that gives what the file holds.
      const { a, b } = about;
      assert.deepEqual([a.changed, b.changed], [{ "stop.iterations": 60 }, { "planner.rule": "exhaust", "stop.iterations": 60 }]);
      const now = await address(page);
      assert.deepEqual([a.link, b.link, about.link], [kept, now, now]);
      const runs = [await said(a.command), await said(b.command)];
      assert.deepEqual([a.digest, b.digest], runs.map(({ digest }) => digest));
      for (const key of ["mean_sd", "mean_abs_error", "rmse"]) {
        for (const [k, name] of ["A", "B"].entries()) assert.deepEqual(columns[key].filter((_, i) => columns.campaign[i] === name), runs[k][key], `${name} ${key}`);
      }
      assert.deepEqual(units, { time_secs: "s" });
      // The difference, worked out anew at every time.
      const entries = columns.time_secs.map((secs, i) => ({ name: columns.campaign[i], secs, value: columns.mean_abs_error[i], less: columns.b_less_a_mean_abs_error[i] }));
      const of = (name) => entries.filter((entry) => entry.name === name);
      const at = (name, secs) => of(name).findLast((entry) => entry.secs <= secs)?.value;
      const last = Math.min(of("A").at(-1).secs, of("B").at(-1).secs);
      for (const { secs, less } of entries) assert.equal(less, secs > last ? null : at("B", secs) - at("A", secs), `${secs} s`);

      // The lines are where the numbers are, and where the page has them.
      const all = entries.map(({ value }) => value);
      const scale = { low: Math.min(...all) * 0.8, top: Math.max(...all) * 1.05, bottom: 202, up: 10 };
      for (const [name, line] of [["A", "path.line-a"], ["B", "path.line-b"]]) {
        const [drawn] = await points(page, line, text);
        standsAt(drawn, of(name).map(({ value }) => value), scale);
        assert.deepEqual(drawn.map(([, y]) => y), (await points(page, `#compare-curves ${line}`))[0].map(([, y]) => y));
      }
      assert.equal(facts.lines[0], entries.filter(({ less }) => less !== null).length - of("A").filter(({ secs }) => of("B").some((other) => other.secs === secs)).length);
      for (const words of ["Mean absolute error of two campaigns", "A: Planner paper", "B: Planner exhaust"]) assert.ok(facts.words.includes(words), words);

      const views = await files(page, "compare-views", "gridscout-figure-3-seed-1");
      const measured = await page.evaluate(() => ["a", "b"].map((side) => parseInt(document.querySelector(`#compare-state-${side}`).textContent)));
      assert.deepEqual(["A", "B"].map((name) => views.columns.campaign.filter((other) => other === name).length), measured);
      assert.equal(views.facts.panels, 4);
      assert.equal(views.facts.discs, 2 * (measured[0] + measured[1]));
      assert.equal(views.about.time_secs, Number(await page.locator("#compare-time").inputValue()));

      // At a time at which nothing is measured yet, nothing is in the files.
      await page.locator("#compare-time").focus();
      await page.keyboard.press("Home");
      await page.waitForFunction(() => document.querySelector("#compare-state-a").textContent === "nothing measured yet");
      const early = JSON.parse((await save(page, "compare-views", "json")).text);
      assert.deepEqual([early.time_secs, early.a.iteration, early.b.iteration, early.columns.campaign], [0, null, null, []]);
      assert.deepEqual(faults, []);
    } finally {
      await close();
    }
  });
}

test("many campaigns: bands, table and map", async () => {
  const { page, faults, close } = await ended();
  try {
    await page.locator("#export-section > summary").click();
    await page.locator("#export-view").selectOption("study-bands");
    await page.locator("#export-save").click();
    assert.match(await message(page), /^There is no study to export yet: run the campaigns first/);
    const run = async () => {
      await page.locator("#study-run").click();
      await page.waitForFunction(() => !document.querySelector("#study-run").disabled && /campaigns\./.test(document.querySelector("#study-message").textContent), null, { timeout: 300_000 });
    };
    await page.locator("#study-settings > summary").click();
    await page.locator("#study-count").fill("3");
    await run();
    await page.locator("#export-view").selectOption("study-map");
    await page.locator("#export-save").click();
    assert.match(await message(page), /^There is no map to export: it takes rules that compete and a sweep/);

    await page.locator("#study-map-preset").click();
    await page.locator("#study-count").fill("3");
    await page.locator("#study-values-1").fill("2, 3");
    await page.locator("#study-values-2").fill("1, 10, 30");
    await run();
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#study-download").click()]);
    const study = JSON.parse(await readFile(await download.path(), "utf8"));
    await page.locator('[data-export="study-bands"]').click();

    const named = "gridscout-figure-3-seeds-1-3";
    const bands = await files(page, "study-bands", named);
    assert.deepEqual(bands.about.study, study.spec);
    // The command that the file gives makes the study once more.
    assert.match(bands.about.command, /^gridscout study --preset figure-3 --seed 1 --set stop.iterations=60 --seeds 1..3 --rules paper,/);
    assert.deepEqual(await said(bands.about.command), study);
    const { columns } = bands;
    for (const key of ["mean_sd", "mean_abs_error"]) {
      for (const part of ["low", "median", "high"]) assert.deepEqual(columns[`${key}_${part}`], study.cells.flatMap((cell) => cell.by_time[key][part]), `${key} ${part}`);
    }
    assert.deepEqual(columns.time_secs, study.cells.flatMap((cell) => cell.by_time.x));
    assert.deepEqual(columns["cost.eels_secs"], study.cells.flatMap((cell) => cell.by_time.x.map(() => cell.values[1])));
    assert.deepEqual(columns.elements, study.cells.flatMap((cell) => cell.by_time.x.map(() => cell.values[0].join("-"))));
    assert.deepEqual(columns.rule, study.cells.flatMap((cell) => cell.by_time.x.map(() => cell.rule)));
    assert.deepEqual(bands.units, { "cost.eels_secs": "s", time_secs: "s" });
    // Eight curves with their bands, where the numbers are, and where the page has them.
    const eight = study.cells.slice(0, 8).map((cell) => cell.by_time);
    const values = (part) => eight.flatMap(({ mean_abs_error: error }) => error[part]).filter((value) => value !== null);
    const [top, least] = [Math.max(...values("high")) * 1.05, Math.min(...values("low"))];
    const scale = { low: Math.max(least * 0.8, top * 1e-6), top, bottom: 224, up: 10 };
    const [medians, areas] = [await points(page, "path.median", bands.text), await points(page, "path.band", bands.text)];
    assert.deepEqual([medians.length, areas.length], [8, 8]);
    const known = (all) => all.filter((value) => value !== null);
    for (const [k, { mean_abs_error: error }] of eight.entries()) {
      standsAt(medians[k], known(error.median), scale);
      standsAt(areas[k], [...known(error.low), ...known(error.high).reverse()], scale);
    }
    const shown = await points(page, "#study-bands path.median");
    assert.deepEqual(medians.map((line) => line.map(([, y]) => y)), shown.map((line) => line.map(([, y]) => y)));
    // Over iterations the file follows the page.
    await page.locator("#study-axis").selectOption("iteration");
    const { columns: byIteration } = csv((await save(page, "study-bands", "csv")).text);
    assert.deepEqual(byIteration.mean_sd_median, study.cells.flatMap((cell) => cell.by_iteration.mean_sd.median));
    assert.deepEqual(byIteration.iteration, study.cells.flatMap((cell) => cell.by_iteration.x));

    const ends = await files(page, "study-table", named);
    for (const key of ["time_secs", "cost", "regions", "mean_sd", "mean_abs_error"]) assert.deepEqual(ends.columns[`${key}_median`], study.cells.map((cell) => cell[key].median), key);
    assert.deepEqual(ends.columns.runs, study.cells.map((cell) => cell.runs));
    assert.deepEqual(ends.columns.not_run, study.cells.map(() => 0));
    assert.equal(ends.about.unfinished, null);
    const squeezed = (texts) => texts.join("").replace(/\s/g, "");
    const page_cells = await page.locator("#study-cells th, #study-cells td").allTextContents();
    assert.ok(squeezed(ends.facts.words).endsWith(squeezed(page_cells)), "the table has other words than the page");

    await page.locator("#export-format").selectOption("svg");
    await page.locator("#export-width").fill("88");
    await page.locator("#export-save").click();
    assert.equal(await message(page), "Width is 88 mm; allowed for this table: 127 mm or more.");
    await page.locator("#export-width").fill("180");

    const map = await files(page, "study-map", named);
    assert.deepEqual(map.columns.best_rule, study.wins.map(({ rule }) => rule));
    assert.deepEqual(map.columns.times_better, study.wins.map(({ margin }) => margin));
    assert.deepEqual(map.columns.seeds, study.wins.map(() => 3));
    assert.deepEqual(map.columns.better_for_more_seeds, study.wins.map(({ disputed }) => disputed.join(" ") || null));
    assert.deepEqual(map.columns.not_told_apart, study.wins.map(({ tied }) => tied.join(" ") || null));
    for (const rule of study.spec.rules) assert.deepEqual(map.columns[`mean_abs_error_${rule}`], study.wins.map(({ scores }) => Object.fromEntries(scores)[rule] ?? null), rule);
    const fields = await page.locator("#study-map tbody td").allTextContents();
    assert.equal(fields.length, 6);
    assert.ok(squeezed(map.facts.words).includes(squeezed(fields.slice(0, 3))) && squeezed(map.facts.words).includes(squeezed(fields.slice(3))), fields.join());
    assert.equal((map.text.match(/class="field"/g)).length, 6);
    assert.deepEqual(await complaints(page), []);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("of a study that was cancelled, every file says how much there is of it, and no command", async () => {
  const { page, faults, close } = await ended();
  try {
    await page.locator("#study-settings > summary").click();
    await page.locator("#study-count").fill("2000");
    for (const rule of ["paper", "exhaust"]) await page.locator(`#study-rules input[value="${rule}"]`).check();
    await page.locator("#study-run").click();
    await page.waitForFunction(() => document.querySelector("#study-progress").value > 3 && !document.querySelector("#study-result").hidden);
    await page.locator("#study-cancel").click();
    const [, part] = /of (\d+ of 4000 campaigns)\.$/.exec(await page.locator("#study-message").textContent());
    await page.locator('[data-export="study-bands"]').click();
    const { about, facts, columns } = await files(page, "study-table", "gridscout-figure-3-seeds-1-2000");
    assert.deepEqual([about.unfinished, about.command], [part, null]);
    assert.ok(facts.words.includes(`unfinished: ${part}, seeds 1 to 2000 of each configuration.`) && facts.description.includes(`unfinished: ${part}`), facts.words);
    assert.deepEqual([columns.failed, columns.runs.map((runs, i) => runs + columns.not_run[i])], [[0, 0], [2000, 2000]]);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

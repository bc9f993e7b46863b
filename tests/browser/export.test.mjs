// Every view as a file: what is in it, how large it is, what it says of itself, and that it is light whatever the theme.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, launch, open, simulate, status } from "./chromium.mjs";
import { csv, difference, png, save, svgFacts } from "./exported.mjs";
import { complaints } from "./layout.mjs";
import { chunk } from "../../www/export/png.js";
import { rowsOf, sizeAsked } from "../../www/export/size.js";
import { toCsv } from "../../www/export/tables.js";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** A campaign that has ended, with the section open, dark. */
async function ended(query, options = {}) {
  const opened = await open(browser, { preset: "figure-3", seed: "1", speed: "top", ...query }, { acceptDownloads: true, ...options });
  await status(opened.page, "ended");
  await opened.page.locator("#theme").selectOption("dark");
  await opened.page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(20, 23, 26)");
  await opened.page.locator("#export-section > summary").click();
  return opened;
}

/** The name of a file. */
const named = (view) => (view === "capacity" ? "gridscout-capacity" : `gridscout-figure-3-seed-1-${view}`);

/** The numbers that the views show, from the campaign's own tables. */
async function numbers(page) {
  const curves = csv((await save(page, "curves", "csv")).text).columns;
  const measured = csv((await save(page, "grid", "csv")).text).columns;
  const shares = csv((await save(page, "shares", "csv")).text).columns;
  const particles = Number((await page.locator("#grid").getAttribute("aria-label")).match(/with ([\d,]+) particles/)[1].replaceAll(",", ""));
  return { entries: curves.iteration.length, measured: measured.value.length, regions: shares.tile.length, particles, mapped: shares.particles.reduce((a, b) => a + b, 0) };
}

test("chunks, sizes and cells are as their formats have them", () => {
  assert.equal(Buffer.from(chunk("IEND", new Uint8Array(0))).toString("hex"), "0000000049454e44ae426082");
  assert.deepEqual(sizeAsked({ width: "25.4", unit: "mm", dpi: "300" }).problem, { field: "width", message: "Width is 25.4; allowed: 40 to 423 mm." });
  assert.deepEqual(sizeAsked({ width: "50.8", unit: "mm", dpi: "600" }).size, { css: 192, columns: 1200, mm: 50.8, dpi: 600 });
  assert.deepEqual(sizeAsked({ width: "1000", unit: "px", dpi: "300" }).size, { css: 320, columns: 1000, mm: (1000 / 300) * 25.4, dpi: 300 });
  for (const width of ["", "x", "-80", "1e9", "NaN"]) assert.match(sizeAsked({ width, unit: "mm", dpi: "300" }).problem.message, /^Width is .+; allowed: 40 to 423 mm\.$/);
  for (const dpi of ["", "0", "71.9", "1201", "Infinity"]) assert.match(sizeAsked({ width: "88", unit: "mm", dpi }).problem.message, /^Resolution is .+; allowed: 72 to 1200 dpi\.$/);
  assert.match(sizeAsked({ width: "800.5", unit: "px", dpi: "300" }).problem.message, /a whole number of px/);
  assert.throws(() => rowsOf({ css: 1600, columns: 20_000, mm: 423, dpi: 1200 }, 1600, 1600), /Resolution is 1200 dpi, which makes 20000 by 20000 pixels; allowed at this width: up to 600 dpi/);
  const about = { program: "gridscout", version: "9", preset: "p", seed: 1, changed: {}, link: "http://x/?a=1\nb" };
  assert.equal(toCsv([{ name: "a", unit: "s", values: [0.1, NaN] }, { name: "b", unit: "", values: ['x,"y"', "z"] }], about), '# gridscout 9\n# preset: p\n# seed: 1\n# link: http://x/?a=1 b\n# units: a in s\na,b\n0.1,"x,""y"""\n,z\n');
});

test("every view is SVG that holds what the campaign holds, light though the page is dark", async () => {
  const { page, faults, close } = await ended({ "stop.iterations": "40" });
  try {
    const is = await numbers(page);
    assert.deepEqual([is.entries, is.measured, is.particles], [41, 43, 1821]);
    const link = await address(page);
    const expected = {
      grid: (facts) => { assert.equal(facts.discs, is.measured); assert.equal(facts.crowd, is.particles); assert.equal(facts.images, 0); },
      composition: (facts) => { assert.equal(facts.discs, is.measured); assert.equal(facts.dots, is.mapped - is.measured); assert.equal(facts.images, 1); for (const name of ["Au", "Co", "Ni"]) assert.ok(facts.words.includes(name), name); },
      curves: (facts) => assert.deepEqual(facts.lines, [is.entries, is.entries]),
      shares: (facts) => assert.equal(facts.bars, is.regions),
      decision: (facts) => { assert.match(facts.words[0], /^Why it (stayed|moved|went back), iteration 40$/); assert.ok(facts.words.includes("V_switch") && facts.words.includes("a move costs")); },
      "what-if": (facts) => { assert.equal(facts.words[0], "What if, iteration 40"); assert.ok(facts.parts >= 6, `${facts.parts} pieces`); assert.match(facts.words.join(" "), /Stage speed \(it had 10 µm\/s\): (It|Below)/); },
      ledger: (facts) => { assert.equal(facts.parts, 5); assert.ok(facts.words.includes("EELS spectra")); },
      capacity: (facts) => { assert.equal(facts.marks, 4); assert.ok(facts.lines[0] > 20); },
      "figure-3-layout": (facts) => { assert.deepEqual([facts.panels, facts.charts, facts.crowd], [2, 2, is.particles]); for (const letter of ["a", "b", "c", "d"]) assert.ok(facts.words.includes(letter), letter); },
      "figure-4-layout": (facts) => { assert.deepEqual([facts.panels, facts.charts], [0, 2]); assert.deepEqual(facts.lines, [is.entries, is.entries]); },
    };
    assert.deepEqual(await page.$$eval("#export-view optgroup:first-child option", (options) => options.map(({ value }) => value)), Object.keys(expected));
    for (const [view, check] of Object.entries(expected)) {
      const { name, text } = await save(page, view, "svg");
      assert.equal(name, `${named(view)}.svg`);
      const facts = await page.evaluate(svgFacts, text);
      assert.equal(facts.wrong, null, view);
      assert.deepEqual(facts.unfit, [], view);
      check(facts);
      assert.equal(facts.width, /layout|curves/.test(view) ? "180mm" : "88mm");
      // The colours of the dark theme are nowhere, those of print are.
      for (const dark of ["#14171a", "#e7e9ea", "#7fb0ff", "#1b1f23", "#a3abb3"]) assert.ok(!facts.colours.includes(dark), `${view} has ${dark}`);
      assert.ok(facts.colours.includes("#ffffff") && facts.colours.includes("#000000"), view);
      const { version, preset, seed, changed, iteration, digest } = facts.about;
      if (view === "capacity") {
        // Of no campaign: what Figure 1 was asked is all that it comes from.
        assert.deepEqual(facts.about, { program: "gridscout", version: "0.1.0", capacity: { radius_nm: 150, sd_ratio: 0.3, coverage: 0.5, area_mm2: 2.67, components: 6, eels_secs: 1, beam_shift_secs: 0.02, switch_secs: 18, tile_um: 30 }, view, link });
        assert.equal(facts.title, "gridscout: capacity of a grid, mean radius 150 nm");
        continue;
      }
      assert.deepEqual({ version, preset, seed, changed, iteration, link: facts.about.link, view: facts.about.view }, { version: "0.1.0", preset: "figure-3", seed: 1, changed: { "stop.iterations": 40 }, iteration: 40, link, view });
      assert.match(digest, /^[0-9a-f]{64}$/);
      assert.ok(facts.description.includes(`link: ${link}`) && facts.description.includes("gridscout 0.1.0"), view);
    }
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("PNG has the size asked for and says what it is", async () => {
  const { page, faults, close } = await ended({ "stop.iterations": "40" });
  try {
    await page.locator("#export-unit").selectOption("px");
    for (const [view, width, dpi] of [["grid", 1000, 300], ["composition", 777, 150], ["curves", 2001, 600], ["shares", 600, 96], ["decision", 901, 300], ["what-if", 1001, 300], ["ledger", 900, 300], ["capacity", 901, 300], ["figure-3-layout", 1501, 200], ["figure-4-layout", 1500, 200]]) {
      await page.locator("#export-dpi").fill(String(dpi));
      await page.locator("#export-width").fill(String(width));
      const vector = await save(page, view, "svg");
      const { bytes, name } = await save(page, view, "png");
      assert.equal(name, `${named(view)}.png`);
      const file = png(bytes);
      assert.deepEqual([file.width, file.perMetre, file.order[0], file.order.at(-1)], [width, Math.round(dpi / 0.0254), "IHDR", "IEND"]);
      assert.equal(file.texts.Source, await address(page));
      assert.equal(file.texts.Software, "gridscout 0.1.0");
      assert.deepEqual(JSON.parse(file.texts.gridscout), (await page.evaluate(svgFacts, vector.text)).about);
      const apart = await page.evaluate(difference, [vector.text, bytes.toString("base64")]);
      console.log(`${view}: ${apart.width}×${apart.height}, SVG and PNG differ by ${(100 * apart.mean).toFixed(2)} % on average, ${(100 * apart.far).toFixed(2)} % of the pixels by more than a quarter; ${(100 * apart.ink).toFixed(1)} % ink`);
      assert.deepEqual([apart.width, apart.height, ...apart.corner], [width, file.height, 255, 255, 255, 255], view);
      assert.ok(apart.ink > 0.01 && apart.mean < 0.01 && apart.far < 0.01, view);
    }
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

for (const [preset, mode, copies] of [["figure-4a", "solid", 1], ["figure-4a", "pairs", 6], ["figure-4e", "solid", 1], ["figure-4e", "pairs", 10]]) {
  test(`${preset}, ${mode}: turned, zoomed and at an earlier iteration, SVG and PNG show one picture`, async () => {
    const { page, close } = await ended({ preset });
    try {
      await page.locator("#projection").selectOption(mode);
      await page.locator("#simplex").focus();
      for (let i = 0; i < 4; i += 1) await page.keyboard.press("Shift+ArrowLeft");
      await page.locator("#zoom-in").click();
      await page.locator("#scrub").fill("100");
      await page.waitForFunction(() => document.querySelector("#iteration").textContent.startsWith("100 "));
      for (const view of ["grid", "composition"]) {
        const vector = await save(page, view, "svg");
        const facts = await page.evaluate(svgFacts, vector.text);
        assert.deepEqual([facts.wrong, facts.unfit, facts.about.iteration], [null, [], 100]);
        // Hidden points are drawn on a disc of paper that fades them: two discs each.
        if (view === "composition") assert.ok(preset === "figure-4a" && mode === "solid" ? facts.discs >= 103 && facts.discs <= 206 : facts.discs === 103 * copies, `${facts.discs} discs`);
        const { bytes } = await save(page, view, "png");
        const apart = await page.evaluate(difference, [vector.text, bytes.toString("base64")]);
        console.log(`${preset} ${mode} ${view}: ${(100 * apart.mean).toFixed(2)} % apart on average, ${(100 * apart.far).toFixed(2)} % of the pixels by more than a quarter`);
        assert.ok(apart.ink > 0.01 && apart.mean < 0.01 && apart.far < 0.01);
      }
    } finally {
      await close();
    }
  });
}

test("a crowd of particles is as dark in every file, whatever the resolution", async () => {
  const { page, close } = await ended({ "library.width_um": "1800", "library.height_um": "1500", "stop.iterations": "10" });
  try {
    const vector = await save(page, "grid", "svg");
    const facts = await page.evaluate(svgFacts, vector.text);
    assert.deepEqual([facts.wrong, facts.unfit, facts.images, facts.crowd, facts.discs], [null, [], 1, 0, 13]);
    for (const dpi of ["200", "300", "600"]) {
      await page.locator("#export-dpi").fill(dpi);
      const { dark } = await page.evaluate(difference, [vector.text, (await save(page, "grid", "png")).bytes.toString("base64")]);
      console.log(`${dpi} dpi: ${(100 * dark[0]).toFixed(2)} % dark, the SVG ${(100 * dark[1]).toFixed(2)} %`);
      assert.ok(dark[0] > 0.03 && Math.abs(dark[0] / dark[1] - 1) < 0.1, `${dpi} dpi: ${dark}`);
    }
  } finally {
    await close();
  }
});

test("CSV and JSON hold the series that the command line gives, to the last bit", async () => {
  const expected = await simulate("figure-3", 1);
  const { page, close } = await ended({});
  try {
    const table = await save(page, "curves", "csv");
    const { comments, columns } = csv(table.text);
    assert.deepEqual(Object.keys(columns), ["iteration", "mean_sd", "mean_abs_error", "rmse", "time_secs", "cost", "region", "measured"]);
    for (const key of ["mean_sd", "mean_abs_error", "rmse"]) assert.deepEqual(columns[key], expected[key], key);
    assert.equal(columns.time_secs.at(-1), expected.time_s);
    assert.equal(comments[0], "gridscout 0.1.0");
    for (const line of ["preset: figure-3", "seed: 1", `digest: ${expected.digest}`, `link: ${await address(page)}`, "command: gridscout simulate --preset figure-3 --seed 1", "units: time_secs in s"]) assert.ok(comments.includes(line), line);
    for (const view of ["curves", "grid", "shares", "capacity"]) {
      const { columns } = csv((await save(page, view, "csv")).text);
      const json = JSON.parse((await save(page, view, "json")).text);
      assert.deepEqual(json.columns, columns, view);
      assert.deepEqual([json.program, json.version, json.view, json.seed, json.link], ["gridscout", "0.1.0", view, view === "capacity" ? undefined : 1, await address(page)]);
    }
    const decision = JSON.parse((await save(page, "decision", "json")).text);
    const shown = await page.locator("#decision .numbers tbody tr").evaluateAll((rows) => rows.map((row) => row.firstElementChild.textContent));
    assert.deepEqual(decision.columns.symbol.map((symbol) => symbol.replace("_", "")), shown);
    assert.equal(decision.decision, (await page.locator("#decision > p").textContent()));
    const at = (symbol) => decision.columns.value[decision.columns.symbol.indexOf(symbol)];
    assert.equal(at("V_switch"), at("E_gain") - at("C_switch"));
    const turns = csv((await save(page, "what-if", "csv")).text);
    assert.ok(turns.comments.some((line) => line.startsWith("action: ")));
    const speed = turns.columns.setting.flatMap((path, i) => (path === "cost.stage_speed_um_per_s" ? [[turns.columns.had[i], turns.columns.turns_at[i], turns.columns.below[i], turns.columns.above[i]]] : []));
    assert.ok(speed.length && speed.every(([had]) => had === 10), JSON.stringify(speed));
    // Which of the two lies on the other side of a value is what the engine does there.
    for (const [, value, below, above] of speed) assert.equal(value === null, below === above, JSON.stringify(speed));
    await page.locator("#scrub").fill("0");
    await page.locator("#export-view").selectOption("decision");
    await page.locator("#export-save").click();
    await page.waitForFunction(() => document.querySelector("#export-message").textContent.startsWith("At iteration 0 nothing has been decided yet"));
    await page.locator("#scrub").fill("150");
    const ledger = JSON.parse((await save(page, "ledger", "json")).text).columns;
    assert.deepEqual(ledger.seconds, expected.ledger.map(({ seconds }) => seconds));
    const shares = csv((await save(page, "shares", "csv")).text).columns;
    assert.deepEqual(shares.share, expected.measured_fraction);
  } finally {
    await close();
  }
});

test("a file has the link to what it shows, not to what the address showed a moment ago", async () => {
  const { page, close } = await open(browser, { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "20" });
  try {
    await status(page, "ended");
    await page.locator("#export-section summary").click();
    await save(page, "grid", "json");
    for (const entry of [3, 11, 7]) {
      await page.locator("#scrub").fill(String(entry));
      const { link, iteration } = JSON.parse((await save(page, "grid", "json")).text);
      assert.equal(iteration, entry);
      // Three seeds, and one particle for each iteration: what the picture shows, not the whole campaign.
      for (const view of ["grid", "composition"]) assert.equal(JSON.parse((await save(page, view, "json")).text).columns.value.length, 3 + entry, view);
      assert.equal(new URL(link).searchParams.get("iteration"), String(entry));
    }
    // Chosen, but of no campaign yet.
    await page.locator("#preset").evaluate((select) => { select.value = "figure-4a"; });
    assert.equal(JSON.parse((await save(page, "grid", "json")).text).preset, "figure-3");
  } finally {
    await close();
  }
});

test("an operation that the recorder does not know is refused by name", async () => {
  const { page, close } = await open(browser, { preset: "figure-3" });
  try {
    const said = await page.evaluate(async () => {
      const { createRecorder } = await import(new URL("export/recorder.js", location.href).href);
      const { context } = createRecorder("t");
      const tries = [() => context.bezierCurveTo(0, 0, 1, 1, 2, 2), () => { context.shadowBlur = 3; }, () => { context.fillStyle = {}; }, () => context.arc(0, 0, 1, 0, 1), () => { context.font = "2em x"; context.fillText("a", 0, 0); }];
      return tries.map((attempt) => { try { attempt(); return "nothing"; } catch (error) { return error.message; } });
    });
    assert.deepEqual(said, ["“bezierCurveTo” of a canvas cannot be written as SVG", "“shadowBlur” of a canvas cannot be written as SVG", "“fillStyle” of a canvas cannot be written as SVG", "only whole circles can be written as SVG", "the font “2em x” cannot be written to a file"]);
  } finally {
    await close();
  }
});

for (const width of [1440, 390]) {
  test(`${width} pixels wide: a size that is refused says why, and the last picture stays`, async () => {
    const { page, faults, close } = await ended({ "stop.iterations": "20" }, { viewport: { width, height: 900 } });
    try {
      const source = () => page.locator("#export-preview").getAttribute("src");
      await page.waitForFunction(() => document.querySelector("#export-preview").naturalWidth > 0);
      const before = await source();
      await page.locator("#export-width").fill("5");
      await page.waitForFunction(() => document.querySelector("#export-message").textContent === "Width is 5; allowed: 40 to 423 mm.");
      assert.equal(await page.locator("#export-width").getAttribute("aria-invalid"), "true");
      assert.equal(await source(), before);
      await page.locator("#export-save").click();
      assert.match(await page.locator("#export-message").textContent(), /^Width is 5/);
      await page.locator("#export-width").fill("100");
      await page.waitForFunction(() => /^100 by \d+ mm\.$/.test(document.querySelector("#export-message").textContent));
      assert.equal(await page.locator("#export-width").getAttribute("aria-invalid"), "false");
      // A resolution that is no number makes no width of the one there is.
      await page.locator("#export-format").selectOption("png");
      await page.locator("#export-dpi").fill("abc");
      await page.locator("#export-unit").selectOption("px");
      await page.waitForFunction(() => /^Resolution is abc; allowed/.test(document.querySelector("#export-message").textContent));
      assert.equal(await page.locator("#export-width").inputValue(), "100");
      assert.deepEqual(await complaints(page), []);
      assert.deepEqual(faults, []);
    } finally {
      await close();
    }
  });
}

for (const [paper, inches] of [["a4", [8.27, 11.69]], ["letter", [8.5, 11]]]) {
  test(`a figure is printed alone, on one page of ${paper}`, async () => {
    const { page, close } = await ended({});
    try {
      await page.evaluate(() => { window.print = () => { window.printed = true; }; });
      await page.locator("#export-view").selectOption("figure-3-layout");
      await page.locator("#export-paper").selectOption(paper);
      await page.locator("#export-print").click();
      await page.waitForFunction(() => window.printed);
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.locator("#views").isVisible(), false);
      assert.equal(await page.locator("#export-page img").isVisible(), true);
      await page.emulateMedia({ media: null });
      const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: false, path: process.env.GRIDSCOUT_SHOT && `${process.env.GRIDSCOUT_SHOT}-${paper}.pdf` })).toString("latin1");
      assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1);
      const [, right, up] = pdf.match(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/).map(Number);
      assert.ok(Math.abs(right / 72 - inches[0]) < 0.02 && Math.abs(up / 72 - inches[1]) < 0.02, `${right} × ${up}`);
      // The page is itself again.
      await page.waitForFunction(() => !document.querySelector("#export-page") && !document.body.classList.contains("export-printing"));
    } finally {
      await close();
    }
  });
}

test("whether discs are to scale goes by the particles there are, not by what would be drawn", async () => {
  const { page, faults, close } = await ended({ "stop.iterations": "5" });
  try {
    assert.match((await save(page, "grid", "svg")).text, /discs not to scale/);
    const before = await page.locator("#digest").textContent();
    const rows = Array.from({ length: 200 }, (_, i) => `${10 + 14 * (i % 20)},${10 + 28 * Math.floor(i / 20)},5000,${[[1, 0, 0], [0, 1, 0], [0, 0, 1]][i % 3].join()}`);
    await page.locator("#own-file").setInputFiles({ name: "own.csv", mimeType: "text/csv", buffer: Buffer.from(["x_um,y_um,radius_nm,c1,c2,c3", ...rows].join("\n")) });
    await page.waitForFunction((before) => !["", before].includes(document.querySelector("#digest").textContent), before);
    const { text } = await save(page, "grid", "svg");
    assert.match(text, /discs to scale/);
    assert.doesNotMatch(text, /not to scale/);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

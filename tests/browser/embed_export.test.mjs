// What an embed hands out as pictures: all of its views in both, with where they come from, whatever the page around it does.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launch, simulate } from "./chromium.mjs";
import { csv, difference, png, svgFacts } from "./exported.mjs";
import { around, host, visit } from "./host.mjs";

const SCRIPT = '<script type="module" src="/dist/gridscout.mjs"></script>';
let browser;
let expected;
before(async () => {
  browser = await launch();
  expected = await simulate("figure-3", 1);
});
after(() => browser?.close());

/** An element run to its end in somebody else's page, and what it hands out. */
async function handedOut(context, element, { headers = {}, style = "", query = "", iteration = 150 } = {}) {
  const server = await host({ "/": around(`<style>${style}</style>${element}${SCRIPT}`) }, headers);
  context.after(server.close);
  const { page, faults, close } = await visit(browser, `${server.url}/${query}`);
  context.after(close);
  await page.waitForFunction(() => customElements.get("grid-scout"));
  const out = await page.evaluate(async (iteration) => {
    const it = document.querySelector("grid-scout");
    await it.seek(iteration);
    const before = document.body.childElementCount;
    const [svg, blob, csv] = [await it.exportSVG(), await it.exportPNG(), await it.exportCSV()];
    let binary = "";
    for (const byte of new Uint8Array(await blob.arrayBuffer())) binary += String.fromCharCode(byte);
    return { svg, type: blob.type, png: btoa(binary), csv, left: document.body.childElementCount - before, state: it.getState() };
  }, iteration);
  if (process.env.GRIDSCOUT_SHOT) {
    const name = `${process.env.GRIDSCOUT_SHOT}-${context.name.replace(/\W+/g, "-")}`;
    await writeFile(`${name}.svg`, out.svg);
    await writeFile(`${name}.png`, Buffer.from(out.png, "base64"));
  }
  assert.deepEqual([faults, out.left, out.type], [[], 0, "image/png"]);
  return { ...out, url: server.url, page, facts: await page.evaluate(svgFacts, out.svg), file: png(Buffer.from(out.png, "base64")), apart: await page.evaluate(difference, [out.svg, out.png]) };
}

/** SVG and PNG are one picture. */
function alike({ apart, file }, name) {
  console.log(`${name}: ${file.width}×${file.height}, SVG and PNG differ by ${(100 * apart.mean).toFixed(2)} % on average, ${(100 * apart.far).toFixed(2)} % of the pixels by more than a quarter; ${(100 * apart.ink).toFixed(1)} % ink`);
  assert.ok(apart.ink > 0.01 && apart.mean < 0.01 && apart.far < 0.01, name);
}

test("all that it shows is in both pictures, and where it comes from", async (context) => {
  const out = await handedOut(context, '<grid-scout preset="figure-3" seed="1" params=\'{"cost.retune_secs": 5}\'></grid-scout>', { query: "?token=secret#part" });
  const { facts, file } = out;
  assert.deepEqual([facts.wrong, facts.unfit, facts.width], [null, [], "180mm"]);
  assert.deepEqual([facts.panels, facts.charts], [2, 2]);
  assert.deepEqual(facts.lines, [expected.mean_sd.length, expected.mean_sd.length]);
  // Each measured particle once on the grid and once in the triangle, and a place on each curve.
  assert.equal(facts.discs, 2 * expected.measurements + 2);
  for (const word of ["Grid", "Composition", "Mean predictive sd", "Mean absolute error", "Au", "Co", "Ni", "iteration"]) assert.ok(facts.words.includes(word), word);
  assert.deepEqual({ ...facts.about, command: "" }, {
    program: "gridscout", version: "0.1.0", preset: "figure-3", seed: 1, changed: {}, own_particles: null, own_property: null, iteration: 150, iterations_recorded: 150,
    ended: "iterations", digest: expected.digest, measured_by: null, command: "", view: "embed", link: `${out.url}/`,
  });
  assert.equal(facts.about.command, "gridscout simulate --preset figure-3 --seed 1");
  assert.ok(facts.description.includes(expected.digest) && facts.title.includes("figure-3"));
  // What the page's address holds beside its path is not passed on.
  assert.ok(!out.svg.includes("secret"));
  assert.deepEqual([file.width, file.perMetre, file.texts.Software, file.texts.Source], [2126, Math.round(300 / 0.0254), "gridscout 0.1.0", `${out.url}/`]);
  assert.deepEqual(JSON.parse(file.texts.gridscout), facts.about);
  alike(out, "interactive");
  // The line of the chart is that of the table: pixels are where the numbers are.
  const values = csv(out.csv).columns;
  assert.deepEqual(values.mean_abs_error, expected.mean_abs_error);
  const drawn = await out.page.evaluate((text) => [...new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("path.line")].map((path) => path.getAttribute("d").slice(1).split("L").map((pair) => Number(pair.split(",")[1]))), out.svg);
  for (const [k, key] of ["mean_sd", "mean_abs_error"].entries()) {
    const [top, bottom] = [Math.max(...values[key]) * 1.05, 0];
    // 170 pixels high, with margins of 10 above and 34 below.
    for (const [i, y] of drawn[k].entries()) assert.ok(Math.abs(136 - ((values[key][i] - bottom) / top) * 126 - y) < 0.06, `${key} ${i}: ${y}`);
  }
});

test("at an earlier iteration, hidden, dark and in colours of the page's choosing", async (context) => {
  const style = "grid-scout { --gridscout-accent: #aa00bb; } div { display: none !important; } svg path { stroke: lime !important; }";
  const out = await handedOut(context, '<section style="display: none"><grid-scout preset="figure-4a" seed="2" theme="dark" ui="presentation"></grid-scout></section>', { style, iteration: 40 });
  const { facts } = out;
  assert.deepEqual([facts.wrong, facts.unfit, facts.width, facts.panels, facts.charts], [null, [], "180mm", 2, 2]);
  assert.deepEqual(facts.lines, [41, 41]);
  // The charts have their room, though the element has none.
  assert.ok(Number(facts.viewBox.split(" ")[3]) > 580, facts.viewBox);
  alike(out, "dark");
  assert.deepEqual([facts.about.preset, facts.about.seed, facts.about.iteration], ["figure-4a", 2, 40]);
  assert.ok(facts.colours.includes("#14171a") && facts.colours.includes("#e7e9ea") && facts.colours.includes("#aa00bb"), facts.colours.join());
  assert.deepEqual(out.apart.corner, [0x14, 0x17, 0x1a, 255]);
});

test("its smallest form is the grid alone", async (context) => {
  const out = await handedOut(context, '<grid-scout preset="figure-3" seed="1" ui="minimal"></grid-scout>');
  assert.deepEqual([out.facts.wrong, out.facts.panels, out.facts.charts, out.facts.width, out.facts.discs, out.file.width], [null, 1, 0, "88mm", expected.measurements, 1039]);
  alike(out, "minimal");
});

test("a page that lets no picture in gets its pictures all the same", async (context) => {
  const headers = { "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; worker-src blob:; connect-src 'self'" };
  const server = await host({ "/": around(`<grid-scout preset="figure-3" seed="1"></grid-scout>${SCRIPT}`) }, headers);
  context.after(server.close);
  const { page, close } = await visit(browser, server.url);
  context.after(close);
  await page.waitForFunction(() => customElements.get("grid-scout"));
  const size = await page.evaluate(async () => { const it = document.querySelector("grid-scout"); await it.seek(20); return (await it.exportPNG()).size; });
  assert.ok(size > 50_000, `${size} bytes`);
});

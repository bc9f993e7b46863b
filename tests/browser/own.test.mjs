// The user's own files: told by their content, checked, shown, run; and refused with the reason while the last good campaign stays.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { launch, open, setting, status, text } from "./chromium.mjs";
import { connect, says, serve } from "./gateway.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const QUERY = { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "20" };
const give = (page, name, content) => page.locator("#own-file").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
const command = async (options) => (await promisify(execFile)(setting("GRIDSCOUT_CLI"), options, { maxBuffer: 1 << 28 })).stdout;

test("a property of one's own is explored, as on the command line", async () => {
  const table = "value,c1,c2,c3\n1,1,0,0\n0,0,1,0\n0.2,0,0,1\n0.9,0.4,0.3,0.3\n";
  const folder = await mkdtemp(path.join(tmpdir(), "gridscout-own-"));
  const { page, faults, close } = await open(browser, QUERY);
  try {
    await status(page, "ended");
    const before = await text(page, "#digest");
    await give(page, "property.csv", table);
    await says(page, "#own-message", "the property at 4 compositions");
    await page.waitForFunction((before) => { const digest = document.querySelector("#digest").textContent; return digest && digest !== before; }, before);
    const file = path.join(folder, "property.csv");
    await (await import("node:fs/promises")).writeFile(file, table);
    const there = JSON.parse(await command(["simulate", "--json", "--seed", "1", "--set", "stop.iterations=20", "--response", file]));
    assert.equal(await text(page, "#digest"), there.digest);
    await page.locator("#own-clear").click();
    await page.waitForFunction((before) => document.querySelector("#digest").textContent === before, before);
    assert.deepEqual(faults, []);
  } finally {
    await close();
    await rm(folder, { recursive: true });
  }
});

test("a saved record runs to the same digest; a changed one does not, and one that is cut is refused", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "gridscout-own-"));
  const file = path.join(folder, "record.json");
  const { digest } = JSON.parse(await command(["simulate", "--json", "--seed", "7", "--set", "stop.iterations=15", "--out", file]));
  const record = await readFile(file, "utf8");
  const { page, faults, close } = await open(browser, QUERY);
  try {
    await status(page, "ended");
    const before = await text(page, "#digest");
    await give(page, "cut.json", record.slice(0, -40));
    await says(page, "#own-message", "allowed: a record");
    assert.equal(await text(page, "#digest"), before);
    await give(page, "record.json", record);
    await says(page, "#own-message", "Verified: the same campaign");
    assert.equal(await text(page, "#digest"), digest);
    assert.equal(await page.locator("#seed").inputValue(), "7");
    await give(page, "changed.json", record.replace('"retune_secs":5', '"retune_secs":6'));
    await says(page, "#own-message", "ends with another digest");
    await give(page, "refused.json", record.replace('"retune_secs":5', '"retune_secs":-5'));
    await says(page, "#own-message", "Not verified: the settings of the record cannot be used here");
    await says(page, "#problems", "-5");
    // Another campaign than the record's says nothing against the record.
    await page.locator("#speed").selectOption("1");
    await give(page, "record.json", record);
    await says(page, "#own-message", "must end with its digest");
    await page.locator("#preset").selectOption("figure-4a");
    await page.locator("#speed").selectOption("top");
    await says(page, "#own-message", "Not verified: the settings were changed");
    assert.deepEqual(faults, []);
  } finally {
    await close();
    await rm(folder, { recursive: true });
  }
});

test("a gateway's journal is counted, and its times can be used", async () => {
  const gateway = await serve(["--time-scale", "0", "--set", "stop.iterations=40", "--set", "planner.rule=random", "--set", "cost.stage_speed_um_per_s=4"]);
  const context = await browser.newContext();
  let journal;
  try {
    const { page } = await connect(context, gateway);
    await says(page, "#gateway-link", "driving");
    await page.locator("#run").click();
    await status(page, "ended", 60_000);
    journal = await command(["journal", "export", path.join(gateway.folder, "journal.db")]);
  } finally {
    await context.close();
    await gateway.close();
  }
  const { page, faults, close } = await open(browser, QUERY);
  try {
    await status(page, "ended");
    await give(page, "journal.jsonl", journal);
    await says(page, "#own-message", "0 of them faults");
    await says(page, "#own-preview", "stage speed um per s: 4 ±");
    // What else was set since then stays.
    await page.locator('[id="set-cost-eels_secs"]').fill("7");
    await page.waitForFunction(() => location.search.includes("cost.eels_secs=7"));
    await page.getByRole("button", { name: "Use the measured times" }).click();
    await page.waitForFunction(() => Number(document.querySelector('[id="set-cost-stage_speed_um_per_s"]').value) === 4 || [...document.querySelectorAll('[id^="set-cost-stage_speed_um_per_s"]')].some((e) => Number(e.value) === 4));
    assert.equal(await page.locator('[id="set-cost-eels_secs"]').inputValue(), "7");
    const lines = journal.trim().split("\n");
    await give(page, "gap.jsonl", [...lines.slice(0, 5), ...lines.slice(6)].join("\n"));
    await says(page, "#own-message", "line 6: jseq is");
    await give(page, "cut.jsonl", lines.slice(0, 3).join("\n").slice(0, -5));
    await says(page, "#own-message", "line 3:");
    await give(page, "journal.db", "SQLite format 3\0");
    await says(page, "#own-message", "gridscout journal export journal.db");
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

/** Particles on a line, all alike. */
const table = (count) => ["x_um,y_um,radius_nm,c1,c2,c3", ...Array.from({ length: count }, (_, i) => `${(290 * i) / count},${(290 * i) / count},20,0.2,0.3,0.5`)].join("\n");

test("of two files the last counts, and what was set while one was read stays", async () => {
  const { page, faults, close } = await open(browser, QUERY);
  try {
    await status(page, "ended");
    await give(page, "large.csv", table(200_000));
    await give(page, "small.csv", table(300));
    await says(page, "#own-message", "small.csv: 300 particles");
    await page.waitForTimeout(2500);
    assert.match(await text(page, "#own-message"), /^small\.csv: 300 particles/);
    await give(page, "large.csv", table(200_000));
    await page.locator("#seed").fill("77");
    await says(page, "#own-message", "large.csv: 200000 particles");
    assert.equal(await page.locator("#seed").inputValue(), "77");
    await page.waitForFunction(() => /seed=77.*particles=own/.test(location.search));
    // Two at once: which is meant, nobody can tell.
    await page.evaluate(() => {
      const data = new DataTransfer();
      for (const name of ["a.csv", "b.csv"]) data.items.add(new File(["x"], name));
      document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await says(page, "#own-message", "2 files at once");
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("a property is known by its header, quoted or behind a long comment", async () => {
  const { page, faults, close } = await open(browser, QUERY);
  try {
    await status(page, "ended");
    const rows = "1,1,0,0\n0,0,1,0\n0.5,0,0,1\n";
    await give(page, "quoted.csv", `"value","c1","c2","c3"\n${rows}`);
    await says(page, "#own-message", "quoted.csv: the property at 3 compositions");
    await give(page, "commented.csv", `${`# ${"where it comes from ".repeat(9)}\n`.repeat(5)}\nvalue,c1,c2,c3\n${rows}`);
    await says(page, "#own-message", "commented.csv: the property at 3 compositions");
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("what is no table is refused with its line, and the last good campaign stays", async () => {
  const { page, faults, close } = await open(browser, QUERY);
  try {
    await status(page, "ended");
    const before = await text(page, "#digest");
    for (const [content, words] of [
      ["", "column `x_um` is missing"],
      ["value,c1,c2\n1,0.5,0.5\n", "`c3` is missing"],
      ["value,c1,c2,c3\n1,0.5,0.6,0\n", "line 2: the fractions sum to 1.1"],
      ["value,c1,c2,c3\ninf,1,0,0\n", "column `value` is `inf`"],
      ["value,c1,c2,c3\n", "no row"],
      ["x_um,y_um,radius_nm,c1,c2,c3\n1,1,-2,1,0,0\n", "line 2, column `radius_nm` is `-2`"],
      ['{"format":"gridscout-record"', "allowed: a record"],
      ["<html><script>alert(1)</script>", "is missing"],
      ['{"format":"gridscout-record","version":1,"config":{"stop":{}},"events":[],"digest":"x"}', "it lacks config."],
      ['{"format":"gridscout-record","version":1,"config":{"stop":{},"library":null,"elements":["a","b"]},"events":[],"digest":"x"}', "it lacks config."],
    ]) {
      await give(page, "bad.csv", content);
      await says(page, "#own-message", words);
      assert.equal(await text(page, "#digest"), before);
    }
    // What was refused has changed no setting.
    await page.locator("#seed").fill("2");
    await page.waitForFunction((before) => { const digest = document.querySelector("#digest").textContent; return digest && digest !== before; }, before);
    assert.ok(await page.locator("#problems").isHidden());
    const many = Array.from({ length: 150_000 }, (_, i) => `${i / 150_000},${(i % 500) / 1000},${Math.floor(i / 500) / 1000},${(1 - (i % 500) / 1000 - Math.floor(i / 500) / 1000).toFixed(6)}`);
    await give(page, "many.csv", ["value,c1,c2,c3", ...many].join("\n"));
    await says(page, "#own-preview", "Values from 0 to 1");
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

test("why a dropped file is refused is seen, wherever one has scrolled", async () => {
  const { page, faults, close } = await open(browser, QUERY);
  const drop = (...names) => page.evaluate((names) => {
    const data = new DataTransfer();
    for (const name of names) data.items.add(new File(["a,b\n1,2\n"], name));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, names);
  /** The message is in the window, and nothing lies over it. */
  const seen = () => page.waitForFunction(() => {
    const message = document.querySelector("#own-message");
    const { left, top } = message.getBoundingClientRect();
    return message.contains(document.elementFromPoint(left + 4, top + 4));
  });
  try {
    await status(page, "ended");
    await drop("bad.csv");
    await says(page, "#own-message", "is missing");
    await seen();
    await page.locator("#settings").evaluate((settings) => settings.scrollTo(0, 0));
    await drop("one.csv", "two.csv");
    await says(page, "#own-message", "2 files at once");
    await seen();
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
});

// While an instrument is driven nothing else takes the place of its campaign, and what it measured is not called a simulation.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { launch, setting, status, text } from "./chromium.mjs";
import { connect, says, serve } from "./gateway.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** Large enough that its preparation can be watched. */
const LARGE = ["--set", "library.density_per_um2=10"];

/** One gateway and one page of it, both gone afterwards. */
async function at(context, options = []) {
  const gateway = await serve(["--time-scale", "0.01", ...options]);
  const pages = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  context.after(async () => { await pages.close(); await gateway.close(); });
  const intents = async () => (await gateway.journal()).filter(({ entry }) => entry.entry === "intent").map(({ entry }) => entry);
  return { gateway, pages, intents };
}

/** The page of a gateway, not connected yet. */
async function opened(pages, gateway) {
  const page = await pages.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  await page.goto(gateway.said.url);
  await status(page, "running");
  await page.locator("#code").fill(gateway.spend());
  return { page, faults };
}

test("what was typed just before connecting neither starts the instrument nor takes its campaign's place", async (context) => {
  const { gateway, pages, intents } = await at(context);
  const { page, faults } = await opened(pages, gateway);
  await page.locator("#seed").fill("7");
  await page.locator("#connect-button").click();
  await says(page, "#gateway-link", "driving");
  await page.waitForTimeout(1500);
  assert.deepEqual(await intents(), []);
  assert.equal(await page.locator("#seed").inputValue(), "1");
  await says(page, "#iteration", "0 of 150");
  assert.deepEqual(faults, []);
});

test("cancelled while the gateway's library is prepared, the page is not connected and drives nothing", async (context) => {
  const { gateway, pages, intents } = await at(context, LARGE);
  const { page, faults } = await opened(pages, gateway);
  await page.locator("#preset").selectOption("figure-4a");
  await status(page, "running");
  // As soon as it can be: the preparation is short.
  await page.evaluate(() => {
    const preparing = document.querySelector("#preparing");
    new MutationObserver((_, observer) => { if (!preparing.hidden) { observer.disconnect(); document.querySelector("#cancel").click(); } }).observe(preparing, { attributes: true });
    document.querySelector("#connect-button").click();
  });
  await says(page, "#gateway-message", "Cancelled; not connected.");
  await says(page, "#gateway-link", "not connected");
  assert.equal(await page.locator("#connect-button").textContent(), "Connect");
  assert.equal(await page.locator("#settings").evaluate((form) => form.inert), false);
  await page.locator("#run").click();
  await page.waitForTimeout(700);
  assert.deepEqual(await intents(), []);
  // A reload does not connect by itself, either; and connecting works after all.
  await page.reload();
  await status(page, "running");
  await says(page, "#gateway-link", "not connected");
  await page.locator("#connect-button").click();
  await says(page, "#gateway-link", "driving", 60_000);
  assert.deepEqual(await intents(), []);
  assert.deepEqual(faults, []);
});

test("tour, files, reset and the address leave the instrument's campaign alone", async (context) => {
  const { gateway, pages, intents } = await at(context, ["--set", "stop.iterations=12"]);
  const { page, faults } = await opened(pages, gateway);
  await page.locator("#preset").selectOption("figure-4a");
  await page.waitForFunction(() => location.search.includes("figure-4a"));
  await page.locator("#connect-button").click();
  await says(page, "#gateway-link", "driving");
  const untouched = async (what) => {
    await says(page, "#gateway-message", "The instrument is being driven");
    await page.waitForTimeout(400);
    await says(page, "#iteration", "of 12");
    assert.deepEqual((await intents()).filter(({ op }) => op.type !== "move_to_region" && op.type !== "overview" && op.type !== "map_composition" && op.type !== "spectrum"), [], what);
    await page.evaluate(() => { document.querySelector("#gateway-message").textContent = ""; });
  };
  assert.ok(await page.locator("#reset").isDisabled());
  await page.locator("#tour-start").click();
  for (let step = 1; step <= 3; step += 1) await page.locator("#tour-next").click();
  await page.locator("#tour-act").click();
  await untouched("tour");
  await page.locator("#tour-skip").click();
  const rows = Array.from({ length: 60 }, (_, i) => `${5 * i},${5 * i},20,0.2,0.3,0.5`);
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "my.csv", { type: "text/csv" }));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, ["x_um,y_um,radius_nm,c1,c2,c3", ...rows].join("\n"));
  await untouched("file");
  await page.goBack();
  await untouched("address");
  assert.deepEqual(await intents(), []);
  assert.equal(await page.locator("#preset").inputValue(), "figure-3");
  // What is driven then is what the gateway has.
  await page.locator("#run").click();
  await status(page, "ended");
  await says(page, "#iteration", "12 of 12");
  assert.deepEqual(faults, []);
});

test("two Enters connect once", async (context) => {
  const { gateway, pages } = await at(context);
  const { page, faults } = await opened(pages, gateway);
  await page.evaluate(() => { for (let i = 0; i < 2; i += 1) document.querySelector("#connect").requestSubmit(); });
  await says(page, "#gateway-link", "driving");
  await page.waitForTimeout(500);
  await says(page, "#gateway-link", "driving");
  assert.equal(await text(page, "#gateway-message"), "");
  assert.equal((await gateway.journal()).filter(({ entry }) => entry.entry === "granted").length, 1);
  assert.deepEqual(faults, []);
});

test("who watches goes on watching after a reload, and can leave; the simulator beside it goes on", async (context) => {
  const { gateway, pages } = await at(context);
  const { page, faults } = await opened(pages, gateway);
  await page.locator("#drives").selectOption("watch");
  await page.locator("#connect-button").click();
  await says(page, "#gateway-link", "watching");
  await page.reload();
  await says(page, "#gateway-link", "watching");
  await status(page, "ended");
  await page.locator("#speed").selectOption("5");
  await page.locator("#run").click();
  await status(page, "running");
  await page.locator("#connect-button").click();
  await says(page, "#gateway-link", "not connected");
  await status(page, "running");
  const now = async () => Number.parseInt(await text(page, "#iteration"), 10);
  const then = await now();
  await page.waitForFunction((then) => Number.parseInt(document.querySelector("#iteration").textContent, 10) > then + 3, then);
  assert.equal(await text(page, "#run"), "Pause");
  assert.deepEqual(faults, []);
});

test("what an instrument measured is not said to come from the command line, in no file either", async (context) => {
  const { gateway, pages } = await at(context, ["--preset", "figure-4a", "--set", "stop.iterations=30"]);
  const { page, faults } = await connect(pages, gateway, { run: "monday" });
  await says(page, "#gateway-link", "driving");
  assert.equal(await page.locator("#preset").inputValue(), "figure-4a");
  await page.locator("#run").click();
  await page.waitForFunction(() => Number.parseInt(document.querySelector("#iteration").textContent, 10) > 5);
  await page.locator("#connect-button").click();
  await says(page, "#gateway-link", "not connected");
  await status(page, "ended: stopped");
  await says(page, "#command", "gridscout replay on the downloaded record");
  await page.locator("#export-section > summary").click();
  await page.locator("#export-view").selectOption("curves");
  await page.locator("#export-format").selectOption("json");
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("#export-save").click()]);
  const about = JSON.parse(await readFile(await file.path(), "utf8"));
  assert.deepEqual([about.measured_by, about.command, about.link, about.preset], [{ driver: "simulated", run: "monday" }, null, null, "figure-4a"]);
  // The record of what there is verifies, but not by running its campaign to the end.
  const [record] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
  await page.locator("#own-file").setInputFiles(await record.path());
  await says(page, "#own-message", "it was saved before the end of its campaign");
  await status(page, "ended");
  assert.match(await text(page, "#own-message"), /gridscout replay verifies/);
  assert.deepEqual(faults, []);
});

test("a file that is being read when the instrument takes the settings is said to be left alone", async (context) => {
  const { gateway, pages, intents } = await at(context);
  const { page, faults } = await opened(pages, gateway);
  await page.evaluate(() => {
    const { text } = Blob.prototype;
    Blob.prototype.text = function slow() { return new Promise((resolve) => { window.goOn = () => resolve(text.call(this)); }); };
  });
  await page.locator("#own-file").setInputFiles({ name: "mine.csv", mimeType: "text/csv", buffer: Buffer.from("x_um,y_um,radius_nm,a,b,c\n1,1,100,1,0,0\n") });
  await says(page, "#own-message", "mine.csv is being read.");
  await page.locator("#connect-button").click();
  await says(page, "#gateway-link", "driving");
  await page.evaluate(() => window.goOn());
  await says(page, "#own-message", "mine.csv: it was not used, because the instrument took the settings meanwhile.");
  assert.deepEqual(await intents(), []);
  assert.deepEqual(faults, []);
});

test("without a session F8 says that nothing is sent", async (context) => {
  const { gateway, pages } = await at(context);
  const { page } = await opened(pages, gateway);
  await page.keyboard.press("F8");
  await says(page, "#gateway-message", "There is no session: nothing is sent.");
  await page.locator("#connect-button").click();
  await says(page, "#gateway-link", "driving");
  await page.waitForTimeout(300);
  assert.deepEqual((await gateway.journal()).filter(({ entry }) => entry.to === "estop"), []);
});

/** What was measured, without how long it took: after a move of the stage the beam is where it was not. */
const measured = ({ events }) => events.map(({ took_secs, ...event }) => event);
/** The record of the same campaign in the simulator. */
async function undisturbed(options) {
  const file = path.join(await mkdtemp(path.join(tmpdir(), "gridscout-alone-")), "record.json");
  await promisify(execFile)(setting("GRIDSCOUT_CLI"), ["simulate", "--out", file, ...options], { maxBuffer: 1 << 28 });
  const record = JSON.parse(await readFile(file, "utf8"));
  await rm(path.dirname(file), { recursive: true });
  return record;
}
const reaches = (page, iteration) => page.waitForFunction((n) => Number.parseInt(document.querySelector("#iteration").textContent, 10) >= n, iteration);

test("a run that goes on after another one has moved the stage measures what it would have alone", async (context) => {
  const settings = ["--set", "stop.iterations=40"];
  const { gateway, pages, intents } = await at(context, settings);
  const { page, faults } = await connect(pages, gateway);
  const drive = async (run, until) => {
    await page.locator("#run-name").fill(run);
    await page.locator("#connect-button").click();
    await says(page, "#gateway-link", "driving");
    await page.locator("#run").click();
    if (until) await reaches(page, until);
    else await status(page, "ended: iterations");
    if (!until) return;
    await page.locator("#connect-button").click();
    await says(page, "#gateway-link", "not connected");
  };
  await says(page, "#gateway-link", "driving");
  await page.locator("#run").click();
  await reaches(page, 20);
  await page.locator("#connect-button").click();
  await says(page, "#gateway-link", "not connected");
  await drive("trial", 3);
  await drive("run");
  const [record] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
  const alone = measured(await undisturbed(settings));
  assert.ok(alone.length > 80);
  assert.deepEqual(measured(JSON.parse(await readFile(await record.path(), "utf8"))), alone);
  // Whatever was done, the stage was where its own run had sent it.
  const [places, runs] = [new Map(), new Set()];
  let place = null;
  for (const { cid, op } of await intents()) {
    const run = cid.slice(0, cid.lastIndexOf("."));
    if (op.type === "move_to_region") place = op;
    if (run.startsWith("gateway")) continue;
    runs.add(run);
    if (op.type === "move_to_region") places.set(run, op);
    else assert.deepEqual(place, places.get(run), cid);
  }
  assert.deepEqual([...runs], ["run", "trial"]);
  assert.deepEqual(faults, []);
});

test("of two pages that drive, the one that lost the lease says so and does not take it back", async (context) => {
  const { gateway, pages } = await at(context);
  const first = await connect(pages, gateway);
  await says(first.page, "#gateway-link", "driving");
  await first.page.locator("#run").click();
  await reaches(first.page, 5);
  const second = await connect(pages, await gateway.again(), { run: "trial" });
  await says(second.page, "#gateway-link", "driving");
  await says(first.page, "#gateway-message", "another took the lease");
  await says(first.page, "#gateway-link", "watching");
  await status(first.page, "ended: stopped");
  await second.page.locator("#run").click();
  await reaches(second.page, 20);
  const granted = async () => (await gateway.journal()).filter(({ entry }) => entry.entry === "granted").length;
  assert.equal(await granted(), 2);
  // Asked for by a person it is had again.
  await first.page.locator("#connect-button").click();
  await says(first.page, "#gateway-link", "not connected");
  await first.page.locator("#drives").selectOption("drive");
  await first.page.locator("#connect-button").click();
  await says(first.page, "#gateway-link", "driving");
  await says(second.page, "#gateway-message", "another took the lease");
  assert.equal(await granted(), 3);
  assert.deepEqual([...first.faults, ...second.faults], []);
});

test("a tab that is duplicated does not take the lease from the first", async (context) => {
  const { gateway, pages } = await at(context);
  const { page, faults } = await connect(pages, gateway);
  await says(page, "#gateway-link", "driving");
  const [copy] = await Promise.all([pages.waitForEvent("page"), page.evaluate(() => { window.open(location.href); })]);
  await says(copy, "#gateway-message", "This tab is a copy");
  await status(copy, "running");
  await page.waitForTimeout(1000);
  await says(page, "#gateway-link", "driving");
  assert.equal((await gateway.journal()).filter(({ entry }) => entry.entry === "granted").length, 1);
  // Each of them may be loaded again.
  await copy.reload();
  await says(copy, "#gateway-link", "not connected");
  await page.reload();
  await says(page, "#gateway-link", "driving");
  assert.deepEqual(faults, []);
});

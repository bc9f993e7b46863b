// The page drives an instrument over a real gateway.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { launch, setting, status, text } from "./chromium.mjs";
import { connect, says, serve } from "./gateway.mjs";
import { complaints } from "./layout.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const MEASUREMENTS = ["--set", "stop.iterations=40"];

/** What the command line says of the same campaign in the simulator. */
async function undisturbed(settings) {
  const { stdout } = await promisify(execFile)(setting("GRIDSCOUT_CLI"), ["simulate", "--json", ...settings], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout).digest;
}

test("a campaign of 40 particles, reloaded in the middle, has the record of the simulator", async () => {
  const turned = path.join(await mkdtemp(path.join(tmpdir(), "gridscout-turned-")), "misbehave.json");
  await writeFile(turned, JSON.stringify({ image_turned_deg: 90 }));
  const gateway = await serve(["--time-scale", "0.01", "--image-axes", "measured", "--misbehave", turned, ...MEASUREMENTS]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const { page, faults } = await connect(context, gateway);
    await says(page, "#gateway-link", "driving");
    // Decided, and seen before it is done.
    await says(page, "#queue", "Next: move the stage");
    assert.equal((await gateway.journal()).filter(({ entry }) => entry.entry === "intent").length, 0);
    await page.locator("#run").click();
    await page.waitForFunction(() => Number.parseInt(document.querySelector("#iteration").textContent, 10) >= 15);
    await says(page, "#overview-text", "turned by 90");
    const measured = async () => (await gateway.journal()).filter(({ entry }) => entry.entry === "intent" && entry.op.type === "spectrum");
    const before = (await measured()).length;
    await page.reload();
    await says(page, "#gateway-link", "driving");
    await page.locator("#run").click();
    await status(page, "ended", 60_000);
    const spectra = await measured();
    assert.ok(before >= 15 && before < spectra.length, `${before} of ${spectra.length} before the reload`);
    const axes = (await gateway.journal()).filter(({ entry }) => entry.entry === "intent" && entry.op.type === "calibrate_image");
    assert.equal(axes.length, 1);
    assert.equal(new Set(spectra.map(({ entry }) => entry.cid)).size, spectra.length, "a command was done twice");
    assert.equal(await text(page, "#digest"), await undisturbed(MEASUREMENTS));
    assert.equal(await text(page, "#iteration"), "40 of 40");
    await says(page, "#gateway-message", "The run has ended");
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
    await gateway.close();
    await rm(path.dirname(turned), { recursive: true });
  }
});

test("a supervisor at another page sees what is proposed, and says yes or no", async () => {
  const gateway = await serve(["--time-scale", "0.01", "--mode", "approve"]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const driver = await connect(context, gateway);
    await says(driver.page, "#gateway-link", "driving");
    await driver.page.locator("#run").click();
    await says(driver.page, "#queue", "Proposed: move the stage");
    const watcher = await connect(context, await gateway.again(), { drives: "watch" });
    await says(watcher.page, "#gateway-link", "watching");
    await says(watcher.page, "#gateway-lease", "1, held by a supervisor");
    await says(watcher.page, "#queue", "Proposed: move the stage");
    await watcher.page.getByRole("button", { name: "Approve: Proposed: move the stage" }).click();
    await says(driver.page, "#queue", "Proposed: take an overview");
    await driver.page.getByRole("button", { name: "Refuse: Proposed: take an overview" }).click();
    await says(watcher.page, "#journal", "arrived at");
    const entries = await gateway.journal();
    const ops = entries.filter(({ entry }) => entry.entry === "intent").map(({ entry }) => entry.op.type);
    assert.deepEqual(ops, ["move_to_region"]);
    assert.deepEqual([...driver.faults, ...watcher.faults], []);
  } finally {
    await context.close();
    await gateway.close();
  }
});

test("the emergency stop works while the planner's Worker hangs, and is latched until it is reset", async () => {
  const gateway = await serve(["--time-scale", "1"]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const { page } = await connect(context, gateway);
    await says(page, "#gateway-link", "driving");
    await says(page, "#stop-line", "ready");
    await page.locator("#run").click();
    await says(page, "#queue", "Now: ");
    void page.workers()[0].evaluate(() => { for (;;); }).catch(() => {});
    await page.locator("#run-name").focus();
    await page.keyboard.press("F8");
    await says(page, "#gateway-message", "has stopped the instrument");
    const last = (await gateway.journal()).findLast(({ entry }) => entry.entry === "state");
    assert.deepEqual(last.entry, { entry: "state", to: "estop", why: "emergency stop" });
    await page.reload();
    await says(page, "#gateway-state", "ESTOP");
    await says(page, "#alarms", "ESTOP: emergency stop");
    await page.locator("#reset-gateway").click();
    await says(page, "#gateway-link", "driving");
  } finally {
    await context.close();
    await gateway.close();
  }
});

test("a planner that would do something else than the journal says is held", async () => {
  const gateway = await serve(["--time-scale", "0"]);
  const context = await browser.newContext();
  try {
    const other = ["drive", "--url", `${gateway.said.url.replace("http", "ws")}ws`, "--secret-file", `${gateway.folder}/bearer`, "--set", "stop.iterations=3", "--seed", "2"];
    await promisify(execFile)(setting("GRIDSCOUT_CLI"), other);
    const { page } = await connect(context, gateway);
    await page.locator("#run").click();
    await says(page, "#gateway-message", "E_DIVERGED");
    await says(page, "#gateway-state", "HOLD");
  } finally {
    await context.close();
    await gateway.close();
  }
});

test("the panel fits every size", async () => {
  const gateway = await serve(["--time-scale", "0.01"]);
  try {
    for (const [width, height, colorScheme] of [[1440, 900, "dark"], [768, 1024, "light"], [390, 844, "dark"]]) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme });
      const { page, faults } = await connect(context, await gateway.again(), { run: `run-${width}` });
      await says(page, "#gateway-link", "driving");
      await page.locator("#run").click();
      await says(page, "#spectrum-text", "Spectrum of");
      await says(page, "#overview-text", "particles in 30 µm");
      assert.deepEqual([...(await complaints(page)), ...faults], [], `${width} × ${height}`);
      await page.locator("#connect-button").click();
      await says(page, "#gateway-link", "not connected");
      await status(page, "ended: stopped");
      await context.close();
    }
    // Whoever leaves lets the action under way come to its end.
    const spoiled = (await gateway.journal()).filter(({ entry }) => entry.entry === "outcome" && entry.outcome.Err);
    assert.deepEqual(spoiled, []);
  } finally {
    await gateway.close();
  }
});

test("measured times stand beside the assumed ones, and the next run uses them", async () => {
  const gateway = await serve(["--time-scale", "0", "--set", "stop.iterations=40", "--set", "planner.rule=random", "--set", "cost.stage_speed_um_per_s=4", "--set", "cost.retune_secs=2"]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const { page, faults } = await connect(context, gateway);
    await says(page, "#gateway-link", "driving");
    await page.locator("#calibration-section > summary").click();
    await page.locator("#run").click();
    await says(page, "#calibration", "4 ± 0 µm/s", 60_000);
    await page.locator("#use-measured").click();
    await says(page, "#gateway-message", "run-measured-1");
    await page.locator("#connect-button").click();
    await says(page, "#gateway-link", "not connected");
    await page.locator("#connect-button").click();
    await says(page, "#gateway-link", "driving");
    assert.equal(await page.locator("#run-name").inputValue(), "run-measured-1");
    await says(page, "#gateway-message", "Run run-measured-1 goes by the measured times.");
    // Another run goes by the gateway's own again.
    await page.locator("#connect-button").click();
    await says(page, "#gateway-link", "not connected");
    await page.locator("#run-name").fill("fresh");
    await page.locator("#connect-button").click();
    await says(page, "#gateway-link", "driving");
    assert.equal(await text(page, "#gateway-message"), "");
    assert.deepEqual(await page.evaluate(() => Object.keys(JSON.parse(sessionStorage.getItem("gridscout.gateway")).costs)), ["run-measured-1"]);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
    await gateway.close();
  }
});

test("a gateway that says nothing any more is not shown as it was, and a stop that is not answered is said to be none", async () => {
  const gateway = await serve(["--time-scale", "0.01", "--mode", "approve"]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const { page } = await connect(context, gateway);
    await says(page, "#gateway-link", "driving");
    await says(page, "#stop-line", "ready");
    await page.locator("#run").click();
    await says(page, "#queue", "Proposed: move the stage");
    gateway.child.kill("SIGSTOP");
    await page.keyboard.press("F8");
    await says(page, "#gateway-message", "No answer from the gateway: use the instrument's own stop now", 5000);
    await says(page, "#stop-line", "down", 1000);
    await says(page, "#gateway-link", "connecting again", 20_000);
    await says(page, "#gateway-state", "unknown since", 1000);
    assert.doesNotMatch(await text(page, "#queue"), /Approve/);
    assert.equal(await page.locator("#hold").isDisabled(), true);
    // The stop that was pressed arrives when the gateway is back.
    gateway.child.kill("SIGCONT");
    await says(page, "#gateway-message", "The gateway has stopped the instrument", 20_000);
    await says(page, "#gateway-state", "ESTOP", 20_000);
  } finally {
    gateway.child.kill("SIGCONT");
    await context.close();
    await gateway.close();
  }
});

test("the stop line looks whether anybody is there", async () => {
  const gateway = await serve(["--time-scale", "0.01"]);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const { page } = await connect(context, gateway);
    await says(page, "#stop-line", "ready");
    gateway.child.kill("SIGSTOP");
    await says(page, "#stop-line", "down", 10_000);
    gateway.child.kill("SIGCONT");
    await says(page, "#stop-line", "ready", 10_000);
  } finally {
    gateway.child.kill("SIGCONT");
    await context.close();
    await gateway.close();
  }
});

test("after the gateway was started again the page says that it is not known any more, and goes on saying so", async () => {
  const gateway = await serve(["--time-scale", "0.01"]);
  const port = new URL(gateway.said.url).port;
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  let again;
  try {
    const { page } = await connect(context, gateway);
    await says(page, "#gateway-link", "driving");
    gateway.child.kill("SIGKILL");
    await says(page, "#gateway-state", "unknown since", 20_000);
    again = await serve(["--time-scale", "0.01", "--port", port]);
    await says(page, "#gateway-message", "This session is not known any more", 30_000);
    await page.waitForTimeout(2500);
    assert.match(await text(page, "#gateway-message"), /This session is not known any more/);
    assert.match(await text(page, "#gateway-link"), /not connected/);
    assert.match(await text(page, "#stop-line"), /down/);
    assert.equal(await page.locator("#code-label").isVisible(), true);
  } finally {
    await context.close();
    await gateway.close();
    await again?.close();
  }
});

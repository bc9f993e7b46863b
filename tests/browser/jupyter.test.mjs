// The widget in JupyterLab with the wheel installed. GRIDSCOUT_JUPYTER names a Python that has both (`cargo dev prove jupyter`
// makes one), or the address of a JupyterLab that runs, with its token; without it there is nothing to test.
import assert from "node:assert/strict";
import { test } from "node:test";
import { launch, simulate } from "./chromium.mjs";
import { lab } from "./jupyter.mjs";

const where = process.env.GRIDSCOUT_JUPYTER;
const SAY = 'print("said", scout.preset, scout.seed, scout.iteration, scout.digest or "none", scout.errors[0]["message"] if scout.errors else "fine")';
const CELLS = [
  'from gridscout import GridScout\nscout = GridScout(preset="figure-3", seed=1, ui="presentation", theme="light", speed="top")\nscout',
  SAY,
  'scout.preset, scout.seed, scout.params = "figure-4a", 3, {"stop.iterations": 12}\nscout.iteration = 12',
  SAY,
  'scout.params = {"stop.iterations": -1}',
  SAY,
];

test("JupyterLab: the digest of the command line, and traits both ways", { skip: !where && "GRIDSCOUT_JUPYTER is not set" }, async (context) => {
  const [expected, four] = [await simulate("figure-3", 1), await simulate("figure-4a", 3)];
  const server = await lab(where, CELLS);
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    await page.goto(server.url);
    const cell = (i) => page.locator(".jp-Notebook .jp-CodeCell").nth(i);
    /** Runs a cell, until it has run. */
    let ran = 0;
    const run = async (i) => {
      await cell(i).locator(".cm-content").click();
      await page.keyboard.press("Shift+Enter");
      ran += 1;
      await cell(i).locator(".jp-InputPrompt").filter({ hasText: `[${ran}]` }).waitFor({ timeout: 60_000 });
    };
    /** What a cell prints; asked again until it is that, for the front end tells the kernel one thing after the other. */
    const says = async (i, wanted) => {
      for (const until = Date.now() + 20_000; ;) {
        await run(i);
        const said = ((await cell(i).locator(".jp-OutputArea-output").last().textContent({ timeout: 30_000 })) ?? "").trim();
        if (wanted.test(said)) return context.diagnostic(`the kernel: ${said}`);
        if (Date.now() > until) assert.match(said, wanted);
        await page.waitForTimeout(300);
      }
    };
    const element = page.locator("grid-scout");
    const inView = (condition, argument) => page.waitForFunction(({ condition, argument }) => {
      const state = document.querySelector("grid-scout")?.getState();
      return state && Object.entries(argument).every(([key, value]) => JSON.stringify(state[key]) === JSON.stringify(value)) && (!condition || state[condition]);
    }, { condition, argument }, { timeout: 60_000 });

    await page.getByText("Python 3 (ipykernel) | Idle").waitFor({ timeout: 60_000 });
    await run(0);
    await element.locator("[part=run]").click({ timeout: 60_000 });
    await inView("digest", { preset: "figure-3", seed: 1 });
    assert.equal(await element.evaluate((it) => it.digest), expected.digest);
    await says(1, new RegExp(`^said figure-3 1 150 ${expected.digest} fine$`));

    // Keys on a view are its own: the notebook selects no other cell.
    const active = () => page.evaluate(() => [...document.querySelectorAll(".jp-Notebook .jp-Cell")].findIndex((one) => one.classList.contains("jp-mod-active")));
    await element.locator("[part=grid]").click();
    const [selected, modes] = [await active(), await page.locator(".jp-Notebook").getAttribute("class")];
    for (const key of ["ArrowDown", "ArrowDown", "b"]) await page.keyboard.press(key);
    assert.deepEqual([await active(), await page.locator(".jp-Notebook .jp-CodeCell").count(), await page.locator(".jp-Notebook").getAttribute("class")], [selected, CELLS.length, modes]);
    assert.ok(await element.evaluate((it) => it.shadowRoot.activeElement?.part.contains("grid")));

    await run(2);
    await inView("digest", { preset: "figure-4a", seed: 3, iteration: 12, params: { "stop.iterations": 12 } });
    const twelve = await element.evaluate((it) => it.digest);
    assert.ok(twelve !== expected.digest && twelve !== four.digest, "twelve iterations are another record than all of them");
    await says(3, new RegExp(`^said figure-4a 3 12 ${twelve} fine$`));

    await run(4);
    await inView(null, { params: { "stop.iterations": 1 } });
    await says(5, /stop\.iterations is -1; allowed: a whole number, 1 … 5000/);
  } finally {
    await browser.close();
    await server.close();
  }
});

// Every view of the page and of the embeds, each with the way to it: what is photographed and what axe looks at.
import { open as openPage, status } from "./chromium.mjs";
import { connect, says, serve } from "./gateway.mjs";
import { around, host, visit } from "./host.mjs";

/** @typedef {{ page: import("playwright-core").Page, faults: string[], close: () => Promise<unknown> }} Opened */

const SHORT = { preset: "figure-3", seed: "1", speed: "top", "stop.iterations": "60" };

/** @param {Record<string, string>} query @param {(page: any) => Promise<unknown>} [reach] what is done once the campaign has ended */
const onPage = (query, reach = async () => {}) => async (browser, options) => {
  const opened = await openPage(browser, query, options);
  await status(opened.page, "ended");
  await reach(opened.page);
  return opened;
};

/** An embed in a page of somebody else's. @param {string} path of the page @param {string} [element] that it holds */
const embedded = (path, element = "") => async (browser, options) => {
  const body = `<main><h1>A page of somebody else's</h1>${element}</main><script type="module" src="/dist/gridscout.mjs"></script>`;
  const server = await host({ "/": around(body) });
  const visited = await visit(browser, `${server.url}${path}`, undefined, options);
  await visited.page.waitForFunction(() => globalThis.heard.some(({ name }) => name === "end"));
  return { ...visited, close: async () => { await visited.close(); await server.close(); } };
};

/** @type {Record<string, (browser: any, options: any) => Promise<Opened>>} */
export const SCENES = {
  explorer: onPage({ preset: "figure-3", seed: "1", speed: "top" }),
  "four components": onPage({ preset: "figure-4a", seed: "1", speed: "top", iteration: "120" }),
  "five components in pairs": onPage({ preset: "figure-4e", seed: "1", speed: "top", "stop.iterations": "80" }, (page) => page.locator("#projection").selectOption("pairs")),
  "everything unfolded": onPage(SHORT, async (page) => {
    await page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
    await page.waitForFunction(() => document.querySelector("#capacity table") && document.querySelector("#equations math"));
    await page.waitForFunction(() => !document.querySelector("#why-controls").textContent.includes("Looking"));
  }),
  "a setting that is refused": onPage(SHORT, async (page) => {
    await page.locator('[id="set-cost-stage_speed_um_per_s"]').first().fill("-1");
    await page.keyboard.press("Tab");
    await page.waitForFunction(() => document.querySelector('[aria-invalid="true"]'));
  }),
  "the tour": onPage(SHORT, async (page) => {
    await page.locator("#tour-start").click();
    for (let i = 0; i < 3; i += 1) await page.locator("#tour-next").click();
  }),
  "an explanation": onPage(SHORT, async (page) => {
    await page.getByRole("button", { name: "Explain: Why it stays or moves" }).click();
    await page.waitForFunction(() => document.querySelector("#explanation math"));
  }),
  "two campaigns": onPage(SHORT, async (page) => {
    await page.locator("#compare-keep").click();
    await page.locator('[id="set-planner-rule"]').selectOption("exhaust");
    await page.waitForFunction(() => !document.querySelector("#compare-result").hidden);
    await status(page, "ended");
    await page.waitForTimeout(400);
  }),
  "many campaigns": onPage(SHORT, async (page) => {
    await page.locator("#study-settings > summary").click();
    await page.locator("#study-map-preset").click();
    await page.locator("#study-count").fill("3");
    await page.locator("#study-values-1").fill("2, 3");
    await page.locator("#study-values-2").fill("1, 10");
    await page.locator("#study-run").click();
    await page.waitForFunction(() => document.querySelector("#study-map td"), null, { timeout: 120_000 });
    await page.waitForFunction(() => document.querySelector("#study-running").hidden, null, { timeout: 120_000 });
  }),
  "at a gateway": async (browser, options) => {
    const gateway = await serve(["--time-scale", "0.01", "--mode", "approve"]);
    const context = await browser.newContext(options);
    const { page, faults } = await connect(context, gateway);
    await says(page, "#gateway-link", "driving");
    await page.locator("#run").click();
    await says(page, "#queue", "Proposed: move the stage");
    return { page, faults, close: async () => { await context.close(); await gateway.close(); } };
  },
  "element, interactive": embedded("/", '<grid-scout preset="figure-3" seed="1" autoplay speed="top"></grid-scout>'),
  "element, report": embedded("/", '<grid-scout preset="figure-4a" seed="1" ui="report" autoplay speed="top"></grid-scout>'),
  "element, minimal": embedded("/", '<grid-scout preset="figure-3" seed="1" ui="minimal" autoplay speed="top" params="stop.iterations=40"></grid-scout>'),
  "single file": embedded("/dist/gridscout.html?preset=figure-3&seed=1&autoplay&speed=top"),
};

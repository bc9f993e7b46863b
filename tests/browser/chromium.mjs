// The browser and the page, for tests and pictures. `cargo dev` builds both, serves them and says where they are.
import { chromium } from "playwright-core";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function setting(name, otherwise) {
  const value = process.env[name] ?? otherwise;
  if (!value) throw new Error(`${name} is not set: run \`cargo dev test\`, which sets it`);
  return value;
}

export function launch(more = []) {
  return chromium.launch({ executablePath: setting("CHROMIUM", "/usr/bin/chromium"), args: [...ARGUMENTS, ...more] });
}

/** The page with these query parameters, in a context of its own, `first` run in it before its own scripts; `faults` collects what it complains of. */
export async function open(browser, query = {}, options = {}, first = () => {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  await page.addInitScript(first);
  const faults = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== new URL(setting("GRIDSCOUT_URL")).host) faults.push(`request: ${request.url()}`);
  });
  await page.goto(`${setting("GRIDSCOUT_URL")}?${new URLSearchParams(query)}`);
  return { page, faults, close: () => context.close() };
}

/** Waits until #status says so; if it never does, the error tells what it said instead. */
export async function status(page, words, timeout = 120_000) {
  try {
    await page.waitForFunction((words) => document.querySelector("#status")?.textContent?.includes(words), words, { timeout });
  } catch (error) {
    const said = await page.evaluate(() => document.querySelector("#status")?.textContent);
    throw new Error(`#status never contained "${words}"; it says "${said}"`, { cause: error });
  }
}

/** The address of the page, once it names the iteration in view: it follows what is shown twice a second. */
export async function address(page) {
  await page.waitForFunction(() => new URLSearchParams(location.search).get("iteration") === document.querySelector("#scrub").value);
  return page.url();
}

/** The text of one element, without space around it. */
export async function text(page, selector) {
  return ((await page.locator(selector).textContent()) ?? "").trim();
}

/** What the command line says of the same campaign. */
export async function simulate(preset, seed) {
  const options = ["simulate", "--preset", preset, "--seed", String(seed), "--json"];
  const { stdout } = await promisify(execFile)(setting("GRIDSCOUT_CLI"), options, { maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
}

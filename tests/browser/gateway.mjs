// A real gateway for tests: `gridscout serve` over a folder of its own.
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { setting } from "./chromium.mjs";

/** @param {string[]} options of `gridscout serve` */
export async function serve(options = []) {
  const folder = await mkdtemp(path.join(tmpdir(), "gridscout-page-"));
  const port = options.includes("--port") ? [] : ["--port", "0"];
  const child = spawn(setting("GRIDSCOUT_CLI"), ["serve", "--driver", "simulated", ...port, "--dir", folder, "--page", "www", ...options], { stdio: ["ignore", "pipe", "ignore"] });
  const said = { url: "", code: "" };
  await new Promise((resolve, reject) => {
    child.once("exit", (status) => reject(new Error(`the gateway ended with ${status}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [name, value] = line.split(/\s+/);
      if (name === "gateway") said.url = value;
      if (name === "code") said.code = value;
      if (said.url && said.code) resolve();
    });
  });
  const gateway = {
    said,
    folder,
    /** The same when a new code is valid: each is good once. */
    async again() {
      const before = used;
      while (said.code === before) await new Promise((resolve) => setTimeout(resolve, 20));
      return gateway;
    },
    child,
    journal: async () => {
      const { stdout } = await promisify(execFile)(setting("GRIDSCOUT_CLI"), ["journal", "export", path.join(folder, "journal.db")], { maxBuffer: 1 << 28 });
      return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    },
    async close() {
      child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
    /** The code that is valid now. */
    spend: () => (used = said.code),
  };
  let used = "";
  return gateway;
}

/** The page of a gateway, connected. */
export async function connect(context, gateway, { run = "run", drives = "drive" } = {}) {
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  await page.goto(gateway.said.url);
  await page.locator("#code").fill(gateway.spend());
  await page.locator("#run-name").fill(run);
  await page.locator("#drives").selectOption(drives);
  await page.locator("#connect-button").click();
  return { page, faults };
}

/** Waits until an element says so; if it never does, the error tells what it said instead. */
export async function says(page, selector, words, timeout = 30_000) {
  try {
    await page.waitForFunction(([selector, words]) => document.querySelector(selector)?.textContent?.includes(words), [selector, words], { timeout });
  } catch (error) {
    const said = await page.evaluate((selector) => document.querySelector(selector)?.textContent, selector);
    const message = await page.evaluate(() => document.querySelector("#gateway-message")?.textContent);
    throw new Error(`${selector} never said "${words}"; it says "${said}"; message "${message}"`, { cause: error });
  }
}

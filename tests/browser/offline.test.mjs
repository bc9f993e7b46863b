// The page without a network, and never an old page with one.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, simulate, status, text } from "./chromium.mjs";
import { serve } from "./gateway.mjs";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json" };

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

/** The page from a server that can be stopped; `changed` holds files that are otherwise there than on the disk. */
async function site(port = 0, changed = {}) {
  const server = createServer(async (request, response) => {
    const name = new URL(request.url ?? "/", "http://host").pathname.slice(1) || "index.html";
    const body = changed[name] ?? (await readFile(path.join("www", name)).catch(() => null));
    response.writeHead(body === null ? 404 : 200, { "content-type": TYPES[path.extname(name)] ?? "text/plain", "cache-control": "no-cache" });
    response.end(body ?? "");
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  const at = /** @type {import("node:net").AddressInfo} */ (server.address()).port;
  return { port: at, url: `http://127.0.0.1:${at}/`, stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }) };
}

/** Until an answer of the page is yes. A function that the page waits for by itself may not be asynchronous. */
async function until(page, question, what) {
  for (const began = Date.now(); Date.now() - began < 30_000; await page.waitForTimeout(100)) if (await page.evaluate(question)) return;
  throw new Error(`never: ${what}`);
}

const installed = (page) => until(page, async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated" && (await caches.match("pkg/files.json")) !== undefined, "installed");

test("once seen it opens without a network, runs, and explains itself", async () => {
  const first = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  try {
    await page.goto(`${first.url}?preset=figure-3&seed=2&speed=top`);
    await status(page, "ended");
    await installed(page);
    await first.stop();
    await page.goto(`${first.url}?preset=figure-3&seed=1&speed=top`);
    await status(page, "ended");
    assert.equal(await text(page, "#digest"), (await simulate("figure-3", 1)).digest);
    // What it never loaded while there was a network.
    await page.getByRole("button", { name: "Explain: Stage speed" }).click();
    await page.waitForFunction(() => document.querySelector("#explanation math"));
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => [...document.styleSheets].every((sheet) => sheet.cssRules.length > 0)), true);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
    await first.stop().catch(() => {});
  }
});

test("with a network it is never an old page, and afterwards the new one is kept", async () => {
  const first = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await page.goto(`${first.url}?speed=top`);
    await installed(page);
    await first.stop();
    const index = (await readFile("www/index.html", "utf8")).replace("<title>gridscout</title>", "<title>gridscout, changed</title>");
    const files = JSON.parse(await readFile("www/pkg/files.json", "utf8"));
    const second = await site(first.port, { "index.html": index, "pkg/files.json": JSON.stringify({ ...files, digest: "another" }) });
    await page.goto(`${second.url}?speed=top`);
    assert.equal(await page.title(), "gridscout, changed");
    await until(page, async () => (await (await caches.match("pkg/files.json"))?.json())?.digest === "another", "kept");
    await second.stop();
    await page.goto(`${second.url}?speed=top&seed=5`);
    assert.equal(await page.title(), "gridscout, changed");
    await status(page, "ended");
  } finally {
    await context.close();
    await first.stop().catch(() => {});
  }
});

test("the browser finds nothing that would keep it from being installed", async () => {
  const first = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await page.goto(`${first.url}?speed=top`);
    await installed(page);
    const devtools = await context.newCDPSession(page);
    const manifest = await devtools.send("Page.getAppManifest");
    assert.deepEqual(manifest.errors, []);
    assert.equal(JSON.parse(manifest.data).name, "gridscout");
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    // A window without a profile is said to be one of its own accord.
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito"), []);
  } finally {
    await context.close();
    await first.stop();
  }
});

test("at a gateway nothing is kept, and what a plain page kept there is let go", async () => {
  const plain = await site();
  const context = await browser.newContext();
  const page = await context.newPage();
  let gateway;
  try {
    await page.goto(`${plain.url}?speed=top`);
    await installed(page);
    await plain.stop();
    gateway = await serve(["--time-scale", "0.01", "--port", String(plain.port)]);
    await page.goto(gateway.said.url);
    await page.waitForFunction(() => !document.querySelector("#instrument").hidden);
    await until(page, async () => (await navigator.serviceWorker.getRegistrations()).length === 0, "let go");
    await page.waitForTimeout(4000);
    assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  } finally {
    await context.close();
    await gateway?.close();
    await plain.stop().catch(() => {});
  }
});

// Pages of strangers that hold an embed: a server of its own, with the built files under /dist/ and one page of the test's making.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import path from "node:path";

/** Where `cargo dev dist` put the embeds. */
export const DIST = path.resolve(process.env.GRIDSCOUT_DIST ?? "dist");

const TYPES = { ".html": "text/html; charset=utf-8", ".mjs": "text/javascript", ".json": "application/json" };

/** @param {Record<string, string | ((response: import("node:http").ServerResponse) => void)>} pages texts by their paths, or what answers @param {Record<string, string>} [headers] of the pages */
export async function host(pages, headers = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    const type = TYPES[path.extname(pathname)] ?? "text/html; charset=utf-8";
    const page = pages[pathname];
    if (typeof page === "function") return page(response);
    const body = page ?? (pathname.startsWith("/dist/") ? await readFile(path.join(DIST, path.basename(pathname))).catch(() => null) : null);
    response.writeHead(body === null ? 404 : 200, { "content-type": type, ...(page === undefined ? {} : headers) });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }) };
}

/** A page in a context of its own; `faults` collects what it complains of and what it asks of other hosts than `own`. */
export async function visit(browser, url, own = [new URL(url).host], options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("favicon")) faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && !own.includes(host)) faults.push(`request: ${request.url()}`);
  });
  // Every event of an element, in order, from before it exists.
  await page.addInitScript(() => {
    const all = [];
    Object.assign(globalThis, { heard: all });
    for (const name of ["ready", "step", "end", "error", "state"]) {
      document.addEventListener(`gridscout-${name}`, (event) => all.push({ name, id: event.target.id, detail: JSON.parse(JSON.stringify(event.detail)) }));
    }
  });
  await page.goto(url);
  return { page, faults, close: () => context.close() };
}

/** The first event of that name, of the element with that id if one is given. */
export async function heard(page, name, id, timeout = 60_000) {
  const handle = await page.waitForFunction(([name, id]) => globalThis.heard.find((event) => event.name === name && (id === undefined || event.id === id))?.detail, [name, id], { timeout });
  return handle.jsonValue();
}

/** A whole page around what stands in its body. */
export const around = (body) => `<!doctype html><html lang="en"><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1"><title>host</title><body>${body}</body></html>`;

// The page from a server of a test's own, which can be stopped, changed and made to fail.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import path from "node:path";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json" };

/** @param {Record<string, string>} [headers] of every answer */
export async function site(headers = { "cache-control": "no-cache" }) {
  const served = {
    port: 0,
    url: "",
    /** Files that are otherwise here than on the disk. @type {Record<string, string>} */
    changed: {},
    /** Which files get no answer. @type {(name: string) => boolean} */
    fail: () => false,
    stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
  const server = createServer(async (request, response) => {
    const name = new URL(request.url ?? "/", "http://host").pathname.slice(1) || "index.html";
    if (served.fail(name)) return request.socket.destroy();
    const body = served.changed[name] ?? (await readFile(path.join("www", name)).catch(() => null));
    response.writeHead(body === null ? 404 : 200, { "content-type": TYPES[path.extname(name)] ?? "text/plain", ...headers });
    response.end(body ?? "");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  served.port = /** @type {import("node:net").AddressInfo} */ (server.address()).port;
  served.url = `http://127.0.0.1:${served.port}/`;
  return served;
}

/** Until an answer of the page is yes. A function that the page waits for by itself may not be asynchronous. */
export async function until(page, question, what) {
  for (const began = Date.now(); Date.now() - began < 30_000; await page.waitForTimeout(100)) if (await page.evaluate(question)) return;
  throw new Error(`never: ${what}`);
}

export const installed = (page) => until(page, async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated" && (await caches.match("pkg/files.json")) !== undefined, "installed");

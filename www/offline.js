// @ts-check
// Keeps the page for when there is no network. What the network gives always comes first, so that nothing here is ever stale; what is
// kept is one whole version, never a mixture. A gateway is never answered for: only the plain page registers this (install.js).

const worker = /** @type {any} */ (self);
/** Of this page alone: others may share the origin. The digest of a version follows. */
const CACHE = `gridscout ${worker.registration.scope} `;
/** Every file of the page, and a digest over them; written by the build. The last that is kept of a version: with it, it is whole. */
const LIST = "pkg/files.json";
/** Asked of a gateway. */
const LIVE = ["gateway.json", "session", "ws"];

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(keepAll().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { method, mode, url } = event.request;
  const scope = worker.registration.scope;
  if (method !== "GET" || !url.startsWith(scope) || LIVE.includes(url.slice(scope.length).split("?")[0])) return;
  event.respondWith(answer(event.request));
  if (mode === "navigate") event.waitUntil(keepAll().catch(() => {}));
});

/** From the network, which is asked even where a server lets files be kept for a while; else as it was kept. @param {Request} request */
async function answer(request) {
  try {
    return await fetch(request, { cache: "no-cache" });
  } catch (error) {
    // The address holds the state of the page; the file is the same.
    const kept = await (await whole())?.match(request.url.split(/[?#]/)[0]);
    if (!kept) throw error;
    return kept;
  }
}

const versions = async () => (await caches.keys()).filter((name) => name.startsWith(CACHE));

/** The newest version of which every file is kept. */
async function whole() {
  for (const name of (await versions()).reverse()) {
    const cache = await caches.open(name);
    if (await cache.match(LIST)) return cache;
  }
  return null;
}

/** Every file of the version that the network has, unless it is kept already; then the others are let go. */
async function keepAll() {
  const list = await fetch(LIST, { cache: "no-store" });
  const { digest, files } = await list.clone().json();
  const now = CACHE + digest;
  const cache = await caches.open(now);
  if (!(await cache.match(LIST))) {
    await cache.addAll(files.map((/** @type {string} */ file) => new Request(file, { cache: "no-cache" })));
    if ((await digestOf(cache, files)) !== digest) {
      // Files of two versions, from a server that is just being given the next one. The next visit tries again.
      await caches.delete(now);
      return;
    }
    await cache.put("./", /** @type {Response} */ (await cache.match("index.html")));
    await cache.put(LIST, list);
  }
  for (const name of await versions()) if (name !== now) await caches.delete(name);
}

/** SHA-256 over what is in the files, one after the other, as the build takes it. @param {Cache} cache @param {string[]} files */
async function digestOf(cache, files) {
  const all = await new Blob(await Promise.all(files.map(async (file) => /** @type {Response} */ (await cache.match(file)).blob()))).arrayBuffer();
  return Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", all)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

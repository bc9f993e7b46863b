// @ts-check
// Keeps the page for when there is no network. What the network gives always comes first, so that nothing here is ever stale; a
// gateway is never answered for. Only the plain page registers it (install.js).

const worker = /** @type {any} */ (self);
const CACHE = "gridscout";
/** Every file of the page, and a digest over them; written by the build. */
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

/** From the network, else as it was kept. @param {Request} request */
async function answer(request) {
  const cache = await caches.open(CACHE);
  // The address holds the state of the page; the file is the same.
  const file = request.url.split(/[?#]/)[0];
  try {
    const response = await fetch(request);
    if (response.ok && response.type === "basic") void cache.put(file, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(file);
    if (!kept) throw error;
    return kept;
  }
}

/** Every file, unless those that are kept are the same already. */
async function keepAll() {
  const cache = await caches.open(CACHE);
  const list = await fetch(LIST, { cache: "no-store" });
  const [now, before] = [await list.clone().json(), await (await cache.match(LIST))?.json()];
  if (now.digest === before?.digest) return;
  await cache.addAll(["./", ...now.files].map((file) => new Request(file, { cache: "no-cache" })));
  await cache.put(LIST, list);
}

// @ts-check
// Keeping the page for use without a network, and letting go of it where a gateway serves it.

/** After the first campaign has the machine to itself, ms. */
const LATER_MS = 3000;

/** @param {boolean} atGateway */
export function keepOffline(atGateway) {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  if (atGateway) {
    // A plain page may have been at this address before; at an instrument nothing may answer but the gateway.
    void letGo();
    return;
  }
  setTimeout(() => void navigator.serviceWorker.register("offline.js").catch(() => {}), LATER_MS);
}

/** Others may share the origin: only what may answer at this address goes. */
async function letGo() {
  const here = (/** @type {string} */ scope) => location.href.startsWith(scope);
  for (const one of await navigator.serviceWorker.getRegistrations()) if (here(one.scope)) await one.unregister();
  // A cache has the name "gridscout SCOPE DIGEST".
  for (const name of await caches.keys()) {
    const [program, scope] = name.split(" ");
    if (program === "gridscout" && scope && here(scope)) await caches.delete(name);
  }
}

// Sends the names of what the scripts of this page store to the layer's inventory, and no values. For a site that adopts
// the layer: no page loads this file unless the site writes it there.
const script = /** @type {HTMLScriptElement} */ (document.currentScript);
const url = new URL("../inventory", script.src);
const sent = new Set();
/** In bytes: the layer reads at most 8 KB. */
const ROOM = 7000;

const send = (pairs) => {
  let body = "";
  for (const [kind, name] of pairs) {
    const field = new URLSearchParams([[kind, name]]) + "";
    if (sent.has(field) || field.length > ROOM) continue;
    sent.add(field);
    if (body.length + field.length > ROOM) {
      navigator.sendBeacon(url, new URLSearchParams(body));
      body = "";
    }
    body += "&" + field;
  }
  if (body) navigator.sendBeacon(url, new URLSearchParams(body));
};

const quietly = async (kind, names) => {
  try {
    send((await names()).map((name) => [kind, name]));
  } catch { /* Blocked: then nothing is there. */ }
};

const look = () => {
  quietly("local-storage", () => Object.keys(localStorage));
  quietly("session-storage", () => Object.keys(sessionStorage));
  quietly("indexed-db", async () => (await indexedDB.databases()).map(({ name }) => name));
  quietly("cache-storage", () => caches.keys());
  quietly("service-worker", async () => (await navigator.serviceWorker.getRegistrations()).map(
    ({ active, waiting, installing }) => new URL((active || waiting || installing).scriptURL).pathname));
};

// What the guard refused is not stored, and belongs into the policy all the same.
document.addEventListener("consent:refused", ({ detail: { kind, name, reason } }) => {
  if (reason == "undeclared") send([[kind, name]]);
});
addEventListener("load", look);
document.addEventListener("visibilitychange", look);

// The sweep: what is declared and not allowed goes from where a script can reach it, and what is not declared from
// where workers write: the guard cannot reach those.
import { storage } from "./rules.js";

const quietly = async (f) => {
  try {
    await f();
  } catch { /* Blocked: then nothing is there. */ }
};

/** Writes a cookie, or its deletion, where the site's own are: host-only, for all paths. */
export const writeCookie = (pair, seconds) => {
  document.cookie = `${pair};path=/;samesite=lax` + (seconds == null ? "" : ";max-age=" + seconds) + (location.protocol == "https:" ? ";secure" : "");
};

const holds = (name) => ("; " + document.cookie).includes("; " + name + "=");

/** `undeclared`: the letters of the kinds of which also what the policy does not declare goes. */
export const sweep = (undeclared = "") => {
  const goes = (letter, name) => {
    const stored = storage(letter, name);
    return stored == -1 || stored == -3 && undeclared.includes(letter);
  };
  quietly(() => {
    for (const pair of document.cookie.split("; ")) {
      const [name] = pair.split("=");
      if (!goes("c", name)) continue;
      writeCookie(name + "=", 0);
      // A script may have given it the Domain of a host above this one.
      for (let host = location.hostname; host && holds(name); host = host.replace(/^[^.]*\.?/, "")) writeCookie(name + "=;domain=" + host, 0);
    }
  });
  for (const kind of ["local", "session"]) {
    quietly(() => {
      const storage = window[kind + "Storage"];
      for (const key of Object.keys(storage)) if (goes(kind[0], key)) storage.removeItem(key);
    });
  }
  quietly(async () => {
    for (const { name } of await indexedDB.databases()) if (goes("i", name)) indexedDB.deleteDatabase(name);
  });
  quietly(async () => {
    for (const name of await caches.keys()) if (goes("k", name)) caches.delete(name);
  });
  quietly(async () => {
    for (const worker of await navigator.serviceWorker.getRegistrations()) {
      const { scriptURL } = worker.active || worker.waiting || worker.installing;
      if (goes("w", new URL(scriptURL).pathname)) worker.unregister();
    }
  });
};

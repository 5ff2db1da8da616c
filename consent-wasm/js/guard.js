// The guard: the first script of a page. What a script wants to store has to be declared and granted, else it does not
// happen and the document says so by the event `consent:refused`. Reading works, and so do deletions; a method that
// stores nothing returns or fails as it does where a browser blocks storage. It has no codec: it looks for what a
// granting cookie has to hold. Without its rules it grants nothing.
((document) => {
  const { consentRules, consentStatic } = document.currentScript?.dataset || {};
  const [consentName, , revision, , ...tokens] = (consentRules || "").split(" ");
  // A category: "@", name, regime, since. A storage: letter, digits, seconds, name.
  const rules = tokens.map((token) => /(.)(.*?):(.*?):(.*)/.exec(token).slice(1));
  const property = Object.getOwnPropertyDescriptor;
  const change = (object, key, changes) => Object.defineProperty(object, key, { ...property(object, key), ...changes });
  const jar = property(Document.prototype, "cookie").get;

  const isGranted = (digit) => {
    const [, name, regime, since] = rules.filter(([sign]) => sign == "@")[parseInt(digit, 16)] || [];
    const parts = ("; " + jar.call(document)).split(`; ${consentName}=`);
    const group = RegExp(`(\\d+)-[^~;]*\\.${name}:[g${regime == "o" ? "i" : ""}]`).exec(parts[1]);
    // A `since` that is no number belongs to a category that a signal takes away.
    return parts.length == 2 && group?.[1] >= since && +group[1] <= revision;
  };

  // The closest name comes first in the rules.
  const find = (letter, name) => rules.find(([known, , , wanted]) =>
    letter == known && RegExp(`^${decodeURIComponent(wanted).replace(/\W/g, "\\$&").replace(/\\\*$/, ".*")}$`, "s").test(name));
  const isReserved = (letter, name) => letter == "c" && /^(__host-)?consent$/i.test(name);

  // Whether something may not be stored; then the document hears of it.
  const refuses = (kind, name, letter = kind[0]) => {
    const rule = find(letter, name);
    const reason = isReserved(letter, name) ? (consentStatic == null || name != consentName) && "reserved"
      : !rule ? "undeclared" : ![...rule[1]].every(isGranted) && "not-allowed";
    if (reason) document.dispatchEvent(new CustomEvent("consent:refused", { detail: { kind, name, reason } }));
    return reason;
  };
  const blocked = () => new DOMException("Not allowed", "SecurityError");

  // What may be stored of a cookie text: a deletion as every browser reads it, a lifetime no longer than declared.
  const amended = (text) => {
    const [pair, ...attributes] = text.split(";");
    const name = /^[ \t]*([!-~]*?)[ \t]*=/.exec(pair)?.[1] || "";
    const age = /.*;\s*max-age\s*=\s*(-?\d+)\s*(;|$)/is.exec(text)?.[1] ??
      (Date.parse(/.*;\s*expires\s*=([^;]*)/is.exec(text)?.[1]) - Date.now()) / 1e3;
    if ((!(age <= 0) || isReserved("c", name)) && refuses("cookie", name)) return "";
    const others = attributes.filter((attribute) => !/^\s*(max-age|expires)\s*=/i.test(attribute));
    // No number at all is ignored by every browser: the cookie stays until the browser is closed.
    return [pair, ...others, "max-age=" + Math.ceil(Math.min(age, age > 0 ? parseInt(find("c", name)?.[2] ?? age) : 0))].join(";");
  };

  const kinds = new Map();
  const storages = new Map();

  // Puts the guard into a window of this origin; into another's it does not come.
  const install = (window) => {
    try {
      const { prototype } = window.Document;
      if (kinds.has(prototype)) return;
      kinds.set(prototype);
      const instead = (type, method, f) => {
        const native = window[type]?.prototype[method];
        if (native) window[type].prototype[method] = function (...given) { return f(this, given, (that) => native.apply(that, given)); };
      };

      const { set } = property(prototype, "cookie");
      change(prototype, "cookie", { set(text) { set.call(this, amended(text + "")); } });
      instead("CookieStore", "set", async (store, [name, value]) => {
        const { expires, ...others } = { path: "/", sameSite: "strict", ...name.name ? name : { name, value } };
        window.document.cookie = `${others.name}=${others.value};secure` + Object.entries(others).map(([key, value]) => value ? `;${key}=${value}` : "").join("") + (expires ? ";expires=" + new Date(expires).toUTCString() : "");
      });

      for (const method of ["getItem", "setItem", "removeItem", "clear", "key"]) {
        instead("Storage", method, (storage, [key], native) => {
          storage = storages.get(storage) || storage;
          if (method != "setItem" || !refuses(kinds.get(storage), key + "")) return native(storage);
        });
      }
      for (const kind of ["local", "session"]) {
        const { get } = property(window, kind + "Storage");
        let proxy;
        change(window, kind + "Storage", {
          get() {
            const storage = get.call(window);
            const put = (_, key, value) => (storage.setItem(key, value), true);
            if (!proxy) {
              kinds.set(storage, kind + "-storage");
              storages.set(proxy = new Proxy(storage, { get: (_, key) => storage[key], set: put, defineProperty: (_, key, { value }) => put(_, key, value) }), storage);
            }
            return proxy;
          },
        });
        window[kind + "Storage"];
      }

      instead("IDBFactory", "open", (factory, [name], native) => {
        if (!refuses("indexed-db", name + "")) return native(factory);
        const request = Object.assign(new EventTarget(), { error: blocked() });
        setTimeout(() => { request.onerror?.(new Event("error")); });
        return request;
      });
      instead("CacheStorage", "open", async (caches, [name], native) => {
        if (refuses("cache-storage", name + "", "k")) throw blocked();
        return native(caches);
      });
      instead("ServiceWorkerContainer", "register", async (container, [url], native) => {
        if (refuses("service-worker", new URL(url, document.baseURI).pathname, "w")) throw blocked();
        return native(container);
      });

      // Windows that this one makes.
      for (const key of ["contentWindow", "contentDocument"]) {
        const { prototype } = window.HTMLIFrameElement;
        const { get } = property(prototype, key);
        change(prototype, key, {
          get() {
            const inner = get.call(this);
            install(inner?.defaultView || inner);
            return inner;
          },
        });
      }
      const { open } = window;
      window.open = (...given) => {
        const opened = open(...given);
        install(opened);
        return opened;
      };
      window.document.addEventListener("load", ({ target }) => target.contentWindow, true);
    } catch { /* Of another origin. */ }
  };
  install(window);
})(document);

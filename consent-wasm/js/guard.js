// The guard: the first script of a page. What a script wants to store has to be declared and granted, else it does not
// happen and the document says so by the event `consent:refused`. Reading works, and so do deletions; what stores nothing
// returns, or fails as it does where a browser blocks storage. It has no codec: it looks for what a granting cookie has
// to hold. Without its rules it grants nothing. Every byte of it comes before the page: it is written to be short.
((document) => {
  const [consentName, , revision, , ...tokens] = (document.currentScript.dataset.consentRules + "").split(" ");
  // The categories: "@", name, the states that allow it, since. Then what may be stored: letter, the categories' places,
  // seconds, name.
  const rules = tokens.map((token) => /(.)(.*?):(.*?):(.*)/.exec(token));
  const jar = Document.prototype.__lookupGetter__("cookie");

  const isGranted = (digit) => {
    const [, , name, states, since] = rules[+("0x" + digit)];
    const under = RegExp(`; ${consentName}=[^;]*?(\\d+)-[^~;]*\\.${name}:[${states}]`).exec("; " + jar.call(document))?.[1];
    // A `since` that is no number belongs to a category that a signal takes away.
    return under >= +since && under <= +revision;
  };

  // Whether something may be stored; if not, the document hears of it. A cookie's pattern stands for tokens only, as it
  // does on the server.
  const allows = (kind, name, letter = kind[0]) => {
    const rule = rules.find(([, known, , , wanted]) =>
      letter == known && (wanted == name || wanted == name.slice(0, wanted.length - 1) + "*" && !/^c.*?[^-!#-'*+.^`|~\w]/s.test(letter + name)));
    const reason = rule ? ![...rule[2]].every(isGranted) && "not-allowed" : "undeclared";
    if (reason) document.dispatchEvent(new CustomEvent("consent:refused", { detail: { kind, name, reason } }));
    return !reason;
  };

  const known = new Map();

  // Puts the guard into a window of this origin; into another's it does not come.
  const install = (window) => {
    try {
      const { prototype } = window.Document;
      if (known.has(prototype)) return window;
      known.set(prototype);
      const instead = (prototype, method, f) => {
        const native = prototype[method];
        prototype[method] = function (...given) { return f((that = this) => native.apply(that, given), given[0], this); };
      };

      const set = prototype.__lookupSetter__("cookie");
      prototype.__defineSetter__("cookie", function (text) {
        const name = /^[ \t]*([^=]*?)[ \t]*=/.exec(text += "")?.[1] || "";
        // In every browser a deletion, and of the consent none.
        if (name != consentName && (/; *max-age=[-0]/i.test(text) || new Date(/; *expires=([^;]*)/i.exec(text)?.[1]) < new Date())) text += ";max-age=0";
        else if (!allows("cookie", name)) return;
        set.call(this, text);
      });

      // Windows that this one makes.
      const frame = window.HTMLIFrameElement.prototype;
      const inner = frame.__lookupGetter__("contentWindow");
      for (const name of ["contentWindow", "contentDocument"]) {
        const get = frame.__lookupGetter__(name);
        frame.__defineGetter__(name, function () {
          install(inner.call(this));
          return get.call(this);
        });
      }
      instead(window, "open", (native) => install(native()));

      for (const [kind, object, method, letter] of [["cookie", window.cookieStore, "set"], ["indexed-db", window.indexedDB, "open"],
        ["cache-storage", window.caches, "open", "k"], ["service-worker", window.navigator.serviceWorker, "register", "w"]]) {
        if (object) instead(object.__proto__, method, (native, name) => {
          name = letter == "w" ? new URL(name, document.baseURI).pathname : name.name || name + "";
          if (allows(kind, name, letter)) return native();
          const refusal = Promise.reject(Error(name));
          // A request for a database says so in its own way.
          setTimeout(() => refusal.onerror?.(refusal));
          return refusal;
        });
      }

      const storages = window.Storage.prototype;
      for (const method in storages) {
        if (method != "length") instead(storages, method, (native, key, storage) => {
          const [real, kind] = known.get(storage);
          if (method != "setItem" || allows(kind, key + "")) return native(real);
        });
      }
      for (const kind of ["local", "session"]) {
        const storage = window[kind + "Storage"];
        const proxy = new Proxy(storage, { get: (_, key) => storage[key], set: (_, key, value) => !storage.setItem(key, value) });
        for (const either of [storage, proxy]) known.set(either, [storage, kind + "-storage"]);
        window.__defineGetter__(kind + "Storage", () => proxy);
      }
    } catch { /* Of another origin, or without storage. */ }
    return window;
  };
  install(window);
})(document);

// The guard: the first script of a page. A script can store only what the policy declares and the visitor allows. The
// guard refuses every other write, and the document hears the event `consent:refused`. Reads and deletions work. A
// refused call fails as it does in a browser that blocks storage. The guard has no codec: it looks for what a granting
// cookie must contain. Without its rules it grants nothing. Every byte of it comes before the page, so it is short.
((document) => {
  const tag = document.currentScript;
  const [consentName, , revision, , ...tokens] = (tag.dataset.consentRules + "").split(" ");
  // The categories: "@", name, the states that allow it, since. Then the declarations: letter, the indexes of their
  // categories, seconds, name. A pattern has a star between its two ends.
  const rules = tokens.map((token) => /(.)(.*?):(.*?):([^*]*)(.?)(.*)/.exec(token));
  const jar = Document.prototype.__lookupGetter__("cookie");
  // The guard as HTML: the start of every `srcdoc`. Browsers hide a nonce from the serialization.
  const html = tag.outerHTML.replace('nonce=""', `nonce="${tag.nonce}"`);

  const isGranted = (digit) => {
    const [, , name, states, since] = rules[+("0x" + digit)];
    const under = /** @type {any} */ (RegExp(`; ${consentName}=[^;]*?(\\d+)-[^~;]*\\.${name}:[${states}]`).exec("; " + jar.call(document))?.[1]);
    // A `since` that is no number belongs to a category that a signal takes away.
    return under >= +since && under <= +revision;
  };

  // Whether something may be stored; if not, the document hears of it. A cookie's pattern matches only names that a policy
  // can declare, as on the server. A capital letter declares a cookie with a Domain.
  const allows = (kind, name, letter = kind[0], domain) => {
    const rule = rules.find(([, known, , , start, star, end]) =>
      !(star && /^c.*?[^!#-+\--:<-[\]-~]/s.test(letter + name)) &&
      name == start + (star && name.slice(start.length, name.length - end.length)) + end && letter == known.toLowerCase());
    const reason = rule ? domain && rule[1] == letter ? "scope-wider-than-declared" : ![...rule[2]].every(isGranted) && "not-allowed" : "undeclared";
    const detail = { kind, name, reason };
    if (reason) {
      document.dispatchEvent(new CustomEvent("consent:refused", { detail }));
      // Over plain http, as on a developer's machine.
      if (consentName > "a") console.warn(detail);
    }
    return !reason;
  };

  const known = new Map();

  // Puts the guard into a window of this origin. A window of another origin throws.
  const install = (window) => {
    try {
      const { prototype } = window.Document;
      const instead = (prototype, method, f) => {
        const native = prototype[method];
        prototype[method] = function (...given) { return f((that = this) => native.apply(that, given), given[0], this, given); };
      };

      // A frame begins with an empty document of this origin, and keeps its window for the first document that it loads.
      // So the guard is in the window before that document's scripts run.
      const guard = (frame, isChanged) => {
        install(frame.contentWindow);
        try {
          const { srcdoc } = frame;
          // Begins anew, with an empty document.
          if (isChanged && /^blob:/.test(frame.src)) frame.replaceWith(frame);
          if (srcdoc && !srcdoc.startsWith(html)) frame.srcdoc = html + srcdoc;
        } catch { /* Trusted Types: the empty document is guarded. */ }
      };
      const see = (records) => {
        for (const { target, attributeName, addedNodes } of records) {
          if (attributeName) guard(target, 1);
          for (const node of addedNodes) for (const frame of [node, ...node.querySelectorAll?.("iframe,frame,object") || []]) guard(frame);
        }
      };
      const observer = known.get(prototype) || new window.MutationObserver(see);
      const observe = (root) => {
        observer.observe(root, { childList: true, subtree: true, attributeFilter: ["src", "srcdoc"] });
        return root;
      };
      const flush = () => see(observer.takeRecords());

      if (!known.has(window.document)) {
        // @ts-expect-error The key alone says that the guard is in this window.
        known.set(observe(window.document));
        for (const type of ["load", "beforescriptexecute"]) window.document.addEventListener(type, ({ target }) => { flush(); guard(target); }, true);
      }
      if (known.has(prototype)) return window;
      known.set(prototype, observer);

      // A script may reach a frame, by `window[0]`, as soon as it has inserted it.
      for (const name of ["Node", "Element", "CharacterData", "Document", "Range"]) {
        const { prototype } = window[name];
        for (const key in prototype) {
          if (!/^(appe|ins|prep|bef|aft|repl|wri|surr|mov|exe)|HTML/.test(key)) continue;
          const set = prototype.__lookupSetter__(key);
          if (set) prototype.__defineSetter__(key, function (value) {
            set.call(this, value);
            flush();
          });
          else instead(prototype, key, (native) => {
            const made = native();
            flush();
            return made;
          });
        }
      }
      instead(window.Element.prototype, "attachShadow", (native) => observe(native()));

      const set = prototype.__lookupSetter__("cookie");
      prototype.__defineSetter__("cookie", function (text) {
        const name = /^[ \t]*([^=]*?)[ \t]*=/.exec(text += "")?.[1] || "";
        // In every browser a deletion, and of the consent none.
        if (name != consentName && (/; *max-age=[-0]/i.test(text) || new Date(/; *expires=([^;]*)/i.exec(text)?.[1]) < new Date())) text += ";max-age=0";
        else if (!allows("cookie", name, "c", /;\s*domain\s*=\s*[^;\s]/i.test(text))) return;
        set.call(this, text);
      });

      instead(window, "open", (native) => install(native()));

      const { navigator } = window;
      for (const [object, method, kind = "other", letter] of [
        [window.cookieStore, "set", "cookie"], [window.cookieStore, "delete", "cookie"], [window.indexedDB, "open", "indexed-db"],
        [window.caches, "open", "cache-storage", "k"], [navigator.serviceWorker, "register", "service-worker", "w"],
        // No policy can declare these.
        [navigator.storage, "getDirectory"], [navigator.storageBuckets, "open"], [navigator.login, "setStatus"],
        [navigator, "joinAdInterestGroup"], [window, "webkitRequestFileSystem"], [prototype, "requestStorageAccess"],
      ]) {
        if (object?.[method]) instead(object.hasOwnProperty(method) ? object : object.__proto__, method, (native, first, that, given) => {
          const name = kind == "other" ? method : letter == "w" ? new URL(first, document.baseURI).pathname : first.name || first + "";
          // Without types the call asks for cookies alone, in a frame.
          if (method == "delete" && name != consentName || object == prototype && !first || allows(kind, name, letter, first?.domain)) return native();
          const error = kind == "cookie" ? TypeError(name) : new DOMException(name, kind == "indexed-db" ? "UnknownError" : "SecurityError");
          if (kind == "indexed-db") {
            // A request of the browser's own that stores nothing: only its end differs.
            const request = that.deleteDatabase(" ");
            request.__defineGetter__("error", () => error);
            request.addEventListener("success", (event) => {
              event.stopImmediatePropagation();
              request.dispatchEvent(new Event("error", { bubbles: true, cancelable: true }));
            });
            return request;
          }
          // One of them takes callbacks.
          setTimeout(() => given[3]?.(error));
          const refusal = Promise.reject(error);
          refusal.catch(() => {});
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
        const set = (_, key, value) => !storage.setItem(key, value);
        const proxy = new Proxy(storage, { get: (_, key) => storage[key], set, defineProperty: (_, key, { value }) => set(_, key, value) });
        for (const either of [storage, proxy]) known.set(either, [storage, kind + "-storage"]);
        window.__defineGetter__(kind + "Storage", () => proxy);
      }
    } catch { /* Of another origin, or without storage. */ }
    return window;
  };
  install(window);
})(document);

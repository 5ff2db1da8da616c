// Does on purpose what the policy forbids, in every way a script has, and then looks at what the browser holds.
(() => {
  const english = document.documentElement.lang !== "de";
  const say = (en, de) => (english ? en : de);

  // By name, why the guard refused it.
  const refusals = new Map();
  document.addEventListener("consent:refused", ({ detail }) => refusals.set(detail.name, detail.reason));

  const attempts = [
    ["document.cookie", "_fbp", () => (document.cookie = "_fbp=fb.1.1700000000.1789; Max-Age=34560000; Path=/")],
    ["document.cookie", "consent", () => (document.cookie = "consent=1-20261123.functionality:g; Max-Age=15552000; Path=/; SameSite=Lax")],
    ["document.cookie", "__Host-consent", () => (document.cookie = "__Host-consent=1-20261123.functionality:g; Max-Age=15552000; Path=/; Secure; SameSite=Lax")],
    ["cookieStore.set", "_pk_ses", () => window.cookieStore?.set({ name: "_pk_ses", value: "8f31c07a", path: "/" })],
    ["localStorage.setItem", "ajs_anonymous_id", () => localStorage.setItem("ajs_anonymous_id", "8f31c07a")],
    ["localStorage.… =", "amplitude_id", () => (localStorage.amplitude_id = "8f31c07a")],
    ["sessionStorage.setItem", "_hjSession", () => sessionStorage.setItem("_hjSession", "8f31c07a")],
    ["indexedDB.open", "tracker", () => indexedDB.open("tracker")],
    ["iframe", "frame_id", () => frame("/misbehaviour/frame")],
    ["iframe", "frame_cookie", () => {}],
    ["about:blank", "blank_id", () => frame("about:blank").contentWindow.localStorage.setItem("blank_id", "8f31c07a")],
  ];

  function frame(address) {
    const frame = document.createElement("iframe");
    frame.src = address;
    frame.hidden = true;
    document.body.append(frame);
    return frame;
  }

  async function held() {
    const read = async (what, list) => {
      try {
        return (await list()).map((name) => [what, name]);
      } catch {
        return [];
      }
    };
    const cookies = () => document.cookie.split("; ").filter(Boolean).map((pair) => pair.split("=")[0]);
    const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
    const lists = await Promise.all([
      read(say("cookie", "Cookie"), cookies),
      read("localStorage", () => Object.keys(localStorage)),
      read("sessionStorage", () => Object.keys(sessionStorage)),
      read("indexedDB", databases),
    ]);
    return lists.flat();
  }

  function element(tag, content, className) {
    const made = document.createElement(tag);
    made.append(content);
    if (className) made.className = className;
    return made;
  }

  function attempted([way, name], stored) {
    const outcome = stored
      ? element("span", say("stored", "gespeichert"), "kept")
      : element("span", say("not stored", "nicht gespeichert"), "dropped");
    const row = document.createElement("tr");
    const head = element("th", element("code", name));
    head.scope = "row";
    const last = element("td", outcome);
    if (!stored && refusals.has(name)) last.append(" ", element("code", refusals.get(name)));
    row.append(head, element("td", element("code", way), "way"), last);
    return row;
  }

  function present([where, name]) {
    const item = element("li", element("code", name));
    item.append(element("span", where));
    return item;
  }

  async function show() {
    const found = await held();
    const names = new Set(found.map(([, name]) => name));
    document
      .getElementById("attempts")
      .replaceChildren(...attempts.map((attempt) => attempted(attempt, names.has(attempt[1]))));
    const nothing = say("Nothing at all that a script can see.", "Gar nichts, was ein Skript sehen kann.");
    document
      .getElementById("held")
      .replaceChildren(...(found.length ? found.map(present) : [element("li", nothing)]));
  }

  for (const [, , attempt] of attempts) {
    try {
      Promise.resolve(attempt()).catch(() => {});
    } catch {
      // A write that throws has stored nothing; the list below tells.
    }
  }
  // Frames and databases take their time.
  show();
  setTimeout(show, 500);
  setTimeout(show, 1500);
  document.addEventListener("consent:change", () => setTimeout(show, 100));
})();

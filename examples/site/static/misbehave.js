// Does on purpose what the policy forbids, in every way a script has, and then looks at what the browser holds.
(() => {
  const english = document.documentElement.lang !== "de";
  const say = (en, de) => (english ? en : de);

  // By name, why the guard refused it.
  const refusals = new Map();
  document.addEventListener("consent:refused", ({ detail }) => refusals.set(detail.name, detail.reason));

  const ID = "8f31c07a";
  const FORGED = "1-20230209.functionality:g";
  const setCookie = (name, value, attributes) => (document.cookie = `${name}=${value}; Path=/; ${attributes}`);

  // How, the name, what is done, and where the name can be there rightly: the value that tells ours.
  const attempts = [
    ["document.cookie", "_fbp", () => setCookie("_fbp", ID, "Max-Age=34560000")],
    ["document.cookie", "consent", () => setCookie("consent", FORGED, "Max-Age=15552000"), FORGED],
    ["document.cookie", "__Host-consent", () => setCookie("__Host-consent", FORGED, "Max-Age=15552000; Secure"), FORGED],
    ["cookieStore.set", "_pk_ses", () => window.cookieStore?.set({ name: "_pk_ses", value: ID })],
    ["localStorage.setItem", "ajs_anonymous_id", () => localStorage.setItem("ajs_anonymous_id", ID)],
    ["localStorage.… =", "amplitude_id", () => (localStorage.amplitude_id = ID)],
    ["sessionStorage.setItem", "_hjSession", () => sessionStorage.setItem("_hjSession", ID)],
    ["indexedDB.open", "tracker", () => indexedDB.open("tracker")],
    ["iframe", "frame_id", () => frame("/misbehaviour/frame")],
    ["iframe", "frame_cookie", () => {}],
    ["about:blank", "blank_id", () => frame("about:blank").contentWindow.localStorage.setItem("blank_id", ID)],
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
        return (await list()).map(([name, value]) => ({ what, name, value }));
      } catch {
        return [];
      }
    };
    const cookies = () => document.cookie.split("; ").filter(Boolean).map((pair) => pair.split("="));
    const databases = async () => (await indexedDB.databases()).map(({ name }) => [name]);
    const lists = await Promise.all([
      read(say("cookie", "Cookie"), cookies),
      read("localStorage", () => Object.entries(localStorage)),
      read("sessionStorage", () => Object.entries(sessionStorage)),
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

  function attempted([way, name, , value], found) {
    const stored = found.some((item) => item.name === name && (value ?? item.value) === item.value);
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

  function present({ what, name }) {
    const item = element("li", element("code", name));
    item.append(element("span", what));
    return item;
  }

  async function show() {
    const found = await held();
    document
      .getElementById("attempts")
      .replaceChildren(...attempts.map((attempt) => attempted(attempt, found)));
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

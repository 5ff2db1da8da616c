// The gate: what needs consent is in the page, and loads nothing until it is allowed.
import { allows, storage } from "./rules.js";

const GATED = "[data-consent]";
const ATTRIBUTES = ["src", "srcset", "href", "srcdoc", "poster", "data", "imagesrcset", "background"];
const placeholders = new WeakMap();
/** The scripts that a script inserted. Those that came through `innerHTML` never run, whatever becomes of them. */
const inserted = new WeakSet();

/** Whether something may come from there: from here, or from an origin that is declared and allowed. */
const fits = (address) => {
  try {
    const { origin, host, protocol } = new URL(address, document.baseURI);
    return origin == location.origin || /^(data|about):/.test(protocol) || storage("e", origin) >= 0 || storage("e", host) >= 0;
  } catch {
    return false;
  }
};

const isAllowed = (element) => {
  try {
    return allows(element.dataset.consent) && ATTRIBUTES.every((name) => name == "srcdoc" ||
      [name, "data-" + name].every((name) => {
        const value = element.getAttribute(name) ?? "";
        return /set$/.test(name) ? [...value.matchAll(/(\S*[^\s,])(\s[^,]*)?(,|$)/g)].every(([, address]) => fits(address)) : fits(value);
      }));
  } catch {
    return false;
  }
};

let queue = Promise.resolve();
let loading;
const waking = new WeakSet();
/** A script that runs when it is inserted. */
const runnable = (script) => {
  if (inserted.has(script)) try {
    const copy = document.createElement("script");
    for (const { name, value } of script.attributes) copy.setAttribute(name, value);
    copy.nonce = script.nonce;
    copy.text = script.text;
    return copy;
  } catch { /* Under Trusted Types neither address nor text may be set. */ }
  return script;
};

/** Runs a script: one after the other as in the document, also where one has to be fetched before one that is not. */
const run = (script) => {
  if (waking.has(script)) return;
  waking.add(script);
  const { type } = script.dataset;
  queue = queue.then(async () => {
    if (!script.src && type != "module") await loading;
    waking.delete(script);
    if (!script.isConnected || !isAllowed(script)) return;
    const live = runnable(script);
    if (type) live.type = type;
    else live.removeAttribute("type");
    live.async = live.hasAttribute("async");
    if (live.src && !live.async) loading = new Promise((done) => { for (const name of ["load", "error"]) live.addEventListener(name, done); });
    // Put in again, it runs.
    const place = new Comment();
    script.replaceWith(place);
    place.replaceWith(live);
  });
};

const wake = (element) => {
  for (const name of ATTRIBUTES) {
    const value = element.getAttribute("data-" + name);
    if (value == null) continue;
    element.setAttribute(name, value);
    element.removeAttribute("data-" + name);
  }
  const before = element.previousElementSibling;
  if (before?.dataset.consentPlaceholder) {
    placeholders.set(element, before);
    before.remove();
  }
  element.parentNode.load?.();
};

const sleep = (element) => {
  const names = ATTRIBUTES.filter((name) => element.hasAttribute(name) && !element.hasAttribute("data-" + name));
  if (!names[0]) return;
  // A frame that leaves the document ends what runs in it. The same one comes back: a framework holds on to it.
  const place = new Comment();
  if (element.localName == "iframe") element.replaceWith(place);
  for (const name of names) {
    element.setAttribute("data-" + name, element.getAttribute(name));
    element.removeAttribute(name);
  }
  place.replaceWith(element);
  const placeholder = placeholders.get(element);
  if (placeholder) element.before(placeholder);
};

/** Makes what is in there live or inert. Before the rules are there, nothing is allowed. */
export const gate = (root, isInserted) => {
  for (const element of [root, ...root.querySelectorAll(GATED)]) {
    try {
      if (!element.matches?.(GATED) || element.matches("a,area,base")) continue;
      const isInert = element.type == "text/plain";
      if (element.localName == "script") {
        if (isInserted) inserted.add(element);
        if (isInert && isAllowed(element)) run(element);
      }
      else if (isAllowed(element)) wake(element);
      else sleep(element);
    } catch { /* A page's own policy forbids it, or a form calls a field of its own `matches`: it stays as it is. */ }
  }
};

/** The gated scripts that run and are no longer allowed. */
export const deniedScripts = () =>
  /** @type {HTMLScriptElement[]} */ ([...document.querySelectorAll("script" + GATED)]).filter((script) => script.type != "text/plain" && !isAllowed(script));

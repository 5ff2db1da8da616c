// The gate: what needs consent is in the page, and loads nothing until it is allowed.
import { allows, storage } from "./rules.js";

const GATED = "[data-consent]";
const ATTRIBUTES = ["src", "srcset", "href", "srcdoc", "poster", "data", "imagesrcset"];
const placeholders = new WeakMap();

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
/** Runs a script: one after the other as in the document, also where one has to be fetched before one that is not. */
const run = (script) => {
  const { type } = script.dataset;
  if (type) script.type = type;
  else script.removeAttribute("type");
  script.async = script.hasAttribute("async");
  queue = queue.then(async () => {
    if (!script.src && type != "module") await loading;
    if (!script.isConnected || !isAllowed(script)) return;
    if (script.src && !script.async) loading = new Promise((done) => { for (const name of ["load", "error"]) script.addEventListener(name, done); });
    // The parsed element itself: under Trusted Types neither address nor text may be set. Put in again, it runs.
    const place = new Comment();
    script.replaceWith(place);
    place.replaceWith(script);
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
  // A frame goes with what runs in it.
  const inert = element.localName == "iframe" ? element.cloneNode() : element;
  for (const name of names) {
    inert.setAttribute("data-" + name, element.getAttribute(name));
    inert.removeAttribute(name);
  }
  if (inert != element) element.replaceWith(inert);
  const placeholder = placeholders.get(element);
  if (placeholder) inert.before(placeholder);
};

/** Makes what is in there live or inert. */
export const gate = (root) => {
  for (const element of [root, ...root.querySelectorAll(GATED)]) {
    try {
      if (!element.matches?.(GATED) || element.matches("a,area,base")) continue;
      const isInert = element.type == "text/plain";
      if (element.localName == "script") isInert && isAllowed(element) && run(element);
      else if (isAllowed(element)) wake(element);
      else sleep(element);
    } catch { /* A page's own policy forbids it, or a form calls a field of its own `matches`: it stays as it is. */ }
  }
};

/** The gated scripts that run and are no longer allowed. */
export const deniedScripts = () =>
  [...document.querySelectorAll("script" + GATED)].filter((script) => script.type != "text/plain" && !isAllowed(script));

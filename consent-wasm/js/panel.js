// What the visitor sees: the banner, the settings as a dialog, what became of a choice. The server renders
// all of it; a page that came without it fetches it as a parsed document.
import { allows, base, prompt, stateOf } from "./rules.js";

const all = (selector) => [...document.querySelectorAll(selector)];

/** The address of something in the language of this page; without one, the server chooses. */
const localized = (address) => address + "?lang=" + document.documentElement.lang;

/** Something out of another page of this site. */
export const part = (address, selector) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open("GET", address);
  request.responseType = "document";
  request.onloadend = () => {
    const found = request.status < 300 && request.response?.querySelector(selector);
    if (found) resolve(document.adoptNode(found));
    else reject(Error("consent: " + address));
  };
  request.send();
});

/** Marks a banner that the style of a content blocker hides: the room for it at the page's end goes too. */
const mark = (shown) => shown.toggleAttribute("data-consent-blocked", !shown.getClientRects()[0]);
const watching = new ResizeObserver(([{ target }]) => mark(target));

let watched;

let banner;
let isAnswered = false;
/** How often the banner or the link to the settings may be put back now: 9 times in a second, or the page fights us. */
let attempts = 9;
let loading;
// A framework may take it away before the rules are there.
let link = document.querySelector(".consent-settings-link");

/** For a site that shows a banner of its own. */
export const withoutBanner = () => { loading = 1; };

/** Puts an element at the end of the page, unless that was done too often just now. */
const putBack = (element) => {
  if (attempts < 1) return;
  attempts--;
  setTimeout(() => { attempts++; show(); }, 1e3);
  document.body.append(element);
};

/**
 * One banner where a decision is due, and none where there is not.
 * @type {(found?: unknown) => void}
 */
export const show = () => {
  const [first, ...others] = all("#consent-banner");
  for (const other of others) other.remove();
  if (!prompt || isAnswered || self != top) {
    // A notice stays: it was shown, and so its time is over, with the page that it came with.
    if (isAnswered || first?.querySelector("[data-consent-action=accept]")) first?.remove();
  } else if (first) {
    banner = first;
    first.hidden = false;
    if (watched != first) {
      watching.observe(watched = first);
      mark(first);
    }
  } else if (banner) putBack(banner);
  else loading ||= part(localized(base + "/banner"), "#consent-banner").then((found) => show(banner ??= found), () => {
    // Asked for again, but not by every change of the page.
    setTimeout(() => { loading = 0; }, 6e4);
  });
  // A page that came as a piece has no link to the settings.
  const found = document.querySelector("[data-consent-action=settings]:not(#consent-banner *,dialog *)");
  if (found) link = found.closest(".consent-settings-link") || found;
  else if (link) putBack(link);
  for (const button of all("[data-consent-placeholder] button")) {
    // Who said no is not asked again.
    if (/^(refus|object)/.test(stateOf(button.closest("[data-consent-placeholder]").dataset.consentPlaceholder))) button.remove();
  }
};

export const answered = () => {
  isAnswered = true;
  show();
};

let status;
/**
 * Announces one of the messages that an element has for its visitors: in that element while it is shown, else
 * in the page. News that needs no eyes is not shown.
 */
export const say = (from, name) => {
  const text = from?.dataset["consent" + name];
  if (!text) return;
  const own = from.querySelector("[role=status]");
  const isOwn = own && from.getClientRects()[0];
  if (own) own.textContent = "";
  if (!isOwn && !status?.isConnected) {
    status = document.createElement("p");
    status.id = "consent-status";
    status.setAttribute("role", "status");
    document.body.append(status);
  }
  const region = isOwn ? own : status;
  region.lang = from.lang;
  region.toggleAttribute("data-consent-quiet", /^Sav/.test(name));
  // A live region has to be in the page before its text is.
  if (isOwn) own.textContent = text;
  else setTimeout(() => { status.textContent = text; }, 99);
};

/** Where no server did it: what is granted is ticked. */
export const tick = (root) => {
  for (const box of root.querySelectorAll("[name=category]")) box.checked = allows(box.value);
};

const dialogOf = () => /** @type {HTMLDialogElement} */ (document.getElementById("consent-settings"));

export const open = async (opener, prepare) => {
  try {
    opener?.setAttribute("aria-busy", true);
    const content = await part(localized(base), "[data-consent-settings]");
    prepare(content);
    let dialog = dialogOf();
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.id = "consent-settings";
      document.body.append(dialog);
    }
    dialog.replaceChildren(content);
    dialog.setAttribute("aria-labelledby", content.getAttribute("aria-labelledby"));
    dialog.onclose = () => opener?.focus();
    if (!dialog.open) dialog.showModal();
  } catch {
    // The page goes: this never resolves.
    await new Promise(() => { location.href = opener?.href || base; });
  } finally {
    opener?.removeAttribute("aria-busy");
  }
};

export const close = () => dialogOf()?.close();

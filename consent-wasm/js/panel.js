// What the visitor sees: the banner, the settings as a dialog, the word that a choice is saved. All of it is rendered by
// the server; where the page came without, it is fetched as a parsed document.
import { allows, base, prompt, stateOf } from "./rules.js";

const all = (selector) => [...document.querySelectorAll(selector)];

/** Something out of another page of this site. */
export const part = (address, selector) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open("GET", address);
  request.responseType = "document";
  request.onloadend = () => {
    const found = request.status < 300 && request.response?.querySelector(selector);
    if (found) resolve(document.adoptNode(found));
    else reject(Error("consent: nothing at " + address));
  };
  request.send();
});

let banner;
let isAnswered = false;
/** How often the banner or the link to the settings may be put back now: 9 times in a second, or the page fights us. */
let attempts = 9;
let loading;
let link;

/** For a site that shows a banner of its own. */
export const withoutBanner = () => { loading = 1; };

/** Puts an element at the end of the page, unless that was done too often just now. */
const putBack = (element) => {
  if (attempts < 1) return;
  attempts--;
  setTimeout(() => { attempts++; show(); }, 1e3);
  document.body.append(element);
};

/** One banner where a decision is due, and none where there is not. */
export const show = () => {
  const [first, ...others] = all("#consent-banner");
  for (const other of others) other.remove();
  if (!prompt || isAnswered || self != top) {
    // A notice stays: it was shown, and so its time is over, with the page that it came with.
    if (isAnswered || first?.querySelector("[data-consent-action=accept]")) first?.remove();
  } else if (first) {
    banner = first;
    first.hidden = false;
  } else if (banner) putBack(banner);
  else loading ||= part(base + "/banner", "#consent-banner").then((found) => show(banner ??= found), () => {
    // Asked for again, but not by every change of the page.
    setTimeout(() => { loading = 0; }, 6e4);
  });
  // A page that came as a piece has no link to the settings.
  const found = document.querySelector("[data-consent-action=settings]:not(#consent-banner *,dialog *)");
  if (found) link = found;
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
export const say = (text) => {
  status ??= document.querySelector("#consent-page [role=status]");
  if (!status?.isConnected) {
    status = document.createElement("p");
    status.role = "status";
    status.style.cssText = "position:fixed;clip-path:inset(50%)";
    document.body.append(status);
  }
  // A live region has to be there before its text is.
  setTimeout(() => { status.textContent = text; }, 99);
};

/** Where no server did it: what is granted is ticked. */
export const tick = (root) => {
  for (const box of root.querySelectorAll("[type=checkbox][name=category]")) box.checked = allows(box.value);
};

const dialogOf = () => document.getElementById("consent-settings");

export const open = async (opener, prepare) => {
  try {
    const content = await part(base, "[data-consent-settings]");
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
    await new Promise(() => { location.href = base; });
  }
};

export const close = () => dialogOf()?.close();

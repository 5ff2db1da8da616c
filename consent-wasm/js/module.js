// The module of a page: it drives what the server rendered, without a reload.
import * as rules from "./rules.js";
import { deniedScripts, gate } from "./gate.js";
import { sweep } from "./sweep.js";
import { forget, persist, preferences } from "./preferences.js";
import { answered, close, open, part, say, show, tick, withoutBanner } from "./panel.js";

let tag;
/** What is done with settings before they are shown. */
let prepare = () => {};
let channel;
let started;
let shown;
let granted = 0;
let lost = 0;
let turn = 0;
/** Never resolves. Set when this module reloads the page. */
let leaving;

const states = () =>
  Object.fromEntries(rules.names.map((name) => [name, { state: rules.stateOf(name), allowed: rules.allows(name) }]));

const fire = (type, init) => document.dispatchEvent(new CustomEvent(type, init));

/** Brings the page to what is allowed now. */
const settle = () => {
  if (document.prerendering) return;
  rules.see();
  const taken = granted & ~rules.allowed;
  lost = (lost | taken) & ~rules.allowed;
  granted = rules.allowed;
  if (taken) forget();
  else persist();
  if (taken || shown == null) rules.isNewer || sweep(tag.dataset.consentSweep ?? (tag.type == "module" ? "" : "ik"));
  gate(document);
  show();
  const detail = states();
  const now = JSON.stringify(detail);
  const isChange = shown != null && shown != now;
  shown = now;
  if (isChange) fire("consent:change", { detail });
  // A script that runs ends only with its page. The server must know the decision first.
  const scripts = lost && !rules.withheld ? deniedScripts() : [];
  if (scripts[0]) {
    // A page that prevents the reload is not asked again about the same withdrawal.
    lost = 0;
    if (fire("consent:reload", { detail: { scripts }, cancelable: true })) leaving = new Promise(() => location.reload());
  }
};

const post = async (action, names) => {
  const body = new URLSearchParams({ action });
  for (const name of names) body.append("category", name);
  const answer = await fetch(rules.base, { method: "POST", headers: { Accept: "application/json" }, body, keepalive: true });
  if (!answer.ok) throw Object.assign(Error("consent: " + answer.status), { answer });
};

/** Tells the server, and believes it when the cookie says so too. */
const tell = async (action, names, mask) => {
  if (prepare == tick) document.cookie = rules.cookieLine(mask);
  else await post(action, names);
  const { withheld } = rules;
  rules.hold(0);
  rules.see();
  if (rules.allowed & ~mask) {
    rules.hold(withheld);
    throw Error("consent: not saved");
  }
  answered();
  settle();
  channel?.postMessage(0);
};

/**
 * Takes a decision, and calls `note` with what became of it: `Saved`, or `Pending` where it counts and is not saved.
 * @type {(action: string, given?: unknown[], note?: (outcome: string) => void) => Promise<object>}
 */
const decide = async (action, given = [], note = () => {}) => {
  await init();
  const names = action == "accept" ? rules.names : action == "save" ? given : [];
  const mask = rules.bits(names.join(" "));
  const current = ++turn;
  const grants = mask & ~rules.allowed;
  if (!grants) {
    // A no takes effect before anybody else knows.
    rules.hold(~mask & 0xffff);
    answered();
    settle();
  }
  const again = async (delay) => {
    await new Promise((done) => {
      setTimeout(done, delay);
      addEventListener("online", done, { once: true });
    });
    if (current == turn) tell(action, given, mask).then(() => note("Saved"), () => again(delay * 2));
  };
  try {
    await tell(action, given, mask);
    note("Saved");
  } catch (error) {
    if (grants) throw error;
    note("Pending");
    again(1e3);
  }
  return states();
};

/** Settles like `promise` if the page stays, and never if this module reloads it. */
const ifPageStays = async (promise) => {
  try {
    return await promise;
  } finally {
    await leaving;
  }
};

export const consent = {
  state: (category) => (rules.bits(category), rules.stateOf(category)),
  allows: (category) => rules.allows(category),
  accept: () => ifPageStays(decide("accept")),
  refuse: () => ifPageStays(decide("refuse")),
  save: (choice) => ifPageStays(init().then(() => {
    rules.bits(Object.keys(choice).join(" "));
    return decide("save", Object.keys(choice).filter((name) => choice[name]));
  })),
  withdraw: () => ifPageStays(decide("withdraw")),
  object: () => ifPageStays(decide("object")),
  open: () => init().then(() => open(document.activeElement, prepare)),
  onChange(listener) {
    // An error in a listener is reported; it stops neither the other listeners nor the decision.
    const listen = ({ detail }) => listener(detail);
    document.addEventListener("consent:change", listen);
    return () => document.removeEventListener("consent:change", listen);
  },
  preferences,
};

/** Whether a press goes to the server as a form. */
let isPassing;

const onClick = (event) => {
  const control = event.target.closest?.("[data-consent-action]");
  if (!control || isPassing || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const action = control.dataset.consentAction;
  // A button whose form is not in the page names no category.
  if (action == "settings" || action == "save" && !control.form) open(control, prepare);
  // The settings as a page work as they are.
  else if ((prepare != tick || action == "close") && control.closest("[data-consent-settings]") && !control.closest("dialog")) return;
  else if (action == "close") control.closest("dialog") ? close() : answered();
  else {
    const from = control.closest("[data-consent-saved]") || document.querySelector("[data-consent-saved]");
    const note = (name) => {
      (control.form || control).setAttribute("aria-busy", name == "Saving");
      if (/^(Saved|Pending)/.test(name)) close();
      say(from, name);
    };
    note("Saving");
    decide(action, new FormData(control.form || undefined).getAll("category"), note).catch((error) => {
      note("Unsaved");
      // The server has something to say about it.
      if (error.answer && control.form) {
        isPassing = true;
        control.click();
        isPassing = false;
      }
    });
  }
  event.preventDefault();
};

const listen = () => {
  channel?.close();
  channel = new BroadcastChannel("consent");
  channel.onmessage = settle;
};

const start = async () => {
  new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) if (node.nodeType == 1) gate(node, 1);
    if (shown) show();
  }).observe(document, { childList: true, subtree: true });
  const settings = () => part(new URL("..", import.meta.url).pathname.slice(0, -1), "[data-consent-rules]");
  // Of the page itself a script only: what visitors write into pages may have any other element.
  tag = document.querySelector("script[data-consent-rules]") ?? await settings();
  if (tag.dataset.consentNoBanner != null) withoutBanner();
  // A page for everybody has the strictest rules: place and signal of this visitor are the server's to know.
  const { dataset } = tag.dataset.consentNeutral == null ? tag : await settings().catch(() => tag);
  await rules.load(dataset.consentRules);
  if (document.prerendering) await new Promise((done) => document.addEventListener("prerenderingchange", done));
  settle();
  if (tag.dataset.consentStatic != null) (prepare = tick)(document);
  // What the guard cannot reach, and browsers empty themselves when a page of another site follows.
  // @ts-expect-error TypeScript takes the name of a window for a constant.
  if (self == top && !opener) name = "";
  document.addEventListener("click", onClick);
  document.addEventListener("visibilitychange", settle);
  addEventListener("pageshow", (event) => event.persisted && (listen(), settle()));
  addEventListener("pagehide", () => channel.close());
  listen();
};

export default function init() {
  return started ??= start();
}

init().catch(() => { /* The forms of the page work without. */ });

// The rules, which run as WebAssembly: what is allowed, what was decided, what may be stored.

const STATES = ["undecided", "informed", "granted", "refused", "objected"];
const ALL = 0xffff;

/** Whether the rules run. Before, nothing is allowed. */
export let isReady = false;
/** The path of the routes. */
export let base;
/** The names of the categories, in the policy's order. */
export let names = [];
/** The categories that are allowed, a bit for each. */
export let allowed = 0;
/** Whether the visitor is to be asked (2) or told (1). */
export let prompt = 0;
/** Whether a newer server wrote the consent: nothing is cleared then. */
export let isNewer = false;
/** The categories that the visitor took back in this page and the server does not know yet. */
export let withheld = 0;

/** What the rules export. */
let wasm;
/** Puts a text where the rules find it; they are told its length. */
const put = (text) => {
  const bytes = new TextEncoder().encode(text);
  const at = wasm.room(bytes.length);
  new Uint8Array(wasm.memory.buffer).set(bytes, at);
  return bytes.length;
};

export const load = async (text) => {
  const answer = await fetch(new URL(MODULE_WASM, import.meta.url));
  // Not instantiated synchronously: Chromium up to 114 refuses that on the main thread. The one import is for
  // values that none of the exports takes or gives.
  const imports = { "./wasm_bg.js": { __wbindgen_init_externref_table() {} } };
  ({ instance: { exports: wasm } } = await WebAssembly.instantiate(await answer.arrayBuffer(), imports));
  if (!wasm.start(put(text))) throw Error("consent: " + text);
  [, base] = text.split(" ");
  names = text.match(/@[^:]+/g).map((name) => name.slice(1));
  isReady = true;
};

/** Reads the consent anew. */
export const see = () => {
  const seen = wasm.read(put(document.cookie), +new Date().toISOString().slice(0, 10).replace(/-/g, ""));
  allowed = seen & ALL;
  prompt = seen >> 16 & 3;
  isNewer = seen >> 18 > 0;
};

/** The bits of these categories; an unknown one throws. */
export const bits = (names) => {
  const mask = isReady ? wasm.categories(put(names)) : 0;
  if (mask < 0) throw TypeError("Unknown category: " + names);
  return mask;
};

/** Whether all these categories are allowed. */
export const allows = (names) => {
  const mask = bits(names);
  return mask > 0 && !(mask & ~allowed);
};

export const stateOf = (name) => STATES[isReady && name ? wasm.state(31 - Math.clz32(bits(name))) & 7 : 0];

/** What may become of something of a kind, by its letter: seconds, -1 (it goes), -2 (it waits), -3 (undeclared). */
export const storage = (letter, name) => isReady ? wasm.storing(put(name), letter.charCodeAt()) : -3;

/** Denies these categories whatever the cookie says. */
export const hold = (mask) => wasm.withhold(withheld = mask);

/** Calls `f` while everything that needs consent is denied. */
export const denying = (f) => {
  if (!isReady) return;
  wasm.withhold(ALL);
  f();
  wasm.withhold(withheld);
};

/** The text of a cookie that keeps the decision to grant these categories. */
export const cookieLine = (mask) => {
  let line = "", byte;
  while ((byte = wasm.cookie(mask, line.length))) line += String.fromCharCode(byte);
  return line;
};

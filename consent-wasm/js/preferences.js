// The preference store: in memory until it is allowed, then where the policy declares it; never an exception.
import { denying, storage } from "./rules.js";
import { sweep, writeCookie } from "./sweep.js";

const memory = new Map();

const place = (key) => ["c", "l"].find((letter) => storage(letter, key) >= 0);

const stored = (key) => {
  try {
    const letter = place(key);
    if (letter == "l") return localStorage.getItem(key);
    const pair = letter && document.cookie.split("; ").find((pair) => pair.startsWith(key + "="));
    return pair ? decodeURIComponent(pair.slice(key.length + 1)) : null;
  } catch {
    return null;
  }
};

/** Writes a value, or removes it; whether it is stored as it should be. */
const store = (key, value) => {
  try {
    const letter = place(key);
    const seconds = storage(letter, key);
    if (letter == "c") writeCookie(`${key}=${encodeURIComponent(value ?? "")}`, value == null ? 0 : seconds || null);
    else if (value == null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch { /* Blocked or full. */ }
  return stored(key) === value;
};

export const preferences = {
  get: (key) => memory.get(key) ?? stored(key) ?? undefined,
  set(key, value) {
    memory.set(key, value = String(value));
    const isStored = place(key) != null && store(key, value);
    if (isStored) memory.delete(key);
    return isStored;
  },
  remove(key) {
    memory.delete(key);
    if (place(key)) store(key, null);
  },
  clear() {
    memory.clear();
    denying(sweep);
  },
};

/** After a grant: what waited is stored. */
export const persist = () => {
  for (const [key, value] of memory) preferences.set(key, value);
};

/** After a withdrawal: nothing is remembered. */
export const forget = () => memory.clear();

import { initSync, start, read, state, allows, origin, storing, denies, withhold, cookie } from "wasm-rules";

export const rules = { start, read, state, allows, origin, storing, denies, withhold, cookie };

let started;
export default function init() {
  return (started ??= fetch(new URL(MODULE_WASM, import.meta.url))
    .then((answer) => answer.arrayBuffer())
    .then((bytes) => initSync({ module: bytes })));
}

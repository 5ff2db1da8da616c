import { initSync, room, start, read, categories, state, storing, withhold, cookie } from "wasm-rules";

export const rules = { room, start, read, categories, state, storing, withhold, cookie };

let started;
export default function init() {
  return (started ??= fetch(new URL(MODULE_WASM, import.meta.url))
    .then((answer) => answer.arrayBuffer())
    .then((bytes) => initSync({ module: bytes })));
}

// The functions of consent-wasm/src/exports.rs, as wasm-bindgen writes them for the page.
declare module "wasm-rules" {
  export function initSync(module: { module: WebAssembly.Module }): { memory: WebAssembly.Memory };
  export function room(bytes: number): number;
  export function start(bytes: number): boolean;
  export function read(bytes: number, day: number): number;
  export function categories(bytes: number): number;
  export function state(position: number): number;
  export function storing(bytes: number, kind: number): number;
  export function withhold(categories: number): void;
  export function cookie(granted: number, index: number): number;
}

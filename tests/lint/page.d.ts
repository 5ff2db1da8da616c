// What consent-wasm/js finds in a page and TypeScript's library does not know.

/** Set by build-dist: the file of the rules. */
declare const MODULE_WASM: string;

interface Object {
  __lookupGetter__(name: string): (this: unknown) => any;
  __lookupSetter__(name: string): (this: unknown, value: unknown) => void;
  __defineGetter__(name: string, get: () => unknown): void;
  __defineSetter__(name: string, set: (value: any) => void): void;
}

interface Document {
  readonly prerendering: boolean;
}

interface Window {
  /** Set by the browser tests. */
  consentOfTest?: any;
  markedByTest?: boolean;
}

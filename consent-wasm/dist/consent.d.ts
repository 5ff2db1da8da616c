// Types of "/consent/assets/consent.js".

/** What a visitor decided on one category. */
export type State = "undecided" | "informed" | "granted" | "refused" | "objected";

/** Every category by its name. */
export type States = Record<string, { readonly state: State; readonly allowed: boolean }>;

/** Values of the visitor's that the policy declares: in memory until they are allowed, then where it declares them. */
export interface Preferences {
  get(key: string): string | undefined;
  /** Whether the value is stored. Where it is not, it is remembered for as long as the page. */
  set(key: string, value: string): boolean;
  remove(key: string): void;
  /** Everything that a script can reach and that needs consent, of this store or not. */
  clear(): void;
}

export interface Consent {
  /** An unknown category throws. */
  state(category: string): State;
  /** Whether all these categories, parted by spaces, are allowed. Before `init` nothing is; an unknown one throws. */
  allows(categories: string): boolean;
  /** Rejects, and changes nothing, where it cannot be saved. */
  accept(): Promise<States>;
  /** Takes effect at once, and is tried again where it cannot be saved. */
  refuse(): Promise<States>;
  /** Grants the categories that are true and denies all others. An unknown one rejects. */
  save(choice: Record<string, boolean>): Promise<States>;
  /** Takes effect at once, and is tried again where it cannot be saved. */
  withdraw(): Promise<States>;
  /** Takes effect at once, and is tried again where it cannot be saved. */
  object(): Promise<States>;
  /** Opens the settings. */
  open(): Promise<void>;
  /** Calls `listener` with every change; the function that is returned ends it. */
  onChange(listener: (states: States) => void): () => void;
  readonly preferences: Preferences;
}

export const consent: Consent;

/** Begins, once; the page's own script tag does that too. Rejects where the browser or a policy of the page forbids it. */
export default function init(): Promise<void>;

declare global {
  interface DocumentEventMap {
    "consent:change": CustomEvent<States>;
    /** The guard refused to store something. */
    "consent:refused": CustomEvent<{ kind: string; name: string; reason: "undeclared" | "not-allowed" }>;
  }
}

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

/**
 * The consent of this visitor.
 *
 * The promises of `accept`, `refuse`, `save`, `withdraw`, `object` and `open` settle only in a page that stays.
 * If the module reloads or leaves the page, they never settle, so no code after `await` runs in a page that
 * goes. See `consent:reload`.
 */
export interface Consent {
  /** Returns the state of a category. Throws if the policy does not declare the category. */
  state(category: string): State;
  /**
   * Returns whether all these categories, separated by spaces, are allowed. Before `init` no category is
   * allowed. Throws if the policy does not declare one of them.
   */
  allows(categories: string): boolean;
  /** Grants every category. If the decision cannot be saved, it changes nothing and rejects. */
  accept(): Promise<States>;
  /** Denies every category at once. If that cannot be saved, it resolves all the same and is sent again. */
  refuse(): Promise<States>;
  /**
   * Grants the categories that are true and denies all others. If a grant cannot be saved, it changes nothing
   * and rejects. A choice that grants nothing new works like `refuse`. Rejects if the policy does not declare
   * one of the categories.
   */
  save(choice: Record<string, boolean>): Promise<States>;
  /** Takes every grant back at once. If that cannot be saved, it resolves all the same and is sent again. */
  withdraw(): Promise<States>;
  /** Objects to every category at once. If that cannot be saved, it resolves all the same and is sent again. */
  object(): Promise<States>;
  /** Opens the settings in a dialog. If that fails, leaves for the settings page and never resolves. */
  open(): Promise<void>;
  /** Calls `listener` after every change. Returns a function that removes the listener. */
  onChange(listener: (states: States) => void): () => void;
  readonly preferences: Preferences;
}

export const consent: Consent;

/**
 * Starts the module, once; the page's own script tag does that too. Rejects if the browser or a policy of the
 * page forbids it.
 */
export default function init(): Promise<void>;

declare global {
  interface DocumentEventMap {
    /** A state changed. The page already follows the new states, except for scripts that ran. */
    "consent:change": CustomEvent<States>;
    /**
     * The module is about to reload the page, because only that ends a script that ran and is no longer allowed.
     *
     * The document dispatches it after `consent:change`, once for each withdrawal, and after the server has
     * saved the decision. `scripts` holds the elements of those scripts. To delay the reload, call
     * `preventDefault()`, and later reload or leave the page yourself: until you do, those scripts keep running.
     */
    "consent:reload": CustomEvent<{ scripts: HTMLScriptElement[] }>;
    /** The guard refused to store something. */
    "consent:refused": CustomEvent<{ kind: string; name: string; reason: "undeclared" | "not-allowed" | "scope-wider-than-declared" }>;
  }
}

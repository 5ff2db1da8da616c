// Types of "/consent/assets/consent.js".

/** The state of one category: the visitor's decision, or none. */
export type State = "undecided" | "informed" | "granted" | "refused" | "objected";

/** Every category by its name. */
export type States = Record<string, { readonly state: State; readonly allowed: boolean }>;

/**
 * Preferences under declared names. Their values stay in memory until the visitor allows them. Then they are stored in
 * the declared cookie or local storage item.
 */
export interface Preferences {
  get(key: string): string | undefined;
  /** Returns whether the value is stored. If it is not, it stays in memory until the page ends. */
  set(key: string, value: string): boolean;
  remove(key: string): void;
  /** Deletes every item that needs consent and that a script can delete, also items that this store did not write. */
  clear(): void;
}

/**
 * The consent of this visitor.
 *
 * The promises of `accept`, `refuse`, `save`, `withdraw`, `object` and `open` settle only in a page that stays.
 * If the module reloads or leaves the page, they never settle, so no code after `await` runs there. See
 * `consent:reload`.
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
  /** Refuses every category at once. If the decision cannot be saved, it still resolves, and is sent again. */
  refuse(): Promise<States>;
  /**
   * Grants the categories that are true and denies all others. If a grant cannot be saved, it changes nothing
   * and rejects. A choice that grants nothing new works like `refuse`. Rejects if the policy does not declare
   * one of the categories.
   */
  save(choice: Record<string, boolean>): Promise<States>;
  /** Withdraws every grant at once. If the decision cannot be saved, it still resolves, and is sent again. */
  withdraw(): Promise<States>;
  /** Objects to every category at once. If the decision cannot be saved, it still resolves, and is sent again. */
  object(): Promise<States>;
  /** Opens the settings in a dialog. If that fails, goes to the settings page and never settles. */
  open(): Promise<void>;
  /** Calls `listener` after every change. Returns a function that removes the listener. */
  onChange(listener: (states: States) => void): () => void;
  readonly preferences: Preferences;
}

export const consent: Consent;

/**
 * Starts the module, once. The script tag that the layer adds also starts it. Rejects if the browser or the page's
 * Content-Security-Policy forbids it.
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

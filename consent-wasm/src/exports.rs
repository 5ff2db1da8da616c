//! What the JavaScript of the page calls. Numbers where numbers do: each text costs a copy both ways.

#![allow(unreachable_pub, reason = "wasm-bindgen exports public functions only")]

use crate::memory::{keep, with};
use crate::module::{Module, Storing};
use alloc::string::String;
use consent_core::consent::Prompt;
use consent_core::policy::Kind;
use wasm_bindgen::prelude::wasm_bindgen;

/// Begins with these rules; `false` where they cannot be read: nothing is allowed then.
#[wasm_bindgen]
pub fn start(rules: &str) -> bool {
    Module::new(rules).map(keep).is_some()
}

/// Reads all cookies on a day. Bits 0 to 15: the categories that are allowed; 16: there is something to tell; 17:
/// something to ask; 18: nothing is to be cleared.
#[wasm_bindgen]
pub fn read(cookies: &str, day: i32) -> u32 {
    with(0, |module| {
        let seen = module.read(cookies, day);
        let prompt = match seen.prompt {
            Prompt::Tell => 1 << 16,
            Prompt::Ask => 1 << 17,
            _ => 0,
        };
        u32::from(seen.allowed) | prompt | u32::from(seen.newer) << 18
    })
}

/// The state of one category: its word, the regime and `1` where it is allowed, parted by spaces; empty where there is
/// no such category.
#[wasm_bindgen]
pub fn state(category: &str) -> String {
    with(String::new(), |module| {
        let mut out = String::new();
        if let Some((state, regime, allowed)) = module.state(category) {
            out.push_str(state.as_str());
            out.push(' ');
            out.push_str(regime.as_str());
            out.push_str(if allowed { " 1" } else { " " });
        }
        out
    })
}

/// Whether all these categories are allowed.
#[wasm_bindgen]
pub fn allows(categories: &str) -> bool {
    with(false, |module| module.allows(categories))
}

/// Whether something gated may come from this origin.
#[wasm_bindgen]
pub fn origin(origin: &str, own: &str) -> bool {
    with(false, |module| module.allows_origin(origin, own))
}

/// What may become of a cookie (0), a key of local (1) or session storage (2), a database (3), a cache (4) or a service
/// worker (5): seconds where it may be stored (0: until the browser is closed), -1 where it has to go, -2 where it
/// waits for an answer, -3 where it is not declared.
#[wasm_bindgen]
pub fn storing(kind: u8, name: &str) -> i32 {
    const KINDS: [Kind; 6] = [
        Kind::Cookie,
        Kind::LocalStorage,
        Kind::SessionStorage,
        Kind::IndexedDb,
        Kind::CacheStorage,
        Kind::ServiceWorker,
    ];
    let storing = |kind: &Kind| with(Storing::Undeclared, |module| module.storing(*kind, name));
    match KINDS.get(usize::from(kind)).map_or(Storing::Undeclared, storing) {
        Storing::Allowed(seconds) => i32::try_from(seconds).unwrap_or(i32::MAX),
        Storing::Denied => -1,
        Storing::Lapsed => -2,
        Storing::Undeclared => -3,
    }
}

/// What a decision denies, a bit for each category; -1 where its action or one of its categories is not known.
#[wasm_bindgen]
pub fn denies(action: &str, granted: &str) -> i32 {
    with(-1, |module| module.denies(action, granted).map_or(-1, i32::from))
}

/// From now on these categories are denied, whatever the cookie says.
#[wasm_bindgen]
pub fn withhold(categories: u16) {
    with((), |module| module.withhold(categories));
}

/// The line that keeps a decision where there is no server; empty for what is no decision.
#[wasm_bindgen]
pub fn cookie(action: &str, granted: &str) -> String {
    with(String::new(), |module| module.cookie(action, granted).unwrap_or_default())
}

//! What the JavaScript of the page calls. Numbers where numbers do: each text costs a copy both ways.

#![allow(unreachable_pub, reason = "wasm-bindgen exports public functions only")]

use crate::memory::{keep, with};
use crate::module::{Module, Storing};
use alloc::string::String;
use consent_core::consent::{Prompt, State};
use consent_core::policy::Regime;
use wasm_bindgen::prelude::wasm_bindgen;

/// Begins with these rules, once; `false` where they cannot be read: nothing is allowed then.
#[wasm_bindgen]
pub fn start(rules: String) -> bool {
    Module::new(rules.leak()).map(keep).is_some()
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

/// The categories of these names, a bit for each; -1 where one is unknown.
#[wasm_bindgen]
pub fn categories(names: &str) -> i32 {
    with(-1, |module| module.categories(names).map_or(-1, i32::from))
}

/// What was decided on the category at that place: 0 undecided, 1 informed, 2 granted, 3 refused, 4 objected; and 8 where
/// it is objectable.
#[wasm_bindgen]
pub fn state(position: u8) -> u8 {
    let resolution = with(None, |module| module.resolution(usize::from(position)));
    resolution.map_or(0, |(resolution, regime)| {
        let state = match resolution.state {
            State::Informed => 1,
            State::Granted => 2,
            State::Refused => 3,
            State::Objected => 4,
            _ => 0,
        };
        if regime == Regime::Objectable { state | 8 } else { state }
    })
}

/// What may become of something, by the letter of its kind in the rules: seconds where it may be stored (0: until the
/// browser is closed), -1 where it has to go, -2 where it waits for an answer, -3 where it is not declared.
#[wasm_bindgen]
pub fn storing(kind: u8, name: &str) -> i32 {
    match with(Storing::Undeclared, |module| module.storing(kind, name)) {
        Storing::Allowed(seconds) => i32::try_from(seconds).unwrap_or(i32::MAX),
        Storing::Denied => -1,
        Storing::Lapsed => -2,
        Storing::Undeclared => -3,
    }
}

/// From now on these categories are denied, whatever the cookie says.
#[wasm_bindgen]
pub fn withhold(categories: u16) {
    with((), |module| module.withhold(categories));
}

/// The line that keeps the decision to grant these categories and no others, where there is no server.
#[wasm_bindgen]
pub fn cookie(granted: u16) -> String {
    with(String::new(), |module| module.cookie(granted))
}

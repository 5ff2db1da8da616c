//! What the JavaScript of the page calls, in numbers only: a text is put into the [`room`] and named by its
//! length. That spares both sides the code that copies, decodes and frees.

#![allow(unreachable_pub, reason = "wasm-bindgen exports public functions only")]

use crate::memory::{self, with};
use crate::module::Storing;
use consent_core::consent::{Prompt, State};
use consent_core::policy::Regime;
use wasm_bindgen::prelude::wasm_bindgen;

/// The address at which a text of that many bytes may be put for the next call; 0 where there is no more
/// memory.
#[wasm_bindgen]
pub fn room(bytes: usize) -> usize {
    memory::room(bytes)
}

/// Begins with the rules in the room, once; `false` where they cannot be read: nothing is allowed then.
#[wasm_bindgen]
pub fn start(bytes: usize) -> bool {
    memory::start(bytes)
}

/// Reads all cookies, on the day of these eight digits. Bits 0 to 15: the categories that are allowed; 16:
/// there is something to tell; 17: something to ask; 18: nothing is to be cleared.
#[wasm_bindgen]
pub fn read(bytes: usize, day: u32) -> u32 {
    with(0, bytes, |module, cookies| {
        let seen = module.read(cookies, day);
        let prompt = match seen.prompt {
            Prompt::Notify => 1 << 16,
            Prompt::Ask => 1 << 17,
            _ => 0,
        };
        u32::from(seen.allowed) | prompt | u32::from(seen.newer) << 18
    })
}

/// The categories of these names, parted by spaces, a bit for each; -1 where one is unknown.
#[wasm_bindgen]
pub fn categories(bytes: usize) -> i32 {
    with(-1, bytes, |module, names| module.categories(names).map_or(-1, i32::from))
}

/// What was decided on the category at that place: 0 undecided, 1 informed, 2 granted, 3 refused, 4 objected;
/// and 8 where it is objectable.
#[wasm_bindgen]
pub fn state(position: usize) -> u32 {
    with(0, 0, |module, _| {
        module.resolution(position).map_or(0, |(resolution, regime)| {
            let state = match resolution.state {
                State::Informed => 1,
                State::Granted => 2,
                State::Refused => 3,
                State::Objected => 4,
                _ => 0,
            };
            if regime == Regime::Objectable { state | 8 } else { state }
        })
    })
}

/// What may become of something, by the letter of its kind in the rules: seconds where it may be stored (0:
/// until the browser is closed), -1 where it has to go, -2 where it waits for an answer, -3 where it is not
/// declared.
#[wasm_bindgen]
pub fn storing(bytes: usize, kind: u8) -> i32 {
    match with(Storing::Undeclared, bytes, |module, name| module.storing(kind, name)) {
        Storing::Allowed(seconds) => i32::try_from(seconds).unwrap_or(i32::MAX),
        Storing::Denied => -1,
        Storing::Lapsed => -2,
        Storing::Undeclared => -3,
    }
}

/// From now on these categories are denied, whatever the cookie says.
#[wasm_bindgen]
pub fn withhold(categories: u16) {
    with((), 0, |module, _| module.withhold(categories));
}

/// A byte of the line that keeps the decision to grant these categories and no others, where there is no
/// server; 0 past its end.
#[wasm_bindgen]
pub fn cookie(granted: u16, index: usize) -> u8 {
    struct One(usize, u8);
    impl Extend<char> for One {
        fn extend<T: IntoIterator<Item = char>>(&mut self, text: T) {
            for letter in text {
                if self.0 == 0 {
                    self.1 = u8::try_from(letter).unwrap_or(0);
                }
                self.0 = self.0.wrapping_sub(1);
            }
        }
    }
    let mut one = One(index, 0);
    with((), 0, |module, _| module.cookie(granted, &mut one));
    one.1
}

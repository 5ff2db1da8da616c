//! A site's cookie policy, written once, as a program: what the site promises to store ([`policy`]), what one visitor
//! decided ([`consent`]), what may therefore be stored ([`verdict`]) and what the visitor is shown ([`page`]).
//!
//! Nothing here reads a clock, draws a random number or does I/O: the caller passes the time and the bytes. The crate
//! is `no_std` (with `alloc`) when its default features are off.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod consent;
pub mod page;
pub mod policy;
pub mod verdict;

pub use consent::{Consent, Decision, Prompt, State};
pub use policy::{Category, Policy, PolicyError, Regime};
pub use verdict::{Reason, Verdict};

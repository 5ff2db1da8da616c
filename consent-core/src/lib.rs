//! A site's cookie policy, written once, as a program: what the site promises to store ([`policy`]), what one visitor
//! decided ([`consent`]), what may therefore be stored ([`verdict`]) and what the visitor is shown ([`page`]).
//!
//! Nothing here reads a clock, draws a random number or does I/O: the caller passes the time and the bytes. The crate
//! is `no_std` (with `alloc`) when its default features are off.
//!
//! # Testing
//!
//! With the feature `testing`, the module `testing` has fixed policies, a clock that stands still, a consent in every state that a
//! visitor can be in, and readers of cookies; with `proptest` also strategies for property tests:
//!
//! ```toml
//! [dev-dependencies]
//! consent-core = { version = "0.1", features = ["testing"] }
//! ```
#![cfg_attr(
    feature = "testing",
    doc = r#"
```
use consent_core::{Category, testing};

/// A rule of an application, to be tested without a server.
fn greeting(consent: &consent_core::Consent) -> &'static str {
    if consent.allows(Category::FUNCTIONALITY) { "Welcome back" } else { "Welcome" }
}

let policy = testing::founding_policy();
assert_eq!(greeting(&testing::granted(&policy)), "Welcome back");
for (name, consent) in testing::consents(&policy) {
    assert_eq!(greeting(&consent) == "Welcome back", name == "granted", "{name}");
}
```
"#
)]
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod consent;
pub mod page;
pub mod policy;
#[cfg(any(feature = "testing", test))]
pub mod testing;
pub mod verdict;

pub use consent::{Consent, Decision, Prompt, State};
pub use policy::{Category, Policy, PolicyError, Regime};
pub use verdict::{Reason, Verdict};

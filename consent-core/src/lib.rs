//! The rules of a site's cookie policy: the declarations of the site ([`policy`]), the decisions of a visitor
//! ([`consent`]), verdicts on what may be stored ([`verdict`]), and the HTML that visitors see ([`page`]).
//!
//! The crate never reads a clock, draws a random number or performs I/O: the caller passes the time and the
//! bytes. Without its default features, the crate is `no_std` (with `alloc`).
//!
//! # Example
//!
#![cfg_attr(not(feature = "toml"), doc = "The example parses a policy, which needs the feature `toml`.")]
#![cfg_attr(
    feature = "toml",
    doc = r#"
```
use consent_core::consent::{Action, Circumstances, Decision};
use consent_core::verdict::{RequestFacts, judge};
use consent_core::{Category, Consent, Reason, Verdict};

// Usually `Policy::from_toml(...)`: it declares the preferences `theme` and `language`, and the session
// `sid`.
let policy = consent_core::policy::example()?;
let now = time::UtcDateTime::UNIX_EPOCH;
let request = RequestFacts::new("GET", "/", now);

// This visitor has not decided: nothing may be stored.
let undecided = Consent::undecided(&policy, Circumstances::new(now.date()));
assert!(!undecided.allows(Category::FUNCTIONALITY));
let line = b"theme=dark; Path=/; Max-Age=31536000";
assert_eq!(judge(line, &undecided, &request).verdict, Verdict::Drop(Reason::Undecided));

// The same visitor after "Accept all": declared cookies are kept unchanged, all others are dropped.
let granted = undecided.decide(&Decision::new(Action::Accept));
assert!(granted.allows(Category::FUNCTIONALITY));
assert_eq!(judge(line, &granted, &request).verdict, Verdict::Keep);
assert_eq!(judge(b"theme=user-4711", &granted, &request).verdict, Verdict::Drop(Reason::ValueNotDeclared));
assert_eq!(judge(b"_ga=GA1.1.1", &granted, &request).verdict, Verdict::Drop(Reason::Undeclared));
# Ok::<(), consent_core::PolicyError>(())
```
"#
)]
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `std` | yes | the feature `std` of the dependencies |
//! | `toml` | yes | parsing a policy from `policy.toml` |
//! | `serde` | yes | `Serialize` for policies, consents and reasons |
//! | `http` | no | reading the consent of a request of the `http` crate |
//! | `axum` | no | `Consent` as an extractor for handlers; depends on `axum-core` |
//! | `testing` | no | fixed policies, a clock and consents in every state, for the tests of other crates |
//! | `proptest` | no | the feature `testing`, and strategies for property tests |
//!
//! # Testing
//!
//! With the feature `testing`, the module `testing` provides fixed policies, a clock with a fixed time,
//! consents in every state, and parsers of cookies. The feature `proptest` adds strategies for property
//! tests:
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

/// A rule of an application, tested without a server.
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
//!
//! # Where to go next
//!
//! `consent-tower` applies these rules to HTTP. Its documentation contains the guide: [writing a
//! policy](https://docs.rs/consent-tower/latest/consent_tower/guide/policy/),
//! [testing](https://docs.rs/consent-tower/latest/consent_tower/guide/testing/), and the [threat
//! model](https://docs.rs/consent-tower/latest/consent_tower/guide/threats/).
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod consent;
pub mod cookies;
#[doc(hidden)]
pub mod engine;
pub mod page;
pub mod policy;
mod reason;
#[cfg(any(feature = "testing", test))]
pub mod testing;
pub mod verdict;

pub use consent::{Consent, Decision, Prompt, State};
pub use policy::{Category, Policy, PolicyError, Regime};
pub use reason::{Amendment, Reason};
pub use verdict::Verdict;

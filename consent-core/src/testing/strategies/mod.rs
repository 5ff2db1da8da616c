//! Strategies for property tests with `proptest`.
//!
//! ```
//! use consent_core::testing::{self, strategies};
//! use consent_core::verdict::{RequestFacts, judge};
//! use consent_core::{Verdict, policy::MAX_CATEGORIES};
//! use proptest::prelude::*;
//!
//! let policy = testing::full_policy();
//! let now = testing::Clock::default().now();
//! let lines = strategies::set_cookie_lines(&["theme", "visits"]);
//! proptest!(|(consent in strategies::consents(&policy), line in lines)| {
//!     let judged = judge(&line, &consent, &RequestFacts::new("GET", "/", now));
//!     if judged.declaration.is_none() {
//!         prop_assert_ne!(judged.verdict, Verdict::Keep);
//!     }
//! });
//! ```

mod consents;
mod headers;
mod policies;

pub use self::consents::{choices, consents, decisions, less_and_more};
pub use self::headers::{cookie_headers, plain_set_cookie_lines, set_cookie_lines};
pub use self::policies::{documents, policies};

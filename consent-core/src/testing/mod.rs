//! For the tests of other crates: fixed policies, a clock that stands still, consents in every state, readers of cookies
//! for assertions, and, with the feature `proptest`, strategies for property tests (in `strategies`).
//!
//! ```
//! use consent_core::{Category, testing};
//!
//! let policy = testing::founding_policy();
//! assert!(testing::granted(&policy).allows(Category::FUNCTIONALITY));
//! assert!(!testing::refused(&policy).allows(Category::FUNCTIONALITY));
//!
//! // Every state that a visitor can be in, by its name.
//! for (name, consent) in testing::consents(&policy) {
//!     assert_eq!(consent.allows(Category::FUNCTIONALITY), name == "granted", "{name}");
//! }
//! ```
//!
//! What depends on the day is built for [`TODAY`], which a [`Clock`] tells unless it is set otherwise; [`Visitor`] builds
//! the same for any other day, place, signal and category.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test fails by panicking; what panics says when"
)]

mod clock;
mod cookies;
mod jar;
mod policies;
#[cfg(any(feature = "proptest", test))]
pub mod strategies;
#[cfg(test)]
mod tests;
mod visitor;

pub use self::clock::{Clock, TODAY};
pub use self::cookies::SetCookies;
pub use self::jar::{Jar, JarCookie};
pub use self::policies::{FOUNDING_POLICY, FULL_POLICY, founding_policy, full_policy};
pub use self::visitor::{Visitor, VisitorState, cookie_line};

use crate::consent::Consent;
use crate::policy::Policy;
use alloc::string::String;
use alloc::vec::Vec;

/// Every state that a visitor can be in under a policy, each with a readable name: see [`Visitor::consents`].
#[must_use]
pub fn consents(policy: &Policy) -> Vec<(String, Consent)> {
    Visitor::new(policy).consents()
}

/// A visitor who has not decided.
#[must_use]
pub fn undecided(policy: &Policy) -> Consent {
    built(policy, VisitorState::Undecided)
}

/// A visitor who was told of what is objectable, in a place where something is, and did not object.
///
/// # Panics
///
/// Where the policy has no category that is objectable anywhere.
#[must_use]
#[track_caller]
pub fn informed(policy: &Policy) -> Consent {
    built(policy, VisitorState::Informed)
}

/// A visitor who granted every category.
#[must_use]
pub fn granted(policy: &Policy) -> Consent {
    built(policy, VisitorState::Granted)
}

/// A visitor who refused every category.
#[must_use]
pub fn refused(policy: &Policy) -> Consent {
    built(policy, VisitorState::Refused)
}

/// A visitor who objected to every category.
#[must_use]
pub fn objected(policy: &Policy) -> Consent {
    built(policy, VisitorState::Objected)
}

/// A visitor who granted every category before the policy asked again.
///
/// # Panics
///
/// Where the policy never asked again: its log has one revision, or none of the later ones has a category in `reask`.
#[must_use]
#[track_caller]
pub fn stale(policy: &Policy) -> Consent {
    built(policy, VisitorState::Stale)
}

/// A visitor who granted every category longer ago than a decision stands.
#[must_use]
pub fn expired(policy: &Policy) -> Consent {
    built(policy, VisitorState::Expired)
}

/// A visitor whose grant is dated two days ahead.
#[must_use]
pub fn future_date(policy: &Policy) -> Consent {
    built(policy, VisitorState::FutureDate)
}

/// A visitor who granted every category under a revision that this server does not know yet.
#[must_use]
pub fn newer_revision(policy: &Policy) -> Consent {
    built(policy, VisitorState::NewerRevision)
}

/// A visitor who granted every category, and whose browser sends Global Privacy Control.
///
/// # Panics
///
/// Where the policy maps the signal to no category.
#[must_use]
#[track_caller]
pub fn signalled(policy: &Policy) -> Consent {
    built(policy, VisitorState::Signalled)
}

/// A visitor whose consent cookie cannot be read.
#[must_use]
pub fn unreadable(policy: &Policy) -> Consent {
    built(policy, VisitorState::Unreadable)
}

#[track_caller]
fn built(policy: &Policy, standing: VisitorState) -> Consent {
    match Visitor::new(policy).consent(standing) {
        Some(consent) => consent,
        None => panic!("under this policy no visitor is in the state {:?}", standing.as_str()),
    }
}

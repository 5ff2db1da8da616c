//! Tools for the tests of other crates: fixed policies, a clock that stands still, consents in every state,
//! and readers of cookies for assertions. The feature `proptest` adds strategies for property tests (in
//! `strategies`).
//!
//! ```
//! use consent_core::{Category, testing};
//!
//! let policy = testing::founding_policy();
//! assert!(testing::granted(&policy).allows(Category::FUNCTIONALITY));
//! assert!(!testing::refused(&policy).allows(Category::FUNCTIONALITY));
//!
//! // Every state of a visitor, by its name.
//! for (name, consent) in testing::consents(&policy) {
//!     assert_eq!(consent.allows(Category::FUNCTIONALITY), name == "granted", "{name}");
//! }
//! ```
//!
//! Everything that depends on the day is built for [`TODAY`], the default of [`Clock`]. [`Visitor`] builds
//! consents for any other day, jurisdiction, signal and category.
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
use crate::policy::{Category, Policy};
use alloc::string::String;
use alloc::vec::Vec;

/// Returns a consent in every state that is possible under a policy, each with a readable name: see
/// [`Visitor::consents`].
#[must_use]
pub fn consents(policy: &Policy) -> Vec<(String, Consent)> {
    Visitor::new(policy).consents()
}

/// Returns the category of this name.
///
/// ```
/// use consent_core::{Category, testing};
///
/// let policy = testing::founding_policy();
/// assert_eq!(testing::category(&policy, "functionality"), Category::FUNCTIONALITY);
/// ```
///
/// ```should_panic
/// # let policy = consent_core::testing::founding_policy();
/// consent_core::testing::category(&policy, "statistcs");
/// ```
///
/// # Panics
///
/// If the policy does not declare it. `Policy::category` returns `None` then, which a test can mistake for a
/// category that is not allowed.
#[must_use]
#[track_caller]
pub fn category(policy: &Policy, name: &str) -> Category {
    match policy.category(name) {
        Some(category) => category,
        None => panic!("{}", visitor::unknown(policy, name)),
    }
}

/// Returns the consent of a visitor who has not decided.
#[must_use]
pub fn undecided(policy: &Policy) -> Consent {
    built(policy, VisitorState::Undecided)
}

/// Returns the consent of a visitor who was notified in a jurisdiction with an objectable category, and did
/// not object.
///
/// # Panics
///
/// Panics if the policy has no category that is objectable in some jurisdiction.
#[must_use]
#[track_caller]
pub fn informed(policy: &Policy) -> Consent {
    built(policy, VisitorState::Informed)
}

/// Returns the consent of a visitor who granted every category.
#[must_use]
pub fn granted(policy: &Policy) -> Consent {
    built(policy, VisitorState::Granted)
}

/// Returns the consent of a visitor who refused every category.
#[must_use]
pub fn refused(policy: &Policy) -> Consent {
    built(policy, VisitorState::Refused)
}

/// Returns the consent of a visitor who objected to every category.
#[must_use]
pub fn objected(policy: &Policy) -> Consent {
    built(policy, VisitorState::Objected)
}

/// Returns the consent of a visitor who granted every category before the policy asked again.
///
/// # Panics
///
/// Panics if the policy never asked again: its log has one revision, or no later revision has a category in
/// `reask`.
#[must_use]
#[track_caller]
pub fn stale(policy: &Policy) -> Consent {
    built(policy, VisitorState::Stale)
}

/// Returns the consent of a visitor whose grant of every category has expired.
#[must_use]
pub fn expired(policy: &Policy) -> Consent {
    built(policy, VisitorState::Expired)
}

/// Returns the consent of a visitor whose grant is dated two days ahead.
#[must_use]
pub fn future_date(policy: &Policy) -> Consent {
    built(policy, VisitorState::FutureDate)
}

/// Returns the consent of a visitor who granted every category under a revision that this server does not
/// know yet.
#[must_use]
pub fn newer_revision(policy: &Policy) -> Consent {
    built(policy, VisitorState::NewerRevision)
}

/// Returns the consent of a visitor who granted every category, and whose browser sends Global Privacy
/// Control.
///
/// # Panics
///
/// Panics if the policy maps the signal to no category.
#[must_use]
#[track_caller]
pub fn signalled(policy: &Policy) -> Consent {
    built(policy, VisitorState::Signalled)
}

/// Returns the consent of a visitor whose consent cookie is invalid.
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

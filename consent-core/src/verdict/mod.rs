//! The verdict on each stored thing: the only module in which policy and consent meet. `Set-Cookie` and
//! `Cookie` headers are read byte by byte, as browsers read them.
//!
//! The readers work on bytes and decode nothing. A library that trims Unicode spaces, strips quotes or
//! decodes `%` reads other names than browsers store, so it may let undeclared cookies pass as declared.
//!
//! # How a `Set-Cookie` header is judged
//!
//! The first matching rule decides:
//!
//! 1. It has the consent cookie's name: dropped, even if it is a deletion.
//! 2. Browsers do not all store the same cookie, or store none: dropped.
//! 3. It is a deletion: kept, if the cookie is allowed now and every browser reads a deletion. Otherwise the
//!    deletion is rewritten so that every browser deletes the cookie. A deletion harms nobody, whatever the
//!    policy says about the name.
//! 4. Browsers would refuse it, the policy does not declare the name, or the visitor does not allow one of
//!    its categories now: dropped.
//! 5. It is exempt only on certain routes, the request is on none of them, and the request did not carry it:
//!    dropped.
//! 6. It has an undeclared value, or a wider scope than declared: dropped.
//! 7. Its lifetime is longer than declared: the lifetime is shortened.
//! 8. Its attributes are weaker than the [`Floor`], if there is one: they are raised to it.
//! 9. Otherwise it is kept, byte for byte.
//!
//! # Other headers
//!
//! [`judge_header`] judges the other response headers that store or read, one list member at a time. Members
//! that the policy does not declare, or that the visitor does not allow now, are dropped. See
//! [`StoringHeader`].

mod expiries;
mod expiry;
mod facts;
mod floor;
mod headers;
mod judge;
mod line;
mod scope;
mod target;
#[cfg(test)]
mod tests;

pub use self::expiries::{Expiries, MAX_EXPIRY_BYTES, MAX_EXPIRY_LINES};
pub use self::facts::{LinkReader, LinkTarget, RequestFacts};
pub use self::floor::Floor;
pub use self::headers::{
    HeaderOutcome, JudgedMember, MemberOutcome, StoringHeader, judge_header, judge_worker,
};
pub use self::judge::{Judged, judge, visible};
#[cfg(any(feature = "testing", test))]
pub(crate) use self::scope::is_below;
pub use self::target::Target;
pub use crate::policy::Scheme;

use crate::reason::{Amendment, Reason};
use alloc::vec::Vec;

/// The verdict on one thing that a response asks a browser to store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It is kept unchanged.
    Keep,
    /// It is kept in another form.
    Amend {
        /// The amendment.
        amendment: Amendment,
        /// The replacement: a `Set-Cookie` field line, or a member of another header.
        line: Vec<u8>,
    },
    /// It is dropped.
    Drop(Reason),
}

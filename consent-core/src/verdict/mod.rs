//! What may be stored: readers for `Set-Cookie` and `Cookie` bytes as browsers read them, and the verdict on each stored
//! thing. The only place where policy and consent meet.
//!
//! The readers work on bytes and decode nothing: a library that trims Unicode spaces, strips quotes or decodes `%` reads
//! other names than browsers store, and what it takes for declared may be stored as something else.
//!
//! # How a `Set-Cookie` line is judged
//!
//! The first of these that fits:
//!
//! 1. It has the consent cookie's name: dropped, also where it deletes.
//! 2. Browsers do not all read the same in it, or nothing: dropped.
//! 3. It deletes: kept, where the cookie is allowed now and every browser reads a deletion. Else the deletion is written
//!    anew, so that every browser reads one; that harms nobody, whatever the policy says of the name.
//! 4. Browsers would refuse it, the policy does not declare the name, or the visitor does not allow one of its
//!    categories now: dropped.
//! 5. It is exempt, for certain routes, and neither is this one of them nor did the request carry it: dropped.
//! 6. It holds another value, or is valid in more places, than declared: dropped.
//! 7. It stays longer than declared: its lifetime is cut.
//! 8. Its attributes say less than the [`Floor`], where there is one: they are raised to it.
//! 9. It is kept, byte for byte.
//!
//! # Other headers
//!
//! Other response headers that store or read are judged by [`judge_header`], one member of their lists at a time: what the
//! policy does not declare, or the visitor does not allow now, is dropped. See [`StoringHeader`].

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
pub use self::facts::RequestFacts;
pub use self::floor::Floor;
pub use self::headers::{
    HeaderOutcome, JudgedMember, MemberOutcome, StoringHeader, judge_header, judge_worker,
};
pub use self::judge::{Judged, judge, visible};
#[cfg(any(feature = "testing", test))]
pub(crate) use self::scope::is_below;
pub use self::target::{Scheme, Target};

use crate::reason::{Amendment, Reason};
use alloc::vec::Vec;

/// What becomes of one thing that a response asks a browser to store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It is stored as it was asked to be.
    Keep,
    /// It is stored in another form.
    Amend {
        /// What was amended.
        amendment: Amendment,
        /// What is sent in its place: a `Set-Cookie` field line, or a member of another header.
        line: Vec<u8>,
    },
    /// It is not stored.
    Drop(Reason),
}

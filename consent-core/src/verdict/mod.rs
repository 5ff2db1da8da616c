//! What may be stored: readers for `Set-Cookie` and `Cookie` bytes as browsers read them, and the verdict on each stored
//! thing. The only place where policy and consent meet.

mod cookie_header;
mod date;
mod expiries;
mod expiry;
mod facts;
mod index;
mod judge;
mod line;
mod names;
mod prefix;
mod reason;
mod scope;
mod set_cookie;
#[cfg(test)]
mod tests;

pub use self::cookie_header::{CookiePair, cookie_pairs};
pub use self::expiries::{Expiries, MAX_EXPIRY_BYTES, MAX_EXPIRY_LINES};
pub use self::facts::{Carried, RequestFacts};
pub(crate) use self::index::Index;
pub use self::judge::{Judged, judge, visible};
pub use self::reason::Reason;
pub use self::set_cookie::{SameSite, SetCookie, Unstorable};

use alloc::vec::Vec;

/// What becomes of one stored thing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It is stored as it is.
    Keep,
    /// It is stored otherwise than was asked: as this line.
    Amend {
        /// Why.
        reason: Reason,
        /// What is stored in its place.
        line: Vec<u8>,
    },
    /// It is not stored.
    Drop(Reason),
}

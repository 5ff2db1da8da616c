//! What may be stored: readers for `Set-Cookie` and `Cookie` bytes as browsers read them, and the verdict on each stored
//! thing. The only place where policy and consent meet.
//!
//! The readers work on bytes and decode nothing: a cookie library that trims Unicode spaces, strips quotes or decodes
//! `%` reads other names than a browser stores, and what it reads as declared may be stored as something else.

mod carried;
mod cookie_header;
mod date;
mod deletion;
mod expiries;
mod index;
mod judge;
mod lifetime;
mod reason;
mod set_cookie;
mod visible;

pub use self::carried::Carried;
pub use self::cookie_header::{CookiePair, cookie_pairs};
pub use self::expiries::{Expiries, MAX_EXPIRY_BYTES, MAX_EXPIRY_LINES};
pub(crate) use self::index::Index;
pub use self::judge::{Judged, RequestFacts, judge};
pub use self::reason::Reason;
pub use self::set_cookie::{SameSite, SetCookie};
pub use self::visible::visible;

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

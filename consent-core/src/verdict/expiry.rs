//! How long browsers keep a cookie, and which `Set-Cookie` headers are deletions.

use crate::cookies::{SetCookie, clamped, read_max_age};
use time::UtcDateTime;

/// The maximum lifetime in browsers: 400 days (RFC 6265bis, section 5.5).
pub(super) const MAX_SECONDS: u32 = 400 * 86_400;

/// The tolerance of an `Expires` beyond the declared lifetime, in seconds: applications compute the date
/// after the request arrived.
const LEEWAY: i64 = 60;

/// The meaning of a `Max-Age` or an `Expires`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// No browser reads a lifetime.
    Unset,
    /// Seconds from now. Zero or a negative number deletes.
    Seconds(i64),
    /// Invalid by the specification, but a browser may read a lifetime of at most this many seconds.
    Unclear(i64),
}

impl Term {
    pub(super) fn of_max_age(cookie: &SetCookie<'_>) -> Self {
        Self::of(cookie.raw_max_age(), |raw| {
            read_max_age(raw).map_or_else(|| Self::Unclear(most(raw)), Self::Seconds)
        })
    }

    pub(super) fn of_expires(cookie: &SetCookie<'_>, now: UtcDateTime) -> Self {
        // A date in another format may be read as any date.
        let unclear = Self::Unclear(i64::from(MAX_SECONDS));
        let from_now = |date: UtcDateTime| Self::Seconds(date.unix_timestamp() - now.unix_timestamp());
        Self::of(cookie.raw_expires(), |_| cookie.expires().map_or(unclear, from_now))
    }

    /// Without a digit, no browser reads a number or a date.
    fn of(raw: Option<&[u8]>, read: impl FnOnce(&[u8]) -> Self) -> Self {
        raw.filter(|raw| raw.iter().any(u8::is_ascii_digit)).map_or(Self::Unset, read)
    }

    fn outlives(self, limit: i64) -> bool {
        match self {
            Self::Unset => false,
            Self::Seconds(seconds) | Self::Unclear(seconds) => seconds > limit,
        }
    }
}

/// The way in which a header deletes a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deletion {
    /// With `Max-Age`: every browser deletes.
    Certain,
    /// With a date in the past: a browser whose clock is slow stores the cookie.
    ByDate,
}

/// Returns whether, and how, a header is a deletion.
pub(super) fn deletion(cookie: &SetCookie<'_>, now: UtcDateTime) -> Option<Deletion> {
    match Term::of_max_age(cookie) {
        Term::Seconds(seconds) => (seconds <= 0).then_some(Deletion::Certain),
        Term::Unclear(_) => None,
        Term::Unset => match Term::of_expires(cookie, now) {
            Term::Seconds(seconds) if seconds <= 0 => Some(Deletion::ByDate),
            _ => None,
        },
    }
}

/// The changes that shorten a header's lifetime to the declared one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Whether to remove every `Max-Age`.
    pub(super) max_age: bool,
    /// Whether to remove every `Expires`.
    pub(super) expires: bool,
    /// The `Max-Age` to write instead.
    pub(super) seconds: Option<u32>,
}

impl Cut {
    pub(super) const NOTHING: Self = Self { max_age: false, expires: false, seconds: None };
}

/// Returns the changes that shorten a cookie's lifetime to the declared one (`None`: the session). Returns
/// `None` if it is short enough.
///
/// A number that every browser reads stays; a value that only some browsers read as a number is removed.
pub(super) fn cut(cookie: &SetCookie<'_>, declared: Option<u32>, now: UtcDateTime) -> Option<Cut> {
    let limit = declared.map_or(0, i64::from);
    let expires = Term::of_expires(cookie, now);
    // A session cookie must have no date at all.
    let late = expires.outlives(if declared.is_some() { limit + LEEWAY } else { limit });
    let max_age = Term::of_max_age(cookie);
    if let Term::Seconds(seconds) = max_age {
        // `Max-Age` overrides `Expires` in every browser.
        let cut = Cut { max_age: true, expires: late || declared.is_none(), seconds: declared };
        return (seconds > limit).then_some(cut);
    }
    // By the specification the last valid number counts; in browsers, only the last `Max-Age`.
    let number = cookie.last_number().filter(|seconds| *seconds > limit);
    let clear = number.is_some() || (late && matches!(expires, Term::Seconds(_)));
    let seconds = declared.filter(|_| clear);
    let max_age = number.is_some() || max_age.outlives(limit) || seconds.is_some();
    (max_age || late).then_some(Cut { max_age, expires: late, seconds })
}

/// Returns the largest lifetime that any reader could find in an invalid number: all its digits, or any
/// lifetime if letters could be an exponent or another base.
fn most(value: &[u8]) -> i64 {
    if value.iter().any(u8::is_ascii_alphabetic) {
        return i64::from(MAX_SECONDS);
    }
    clamped(value)
}

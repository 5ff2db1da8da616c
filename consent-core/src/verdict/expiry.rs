//! How long browsers keep what a `Set-Cookie` line stores, and which lines delete.

use crate::cookies::{SetCookie, clamped, read_max_age};
use time::UtcDateTime;

/// Browsers keep nothing longer: 400 days (RFC 6265bis, section 5.5).
pub(super) const MAX_SECONDS: u32 = 400 * 86_400;

/// An `Expires` may lie this many seconds beyond the declared lifetime: it was computed later than the request arrived.
const LEEWAY: i64 = 60;

/// What a `Max-Age` or an `Expires` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// Nothing, for any browser.
    Unset,
    /// Seconds from now; none or fewer delete.
    Seconds(i64),
    /// No number or date by the letter, but a browser may find one in it: so many seconds at most.
    Unclear(i64),
}

impl Term {
    pub(super) fn of_max_age(cookie: &SetCookie<'_>) -> Self {
        Self::of(cookie.raw_max_age(), |raw| {
            read_max_age(raw).map_or_else(|| Self::Unclear(most(raw)), Self::Seconds)
        })
    }

    pub(super) fn of_expires(cookie: &SetCookie<'_>, now: UtcDateTime) -> Self {
        // Other words for a date than the letter's may mean any date.
        let unclear = Self::Unclear(i64::from(MAX_SECONDS));
        let from_now = |date: UtcDateTime| Self::Seconds(date.unix_timestamp() - now.unix_timestamp());
        Self::of(cookie.raw_expires(), |_| cookie.expires().map_or(unclear, from_now))
    }

    /// No browser finds a number or a date where there is no digit.
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

/// How a line deletes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deletion {
    /// By `Max-Age`: every browser deletes.
    Certain,
    /// By a date in the past: a browser whose clock is slow stores.
    ByDate,
}

/// Whether a line deletes.
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

/// What must change in a line so that it stays no longer than declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Every `Max-Age` goes.
    pub(super) max_age: bool,
    /// Every `Expires` goes.
    pub(super) expires: bool,
    /// This `Max-Age` takes their place.
    pub(super) seconds: Option<u32>,
}

impl Cut {
    pub(super) const NOTHING: Self = Self { max_age: false, expires: false, seconds: None };
}

/// How to cut the lifetime of what is stored; `None` where it is within the declared one (`None`: the session).
///
/// What is a number for every browser stays in force, and what may be one for some of them goes.
pub(super) fn cut(cookie: &SetCookie<'_>, declared: Option<u32>, now: UtcDateTime) -> Option<Cut> {
    let limit = declared.map_or(0, i64::from);
    let expires = Term::of_expires(cookie, now);
    // A lifetime that ends with the session has no date at all.
    let late = expires.outlives(if declared.is_some() { limit + LEEWAY } else { limit });
    let max_age = Term::of_max_age(cookie);
    if let Term::Seconds(seconds) = max_age {
        // `Max-Age` goes before `Expires` in every browser.
        let cut = Cut { max_age: true, expires: late || declared.is_none(), seconds: declared };
        return (seconds > limit).then_some(cut);
    }
    // By the letter the last number counts, in browsers only what is last.
    let number = cookie.last_number().filter(|seconds| *seconds > limit);
    let clear = number.is_some() || (late && matches!(expires, Term::Seconds(_)));
    let seconds = declared.filter(|_| clear);
    let max_age = number.is_some() || max_age.outlives(limit) || seconds.is_some();
    (max_age || late).then_some(Cut { max_age, expires: late, seconds })
}

/// The most that any reader can find in what is no number by the letter: all its digits, or anything at all where
/// letters may stand for an exponent or another base.
fn most(value: &[u8]) -> i64 {
    if value.iter().any(u8::is_ascii_alphabetic) {
        return i64::from(MAX_SECONDS);
    }
    clamped(value)
}

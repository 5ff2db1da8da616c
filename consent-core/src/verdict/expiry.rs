//! How long browsers keep what a `Set-Cookie` line stores, and which lines delete.

use super::SetCookie;
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
    /// No number or date by the letter, but a browser may find one in it.
    Unclear,
}

impl Term {
    pub(super) fn of_max_age(cookie: &SetCookie<'_>) -> Self {
        Self::of(cookie.raw_max_age(), || cookie.max_age())
    }

    pub(super) fn of_expires(cookie: &SetCookie<'_>, now: UtcDateTime) -> Self {
        Self::of(cookie.raw_expires(), || Some(cookie.expires()?.unix_timestamp() - now.unix_timestamp()))
    }

    fn of(raw: Option<&[u8]>, read: impl FnOnce() -> Option<i64>) -> Self {
        match raw {
            Some(raw) if raw.iter().any(u8::is_ascii_digit) => read().map_or(Self::Unclear, Self::Seconds),
            // No browser finds a number where there is no digit.
            _ => Self::Unset,
        }
    }

    fn outlives(self, limit: i64) -> bool {
        match self {
            Self::Unset => false,
            Self::Seconds(seconds) => seconds > limit,
            Self::Unclear => limit < i64::from(MAX_SECONDS),
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
        Term::Unclear => None,
        Term::Unset => match Term::of_expires(cookie, now) {
            Term::Seconds(seconds) if seconds <= 0 => Some(Deletion::ByDate),
            _ => None,
        },
    }
}

/// What must change in a line so that it stays no longer than declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Cut {
    /// Every `Max-Age` goes.
    pub(super) max_age: bool,
    /// Every `Expires` goes.
    pub(super) expires: bool,
    /// This `Max-Age` takes their place.
    pub(super) seconds: Option<u32>,
}

/// How to cut the lifetime of what is stored; `None` where it is within the declared one (`None`: the session).
pub(super) fn cut(cookie: &SetCookie<'_>, declared: Option<u32>, now: UtcDateTime) -> Option<Cut> {
    let limit = declared.map_or(0, i64::from);
    let max_age = Term::of_max_age(cookie);
    let expires = Term::of_expires(cookie, now);
    // A lifetime that ends with the session has no date at all.
    let expires_outlives = expires.outlives(if declared.is_some() { limit + LEEWAY } else { limit });
    if let Term::Seconds(seconds) = max_age {
        // `Max-Age` goes before `Expires` in every browser.
        if seconds <= limit {
            return None;
        }
        let expires = expires_outlives || declared.is_none();
        return Some(Cut { max_age: true, expires, seconds: declared });
    }
    let max_age = max_age.outlives(limit);
    let seconds = declared.filter(|_| expires_outlives && expires != Term::Unclear);
    let cut = Cut { max_age: max_age || seconds.is_some(), expires: expires_outlives, seconds };
    (cut != Cut::default()).then_some(cut)
}

/// `-` and digits; a number that is too large is the largest.
pub(super) fn read_max_age(value: &[u8]) -> Option<i64> {
    let (negative, digits) = value.strip_prefix(b"-").map_or((false, value), |digits| (true, digits));
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds = digits
        .iter()
        .fold(0_i64, |seconds, digit| seconds.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    Some(if negative { -seconds } else { seconds })
}

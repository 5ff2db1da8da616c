use crate::cookies::SetCookie;
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use time::{Duration, UtcDateTime};

/// The maximum lifetime of a cookie in browsers (RFC 6265bis, section 5.5).
const MAX_STAY: Duration = Duration::days(400);

/// The effects of one response's `Set-Cookie` headers in a browser, for assertions.
/// [`SetCookie`](crate::cookies::SetCookie) parses the headers.
///
/// ```
/// use consent_core::testing::{Clock, SetCookies};
///
/// let lines = [&b"theme=dark; Max-Age=60"[..], b"language=; Max-Age=0", b"no-name"];
/// let cookies = SetCookies::read(lines, Clock::default().now());
/// assert_eq!(cookies.names(), ["theme"]);
/// assert_eq!(cookies.stored("theme").map(|cookie| cookie.value()), Some(&b"dark"[..]));
/// assert!(cookies.deletes("language") && !cookies.deletes("theme"));
/// assert_eq!(cookies.refused(), [b"no-name"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct SetCookies<'a> {
    stored: Vec<SetCookie<'a>>,
    deleted: Vec<SetCookie<'a>>,
    refused: Vec<&'a [u8]>,
}

impl<'a> SetCookies<'a> {
    /// Parses all `Set-Cookie` headers of a response that arrives at this time.
    pub fn read(lines: impl IntoIterator<Item = &'a [u8]>, now: UtcDateTime) -> Self {
        let mut cookies = Self::default();
        for line in lines {
            match SetCookie::parse(line) {
                Ok(cookie) if !cookie.is_refused_by_browsers() => match Stay::of(&cookie, now) {
                    Stay::Deleted => cookies.deleted.push(cookie),
                    Stay::Session | Stay::Until(_) => cookies.stored.push(cookie),
                },
                _ => cookies.refused.push(line),
            }
        }
        cookies
    }

    /// Returns the last stored cookie with this name.
    #[must_use]
    pub fn stored(&self, name: impl AsRef<[u8]>) -> Option<SetCookie<'a>> {
        self.stored.iter().rev().find(|cookie| cookie.name() == name.as_ref()).copied()
    }

    /// Returns whether a cookie with this name is stored.
    #[must_use]
    pub fn stores(&self, name: impl AsRef<[u8]>) -> bool {
        self.stored(name).is_some()
    }

    /// Returns whether a cookie with this name is deleted.
    #[must_use]
    pub fn deletes(&self, name: impl AsRef<[u8]>) -> bool {
        self.deleted.iter().any(|cookie| cookie.name() == name.as_ref())
    }

    /// Returns the names of the stored cookies, in order.
    #[must_use]
    pub fn names(&self) -> Vec<Cow<'a, str>> {
        self.stored.iter().map(|cookie| String::from_utf8_lossy(cookie.name())).collect()
    }

    /// Returns the names of the deleted cookies, in order.
    #[must_use]
    pub fn deleted_names(&self) -> Vec<Cow<'a, str>> {
        self.deleted.iter().map(|cookie| String::from_utf8_lossy(cookie.name())).collect()
    }

    /// Returns the headers from which browsers store different cookies, or none.
    #[must_use]
    pub fn refused(&self) -> &[&'a [u8]] {
        &self.refused
    }

    /// Returns whether the response has no `Set-Cookie` header.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stored.is_empty() && self.deleted.is_empty() && self.refused.is_empty()
    }
}

/// How long a browser keeps a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stay {
    /// The browser does not store the cookie.
    Deleted,
    /// Until the browser is closed.
    Session,
    Until(UtcDateTime),
}

impl Stay {
    /// RFC 6265bis, section 5.7, steps 3 and 4.
    pub(super) fn of(cookie: &SetCookie<'_>, now: UtcDateTime) -> Self {
        let latest = now.checked_add(MAX_STAY).unwrap_or(UtcDateTime::MAX);
        let until = match (cookie.max_age(), cookie.expires()) {
            (Some(seconds), _) => now.checked_add(Duration::seconds(seconds)).unwrap_or(latest),
            (None, Some(date)) => date,
            (None, None) => return Self::Session,
        };
        if until <= now { Self::Deleted } else { Self::Until(until.min(latest)) }
    }
}

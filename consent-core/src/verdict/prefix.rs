use super::SetCookie;

/// What browsers ask of a cookie because of how its name begins (RFC 6265bis, section 5.7; RFC 6265bis calls them cookie
/// name prefixes). They look at no letter's case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prefix {
    word: &'static [u8],
    /// No `Domain`, and `Path=/`.
    pub(super) host: bool,
    /// `HttpOnly`.
    pub(super) http_only: bool,
}

/// The longer one of two that begin alike goes first. All of them ask for `Secure`.
const PREFIXES: [Prefix; 4] = [
    Prefix { word: b"__host-http-", host: true, http_only: true },
    Prefix { word: b"__host-", host: true, http_only: false },
    Prefix { word: b"__http-", host: false, http_only: true },
    Prefix { word: b"__secure-", host: false, http_only: false },
];

/// The prefix of a name, where it has one.
pub(super) fn of(name: &[u8]) -> Option<Prefix> {
    if !name.starts_with(b"__") {
        return None;
    }
    PREFIXES.into_iter().find(|prefix| {
        name.get(..prefix.word.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.word))
    })
}

/// Whether a cookie has what its name asks for.
pub(super) fn holds(cookie: &SetCookie<'_>) -> bool {
    of(cookie.name()).is_none_or(|prefix| {
        let host = cookie.domain().is_none() && cookie.path() == Some(b"/");
        cookie.secure() && (host || !prefix.host) && (cookie.http_only() || !prefix.http_only)
    })
}

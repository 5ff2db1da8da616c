/// What browsers ask of a cookie because of how its name begins (RFC 6265bis, section 5.7; RFC 6265bis calls them cookie
/// name prefixes). They look at no letter's case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    word: &'static [u8],
    /// No `Domain`, and `Path=/`.
    pub(crate) host: bool,
    /// `HttpOnly`.
    pub(crate) http_only: bool,
}

/// The longer one of two that begin alike goes first. All of them ask for `Secure`.
const PREFIXES: [Prefix; 4] = [
    Prefix { word: b"__host-http-", host: true, http_only: true },
    Prefix { word: b"__host-", host: true, http_only: false },
    Prefix { word: b"__http-", host: false, http_only: true },
    Prefix { word: b"__secure-", host: false, http_only: false },
];

/// The prefix of a name, where it has one.
pub(crate) fn of(name: &[u8]) -> Option<Prefix> {
    if !name.starts_with(b"__") {
        return None;
    }
    PREFIXES.into_iter().find(|prefix| {
        name.get(..prefix.word.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.word))
    })
}

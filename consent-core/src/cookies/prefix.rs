/// The requirements of a cookie name prefix (RFC 6265bis, section 5.7). Browsers compare prefixes without
/// regard to case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    word: &'static [u8],
    /// Requires no `Domain`, and `Path=/`.
    pub(crate) host: bool,
    /// Requires `HttpOnly`.
    pub(crate) http_only: bool,
}

/// All prefixes. If one starts with another, the longer one comes first. All of them require `Secure`.
const PREFIXES: [Prefix; 4] = [
    Prefix { word: b"__host-http-", host: true, http_only: true },
    Prefix { word: b"__host-", host: true, http_only: false },
    Prefix { word: b"__http-", host: false, http_only: true },
    Prefix { word: b"__secure-", host: false, http_only: false },
];

/// Returns the prefix of a name, if it has one.
pub(crate) fn of(name: &[u8]) -> Option<Prefix> {
    if !name.starts_with(b"__") {
        return None;
    }
    PREFIXES.into_iter().find(|prefix| {
        name.get(..prefix.word.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.word))
    })
}

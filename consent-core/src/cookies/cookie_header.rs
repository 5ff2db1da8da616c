use super::bytes::{find, split};

/// One pair of a `Cookie` line, as a browser wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookiePair<'a> {
    bytes: &'a [u8],
}

impl<'a> CookiePair<'a> {
    /// The name; empty where there is no `=`.
    #[must_use]
    pub fn name(&self) -> &'a [u8] {
        find(self.bytes, b'=').and_then(|at| self.bytes.get(..at)).unwrap_or_default()
    }

    /// The value; all bytes where there is no `=`.
    #[must_use]
    pub fn value(&self) -> &'a [u8] {
        find(self.bytes, b'=').map_or(Some(self.bytes), |at| self.bytes.get(at + 1..)).unwrap_or_default()
    }

    /// The value, if this is the name; it has no `=` in it.
    pub(crate) fn value_of(&self, name: &str) -> Option<&'a [u8]> {
        let (start, rest) = self.bytes.split_at_checked(name.len())?;
        // Few pairs have a `=` at this very place.
        rest.strip_prefix(b"=").filter(|_| start == name.as_bytes())
    }

    /// The bytes of the pair.
    #[must_use]
    pub fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

/// The pairs of one `Cookie` line: split at `;`, one leading space stripped, nothing trimmed or decoded. A library that
/// does more reads look-alikes as the real one.
pub fn cookie_pairs(line: &[u8]) -> impl Iterator<Item = CookiePair<'_>> {
    split(line, b';').map(|bytes| CookiePair { bytes: bytes.strip_prefix(b" ").unwrap_or(bytes) })
}

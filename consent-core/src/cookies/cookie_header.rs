use super::bytes::{find, split};

/// One pair of a `Cookie` header, as a browser wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookiePair<'a> {
    bytes: &'a [u8],
}

impl<'a> CookiePair<'a> {
    /// Returns the name. Empty if there is no `=`.
    #[must_use]
    pub fn name(&self) -> &'a [u8] {
        find(self.bytes, b'=').and_then(|at| self.bytes.get(..at)).unwrap_or_default()
    }

    /// Returns the value. If there is no `=`, all bytes are the value.
    #[must_use]
    pub fn value(&self) -> &'a [u8] {
        find(self.bytes, b'=').map_or(Some(self.bytes), |at| self.bytes.get(at + 1..)).unwrap_or_default()
    }

    /// Returns the value if the pair has this name. The name must not contain a `=`.
    pub(crate) fn value_of(&self, name: &str) -> Option<&'a [u8]> {
        let (start, rest) = self.bytes.split_at_checked(name.len())?;
        // Few pairs have a `=` at exactly this index.
        rest.strip_prefix(b"=").filter(|_| start == name.as_bytes())
    }

    /// Returns the bytes of the pair.
    #[must_use]
    pub fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

/// Returns the pairs of one `Cookie` header: split at `;`, with one leading space stripped, and nothing else
/// trimmed or decoded. A library that trims or decodes more takes look-alike names for the real one.
pub fn cookie_pairs(line: &[u8]) -> impl Iterator<Item = CookiePair<'_>> {
    split(line, b';').map(|bytes| CookiePair { bytes: bytes.strip_prefix(b" ").unwrap_or(bytes) })
}

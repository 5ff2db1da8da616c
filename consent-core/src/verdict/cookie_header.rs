/// One pair of a `Cookie` line, as a browser wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookiePair<'a> {
    bytes: &'a [u8],
    equals: Option<usize>,
}

impl<'a> CookiePair<'a> {
    /// The name; empty where there is no `=`.
    #[must_use]
    pub fn name(&self) -> &'a [u8] {
        self.equals.and_then(|at| self.bytes.get(..at)).unwrap_or_default()
    }

    /// The value; all bytes where there is no `=`.
    #[must_use]
    pub fn value(&self) -> &'a [u8] {
        self.equals.map_or(Some(self.bytes), |at| self.bytes.get(at + 1..)).unwrap_or_default()
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
    line.split(|b| *b == b';').map(|bytes| {
        let bytes = if let [b' ', rest @ ..] = bytes { rest } else { bytes };
        CookiePair { bytes, equals: bytes.iter().position(|b| *b == b'=') }
    })
}

use super::ParseError;
use core::fmt;
use core::str::FromStr;

/// A visitor's jurisdiction: an ISO 3166-1 alpha-2 country (`GB`), or a country with an ISO 3166-2
/// subdivision (`US-CA`).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Jurisdiction {
    country: [u8; 2],
    /// Up to three letters or digits, padded with zeros.
    subdivision: [u8; 3],
}

impl Jurisdiction {
    /// Parses `GB` or `US-CA`, in any letter case.
    ///
    /// # Errors
    ///
    /// Fails if the text is neither a country nor a country with a subdivision.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or_else(|| ParseError::new(text, "a country (`GB`) or a subdivision (`US-CA`)"))
    }

    fn read(text: &str) -> Option<Self> {
        let (country, rest) =
            text.split_once('-').map_or((text, None), |(country, rest)| (country, Some(rest)));
        let country: [u8; 2] = country.as_bytes().try_into().ok()?;
        if !country.iter().all(u8::is_ascii_alphabetic) {
            return None;
        }
        let mut subdivision = [0; 3];
        if let Some(rest) = rest {
            if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return None;
            }
            subdivision.get_mut(..rest.len())?.copy_from_slice(rest.as_bytes());
        }
        Some(Self {
            country: country.map(|b| b.to_ascii_uppercase()),
            subdivision: subdivision.map(|b| b.to_ascii_uppercase()),
        })
    }

    /// Returns the country alone.
    #[must_use]
    pub const fn country(self) -> Self {
        Self { country: self.country, subdivision: [0; 3] }
    }
}

/// See [`parse`](Self::parse).
impl FromStr for Jurisdiction {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&self.country).unwrap_or_default())?;
        if self.subdivision == [0; 3] {
            return Ok(());
        }
        f.write_str("-")?;
        f.write_str(core::str::from_utf8(&self.subdivision).unwrap_or_default().trim_end_matches('\0'))
    }
}

impl fmt::Debug for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

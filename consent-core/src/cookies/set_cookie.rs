use super::bytes::{split, split_pair, trim};
use super::digits::read_max_age;
use super::{date, prefix};
use crate::reason::Reason;
use time::UtcDateTime;

/// The maximum length of name and value together, in bytes. Browsers refuse longer cookies (RFC 6265bis,
/// section 5.7).
const MAX_PAIR_BYTES: usize = 4096;

/// The maximum length of an attribute's value, in bytes. Browsers ignore longer attributes (RFC 6265bis,
/// section 5.6).
const MAX_ATTRIBUTE_BYTES: usize = 1024;

/// A `Set-Cookie` header, parsed as browsers parse it: as bytes, without decoding, with quotes as ordinary
/// bytes.
///
/// ```
/// # use consent_core::cookies::SetCookie;
/// let line = b" theme = \"dark\" ; PATH=/; Max-Age=60; Max-Age=90";
/// let cookie = SetCookie::parse(line).map_err(|unstorable| unstorable.reason)?;
/// assert_eq!(cookie.name(), b"theme");
/// assert_eq!(cookie.value(), b"\"dark\"");
/// assert_eq!(cookie.path(), Some(&b"/"[..]));
/// assert_eq!(cookie.max_age(), Some(90), "the last attribute of a kind wins");
/// # Ok::<(), consent_core::Reason>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetCookie<'a> {
    line: &'a [u8],
    name: &'a [u8],
    value: &'a [u8],
    path: Option<&'a [u8]>,
    domain: Option<&'a [u8]>,
    max_age: Option<&'a [u8]>,
    last_number: Option<i64>,
    expires: Option<&'a [u8]>,
    same_site: SameSite,
    secure: bool,
    http_only: bool,
    partitioned: bool,
}

/// The error for a header from which browsers store different cookies, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unstorable<'a> {
    /// The reason: [`Reason::Nameless`], [`Reason::Malformed`] or [`Reason::TooLarge`].
    pub reason: Reason,
    /// The name, as far as it could be read.
    pub name: &'a [u8],
}

/// The `SameSite` attribute: which cross-site requests carry the cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SameSite {
    /// Missing or unknown: the browser's default applies.
    #[default]
    Unset,
    /// All requests (`None`).
    None,
    /// Navigations only (`Lax`).
    Lax,
    /// No cross-site requests (`Strict`).
    Strict,
}

impl SameSite {
    fn read(value: &[u8]) -> Self {
        let words: [(&[u8], Self); 3] =
            [(b"none", Self::None), (b"lax", Self::Lax), (b"strict", Self::Strict)];
        let known = words.into_iter().find(|(word, _)| value.eq_ignore_ascii_case(word));
        known.map_or(Self::Unset, |(_, same_site)| same_site)
    }
}

impl<'a> SetCookie<'a> {
    /// Parses one `Set-Cookie` header.
    ///
    /// # Errors
    ///
    /// Returns an error if browsers store nothing, or do not all store the same: the header has no name,
    /// contains control characters, or has more than 4,096 bytes of name and value.
    pub fn parse(line: &'a [u8]) -> Result<Self, Unstorable<'a>> {
        let mut pieces = split(line, b';');
        let pair = pieces.next().unwrap_or_default();
        // Without a `=`, some browsers store a value without a name, and others a name without a value.
        let (name, value) = split_pair(pair).ok_or(Unstorable { reason: Reason::Nameless, name: b"" })?;
        let unstorable = |reason| Unstorable { reason, name };
        if name.is_empty() {
            return Err(unstorable(Reason::Nameless));
        }
        if has_controls(line) {
            return Err(unstorable(Reason::Malformed));
        }
        if name.len() + value.len() > MAX_PAIR_BYTES {
            return Err(unstorable(Reason::TooLarge));
        }
        let mut cookie = Self {
            line,
            name,
            value,
            path: None,
            domain: None,
            max_age: None,
            last_number: None,
            expires: None,
            same_site: SameSite::Unset,
            secure: false,
            http_only: false,
            partitioned: false,
        };
        for piece in pieces {
            cookie.read_attribute(piece);
        }
        Ok(cookie)
    }

    fn read_attribute(&mut self, piece: &'a [u8]) {
        let (name, value) = split_pair(piece).unwrap_or((trim(piece), b""));
        if value.len() > MAX_ATTRIBUTE_BYTES {
            return;
        }
        let is = |word: &[u8]| name.eq_ignore_ascii_case(word);
        // The length of a name rules out all attributes but one or two, so that few names are compared.
        match name.len() {
            4 if is(b"path") => self.path = Some(value),
            6 if is(b"domain") => self.domain = Some(value),
            6 if is(b"secure") => self.secure = true,
            7 if is(b"max-age") => {
                self.max_age = Some(value);
                self.last_number = read_max_age(value).or(self.last_number);
            }
            7 if is(b"expires") => self.expires = Some(value),
            8 if is(b"samesite") => self.same_site = SameSite::read(value),
            8 if is(b"httponly") => self.http_only = true,
            11 if is(b"partitioned") => self.partitioned = true,
            _ => {}
        }
    }

    /// Returns the header's bytes.
    #[must_use]
    pub fn line(&self) -> &'a [u8] {
        self.line
    }

    /// Returns the name: never empty, and any bytes except control characters, `=` and `;`.
    #[must_use]
    pub fn name(&self) -> &'a [u8] {
        self.name
    }

    /// Returns the value.
    #[must_use]
    pub fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Returns the `Path`. Returns `None` if it is missing or does not start with a slash: then the path of
    /// the request decides.
    #[must_use]
    pub fn path(&self) -> Option<&'a [u8]> {
        self.path.filter(|path| path.first() == Some(&b'/'))
    }

    /// Returns the `Domain` without its leading dot, in its original case, or `None` for a host-only cookie.
    #[must_use]
    pub fn domain(&self) -> Option<&'a [u8]> {
        let domain = self.domain.map(|domain| domain.strip_prefix(b".").unwrap_or(domain));
        domain.filter(|domain| !domain.is_empty())
    }

    /// Returns the last valid `Max-Age`, in seconds. A number out of range becomes the largest one.
    #[must_use]
    pub fn max_age(&self) -> Option<i64> {
        self.max_age.and_then(read_max_age)
    }

    /// Returns the `Expires`, if it is a valid date (RFC 6265, section 5.1.1). Browsers ignore it beside a
    /// `Max-Age`.
    #[must_use]
    pub fn expires(&self) -> Option<UtcDateTime> {
        self.expires.and_then(date::read)
    }

    /// Returns the `SameSite`.
    #[must_use]
    pub fn same_site(&self) -> SameSite {
        self.same_site
    }

    /// Returns whether the header has `Secure`.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.secure
    }

    /// Returns whether the header has `HttpOnly`.
    #[must_use]
    pub fn http_only(&self) -> bool {
        self.http_only
    }

    /// Returns whether the header has `Partitioned`.
    #[must_use]
    pub fn partitioned(&self) -> bool {
        self.partitioned
    }

    /// Returns whether browsers ignore the header because its name or an attribute has an unmet requirement:
    /// a `__Host-` name requires `Secure` and `Path=/`, and `SameSite=None` requires `Secure`.
    #[must_use]
    pub fn is_refused_by_browsers(&self) -> bool {
        let needs_secure = self.same_site == SameSite::None || self.partitioned;
        (needs_secure && !self.secure) || !self.has_what_its_name_asks_for()
    }

    fn has_what_its_name_asks_for(&self) -> bool {
        prefix::of(self.name).is_none_or(|prefix| {
            let host = self.domain().is_none() && self.path() == Some(b"/");
            self.secure && (host || !prefix.host) && (self.http_only || !prefix.http_only)
        })
    }

    /// Returns the last `Max-Age` that is a number, even if invalid ones follow.
    pub(crate) fn last_number(&self) -> Option<i64> {
        self.last_number
    }

    pub(crate) fn raw_max_age(&self) -> Option<&'a [u8]> {
        self.max_age
    }

    pub(crate) fn raw_expires(&self) -> Option<&'a [u8]> {
        self.expires
    }
}

/// Returns whether the header contains a control character that browsers refuse: any except a tab.
fn has_controls(line: &[u8]) -> bool {
    // Compilers vectorize this loop, because it always reads all bytes.
    line.iter().fold(false, |found, byte| found | matches!(byte, 0..=0x08 | 0x0A..=0x1F | 0x7F))
}

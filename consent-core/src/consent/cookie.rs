use super::{Choices, CodecError};
use crate::policy::CategorySet;
use crate::verdict::cookie_pairs;

/// Which name the consent cookie has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum CookieName {
    /// `__Host-consent`, with `Secure`: no other host can set it.
    #[default]
    Host,
    /// `consent`, without `Secure`: for plain http, which a site must ask for by name.
    Plain,
}

/// Both names of the consent cookie. Nobody else may set either.
pub const RESERVED_NAMES: [&str; 2] = [CookieName::Host.as_str(), CookieName::Plain.as_str()];

impl CookieName {
    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Host => "__Host-consent",
            Self::Plain => "consent",
        }
    }

    /// The attributes that the cookie is written with, after its value and `Max-Age`.
    #[must_use]
    pub const fn attributes(self) -> &'static str {
        match self {
            Self::Host => "; Path=/; SameSite=Lax; Secure",
            Self::Plain => "; Path=/; SameSite=Lax",
        }
    }
}

/// What the `Cookie` lines of a request hold of the consent cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadConsent {
    /// No such cookie.
    Absent,
    /// Exactly one, and it can be read.
    Read(Choices),
    /// More than one: somebody put another beside it, and neither place in the header can be trusted.
    Repeated,
    /// It cannot be read.
    Unreadable(CodecError),
}

/// Finds and reads the consent cookie in all `Cookie` lines of a request, in order.
pub fn read_consent<'a>(
    lines: impl IntoIterator<Item = &'a [u8]>,
    name: CookieName,
    categories: &CategorySet,
    current: u32,
) -> ReadConsent {
    let mut found = FoundConsent::Nothing;
    for value in lines.into_iter().flat_map(cookie_pairs).filter_map(|pair| pair.value_of(name.as_str())) {
        found.add(value);
    }
    match found {
        FoundConsent::Nothing => ReadConsent::Absent,
        FoundConsent::One(value) => Choices::decode(value, categories, current)
            .map_or_else(ReadConsent::Unreadable, ReadConsent::Read),
        FoundConsent::Several => ReadConsent::Repeated,
    }
}

/// The values that the `Cookie` lines of a request hold of the consent cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FoundConsent<'a> {
    Nothing,
    One(&'a [u8]),
    Several,
}

impl<'a> FoundConsent<'a> {
    pub(crate) fn add(&mut self, value: &'a [u8]) {
        *self = match self {
            Self::Nothing => Self::One(value),
            Self::One(_) | Self::Several => Self::Several,
        };
    }
}

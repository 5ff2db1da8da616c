use super::{Carried, Choices, CodecError};
use crate::cookies::{CookieName, cookie_pairs, is_reserved};
use crate::policy::{CategorySet, Policy};

/// The result of looking for the consent cookie in the `Cookie` headers of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadConsent {
    /// There is no consent cookie.
    Absent,
    /// There is exactly one consent cookie, and it is valid.
    Read(Choices),
    /// There are several consent cookies: one of them was injected, and their order does not tell which.
    Repeated,
    /// The consent cookie is invalid.
    Unreadable(CodecError),
}

/// Finds and reads the consent cookie in all `Cookie` headers of a request, in order.
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

/// The values of the consent cookie in the `Cookie` headers of a request.
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

/// The cookies of a request, read in one pass.
#[derive(Clone, Copy, Debug)]
pub struct RequestCookies<'a> {
    consent: FoundConsent<'a>,
    carried: Carried,
}

impl<'a> RequestCookies<'a> {
    /// Returns the result for a request without cookies.
    pub const NONE: Self = Self { consent: FoundConsent::Nothing, carried: Carried::NONE };

    /// Reads all `Cookie` headers of a request.
    pub fn from_lines(policy: &Policy, lines: impl IntoIterator<Item = &'a [u8]>, name: CookieName) -> Self {
        let mut cookies = Self::NONE;
        for line in lines {
            cookies.add(policy, line, name);
        }
        cookies
    }

    /// Reads one more `Cookie` header, for callers that iterate over all headers.
    pub fn add(&mut self, policy: &Policy, line: &'a [u8], name: CookieName) {
        for pair in cookie_pairs(line) {
            match pair.value_of(name.as_str()) {
                Some(value) => self.consent.add(value),
                None if is_reserved(pair.name()) => self.carried.undeclared = true,
                None => self.carried.add(policy, pair),
            }
        }
    }

    /// Returns the result for the consent cookie.
    pub(crate) fn consent(&self) -> FoundConsent<'a> {
        self.consent
    }

    /// Returns the other cookies.
    #[must_use]
    pub fn carried(&self) -> Carried {
        self.carried
    }
}

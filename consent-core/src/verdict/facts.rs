use super::judge::is_reserved;
use super::{CookiePair, Floor, cookie_pairs};
use crate::consent::{Consent, CookieName, FoundConsent};
use crate::policy::{Policy, Route};
use time::UtcDateTime;

/// What a verdict needs to know of the request that is answered.
#[derive(Clone, Copy, Debug)]
pub struct RequestFacts<'a> {
    method: &'a str,
    path: &'a str,
    now: UtcDateTime,
    carried: Carried,
    floor: Floor,
}

impl<'a> RequestFacts<'a> {
    /// The method, the path without its query, and the time.
    #[must_use]
    pub const fn new(method: &'a str, path: &'a str, now: UtcDateTime) -> Self {
        Self { method, path, now, carried: Carried::NONE, floor: Floor::NONE }
    }

    /// The same request with the cookies that it carried.
    #[must_use]
    pub const fn carrying(self, carried: Carried) -> Self {
        Self { carried, ..self }
    }

    /// The same request, in whose answer attributes are raised to a floor.
    #[must_use]
    pub const fn with_floor(self, floor: Floor) -> Self {
        Self { floor, ..self }
    }

    pub(super) fn floor(&self) -> Floor {
        self.floor
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.path
    }

    pub(super) fn now(&self) -> UtcDateTime {
        self.now
    }

    pub(super) fn carried(&self) -> Carried {
        self.carried
    }

    /// Whether the request is on a route. A path that ends in `/*` stands for itself and everything below it.
    pub(super) fn is_on(&self, route: &Route) -> bool {
        // Browsers and applications treat HEAD as GET.
        let method = if self.method == "HEAD" { "GET" } else { self.method };
        let path = match route.path.strip_suffix("/*") {
            Some(base) => {
                let rest = self.path.strip_prefix(base);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            None => self.path == route.path,
        };
        path && (method == route.method || self.method == route.method)
    }

    /// The `Path` of a cookie that has none of its own (RFC 6265, section 5.1.4).
    pub(crate) fn default_path(&self) -> &'a [u8] {
        let end = self.path.rfind('/').filter(|end| *end > 0 && self.path.starts_with('/'));
        end.and_then(|end| self.path.as_bytes().get(..end)).unwrap_or(b"/")
    }
}

/// What a request carried: which of the cookies that may only be set on certain routes, whose renewal passes on every
/// route, and what a visitor must allow for the application to see all of it. For a pattern, one name that it covers is
/// enough.
///
/// The first 128 cookies for certain routes are known; a renewal of any further one passes on its own routes only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Carried {
    issued: u128,
    /// By their places in the policy.
    categories: u16,
    undeclared: bool,
}

impl Carried {
    /// None of them.
    pub const NONE: Self = Self { issued: 0, categories: 0, undeclared: false };

    /// Reads all `Cookie` lines of a request.
    pub fn of<'a>(policy: &Policy, lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut carried = Self::NONE;
        for pair in lines.into_iter().flat_map(cookie_pairs) {
            carried.add(policy, pair);
        }
        carried
    }

    fn add(&mut self, policy: &Policy, pair: CookiePair<'_>) {
        let name = pair.name();
        // An empty piece, as behind a trailing semicolon, is no cookie.
        if pair.as_bytes().is_empty() || is_reserved(name) {
            return;
        }
        let index = policy.index();
        match index.declared(name) {
            Some(place) => {
                let needs = index.needs(place);
                self.issued |= needs.issued.map_or(0, bit);
                self.categories |= needs.categories;
            }
            None => self.undeclared = true,
        }
    }

    /// Whether the application may see every cookie that the request carried: see [`visible`](super::visible).
    #[must_use]
    pub fn is_visible(&self, consent: &Consent) -> bool {
        !self.undeclared && consent.allows_all(self.categories)
    }

    /// Whether the declaration at this place was among them.
    pub(super) fn has(self, policy: &Policy, place: usize) -> bool {
        policy.index().needs(place).issued.is_some_and(|at| self.issued & bit(at) != 0)
    }
}

/// The cookies of a request, looked through once.
#[derive(Clone, Copy, Debug)]
pub struct RequestCookies<'a> {
    consent: FoundConsent<'a>,
    carried: Carried,
}

impl<'a> RequestCookies<'a> {
    /// No cookie at all.
    pub const NONE: Self = Self { consent: FoundConsent::Nothing, carried: Carried::NONE };

    /// Looks through all `Cookie` lines of a request.
    pub fn read(policy: &Policy, lines: impl IntoIterator<Item = &'a [u8]>, name: CookieName) -> Self {
        let mut cookies = Self::NONE;
        for line in lines {
            cookies.add(policy, line, name);
        }
        cookies
    }

    /// Looks through one more line, for callers that meet the lines among other headers.
    pub fn add(&mut self, policy: &Policy, line: &'a [u8], name: CookieName) {
        for pair in cookie_pairs(line) {
            match pair.value_of(name.as_str()) {
                Some(value) => self.consent.add(value),
                None => self.carried.add(policy, pair),
            }
        }
    }

    /// The consent cookie.
    pub(crate) fn consent(&self) -> FoundConsent<'a> {
        self.consent
    }

    /// The others.
    #[must_use]
    pub fn carried(&self) -> Carried {
        self.carried
    }
}

fn bit(at: u16) -> u128 {
    1_u128.checked_shl(u32::from(at)).unwrap_or(0)
}

use crate::cookies::{SameSite, SetCookie};
use crate::policy::Declaration;

/// The minimum strictness of a kept cookie's attributes. Weaker attributes are raised to the floor; none is
/// ever lowered.
///
/// If a floor is set, a cookie declared with `http_only = true` gets `HttpOnly`: the guard lets no script
/// write it, so no script should read it. A partitioned cookie keeps `SameSite=None`, without which browsers
/// refuse it in embedded pages. A cookie that browsers refuse as written stays refused.
///
/// ```
/// # use consent_core::verdict::Floor;
/// # use consent_core::cookies::SameSite;
/// let floor = Floor::new().with_secure().with_same_site(SameSite::Lax);
/// # let _ = floor;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct Floor {
    declared: bool,
    secure: bool,
    http_only: bool,
    same_site: SameSite,
}

impl Floor {
    /// Returns no floor: attributes stay unchanged.
    pub const NONE: Self =
        Self { declared: false, secure: false, http_only: false, same_site: SameSite::Unset };

    /// Returns a floor that adds `HttpOnly` if the policy declares it.
    pub const fn new() -> Self {
        Self { declared: true, ..Self::NONE }
    }

    /// Requires `Secure` for every cookie.
    pub const fn with_secure(self) -> Self {
        Self { secure: true, ..self }
    }

    /// Requires `HttpOnly` for every cookie, so that no script in the page can read any.
    pub const fn with_http_only(self) -> Self {
        Self { http_only: true, ..self }
    }

    /// Requires at least `Lax`, or `Strict`, for every cookie that is not partitioned.
    pub const fn with_same_site(self, least: SameSite) -> Self {
        Self { same_site: least, ..self }
    }

    /// Returns the attributes that a cookie lacks.
    pub(super) fn missing(self, cookie: &SetCookie<'_>, declared: &Declaration) -> Missing {
        let http_only = self.http_only || (self.declared && declared.http_only);
        let is_less = rank(cookie.same_site()) < rank(self.same_site) && !cookie.partitioned();
        Missing {
            secure: self.secure && !cookie.secure(),
            http_only: http_only && !cookie.http_only(),
            same_site: is_less.then_some(self.same_site),
        }
    }
}

impl Default for Floor {
    fn default() -> Self {
        Self::NONE
    }
}

/// A missing `SameSite` may mean anything, so it counts as the weakest.
const fn rank(same_site: SameSite) -> u8 {
    match same_site {
        SameSite::Unset | SameSite::None => 0,
        SameSite::Lax => 1,
        SameSite::Strict => 2,
    }
}

/// The attributes to add to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Missing {
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: Option<SameSite>,
}

impl Missing {
    pub(super) const NOTHING: Self = Self { secure: false, http_only: false, same_site: None };

    /// Returns the attributes, as written in the header.
    pub(super) fn attributes(self) -> impl Iterator<Item = &'static [u8]> {
        let same_site: Option<&[u8]> = match self.same_site {
            Some(SameSite::Strict) => Some(b"; SameSite=Strict"),
            Some(_) => Some(b"; SameSite=Lax"),
            None => None,
        };
        let secure: Option<&[u8]> = self.secure.then_some(b"; Secure");
        let http_only: Option<&[u8]> = self.http_only.then_some(b"; HttpOnly");
        [secure, http_only, same_site].into_iter().flatten()
    }
}

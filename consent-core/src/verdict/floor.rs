use crate::cookies::{SameSite, SetCookie};
use crate::policy::Declaration;

/// The least that the attributes of a kept cookie say. What says less is raised to it, and nothing is ever lowered.
///
/// A cookie that the policy declares with `http_only = true` gets its `HttpOnly` wherever there is a floor: the guard lets
/// no script write it, so none should read it. A partitioned cookie keeps `SameSite=None`, without which browsers refuse it
/// where it is needed. What browsers refuse as it is written stays refused.
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
    /// No floor: attributes are left as they are.
    pub const NONE: Self =
        Self { declared: false, secure: false, http_only: false, same_site: SameSite::Unset };

    /// `HttpOnly` where the policy declares it.
    pub const fn new() -> Self {
        Self { declared: true, ..Self::NONE }
    }

    /// `Secure` for every cookie.
    pub const fn with_secure(self) -> Self {
        Self { secure: true, ..self }
    }

    /// `HttpOnly` for every cookie: no script of the page reads any.
    pub const fn with_http_only(self) -> Self {
        Self { http_only: true, ..self }
    }

    /// At least `Lax`, or `Strict`, for every cookie that is not partitioned.
    pub const fn with_same_site(self, least: SameSite) -> Self {
        Self { same_site: least, ..self }
    }

    /// What a cookie lacks.
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

/// What is not said may mean anything: it is the least.
const fn rank(same_site: SameSite) -> u8 {
    match same_site {
        SameSite::Unset | SameSite::None => 0,
        SameSite::Lax => 1,
        SameSite::Strict => 2,
    }
}

/// The attributes that a line is to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Missing {
    pub(super) secure: bool,
    pub(super) http_only: bool,
    pub(super) same_site: Option<SameSite>,
}

impl Missing {
    pub(super) const NOTHING: Self = Self { secure: false, http_only: false, same_site: None };

    /// The attributes, as they are written.
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

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

/// Whether this is a name of the consent cookie.
pub(crate) fn is_reserved(name: &[u8]) -> bool {
    RESERVED_NAMES.iter().any(|reserved| reserved.as_bytes() == name)
}

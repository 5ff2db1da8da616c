/// The name of the consent cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum CookieName {
    /// `__Host-consent`, with `Secure`: no other host can set the cookie.
    #[default]
    Host,
    /// `consent`, without `Secure`: for plain http, which a site must select explicitly.
    Plain,
}

/// The names of the consent cookie. They are reserved: only the layer sets them.
pub const RESERVED_NAMES: [&str; 2] = [CookieName::Host.as_str(), CookieName::Plain.as_str()];

impl CookieName {
    /// Returns the name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Host => "__Host-consent",
            Self::Plain => "consent",
        }
    }

    /// Returns the attributes that follow the cookie's value and `Max-Age`.
    #[must_use]
    pub const fn attributes(self) -> &'static str {
        match self {
            Self::Host => "; Path=/; SameSite=Lax; Secure",
            Self::Plain => "; Path=/; SameSite=Lax",
        }
    }
}

/// Returns whether this is a name of the consent cookie.
pub(crate) fn is_reserved(name: &[u8]) -> bool {
    RESERVED_NAMES.iter().any(|reserved| reserved.as_bytes() == name)
}

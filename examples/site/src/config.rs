use consent_core::Policy;

/// What can be chosen when the site is started.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) policy: Policy,
    pub(crate) secure: bool,
}

impl Config {
    /// The site under that policy, over plain http.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy, secure: false }
    }

    /// Whether cookies are `Secure`: behind https, or for a browser that takes such cookies on 127.0.0.1.
    #[must_use]
    pub fn with_secure(self, secure: bool) -> Self {
        Self { secure, ..self }
    }
}

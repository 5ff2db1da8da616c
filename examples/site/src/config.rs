use crate::POLICY;
use std::borrow::Cow;

/// The options of the site. The default is that of `cargo run`: the site's own policy, over plain http.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) policy: Cow<'static, str>,
    pub(crate) secure: bool,
    pub(crate) guard: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self { policy: Cow::Borrowed(POLICY), secure: false, guard: true }
    }
}

impl Config {
    /// A policy document that replaces the site's own.
    #[must_use]
    pub fn with_policy(self, document: String) -> Self {
        Self { policy: Cow::Owned(document), ..self }
    }

    /// Whether cookies are `Secure`: for https, or for a browser that stores such cookies on 127.0.0.1.
    #[must_use]
    pub fn with_secure(self, secure: bool) -> Self {
        Self { secure, ..self }
    }

    /// Leaves out the guard, to see what the server alone enforces.
    #[must_use]
    pub fn without_guard(self) -> Self {
        Self { guard: false, ..self }
    }
}

use crate::POLICY;
use std::borrow::Cow;

/// What can be chosen when the site is started. The default is what `cargo run` starts: the site's own
/// policy, plain http.
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
    /// Another policy document than the site's own.
    #[must_use]
    pub fn with_policy(self, document: String) -> Self {
        Self { policy: Cow::Owned(document), ..self }
    }

    /// Whether cookies are `Secure`: behind https, or for a browser that takes such cookies on 127.0.0.1.
    #[must_use]
    pub fn with_secure(self, secure: bool) -> Self {
        Self { secure, ..self }
    }

    /// Leaves out the guard against scripts that store: to see what the server alone can keep.
    #[must_use]
    pub fn without_guard(self) -> Self {
        Self { guard: false, ..self }
    }
}

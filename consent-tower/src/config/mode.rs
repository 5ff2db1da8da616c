/// Whether the layer enforces its verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Mode {
    /// The layer enforces the policy: it drops, amends, hides and expires cookies.
    #[default]
    Enforce,
    /// The layer judges and reports, and changes nothing. Use it to adopt the layer on a running site.
    ///
    /// Exception: the consent cookie. Forged consent cookies are still dropped, so that no forged grant waits
    /// for enforcement.
    ReportOnly,
}

/// How the layer treats cookies that the policy does not declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Undeclared {
    /// The layer drops and reports them.
    #[default]
    Drop,
    /// The layer only reports them: responses may set them, and the application sees them in later requests.
    /// Declared cookies are still enforced. Use it while the policy is incomplete.
    Report,
}

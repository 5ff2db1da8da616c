/// Whether verdicts are carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Mode {
    /// What the policy does not promise is not stored.
    #[default]
    Enforce,
    /// Every verdict is reached and reported, and nothing is dropped, amended, hidden or expired: to adopt the layer on
    /// a running site. But for the consent cookie, by the name that it has here: a grant that somebody else made up would
    /// still stand when enforcing begins.
    ReportOnly,
}

/// What is done about cookies that the policy does not declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Undeclared {
    /// They are dropped and reported.
    #[default]
    Drop,
    /// They are reported and let out, and the application sees them when they come back, while everything declared is
    /// enforced: for a site whose policy is not complete yet.
    Report,
}

use crate::callbacks::Callback;
use crate::observe::Cause;
use consent_core::policy::Kind;
use consent_core::{Category, Consent};

/// One verdict, before the layer carries it out.
#[derive(Debug)]
#[non_exhaustive]
pub struct Review<'a> {
    /// The cookie's name, as browsers read it, or that of what another header asks for.
    pub name: &'a [u8],
    /// What kind of thing it is: a cookie, as a rule.
    pub kind: Kind,
    /// Its first category, if the policy declares it.
    pub category: Option<Category>,
    /// Why the layer would change or drop it; `None` if the verdict keeps it.
    pub cause: Option<Cause>,
    /// The consent of the visitor.
    pub consent: &'a Consent,
    /// The request's path.
    pub path: &'a str,
}

/// What becomes of a verdict after its review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReviewResult {
    /// The verdict stands.
    Uphold,
    /// The response keeps the cookie as it was written.
    Keep,
    /// The cookie is removed.
    Drop,
}

/// A function that reviews verdicts.
pub(crate) type ReviewHook = Callback<dyn Fn(&Review<'_>) -> ReviewResult + Send + Sync>;

use consent_core::policy::Kind;
use consent_core::{Category, Consent, Reason};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// One verdict, as a hook sees it before it is carried out.
#[derive(Debug)]
#[non_exhaustive]
pub struct Review<'a> {
    /// The cookie's name, as browsers read it, or that of what another header asks for.
    pub name: &'a [u8],
    /// What kind of thing it is: a cookie, as a rule.
    pub kind: Kind,
    /// Its first category, where the policy declares it.
    pub category: Option<Category>,
    /// Why it would not leave as it was written; `None` where it is kept.
    pub reason: Option<Reason>,
    /// Whose answer it is in.
    pub consent: &'a Consent,
    /// The request's path.
    pub path: &'a str,
}

/// What a hook says to a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReviewResult {
    /// It stands.
    Uphold,
    /// The line leaves as it was written.
    Keep,
    /// The line does not leave.
    Drop,
}

/// A function that may overturn verdicts.
#[derive(Clone)]
pub(crate) struct ReviewHook(pub(crate) Arc<dyn Fn(&Review<'_>) -> ReviewResult + Send + Sync>);

impl ReviewHook {
    /// Asks it. One that panics drops the cookie; the request goes on.
    pub(crate) fn ask(&self, review: &Review<'_>) -> ReviewResult {
        catch_unwind(AssertUnwindSafe(|| (self.0)(review))).unwrap_or_else(|_| {
            tracing::error!(target: "consent::response", "the hook that reviews verdicts panicked: the cookie is dropped");
            ReviewResult::Drop
        })
    }
}

impl fmt::Debug for ReviewHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReviewHook")
    }
}

use super::counters;
use super::report::{Outcome, Subject};
use consent_core::policy::Kind;
use consent_core::{Category, Reason};

/// Logs and counts what became of a subject in a response to a request for `path`, and never a value.
pub(crate) fn announce(subject: Subject<'_>, reason: Reason, outcome: Outcome, path: &str) {
    match subject.kind {
        Kind::Cookie => counters::cookie(outcome, reason, subject.category),
        kind => counters::header(outcome, reason, kind),
    }
    // Made only if somebody listens.
    let name = || String::from_utf8_lossy(subject.name);
    let category = subject.category.as_ref().map(Category::as_str);
    let kind = subject.kind.as_str();
    match outcome {
        Outcome::Dropped => {
            tracing::warn!(target: "consent::response", name = %name(), kind, category, %reason, path, "this {kind} was not let out");
        }
        Outcome::Amended => {
            tracing::info!(target: "consent::response", name = %name(), kind, category, %reason, path, "this {kind} was amended");
        }
        Outcome::KeptByReview => {
            tracing::warn!(target: "consent::response", name = %name(), kind, category, %reason, path, "the site's review kept this {kind}");
        }
        Outcome::ReportedOnly => {
            tracing::warn!(target: "consent::response", name = %name(), kind, category, %reason, path, "this {kind} would not be let out as it is");
        }
    }
}

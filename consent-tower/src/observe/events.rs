use super::report::{Outcome, Subject};
use super::{Cause, counters};
use consent_core::Category;
use consent_core::policy::Kind;

/// Logs and counts what became of a subject in a response to a request for `path`, and never a value.
pub(crate) fn announce(subject: Subject<'_>, cause: Cause, outcome: Outcome, path: &str) {
    match subject.kind {
        Kind::Cookie => counters::cookie(outcome, cause, subject.category),
        kind => counters::header(outcome, cause, kind),
    }
    // Made only if somebody listens.
    let name = || String::from_utf8_lossy(subject.name);
    let category = subject.category.as_ref().map(Category::as_str);
    let kind = subject.kind.as_str();
    match outcome {
        Outcome::Dropped => {
            tracing::warn!(target: "consent::response", name = %name(), kind, category, reason = %cause, path, "this {kind} was not let out");
        }
        Outcome::Amended => {
            tracing::info!(target: "consent::response", name = %name(), kind, category, reason = %cause, path, "this {kind} was amended");
        }
        Outcome::KeptByReview => {
            tracing::warn!(target: "consent::response", name = %name(), kind, category, reason = %cause, path, "the site's review kept this {kind}");
        }
        Outcome::ReportedOnly => {
            tracing::warn!(target: "consent::response", name = %name(), kind, category, reason = %cause, path, "this {kind} would not be let out as it is");
        }
    }
}

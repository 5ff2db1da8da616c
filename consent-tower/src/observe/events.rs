use super::report::{Outcome, Subject};
use super::{Cause, counters};
use consent_core::Category;
use consent_core::policy::Kind;

/// Logs and counts the outcome for a subject of a response to a request for `path`. Values are never logged.
pub(crate) fn announce(subject: Subject<'_>, cause: Cause, outcome: Outcome, path: &str) {
    match subject.kind {
        Kind::Cookie => counters::cookie(outcome, cause, subject.category),
        kind => counters::header(outcome, cause, kind),
    }
    // Built only if a subscriber is enabled.
    let name = || String::from_utf8_lossy(subject.name);
    let category = subject.category.as_ref().map(Category::as_str);
    let kind = subject.kind.as_str();
    match outcome {
        Outcome::Dropped => {
            tracing::warn!(target: "consent::response", name = %name(), kind, category, reason = %cause, path, "the layer dropped this {kind}");
        }
        Outcome::Amended => {
            tracing::info!(target: "consent::response", name = %name(), kind, category, reason = %cause, path, "the layer amended this {kind}");
        }
        Outcome::KeptByReview => {
            tracing::warn!(target: "consent::response", name = %name(), kind, category, reason = %cause, path, "the review kept this {kind}");
        }
        Outcome::ReportedOnly => {
            tracing::warn!(target: "consent::response", name = %name(), kind, category, reason = %cause, path, "the layer would drop or amend this {kind} if it enforced the verdict");
        }
    }
}

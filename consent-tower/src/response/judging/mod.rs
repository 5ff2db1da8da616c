mod cookies;
mod headers;

pub(crate) use self::headers::WORKER_REFUSED;

use crate::config::{Config, Review, ReviewResult};
use crate::observe::{Outcome, Subject, counters};
use crate::request::CurrentRequest;
use consent_core::policy::Kind;
use consent_core::verdict::RequestFacts;
use consent_core::{Category, Consent, Reason, Verdict};
use http::Method;
use time::UtcDateTime;

/// Carries out the verdicts on the headers of one answer.
pub(crate) struct Judging<'a> {
    pub(crate) config: &'a Config,
    pub(crate) consent: &'a Consent,
    pub(crate) facts: RequestFacts<'a>,
    pub(crate) path: &'a str,
    pub(crate) now: UtcDateTime,
    method: &'a Method,
}

impl<'a> Judging<'a> {
    /// The verdicts on the response to a request.
    pub(crate) fn of(request: &'a CurrentRequest, consent: &'a Consent) -> Self {
        let CurrentRequest { config, method, carried, .. } = request;
        let path = request.path();
        let now = config.clock.now();
        let facts = RequestFacts::new(method.as_str(), path, now).carrying(*carried).with_floor(config.floor);
        Self { config, consent, facts, path, now, method }
    }

    /// The same answer, to a request for the path that the browser knows.
    pub(crate) fn at(self, public: &'a str) -> Self {
        Self { facts: RequestFacts::new(self.method.as_str(), public, self.now), ..self }
    }

    /// What is done about a verdict, where the subject is not simply kept: the hook may overturn it, and the layer may only
    /// report.
    pub(crate) fn rule(&self, subject: Subject<'_>, verdict: &Verdict) -> Option<(Reason, Outcome)> {
        let found = match verdict {
            Verdict::Drop(reason) => Some((*reason, Outcome::Dropped)),
            Verdict::Amend { reason, .. } => Some((*reason, Outcome::Amended)),
            _ => None,
        };
        let reason = found.map(|(reason, _)| reason);
        // Nobody but the layer writes or deletes the consent cookie: there is nothing to overturn.
        let ruling = match &self.config.review {
            Some(hook) if reason != Some(Reason::Reserved) => hook.ask(&Review {
                name: subject.name,
                kind: subject.kind,
                category: subject.category,
                reason,
                consent: self.consent,
                path: self.path,
            }),
            _ => ReviewResult::Uphold,
        };
        let (reason, outcome) = match (ruling, found) {
            (ReviewResult::Uphold | ReviewResult::Keep, None) => return None,
            (ReviewResult::Drop, None) => (Reason::Overruled, Outcome::Dropped),
            (ReviewResult::Keep, Some((reason, _))) => (reason, Outcome::KeptByReview),
            (ReviewResult::Drop, Some((reason, _))) => (reason, Outcome::Dropped),
            (ReviewResult::Uphold, Some(found)) => found,
        };
        // What the layer itself goes by is never left to others: a grant that was made up would outlive the report.
        let forges = reason == Reason::Reserved
            && subject.kind == Kind::Cookie
            && (subject.name.is_empty() || subject.name == self.config.cookie_name.as_str().as_bytes());
        let only_reported = (!self.config.enforces() && !forges) || self.config.tolerates(reason);
        if only_reported && outcome != Outcome::KeptByReview {
            return Some((reason, Outcome::ReportedOnly));
        }
        Some((reason, outcome))
    }

    /// Tells whoever listens what was done, and never a value.
    pub(crate) fn announce(&self, subject: Subject<'_>, reason: Reason, outcome: Outcome) {
        match subject.kind {
            Kind::Cookie => counters::cookie(outcome, reason, subject.category),
            kind => counters::header(outcome, reason, kind),
        }
        // Made where somebody listens only.
        let name = || String::from_utf8_lossy(subject.name);
        let category = subject.category.as_ref().map(Category::as_str);
        let (kind, path) = (subject.kind.as_str(), self.path);
        match outcome {
            Outcome::Dropped => {
                tracing::warn!(target: "consent::response", name = %name(), kind, category, %reason, path, "this {kind} was not let out");
            }
            Outcome::Amended => {
                tracing::info!(target: "consent::response", name = %name(), kind, category, %reason, path, "this {kind} was amended");
            }
            Outcome::KeptByReview => {
                tracing::warn!(target: "consent::response", name = %name(), kind, category, %reason, path, "this {kind} was let out by the hook");
            }
            Outcome::ReportedOnly => {
                tracing::warn!(target: "consent::response", name = %name(), kind, category, %reason, path, "this {kind} would not be let out as it is");
            }
        }
    }
}

mod cookies;
mod headers;

pub(crate) use self::headers::{WORKER_REFUSED, WorkerVerdict};

use crate::config::{Config, Review, ReviewResult};
use crate::observe::{Outcome, Subject, announce};
use crate::request::CurrentRequest;
use consent_core::policy::Kind;
use consent_core::verdict::RequestFacts;
use consent_core::{Consent, Reason, Verdict};
use http::Method;
use time::UtcDateTime;

/// Carries out the verdicts on the headers of one response.
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
        let now = config.clock.now().time();
        let facts = RequestFacts::new(method.as_str(), path, now).carrying(*carried).with_floor(config.floor);
        Self { config, consent, facts, path, now, method }
    }

    /// The same response, to a request for the path that the browser knows.
    pub(crate) fn at(self, public: &'a str) -> Self {
        Self { facts: RequestFacts::new(self.method.as_str(), public, self.now), ..self }
    }

    /// What becomes of a subject that is not simply kept: the site may review the verdict, and the layer may only report.
    pub(crate) fn rule(&self, subject: Subject<'_>, verdict: &Verdict) -> Option<(Reason, Outcome)> {
        let found = match verdict {
            Verdict::Drop(reason) => Some((*reason, Outcome::Dropped)),
            Verdict::Amend { reason, .. } => Some((*reason, Outcome::Amended)),
            _ => None,
        };
        let reason = found.map(|(reason, _)| reason);
        // Nobody but the layer writes or deletes the consent cookie: there is nothing to review.
        let reviewed = match &self.config.review {
            Some(review) if reason != Some(Reason::Reserved) => {
                let subject = Review {
                    name: subject.name,
                    kind: subject.kind,
                    category: subject.category,
                    reason,
                    consent: self.consent,
                    path: self.path,
                };
                review.call(|review| review(&subject)).unwrap_or(ReviewResult::Drop)
            }
            _ => ReviewResult::Uphold,
        };
        let (reason, outcome) = match (reviewed, found) {
            (ReviewResult::Uphold | ReviewResult::Keep, None) => return None,
            (ReviewResult::Drop, None) => (Reason::Overruled, Outcome::Dropped),
            (ReviewResult::Keep, Some((reason, _))) => (reason, Outcome::KeptByReview),
            (ReviewResult::Drop, Some((reason, _))) => (reason, Outcome::Dropped),
            (ReviewResult::Uphold, Some(found)) => found,
        };
        // Forged consent cookies are dropped in every mode, so that no forged grant waits for enforcement.
        let forges = reason == Reason::Reserved
            && subject.kind == Kind::Cookie
            && (subject.name.is_empty() || subject.name == self.config.cookie_name.as_str().as_bytes());
        let only_reported = (!self.config.enforces() && !forges) || self.config.tolerates(reason);
        if only_reported && outcome != Outcome::KeptByReview {
            return Some((reason, Outcome::ReportedOnly));
        }
        Some((reason, outcome))
    }

    /// Logs and counts what became of a subject.
    pub(crate) fn announce(&self, subject: Subject<'_>, reason: Reason, outcome: Outcome) {
        announce(subject, reason, outcome, self.path);
    }
}

mod cookies;
mod headers;
mod links;

pub(crate) use self::headers::{WORKER_REFUSED, WorkerVerdict};
pub(crate) use self::links::LinksOfSite;

use crate::config::{Config, Review, ReviewResult, ThirdParties};
use crate::observe::{Cause, Outcome, Subject, announce};
use crate::request::CurrentRequest;
use consent_core::policy::Kind;
use consent_core::verdict::RequestFacts;
use consent_core::{Amendment, Consent, Reason, Verdict};
use http::Method;
use time::UtcDateTime;

/// Reaches and applies the verdicts on the headers of one response.
pub(crate) struct Judging<'a> {
    pub(crate) config: &'a Config,
    pub(crate) consent: &'a Consent,
    pub(crate) facts: RequestFacts<'a>,
    pub(crate) path: &'a str,
    pub(crate) now: UtcDateTime,
    method: &'a Method,
}

impl<'a> Judging<'a> {
    /// Creates the judge of the response to a request.
    pub(crate) fn of(request: &'a CurrentRequest, consent: &'a Consent) -> Self {
        let CurrentRequest { config, method, carried, .. } = request;
        let path = request.path();
        let now = config.clock.now().time();
        let facts =
            RequestFacts::new(method.as_str(), path, now).with_carried(*carried).with_floor(config.floor);
        Self { config, consent, facts, path, now, method }
    }

    /// Replaces the path by the one that the browser knows, and sets the reader of links.
    pub(crate) fn at(self, public: &'a str, links: Option<&'a LinksOfSite<'a>>) -> Self {
        let facts = RequestFacts::new(self.method.as_str(), public, self.now);
        Self { facts: links.map_or(facts, |links| facts.with_link_reader(links)), ..self }
    }

    /// Returns the outcome for an item, or `None` if it is kept. The review may change the verdict, and the
    /// mode may reduce it to a report.
    pub(crate) fn rule(&self, subject: Subject<'_>, verdict: &Verdict) -> Option<(Cause, Outcome)> {
        let found = match verdict {
            Verdict::Drop(reason) => Some((Cause::Dropped(*reason), Outcome::Dropped)),
            Verdict::Amend { amendment, .. } => Some((Cause::Amended(*amendment), Outcome::Amended)),
            _ => None,
        };
        let cause = found.map(|(cause, _)| cause);
        // Only the layer writes or deletes the consent cookie, so there is nothing to review.
        let reviewed = match &self.config.review {
            Some(review) if !cause.is_some_and(belongs_to_the_layer) => {
                let subject = Review {
                    name: subject.name,
                    kind: subject.kind,
                    category: subject.category,
                    cause,
                    consent: self.consent,
                    path: self.path,
                };
                review.call(|review| review(&subject)).unwrap_or(ReviewResult::Drop)
            }
            _ => ReviewResult::Uphold,
        };
        let (cause, outcome) = match (reviewed, found) {
            (ReviewResult::Uphold | ReviewResult::Keep, None) => return None,
            (ReviewResult::Drop, None) => (Cause::Reviewed, Outcome::Dropped),
            (ReviewResult::Keep, Some((cause, _))) => (cause, Outcome::KeptByReview),
            (ReviewResult::Drop, Some((cause, _))) => (cause, Outcome::Dropped),
            (ReviewResult::Uphold, Some(found)) => found,
        };
        // Forged consent cookies are dropped in every mode, so that no forged grant waits for enforcement.
        let forges = cause == Cause::Dropped(Reason::Reserved)
            && subject.kind == Kind::Cookie
            && (subject.name.is_empty() || subject.name == self.config.cookie_name.as_str().as_bytes());
        let tolerated = match subject.kind {
            Kind::Service => self.config.third_parties == ThirdParties::Report,
            _ => cause.reason().is_some_and(|reason| self.config.tolerates(reason)),
        };
        let only_reported = (!self.config.enforces() && !forges) || tolerated;
        if only_reported && outcome != Outcome::KeptByReview {
            return Some((cause, Outcome::ReportedOnly));
        }
        Some((cause, outcome))
    }

    /// Logs and counts the outcome for an item.
    pub(crate) fn announce(&self, subject: Subject<'_>, cause: Cause, outcome: Outcome) {
        announce(subject, cause, outcome, self.path);
    }
}

/// Returns `true` if the item is the consent cookie, or its deletion through `Clear-Site-Data`.
fn belongs_to_the_layer(cause: Cause) -> bool {
    matches!(cause, Cause::Dropped(Reason::Reserved) | Cause::Amended(Amendment::CookiesSpared))
}

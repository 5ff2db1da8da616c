//! Verdicts on the other response headers that store something.

use super::Judging;
use crate::observe::{ConsentReport, Entry, Outcome, Subject};
use consent_core::Verdict;
use consent_core::verdict::{
    HeaderOutcome, JudgedMember, MemberOutcome, StoringHeader, judge_header, judge_worker,
};
use http::header::{Entry as HeaderEntry, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};

impl Judging<'_> {
    /// Judges these headers item by item. Returns `true` if a verdict depends on the visitor.
    pub(crate) fn judge_headers(&self, headers: &mut HeaderMap, report: &mut ConsentReport) -> bool {
        let known = |name: &HeaderName| Some((StoringHeader::from_name(name.as_str())?, name.clone()));
        let found: Vec<_> = headers.keys().filter_map(known).collect();
        let mut depends = false;
        for (header, name) in found {
            let HeaderEntry::Occupied(occupied) = headers.entry(name) else { continue };
            let (name, lines) = occupied.remove_entry_mult();
            let lines: Vec<HeaderValue> = lines.collect();
            for line in lines {
                let left = judge_header(header, line.as_bytes(), self.consent, &self.facts, |member| {
                    depends |= member.depends_on_consent();
                    self.carry_out(member, report)
                });
                let left = match left {
                    HeaderOutcome::Unchanged => Some(line),
                    HeaderOutcome::Replaced(left) => HeaderValue::from_bytes(&left).ok(),
                    _ => None,
                };
                if let Some(left) = left {
                    headers.append(name.clone(), left);
                }
            }
        }
        depends
    }

    /// Judges a response that is the script of a service worker. Returns whether the verdict depends on the
    /// visitor, and the verdict.
    pub(crate) fn judge_worker(&self, report: &mut ConsentReport) -> (bool, WorkerVerdict) {
        let judged = judge_worker(self.facts.path(), self.consent);
        let verdict = match self.carry_out(&judged, report) {
            MemberOutcome::Keep => WorkerVerdict::Allowed,
            MemberOutcome::AsJudged if judged.verdict == Verdict::Keep => WorkerVerdict::Allowed,
            MemberOutcome::AsJudged | MemberOutcome::Drop => WorkerVerdict::Refused,
        };
        (judged.depends_on_consent(), verdict)
    }

    /// Applies review and mode to the verdict on an item, and returns what to do with the item.
    fn carry_out(&self, member: &JudgedMember<'_>, report: &mut ConsentReport) -> MemberOutcome {
        let subject = Subject { name: &member.name, kind: member.kind, category: member.category() };
        let Some((cause, outcome)) = self.rule(subject, &member.verdict) else { return MemberOutcome::Keep };
        self.announce(subject, cause, outcome);
        report.entries_mut().push(Entry::of_member(subject, cause, outcome));
        match outcome {
            // A verdict to drop may replace the header by an empty one instead of removing it.
            Outcome::Dropped if matches!(member.verdict, Verdict::Drop(_)) => MemberOutcome::AsJudged,
            Outcome::Dropped => MemberOutcome::Drop,
            Outcome::Amended => MemberOutcome::AsJudged,
            Outcome::ReportedOnly | Outcome::KeptByReview => MemberOutcome::Keep,
        }
    }
}

/// The verdict on the script of a service worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WorkerVerdict {
    Allowed,
    Refused,
}

/// The response for a service worker that the policy forbids. The browser then keeps the worker that it had
/// before, or none.
pub(crate) const WORKER_REFUSED: (StatusCode, &str) =
    (StatusCode::FORBIDDEN, "The policy of this site, or its visitor, does not allow this service worker.\n");

use super::Judging;
use crate::observe::{Cause, ConsentReport, Entry, Outcome, Subject};
use consent_core::policy::Kind;
use consent_core::verdict::{Judged, judge};
use consent_core::{Category, Reason, Verdict};
use http::HeaderMap;
use http::header::{Entry as HeaderEntry, HeaderValue, SET_COOKIE};
use std::mem;
use std::ops::Range;

/// The verdicts that a jar needs before the response exists.
#[cfg(feature = "axum")]
impl<'a> Judging<'a> {
    /// Checks whether a `Set-Cookie` header would be sent, unchanged or amended.
    ///
    /// # Errors
    ///
    /// Returns the cause if it would not be sent, with the cookie's category if the policy declares one.
    pub(crate) fn admit(&self, line: &HeaderValue) -> Result<(), (Cause, Option<Category>)> {
        let judged = judge(line.as_bytes(), self.consent, &self.facts);
        match self.rule(subject(&judged), &judged.verdict) {
            Some((cause, Outcome::Dropped)) => Err((cause, judged.category())),
            _ => Ok(()),
        }
    }

    /// Returns the declaration of the cookie in a `Set-Cookie` header.
    pub(crate) fn declaration(&self, line: &HeaderValue) -> Option<&'a consent_core::policy::Declaration> {
        let name = judge(line.as_bytes(), self.consent, &self.facts).name_range();
        let name = line.as_bytes().get(name)?;
        self.consent.policy().storage().iter().find(|declared| declared.name.matches(name))
    }
}

impl Judging<'_> {
    /// Adds a cookie to the inventory, if the cookie is undeclared and the site has an inventory.
    pub(crate) fn note_undeclared(&self, cause: Cause, line: &HeaderValue) {
        if let (Cause::Dropped(Reason::Undeclared), Some(inventory)) = (cause, &self.config.inventory) {
            inventory.set(line.as_bytes(), self.now);
        }
    }

    /// Judges every `Set-Cookie` header, exactly once. Kept headers stay byte for byte the same, in order.
    /// The others go to the report. The report is the only allocation, however many headers there are.
    pub(crate) fn judge_cookies(&self, headers: &mut HeaderMap, report: &mut ConsentReport) {
        let HeaderEntry::Occupied(mut occupied) = headers.entry(SET_COOKIE) else { return };
        let judged = |(at, line)| self.judge_cookie(line).map(|judged| (at, judged));
        // Most responses end here: every line is kept, and stays where it is.
        let Some((first, judged)) = occupied.iter().enumerate().find_map(judged) else { return };
        let mut judged = Some(judged);
        let count = occupied.iter().count();
        let entries = report.entries_mut();
        entries.reserve_exact(count);
        entries.extend(
            occupied.iter_mut().map(|line| Entry::taken(mem::replace(line, HeaderValue::from_static("")))),
        );
        headers.remove(SET_COOKIE);
        for (at, entry) in entries.iter_mut().enumerate() {
            let verdict =
                if at < first { None } else { judged.take().or_else(|| self.judge_cookie(entry.line())) };
            let Some(JudgedCookie { name, category, cause, outcome, amended }) = verdict else {
                headers.append(SET_COOKIE, entry.take_line());
                continue;
            };
            entry.settle(name, category, cause, outcome);
            self.note_undeclared(cause, entry.line());
            self.announce(Subject::cookie(entry.name(), category), cause, outcome);
            let left = match outcome {
                Outcome::Dropped => None,
                Outcome::Amended => amended,
                Outcome::ReportedOnly | Outcome::KeptByReview => Some(entry.line().clone()),
            };
            if let Some(line) = left {
                headers.append(SET_COOKIE, line);
            }
        }
        entries.retain(Entry::is_settled);
    }

    /// Judges one `Set-Cookie` header. Returns `None` if the header is kept unchanged.
    fn judge_cookie(&self, line: &HeaderValue) -> Option<JudgedCookie> {
        let judged = judge(line.as_bytes(), self.consent, &self.facts);
        let (cause, outcome) = self.rule(subject(&judged), &judged.verdict)?;
        Some(JudgedCookie {
            name: judged.name_range(),
            category: judged.category(),
            cause,
            outcome,
            amended: match judged.verdict {
                Verdict::Amend { line, .. } => HeaderValue::from_bytes(&line).ok(),
                _ => None,
            },
        })
    }
}

/// The verdict on a `Set-Cookie` header that is not kept unchanged.
struct JudgedCookie {
    /// The range of its name within the header.
    name: Range<usize>,
    category: Option<Category>,
    cause: Cause,
    outcome: Outcome,
    amended: Option<HeaderValue>,
}

fn subject<'a>(judged: &Judged<'a>) -> Subject<'a> {
    Subject { name: judged.name, kind: Kind::Cookie, category: judged.category() }
}

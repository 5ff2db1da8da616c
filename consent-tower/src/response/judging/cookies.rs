use super::Judging;
use crate::observe::{Cause, ConsentReport, Entry, Outcome, Subject};
#[cfg(feature = "axum")]
use consent_core::Category;
use consent_core::policy::Kind;
use consent_core::verdict::{Judged, judge};
use consent_core::{Reason, Verdict};
use http::HeaderMap;
use http::header::{Entry as HeaderEntry, HeaderValue, SET_COOKIE};
use std::mem;

/// What a jar asks before the answer is there.
#[cfg(feature = "axum")]
impl<'a> Judging<'a> {
    /// Whether a line would leave, as it is or amended.
    ///
    /// # Errors
    ///
    /// Why it would not, with its category where the policy declares it.
    pub(crate) fn admit(&self, line: &HeaderValue) -> Result<(), (Cause, Option<Category>)> {
        let judged = judge(line.as_bytes(), self.consent, &self.facts);
        match self.rule(subject(&judged), &judged.verdict) {
            Some((cause, Outcome::Dropped)) => Err((cause, judged.category())),
            _ => Ok(()),
        }
    }

    /// What the policy says of the cookie in a line.
    pub(crate) fn declaration(&self, line: &HeaderValue) -> Option<&'a consent_core::policy::Declaration> {
        let name = judge(line.as_bytes(), self.consent, &self.facts).name_range();
        let name = line.as_bytes().get(name)?;
        self.consent.policy().storage().iter().find(|declared| declared.name.matches(name))
    }
}

impl Judging<'_> {
    /// Adds a line to the inventory, where it is undeclared and the site keeps one.
    pub(crate) fn note_undeclared(&self, cause: Cause, line: &HeaderValue) {
        if let (Cause::Dropped(Reason::Undeclared), Some(inventory)) = (cause, &self.config.inventory) {
            inventory.set(line.as_bytes(), self.now);
        }
    }

    /// Judges every line. What is kept leaves byte for byte and in order; the rest is in the report. One allocation, for
    /// the report, however many lines there are.
    pub(crate) fn judge_cookies(&self, headers: &mut HeaderMap, report: &mut ConsentReport) {
        let HeaderEntry::Occupied(mut occupied) = headers.entry(SET_COOKIE) else { return };
        let count = occupied.iter().count();
        // Every line is ruled on once: a hook is asked once.
        let rule = |line: &HeaderValue| {
            let judged = judge(line.as_bytes(), self.consent, &self.facts);
            self.rule(subject(&judged), &judged.verdict)
        };
        let ruled = |(at, line)| rule(line).map(|ruled| (at, ruled));
        let Some((first, ruled)) = occupied.iter().enumerate().find_map(ruled) else { return };
        let mut ruled = Some(ruled);
        let entries = report.entries_mut();
        entries.reserve_exact(count);
        entries.extend(
            occupied.iter_mut().map(|line| Entry::taken(mem::replace(line, HeaderValue::from_static("")))),
        );
        headers.remove(SET_COOKIE);
        for (at, entry) in entries.iter_mut().enumerate() {
            if at < first {
                headers.append(SET_COOKIE, entry.take_line());
                continue;
            }
            let judged = judge(entry.line().as_bytes(), self.consent, &self.facts);
            let (name, category) = (judged.name_range(), judged.category());
            let ruled = ruled.take().or_else(|| self.rule(subject(&judged), &judged.verdict));
            let Some((cause, outcome)) = ruled else {
                headers.append(SET_COOKIE, entry.take_line());
                continue;
            };
            self.note_undeclared(cause, entry.line());
            self.announce(subject(&judged), cause, outcome);
            let leaves = match (outcome, judged.verdict) {
                (Outcome::Dropped, _) => None,
                (Outcome::Amended, Verdict::Amend { line, .. }) => HeaderValue::from_bytes(&line).ok(),
                _ => Some(entry.line().clone()),
            };
            if let Some(line) = leaves {
                headers.append(SET_COOKIE, line);
            }
            entry.settle(name, category, cause, outcome);
        }
        entries.retain(Entry::is_settled);
    }
}

fn subject<'a>(judged: &Judged<'a>) -> Subject<'a> {
    Subject { name: judged.name, kind: Kind::Cookie, category: judged.category() }
}

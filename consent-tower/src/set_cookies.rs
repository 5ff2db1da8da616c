use crate::config::{Config, Undeclared};
use crate::counters;
use crate::report::{ConsentReport, Entry, Outcome};
use crate::review::{Review, Ruling};
use consent_core::verdict::{Carried, Judged, RequestFacts, judge};
use consent_core::{Category, Consent, Reason, Verdict};
use http::header::{Entry as HeaderEntry, HeaderValue, SET_COOKIE};
use http::uri::PathAndQuery;
use http::{HeaderMap, Method};
use std::mem;
use time::UtcDateTime;

/// Carries out the verdicts on the `Set-Cookie` lines of one answer.
pub(crate) struct SetCookies<'a> {
    pub(crate) config: &'a Config,
    pub(crate) consent: &'a Consent,
    pub(crate) facts: RequestFacts<'a>,
    pub(crate) path: &'a str,
    pub(crate) now: UtcDateTime,
}

/// What is done with one line.
struct Ruled {
    reason: Reason,
    outcome: Outcome,
    /// What leaves in its place; the line itself where it leaves as it was written.
    leaves: Leaves,
}

enum Leaves {
    Nothing,
    AsWritten,
    Instead(HeaderValue),
}

impl<'a> SetCookies<'a> {
    /// For the answer to such a request. Its path is known where anything in the policy asks for it.
    pub(crate) fn of(
        config: &'a Config,
        consent: &'a Consent,
        method: &'a Method,
        path: Option<&'a PathAndQuery>,
        carried: Carried,
    ) -> Self {
        let path = path.map_or("/", PathAndQuery::path);
        let now = config.clock.now();
        let facts = RequestFacts::new(method.as_str(), path, now).carrying(carried);
        Self { config, consent, facts, path, now }
    }

    /// Whether a line would leave, as it is or amended.
    ///
    /// # Errors
    ///
    /// Why it would not, with its category where the policy declares it.
    #[cfg(feature = "axum")]
    pub(crate) fn admit(&self, line: &HeaderValue) -> Result<(), (Reason, Option<Category>)> {
        let judged = judge(line.as_bytes(), self.consent, &self.facts);
        match self.rule_on(&judged) {
            Some(Ruled { reason, leaves: Leaves::Nothing, .. }) => Err((reason, judged.category())),
            _ => Ok(()),
        }
    }

    /// What the policy says of the cookie in a line.
    #[cfg(feature = "axum")]
    pub(crate) fn declaration(&self, line: &HeaderValue) -> Option<&'a consent_core::policy::Declaration> {
        let name = judge(line.as_bytes(), self.consent, &self.facts).name_range();
        let name = line.as_bytes().get(name)?;
        self.consent.policy().storage().iter().find(|declared| declared.name.matches(name))
    }

    /// Judges every line. What is kept leaves byte for byte and in order; the rest is in the report. One allocation, for
    /// the report, however many lines there are.
    pub(crate) fn judge(&self, headers: &mut HeaderMap, report: &mut ConsentReport) {
        let HeaderEntry::Occupied(mut occupied) = headers.entry(SET_COOKIE) else { return };
        let count = occupied.iter().count();
        // Every line is ruled on once: a hook is asked once.
        let ruled = |(at, line)| self.rule(line).map(|ruled| (at, ruled));
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
            let Some(ruled) = ruled.take().or_else(|| self.rule_on(&judged)) else {
                headers.append(SET_COOKIE, entry.take_line());
                continue;
            };
            self.announce(&judged, &ruled, entry.line());
            match ruled.leaves {
                Leaves::Nothing => {}
                Leaves::AsWritten => {
                    headers.append(SET_COOKIE, entry.line().clone());
                }
                Leaves::Instead(line) => {
                    headers.append(SET_COOKIE, line);
                }
            }
            entry.settle(name, category, ruled.reason, ruled.outcome);
        }
        entries.retain(Entry::is_settled);
    }

    fn rule(&self, line: &HeaderValue) -> Option<Ruled> {
        self.rule_on(&judge(line.as_bytes(), self.consent, &self.facts))
    }

    /// What is done, where it is not simply kept.
    fn rule_on(&self, judged: &Judged<'_>) -> Option<Ruled> {
        let (reason, leaves) = match &judged.verdict {
            Verdict::Drop(reason) => (Some(*reason), Leaves::Nothing),
            Verdict::Amend { reason, line } => {
                (Some(*reason), HeaderValue::from_bytes(line).map_or(Leaves::Nothing, Leaves::Instead))
            }
            _ => (None, Leaves::AsWritten),
        };
        // Nobody but the layer writes the consent cookie: there is nothing to overturn.
        let ruling = match &self.config.review {
            Some(hook) if reason != Some(Reason::Reserved) => hook.ask(&Review {
                name: judged.name,
                category: judged.category(),
                reason,
                consent: self.consent,
                path: self.path,
            }),
            _ => Ruling::Uphold,
        };
        let ruled = match (ruling, reason) {
            (Ruling::Uphold | Ruling::Keep, None) => return None,
            (Ruling::Drop, None) => {
                Ruled { reason: Reason::Overruled, outcome: Outcome::Dropped, leaves: Leaves::Nothing }
            }
            (Ruling::Keep, Some(reason)) => {
                Ruled { reason, outcome: Outcome::Overruled, leaves: Leaves::AsWritten }
            }
            (Ruling::Drop, Some(reason)) => {
                Ruled { reason, outcome: Outcome::Dropped, leaves: Leaves::Nothing }
            }
            (Ruling::Uphold, Some(reason)) => {
                let outcome =
                    if matches!(leaves, Leaves::Instead(_)) { Outcome::Amended } else { Outcome::Dropped };
                Ruled { reason, outcome, leaves }
            }
        };
        let only_reported = !self.config.enforces()
            || (ruled.reason == Reason::Undeclared && self.config.undeclared == Undeclared::Report);
        if only_reported && ruled.outcome != Outcome::Overruled {
            return Some(Ruled { outcome: Outcome::ReportedOnly, leaves: Leaves::AsWritten, ..ruled });
        }
        Some(ruled)
    }

    fn announce(&self, judged: &Judged<'_>, ruled: &Ruled, line: &HeaderValue) {
        if let (Reason::Undeclared, Some(inventory)) = (ruled.reason, &self.config.inventory) {
            inventory.set(line.as_bytes(), self.now);
        }
        // Made where somebody listens only.
        let name = || String::from_utf8_lossy(judged.name);
        let category = judged.category();
        let category = category.as_ref().map(Category::as_str);
        let (reason, path) = (ruled.reason, self.path);
        counters::cookie(ruled.outcome, reason, judged.category());
        match ruled.outcome {
            Outcome::Dropped => {
                tracing::warn!(target: "consent::response", name = %name(), category, %reason, path, "a cookie was not let out");
            }
            Outcome::Amended => {
                tracing::info!(target: "consent::response", name = %name(), category, %reason, path, "a cookie was amended");
            }
            Outcome::Overruled => {
                tracing::warn!(target: "consent::response", name = %name(), category, %reason, path, "a cookie was let out by the hook");
            }
            Outcome::ReportedOnly => {
                tracing::warn!(target: "consent::response", name = %name(), category, %reason, path, "a cookie would not be let out as it is");
            }
        }
    }
}

/// Adds lines of our own.
pub(crate) fn append_lines(headers: &mut HeaderMap, lines: impl Iterator<Item = String>) {
    for line in lines.filter_map(|line| HeaderValue::try_from(line).ok()) {
        headers.append(SET_COOKIE, line);
    }
}

use super::Cause;
use crate::decisions::DecisionOutcome;
use consent_core::consent::Action;
use consent_core::policy::Kind;
use consent_core::{Category, Reason};
use http::HeaderValue;
use std::fmt;
use std::ops::Range;

/// What the layer did to one response, and why. It is in the response's extensions where it did anything.
///
/// # Privacy
///
/// Names and reasons are shown, values never.
#[derive(Clone, Debug, Default)]
pub struct ConsentReport {
    entries: Vec<Entry>,
    hidden: Hidden,
    decision: Option<(Action, DecisionOutcome)>,
}

impl ConsentReport {
    pub(crate) fn new(hidden: Hidden) -> Self {
        Self { entries: Vec::new(), hidden, decision: None }
    }

    pub(crate) fn entries_mut(&mut self) -> &mut Vec<Entry> {
        &mut self.entries
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.hidden == Hidden::default() && self.decision.is_none()
    }

    pub(crate) fn set_decision(&mut self, action: Action, outcome: DecisionOutcome) {
        self.decision = Some((action, outcome));
    }

    /// The `Set-Cookie` lines that did not leave as they were written, in order; then what other headers asked for and did
    /// not get.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The decision that a handler put into this answer, and what became of it.
    #[must_use]
    pub fn decision(&self) -> Option<(Action, DecisionOutcome)> {
        self.decision
    }

    /// How many cookies of the request the application was not shown because the policy does not declare them.
    #[must_use]
    pub fn hidden_undeclared(&self) -> usize {
        self.hidden.undeclared
    }

    /// How many declared cookies of the request the application was not shown because they are not allowed now.
    #[must_use]
    pub fn hidden_not_allowed(&self) -> usize {
        self.hidden.not_allowed
    }
}

/// Counts of hidden request cookies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hidden {
    pub(crate) undeclared: usize,
    pub(crate) not_allowed: usize,
}

/// What a verdict is on.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) kind: Kind,
    pub(crate) category: Option<Category>,
}

impl<'a> Subject<'a> {
    pub(crate) fn cookie(name: &'a [u8], category: Option<Category>) -> Self {
        Self { name, kind: Kind::Cookie, category }
    }
}

/// What became of one `Set-Cookie` line, or of one thing that another header asked for.
#[derive(Clone)]
pub struct Entry {
    line: HeaderValue,
    name: Range<usize>,
    kind: Kind,
    category: Option<Category>,
    cause: Cause,
    /// None until it is known what becomes of the line, and where it leaves as it was written.
    outcome: Option<Outcome>,
}

impl Entry {
    /// A line that was taken out of an answer, to be judged.
    pub(crate) fn taken(line: HeaderValue) -> Self {
        Self {
            line,
            name: 0..0,
            kind: Kind::Cookie,
            category: None,
            cause: Cause::Dropped(Reason::Undeclared),
            outcome: None,
        }
    }

    /// What another header asked for, under its own name.
    pub(crate) fn of_member(subject: Subject<'_>, cause: Cause, outcome: Outcome) -> Self {
        let line = HeaderValue::from_bytes(subject.name).unwrap_or(HeaderValue::from_static("?"));
        Self {
            name: 0..line.len(),
            line,
            kind: subject.kind,
            category: subject.category,
            cause,
            outcome: Some(outcome),
        }
    }

    pub(crate) fn line(&self) -> &HeaderValue {
        &self.line
    }

    pub(crate) fn take_line(&mut self) -> HeaderValue {
        std::mem::replace(&mut self.line, HeaderValue::from_static(""))
    }

    pub(crate) fn settle(
        &mut self,
        name: Range<usize>,
        category: Option<Category>,
        cause: Cause,
        outcome: Outcome,
    ) {
        (self.name, self.category, self.cause, self.outcome) = (name, category, cause, Some(outcome));
    }

    pub(crate) fn is_settled(&self) -> bool {
        self.outcome.is_some()
    }

    /// The cookie's name, as the bytes that a browser would read; else what the other header asked for: a client hint, a
    /// group of reports, an origin, or the header's own name.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.line.as_bytes().get(self.name.clone()).unwrap_or_default()
    }

    /// What kind of thing it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its first category, where the policy declares it.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.category
    }

    /// Why it did not leave as it was written.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// What was done about it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome.unwrap_or(Outcome::ReportedOnly)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("name", &String::from_utf8_lossy(self.name()))
            .field("kind", &self.kind)
            .field("category", &self.category)
            .field("cause", &self.cause)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

/// What was done about a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// It did not leave.
    Dropped,
    /// Another line left in its place.
    Amended,
    /// It left unchanged, because the layer only reports.
    ReportedOnly,
    /// It left unchanged, because the application's hook said so.
    KeptByReview,
}

impl Outcome {
    /// Every outcome, in order.
    #[cfg(feature = "metrics")]
    pub(crate) const ALL: [Self; 4] = [Self::Dropped, Self::Amended, Self::ReportedOnly, Self::KeptByReview];

    /// The word for it in the development header and in counters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::Amended => "amended",
            Self::ReportedOnly => "reported-only",
            Self::KeptByReview => "kept-by-review",
        }
    }
}

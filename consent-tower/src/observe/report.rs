use super::Cause;
use crate::decisions::DecisionOutcome;
use consent_core::consent::Action;
use consent_core::policy::Kind;
use consent_core::{Category, Reason};
use http::HeaderValue;
use std::fmt;
use std::ops::Range;

/// A report of everything that the layer changed in one response, and why.
///
/// The layer puts it into the response's extensions if it changed or reported anything.
///
/// # Privacy
///
/// The report shows names and reasons, and never values.
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

    /// Returns an entry for each `Set-Cookie` header that the layer changed or reported, in order, and then
    /// an entry for each such item of another header.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the decision that a handler put into this response, and its outcome.
    #[must_use]
    pub fn decision(&self) -> Option<(Action, DecisionOutcome)> {
        self.decision
    }

    /// Returns how many request cookies the layer hid from the application because the policy does not
    /// declare them.
    #[must_use]
    pub fn hidden_undeclared(&self) -> usize {
        self.hidden.undeclared
    }

    /// Returns how many declared request cookies the layer hid from the application because the visitor does
    /// not allow them.
    #[must_use]
    pub fn hidden_not_allowed(&self) -> usize {
        self.hidden.not_allowed
    }
}

/// The numbers of hidden request cookies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hidden {
    pub(crate) undeclared: usize,
    pub(crate) not_allowed: usize,
}

/// The item that a verdict is about.
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

/// The outcome for one `Set-Cookie` header, or for one item of another header.
#[derive(Clone)]
pub struct Entry {
    line: HeaderValue,
    name: Range<usize>,
    kind: Kind,
    category: Option<Category>,
    cause: Cause,
    /// `None` until the outcome is known, and if the header was sent as written.
    outcome: Option<Outcome>,
}

impl Entry {
    /// Creates an entry for a header that was taken out of a response to be judged.
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

    /// Creates an entry for an item of another header.
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

    /// Returns the cookie's name as browsers read it. For another header, returns the name of its item: a
    /// client hint, a reporting group, an origin, or the name of the header itself.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.line.as_bytes().get(self.name.clone()).unwrap_or_default()
    }

    /// Returns the kind of the item.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the item's first category, or `None` if the policy does not declare the item.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.category
    }

    /// Returns why the layer changed or reported the item.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Returns what the layer did.
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

/// What the layer did with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The layer removed it.
    Dropped,
    /// The layer replaced it.
    Amended,
    /// The layer reported it, and sent it unchanged.
    ReportedOnly,
    /// The layer sent it unchanged because the review kept it.
    KeptByReview,
}

impl Outcome {
    /// Every outcome, in order.
    #[cfg(feature = "metrics")]
    pub(crate) const ALL: [Self; 4] = [Self::Dropped, Self::Amended, Self::ReportedOnly, Self::KeptByReview];

    /// Returns the word for the outcome in the development header and in counters.
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

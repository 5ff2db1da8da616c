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
}

impl ConsentReport {
    pub(crate) fn new(hidden: Hidden) -> Self {
        Self { entries: Vec::new(), hidden }
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.hidden == Hidden::default()
    }

    /// The `Set-Cookie` lines that did not leave as they were written, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
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

/// What became of one `Set-Cookie` line.
#[derive(Clone)]
pub struct Entry {
    line: HeaderValue,
    name: Range<usize>,
    category: Option<Category>,
    reason: Reason,
    outcome: Outcome,
}

impl Entry {
    pub(crate) fn new(
        line: HeaderValue,
        name: Range<usize>,
        category: Option<Category>,
        reason: Reason,
        outcome: Outcome,
    ) -> Self {
        Self { line, name, category, reason, outcome }
    }

    /// The cookie's name, as the bytes that a browser would read.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.line.as_bytes().get(self.name.clone()).unwrap_or_default()
    }

    /// Its first category, where the policy declares it.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.category
    }

    /// Why it did not leave as it was written.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// What was done about it.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("name", &String::from_utf8_lossy(self.name()))
            .field("category", &self.category)
            .field("reason", &self.reason)
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
}

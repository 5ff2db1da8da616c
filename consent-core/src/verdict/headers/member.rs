use super::super::Verdict;
use crate::policy::{Category, Declaration, Kind};
use alloc::borrow::Cow;

/// A verdict on one member of such a header.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JudgedMember<'a> {
    /// What becomes of it: it is kept, another is written in its place, or it goes.
    pub verdict: Verdict,
    /// What it is about: a client hint, a group of reports, an origin; else the header's own name.
    pub name: Cow<'a, [u8]>,
    /// What kind of thing that is.
    pub kind: Kind,
    /// What the policy says of it.
    pub declaration: Option<&'a Declaration>,
}

impl JudgedMember<'_> {
    /// The first category of what the policy declares.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.declaration.and_then(|declared| declared.categories.first()).copied()
    }

    /// Whether another visitor might get another verdict.
    #[must_use]
    pub fn depends_on_consent(&self) -> bool {
        self.declaration.is_some_and(|declared| declared.exempt.is_none())
    }
}

use super::super::Verdict;
use crate::policy::{Category, Declaration, Kind, Service};
use alloc::borrow::Cow;

/// The judgment of one member of a header.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JudgedMember<'a> {
    /// The verdict on the member.
    pub verdict: Verdict,
    /// The subject: a client hint, a group of reports or an origin; otherwise the header's own name.
    pub name: Cow<'a, [u8]>,
    /// The kind of the subject.
    pub kind: Kind,
    /// The policy's declaration of the subject.
    pub declaration: Option<&'a Declaration>,
    /// The service that a link leads to.
    pub service: Option<&'a Service>,
}

impl JudgedMember<'_> {
    /// Returns the first category of the declaration or of the service.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        let declared = self.declaration.and_then(|declared| declared.categories.first());
        declared.or_else(|| self.service.and_then(|service| service.categories().first())).copied()
    }

    /// Returns whether the verdict may differ between visitors.
    #[must_use]
    pub fn depends_on_consent(&self) -> bool {
        self.declaration.is_some_and(|declared| declared.exempt.is_none())
            || self.service.is_some_and(|service| service.exempt().is_none())
    }
}

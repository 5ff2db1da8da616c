use core::fmt;

/// A reason why something is not stored as requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Reason {
    /// The policy does not declare it.
    Undeclared,
    /// The visitor has not decided yet, or has not been notified of an objectable category.
    Undecided,
    /// The visitor refused.
    Refused,
    /// The visitor objected.
    Objected,
    /// The grant was given under a revision older than the last one that asks again.
    Stale,
    /// The grant is older than the time for which the policy lets a decision stand.
    Expired,
    /// The grant is dated in the future.
    FutureDate,
    /// The grant was given under a revision that this server does not know yet.
    NewerRevision,
    /// The browser sends a signal against it.
    Signal,
    /// An exempt cookie, set on a route on which the visitor did not request it.
    NotRequested,
    /// A value that the policy does not list, or that is longer than declared.
    ValueNotDeclared,
    /// An undeclared `Domain`, a `Path` wider than declared, or a `Partitioned` that differs from the
    /// declaration.
    ScopeWiderThanDeclared,
    /// A name that is reserved for the consent cookie.
    Reserved,
    /// A line without a name that all browsers read the same.
    Nameless,
    /// Browsers refuse the cookie: its prefix or an attribute requires something that is missing.
    Malformed,
    /// The name and the value exceed 4,096 bytes together, so browsers store nothing.
    TooLarge,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 16] = [
        Self::Undeclared,
        Self::Undecided,
        Self::Refused,
        Self::Objected,
        Self::Stale,
        Self::Expired,
        Self::FutureDate,
        Self::NewerRevision,
        Self::Signal,
        Self::NotRequested,
        Self::ValueNotDeclared,
        Self::ScopeWiderThanDeclared,
        Self::Reserved,
        Self::Nameless,
        Self::Malformed,
        Self::TooLarge,
    ];

    /// Returns the word for the reason in reports, events and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Undeclared => "undeclared",
            Self::Undecided => "undecided",
            Self::Refused => "refused",
            Self::Objected => "objected",
            Self::Stale => "stale",
            Self::Expired => "expired",
            Self::FutureDate => "future-date",
            Self::NewerRevision => "newer-revision",
            Self::Signal => "signal",
            Self::NotRequested => "not-requested",
            Self::ValueNotDeclared => "value-not-declared",
            Self::ScopeWiderThanDeclared => "scope-wider-than-declared",
            Self::Reserved => "reserved",
            Self::Nameless => "nameless",
            Self::Malformed => "malformed",
            Self::TooLarge => "too-large",
        }
    }

    /// Returns whether this reason clears cookies that are already stored. A grant that merely lapsed hides
    /// its cookies until the visitor decides; it does not delete them.
    #[must_use]
    pub const fn clears(self) -> bool {
        matches!(self, Self::Undecided | Self::Refused | Self::Objected | Self::Signal)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An amendment: why something is stored in another form than requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Amendment {
    /// The lifetime was longer than declared and was shortened.
    LifetimeCut,
    /// The attributes were raised to the site's [`Floor`](crate::verdict::Floor).
    AttributesRaised,
    /// The deletion was rewritten so that every browser reads a deletion.
    DeletionWritten,
    /// `"*"` of `Clear-Site-Data` was replaced with everything except cookies, because only the visitor
    /// deletes a decision.
    CookiesSpared,
}

impl Amendment {
    /// All amendments.
    pub const ALL: [Self; 4] =
        [Self::LifetimeCut, Self::AttributesRaised, Self::DeletionWritten, Self::CookiesSpared];

    /// Returns the word for the amendment in reports, events and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LifetimeCut => "lifetime-cut",
            Self::AttributesRaised => "attributes-raised",
            Self::DeletionWritten => "deletion-written",
            Self::CookiesSpared => "cookies-spared",
        }
    }
}

impl fmt::Display for Amendment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

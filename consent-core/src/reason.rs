use core::fmt;

/// Why something is not stored as it was asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Reason {
    /// The policy does not declare it.
    Undeclared,
    /// The visitor has not decided yet, or was not told yet of what is objectable.
    Undecided,
    /// The visitor refused.
    Refused,
    /// The visitor objected.
    Objected,
    /// The grant was given under a revision after which the policy asks again.
    Stale,
    /// The grant is older than the policy lets a decision stand.
    Expired,
    /// The grant is dated in the future.
    FutureDate,
    /// The grant was given under a revision that this server does not know yet.
    NewerRevision,
    /// The browser sends a signal against it.
    Signal,
    /// An exempt cookie on a route that the visitor did not use it on.
    NotRequested,
    /// A value that the policy does not list, or one longer than it says.
    ValueNotDeclared,
    /// A `Domain` that is not declared, a `Path` wider than declared, or `Partitioned` otherwise than declared.
    ScopeWiderThanDeclared,
    /// A name that belongs to the consent cookie.
    Reserved,
    /// No name that all browsers read alike.
    Nameless,
    /// Browsers store nothing of it: its prefix or an attribute asks for what it does not have.
    Malformed,
    /// Name and value are over 4,096 bytes: browsers store nothing.
    TooLarge,
    /// The answer's head has left, or is made elsewhere: nothing can be stored with it any more.
    TooLate,
    /// The application's own hook overturned the verdict.
    Overruled,
    /// Amended: a lifetime longer than declared was cut.
    LifetimeCut,
    /// Amended: attributes were raised to the site's floor.
    AttributesRaised,
    /// Amended: a deletion was written so that every browser reads one.
    DeletionWritten,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 21] = [
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
        Self::TooLate,
        Self::Overruled,
        Self::LifetimeCut,
        Self::AttributesRaised,
        Self::DeletionWritten,
    ];

    /// The word for it in reports, events and JSON.
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
            Self::TooLate => "too-late",
            Self::Overruled => "overruled",
            Self::LifetimeCut => "lifetime-cut",
            Self::AttributesRaised => "attributes-raised",
            Self::DeletionWritten => "deletion-written",
        }
    }

    /// Whether what is stored already is cleared for this reason. A grant that merely lapsed hides what it covered until
    /// the visitor answers; it does not delete it.
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

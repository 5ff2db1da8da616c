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
}

impl Reason {
    /// Every reason.
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

/// Why something is stored in another form than it was asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Amendment {
    /// The lifetime was longer than declared and was cut.
    LifetimeCut,
    /// The attributes were raised to the site's [`Floor`](crate::verdict::Floor).
    AttributesRaised,
    /// The deletion was written again, so that every browser reads a deletion.
    DeletionWritten,
    /// `"*"` of `Clear-Site-Data` was replaced with everything but cookies, because only the visitor deletes a decision.
    CookiesSpared,
}

impl Amendment {
    /// Every amendment.
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

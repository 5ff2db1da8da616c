use consent_core::{Amendment, Reason};
use std::fmt;

/// Why the layer changed or dropped something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// The verdict was to drop it.
    Dropped(Reason),
    /// The verdict was to amend it.
    Amended(Amendment),
    /// The verdict was to keep it, and the review dropped it.
    Reviewed,
    /// The response headers were sent already, or another task writes them. Nothing can be stored with them.
    TooLate,
}

impl Cause {
    /// Returns every cause.
    pub fn all() -> impl Iterator<Item = Self> {
        let dropped = Reason::ALL.into_iter().map(Self::Dropped);
        let amended = Amendment::ALL.into_iter().map(Self::Amended);
        dropped.chain(amended).chain([Self::Reviewed, Self::TooLate])
    }

    /// Returns the word for the cause in reports, events, counters and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dropped(reason) => reason.as_str(),
            Self::Amended(amendment) => amendment.as_str(),
            Self::Reviewed => "reviewed",
            Self::TooLate => "too-late",
        }
    }

    /// Returns the reason of the verdict, if the verdict was to drop.
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Dropped(reason) => Some(reason),
            Self::Amended(_) | Self::Reviewed | Self::TooLate => None,
        }
    }
}

impl From<Reason> for Cause {
    fn from(reason: Reason) -> Self {
        Self::Dropped(reason)
    }
}

impl From<Amendment> for Cause {
    fn from(amendment: Amendment) -> Self {
        Self::Amended(amendment)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

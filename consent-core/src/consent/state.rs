use crate::policy::Regime;
use core::fmt;

/// What a visitor decided on one category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum State {
    /// Nothing yet.
    #[default]
    Undecided,
    /// Told about an objectable category, and did not object. Never shown or recorded as granted.
    Informed,
    /// Agreed.
    Granted,
    /// Did not agree, or took it back.
    Refused,
    /// Objected to an objectable category.
    Objected,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Undecided, Self::Informed, Self::Granted, Self::Refused, Self::Objected];

    /// What a decision makes of a category: a no to what is objectable is an objection.
    #[must_use]
    pub const fn decided(granted: bool, regime: Regime) -> Self {
        match regime {
            _ if granted => Self::Granted,
            Regime::OptIn => Self::Refused,
            Regime::Objectable => Self::Objected,
        }
    }

    /// The word for it in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Informed => "informed",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Objected => "objected",
        }
    }

    /// The letter for it in the consent cookie; undecided is not written.
    pub(crate) const fn letter(self) -> Option<u8> {
        match self {
            Self::Undecided => None,
            Self::Informed => Some(b'i'),
            Self::Granted => Some(b'g'),
            Self::Refused => Some(b'r'),
            Self::Objected => Some(b'o'),
        }
    }

    pub(crate) const fn from_letter(letter: u8) -> Option<Self> {
        match letter {
            b'i' => Some(Self::Informed),
            b'g' => Some(Self::Granted),
            b'r' => Some(Self::Refused),
            b'o' => Some(Self::Objected),
            _ => None,
        }
    }

    /// Whether the state says no.
    #[must_use]
    pub const fn denies(self) -> bool {
        matches!(self, Self::Refused | Self::Objected)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

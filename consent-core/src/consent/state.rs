use crate::policy::Regime;
use core::fmt;

/// The state of one visitor's decision on one category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum State {
    /// The visitor has not decided.
    #[default]
    Undecided,
    /// The visitor was notified of an objectable category and did not object. Never shown or recorded as
    /// granted.
    Informed,
    /// The visitor agreed.
    Granted,
    /// The visitor did not agree, or withdrew the grant.
    Refused,
    /// The visitor objected to an objectable category.
    Objected,
}

impl State {
    /// All states.
    pub const ALL: [Self; 5] =
        [Self::Undecided, Self::Informed, Self::Granted, Self::Refused, Self::Objected];

    /// Returns the state after a decision on a category. The refusal of an objectable category is an
    /// objection.
    #[must_use]
    pub const fn decided(granted: bool, regime: Regime) -> Self {
        match regime {
            _ if granted => Self::Granted,
            Regime::OptIn => Self::Refused,
            Regime::Objectable => Self::Objected,
        }
    }

    /// Returns the word for the state in JSON.
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

    /// Returns the letter for the state in the consent cookie. The cookie omits undecided categories.
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

    /// Returns whether the state is a refusal or an objection.
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

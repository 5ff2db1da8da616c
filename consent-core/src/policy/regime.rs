/// The legal regime of a category for a visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Regime {
    /// Off until the visitor grants it (ePrivacy Directive Art. 5(3)).
    OptIn,
    /// On once the visitor has been notified, until they object (for instance PECR Schedule A1 paragraphs 5
    /// and 6).
    Objectable,
}

impl Regime {
    /// Returns the word for the regime in `policy.toml` and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OptIn => "opt-in",
            Self::Objectable => "objectable",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::OptIn, Self::Objectable].into_iter().find(|regime| regime.as_str() == word)
    }
}

/// A signal that the browser sends. It can only switch categories off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Signal {
    /// Global Privacy Control: `Sec-GPC: 1` (W3C, section 3.3).
    Gpc,
    /// Do Not Track: `DNT: 1` (W3C Tracking Preference Expression, retired in 2019). Only categories that
    /// name it respect it.
    Dnt,
}

impl Signal {
    /// All signals.
    pub const ALL: [Self; 2] = [Self::Gpc, Self::Dnt];

    /// Returns the word for the signal in `policy.toml`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gpc => "gpc",
            Self::Dnt => "dnt",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| signal.as_str() == word)
    }
}

use super::{Choice, Choices, State};
use crate::policy::{Category, CategorySet, Regime};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use time::Date;

/// A kind of decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Action {
    /// Grants every category, and lifts objections.
    Accept,
    /// Refuses every category. On an objectable category, the refusal is an objection.
    Refuse,
    /// Grants the chosen categories and refuses all others. An empty choice refuses all.
    Save,
    /// Withdraws all grants. The visitor ends up as after a refusal, never undecided.
    Withdraw,
    /// Objects to every objectable category, and refuses categories that need consent.
    Object,
    /// Forgets the visitor: deletes what is stored with consent, and the decision itself.
    Erase,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 6] =
        [Self::Accept, Self::Refuse, Self::Save, Self::Withdraw, Self::Object, Self::Erase];

    /// Returns the word for the action in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Save => "save",
            Self::Withdraw => "withdraw",
            Self::Object => "object",
            Self::Erase => "erase",
        }
    }
}

impl core::str::FromStr for Action {
    type Err = UnknownAction;

    fn from_str(word: &str) -> Result<Self, UnknownAction> {
        Self::ALL.into_iter().find(|action| action.as_str() == word).ok_or_else(|| UnknownAction(word.into()))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The error of a word that names no action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAction(String);

impl fmt::Display for UnknownAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no decision; there are accept, refuse, save, withdraw, object and erase", self.0)
    }
}

impl core::error::Error for UnknownAction {}

/// A decision of a visitor on every category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    action: Action,
    granted: Vec<Category>,
}

impl Decision {
    /// Creates a decision on every category.
    #[must_use]
    pub const fn new(action: Action) -> Self {
        Self { action, granted: Vec::new() }
    }

    /// Creates a decision with [`Action::Save`] that grants only these categories.
    #[must_use]
    pub fn save(granted: impl IntoIterator<Item = Category>) -> Self {
        Self { action: Action::Save, granted: granted.into_iter().collect() }
    }

    /// Returns the kind of decision.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Returns the categories that [`Action::Save`] grants.
    #[must_use]
    pub fn granted(&self) -> &[Category] {
        &self.granted
    }

    /// Returns whether the decision allows a category.
    #[must_use]
    pub fn grants(&self, category: Category) -> bool {
        match self.action {
            Action::Accept => true,
            Action::Save => self.granted.contains(&category),
            Action::Refuse | Action::Withdraw | Action::Object | Action::Erase => false,
        }
    }

    /// Returns the choices after this decision. Earlier choices have no influence: a decision covers every
    /// category.
    #[must_use]
    pub fn choices(
        &self,
        categories: &CategorySet,
        revision: u32,
        day: Date,
        regime: impl Fn(Category) -> Regime,
    ) -> Choices {
        let mut choices = Choices::NONE;
        if self.action == Action::Erase {
            return choices;
        }
        for (position, category) in categories.as_slice().iter().enumerate() {
            let state = State::decided(self.grants(*category), regime(*category));
            choices.set(position, Choice::new(state, revision, day));
        }
        choices
    }
}

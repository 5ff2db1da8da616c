use super::{Choice, Choices, State};
use crate::policy::{Category, CategorySet, Regime};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use time::Date;

/// The kinds of decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Action {
    /// Grants every category, and lifts an objection.
    Accept,
    /// Refuses every category; on an objectable one that is an objection.
    Refuse,
    /// Grants the categories that were chosen and refuses the others. An empty choice refuses all.
    Save,
    /// Takes back what was granted: the visitor ends up as after a refusal, never undecided.
    Withdraw,
    /// Objects to what is objectable; a category that needs consent is refused by it.
    Object,
    /// Forgets the visitor: what is stored with consent goes, and the decision itself.
    Erase,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 6] =
        [Self::Accept, Self::Refuse, Self::Save, Self::Withdraw, Self::Object, Self::Erase];

    /// The word for it in a request.
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

/// A word that is no action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAction(String);

impl fmt::Display for UnknownAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no decision; there are accept, refuse, save, withdraw, object and erase", self.0)
    }
}

impl core::error::Error for UnknownAction {}

/// The event that changes a consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    action: Action,
    granted: Vec<Category>,
}

impl Decision {
    /// A decision on every category.
    #[must_use]
    pub const fn new(action: Action) -> Self {
        Self { action, granted: Vec::new() }
    }

    /// [`Action::Save`]: these categories and no others.
    #[must_use]
    pub fn save(granted: impl IntoIterator<Item = Category>) -> Self {
        Self { action: Action::Save, granted: granted.into_iter().collect() }
    }

    /// What kind of decision it is.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// The categories that [`Action::Save`] grants.
    #[must_use]
    pub fn granted(&self) -> &[Category] {
        &self.granted
    }

    /// Whether it allows a category.
    #[must_use]
    pub fn grants(&self, category: Category) -> bool {
        match self.action {
            Action::Accept => true,
            Action::Save => self.granted.contains(&category),
            Action::Refuse | Action::Withdraw | Action::Object | Action::Erase => false,
        }
    }

    /// The choices after this decision. It depends on nothing that was chosen before: a decision speaks for every
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

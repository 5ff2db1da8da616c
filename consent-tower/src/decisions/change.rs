use crate::callbacks::Callback;
use consent_core::consent::Action;
use consent_core::{Category, Consent};

/// A change of a visitor's consent.
///
/// # Privacy
///
/// It does not identify the visitor: a consent holds nothing that distinguishes two visitors with the same
/// choices.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Change {
    /// The consent before the decision.
    pub before: Consent,
    /// The consent from now on.
    pub after: Consent,
    /// The kind of decision.
    pub action: Action,
    /// Where the visitor decided.
    pub source: ChangeSource,
}

/// Where a visitor decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeSource {
    /// At the layer's own route, through the banner, the settings or a script of the page.
    Route,
    /// At a route of the application, whose handler passed the decision on.
    Handler,
}

impl ChangeSource {
    /// Returns the word for the source in events and counters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Handler => "handler",
        }
    }
}

impl Change {
    /// Returns the change that a decision makes, or `None` if it changes nothing.
    pub(crate) fn of(
        before: &Consent,
        after: &Consent,
        action: Action,
        source: ChangeSource,
    ) -> Option<Self> {
        (!before.is_equivalent_to(after)).then(|| Self {
            before: before.clone(),
            after: after.clone(),
            action,
            source,
        })
    }

    /// Returns the categories that the decision newly allows.
    pub fn granted(&self) -> impl Iterator<Item = Category> + '_ {
        self.allowed(&self.after, &self.before)
    }

    /// Returns the categories that the decision no longer allows.
    pub fn lost(&self) -> impl Iterator<Item = Category> + '_ {
        self.allowed(&self.before, &self.after)
    }

    fn allowed<'a>(
        &'a self,
        by: &'a Consent,
        and_not_by: &'a Consent,
    ) -> impl Iterator<Item = Category> + 'a {
        let categories = self.after.policy().category_set().as_slice().iter().copied();
        categories.filter(|category| by.allows(*category) && !and_not_by.allows(*category))
    }
}

/// A function that is called with each change. If it panics, the decision and the other listeners are not
/// affected.
pub(crate) type ChangeListener = Callback<dyn Fn(&Change) + Send + Sync>;

use crate::callbacks::Callback;
use consent_core::consent::Action;
use consent_core::{Category, Consent};

/// A visitor has decided otherwise than before.
///
/// # Privacy
///
/// It tells what changed and not for whom: a consent holds nothing that tells two visitors apart.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Change {
    /// What held before.
    pub before: Consent,
    /// What holds from now on.
    pub after: Consent,
    /// The kind of decision.
    pub action: Action,
    /// Where it was made.
    pub source: ChangeSource,
}

/// Where a decision was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeSource {
    /// At the layer's own route: banner, settings, a script of the page.
    Route,
    /// By a handler, with its answer.
    Handler,
}

impl ChangeSource {
    /// The word for it in events and counters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Handler => "handler",
        }
    }
}

impl Change {
    /// What a decision changes; nothing where everything stays as it was.
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

    /// The categories that are allowed now and were not.
    pub fn granted(&self) -> impl Iterator<Item = Category> + '_ {
        self.allowed(&self.after, &self.before)
    }

    /// The categories that were allowed and are not any more.
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

/// A function that is called with each change. If one panics, the decision stands and the others are called.
pub(crate) type ChangeListener = Callback<dyn Fn(&Change) + Send + Sync>;

use super::{Category, Localized};
use alloc::vec::Vec;
use time::Date;

/// One dated version of the policy.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Revision {
    /// Its number; numbers grow along the log.
    pub number: u32,
    /// The day (UTC) since which it is in force.
    pub effective: Date,
    /// What changed, in a sentence.
    pub summary: Localized,
    /// The categories whose grants it made stale, because what they cover changed materially. `None`: every one.
    pub reask: Option<Vec<Category>>,
    /// The text that was in force, where the policy keeps it.
    pub document: Localized,
}

impl Revision {
    /// Whether a grant for this category given under an earlier revision lapsed with this one.
    #[must_use]
    pub fn asks_again(&self, category: Category) -> bool {
        self.reask.as_ref().is_none_or(|categories| categories.contains(&category))
    }
}

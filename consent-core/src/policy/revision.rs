use super::{Category, Localized};
use alloc::string::String;
use alloc::vec::Vec;
use time::Date;

/// One dated version of the policy.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Revision {
    /// The number. Numbers increase along the log.
    pub number: u32,
    /// The day (UTC) from which the revision is in force.
    pub effective: Date,
    /// The changes, in one sentence.
    pub summary: Localized,
    /// The categories whose earlier grants lapsed, because their content changed materially. `None` means
    /// every category.
    pub reask: Option<Vec<Category>>,
    /// The ids of the services whose earlier grants lapsed, without the rest of their categories.
    pub reask_services: Vec<String>,
    /// The text that was in force, if the policy keeps it.
    pub document: Localized,
}

impl Revision {
    /// Returns whether a grant for this category under an earlier revision lapsed with this revision.
    #[must_use]
    pub fn asks_again(&self, category: Category) -> bool {
        self.reask.as_ref().is_none_or(|categories| categories.contains(&category))
    }
}

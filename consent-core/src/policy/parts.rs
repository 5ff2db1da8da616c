use super::{
    Authority, Category, CategoryDeclaration, Controller, Declaration, Language, Retired, Revision, Service,
};
use alloc::string::String;
use alloc::vec::Vec;

/// The validated parts of a policy. The parser of `policy.toml` creates them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) languages: Vec<Language>,
    pub(crate) reask_days: u16,
    pub(crate) controller: Controller,
    pub(crate) authority: Authority,
    pub(crate) categories: Vec<CategoryDeclaration>,
    pub(crate) services: Vec<Service>,
    pub(crate) storage: Vec<Declaration>,
    pub(crate) retired: Vec<Retired>,
    pub(crate) scope: Vec<String>,
    pub(crate) revisions: Vec<Revision>,
}

impl Parts {
    pub(super) fn standing_since(&self, category: Category) -> u32 {
        let asked = self.revisions.iter().rev().find(|revision| revision.asks_again(category));
        asked.or_else(|| self.revisions.first()).map_or(1, |revision| revision.number)
    }

    pub(super) fn is_asked(&self, category: Category) -> bool {
        let storage = self.storage.iter().map(|declared| (declared.exempt, &declared.categories));
        let services = self.services.iter().map(|service| (service.exempt, &service.categories));
        storage.chain(services).any(|(exempt, categories)| exempt.is_none() && categories.contains(&category))
    }
}

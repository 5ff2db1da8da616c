use super::names::Names;
use crate::policy::{CategorySet, Declaration, Kind, Retired};
use alloc::vec::Vec;

/// Finds what the policy says of a cookie by its name.
#[derive(Debug, Default)]
pub(crate) struct Index {
    declared: Names,
    retired: Names,
    /// The places of the cookies that may only be set on certain routes, in order.
    issued: Vec<usize>,
    /// By place: the categories that must be allowed, as bits by their places in the policy.
    categories: Vec<u16>,
}

impl Index {
    pub(crate) fn new(storage: &[Declaration], retired: &[Retired], known: &CategorySet) -> Self {
        let cookies = storage.iter().enumerate().filter(|(_, declared)| declared.kind == Kind::Cookie);
        let issued = cookies.clone().filter(|(_, declared)| !declared.issued_on.is_empty());
        let needed = |declared: &Declaration| match declared.exempt {
            Some(_) => 0,
            None => declared.categories.iter().fold(0, |bits, category| bits | known.bit(*category)),
        };
        Self {
            categories: storage.iter().map(needed).collect(),
            issued: issued.map(|(place, _)| place).collect(),
            declared: Names::new(cookies.map(|(place, declared)| (place, &declared.name))),
            retired: Names::new(retired.iter().map(|retired| &retired.name).enumerate()),
        }
    }

    /// The place of the declaration of a cookie, in the policy's storage.
    pub(super) fn declared(&self, name: &[u8]) -> Option<usize> {
        self.declared.find(name)
    }

    /// The place of a retired cookie, in the policy's list of them.
    pub(super) fn retired(&self, name: &[u8]) -> Option<usize> {
        self.retired.find(name)
    }

    /// The categories that must be allowed for what stands at this place, as bits; none for what is exempt.
    pub(super) fn categories(&self, place: usize) -> u16 {
        self.categories.get(place).copied().unwrap_or(u16::MAX)
    }

    /// Where a declaration stands among those that may only be set on certain routes.
    pub(super) fn issued(&self, place: usize) -> Option<usize> {
        self.issued.binary_search(&place).ok()
    }
}

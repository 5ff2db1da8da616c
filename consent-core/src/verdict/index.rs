use super::names::Names;
use crate::policy::{Declaration, Kind, Retired};
use alloc::vec::Vec;

/// Finds what the policy says of a cookie by its name.
#[derive(Debug, Default)]
pub(crate) struct Index {
    declared: Names,
    retired: Names,
    /// The places of the cookies that may only be set on certain routes, in order.
    issued: Vec<usize>,
}

impl Index {
    pub(crate) fn new(storage: &[Declaration], retired: &[Retired]) -> Self {
        let cookies = storage.iter().enumerate().filter(|(_, declared)| declared.kind == Kind::Cookie);
        let issued = cookies.clone().filter(|(_, declared)| !declared.issued_on.is_empty());
        Self {
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

    /// Where a declaration stands among those that may only be set on certain routes.
    pub(super) fn issued(&self, place: usize) -> Option<usize> {
        self.issued.binary_search(&place).ok()
    }

    /// Whether any cookie may only be set on certain routes.
    pub(super) fn has_issued(&self) -> bool {
        !self.issued.is_empty()
    }
}

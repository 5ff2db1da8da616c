use super::names::Names;
use super::{CategorySet, Declaration, Kind, Retired};
use alloc::vec::Vec;

/// Finds what the policy says of a cookie by its name.
#[derive(Debug, Default)]
pub(crate) struct Index {
    declared: Names,
    retired: Names,
    /// The places of what is no cookie, in order: what other headers ask for is among them.
    beyond_cookies: Vec<usize>,
    /// By place.
    needs: Vec<Needs>,
}

/// What must be so for a declared cookie to be seen and renewed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs {
    /// The categories that must be allowed, as bits by their places in the policy; none for what is exempt.
    pub(crate) categories: u16,
    /// Where it stands among the cookies that may only be set on certain routes.
    pub(crate) issued: Option<u16>,
}

impl Index {
    pub(crate) fn new(storage: &[Declaration], retired: &[Retired], known: &CategorySet) -> Self {
        let cookies = storage.iter().enumerate().filter(|(_, declared)| declared.kind == Kind::Cookie);
        let categories = |declared: &Declaration| match declared.exempt {
            Some(_) => 0,
            None => declared.categories.iter().fold(0, |bits, category| bits | known.bit(*category)),
        };
        let mut next: u16 = 0;
        let mut issued = |declared: &Declaration| {
            let is_issued = declared.kind == Kind::Cookie && !declared.issued_on.is_empty();
            let at = next;
            next = next.saturating_add(u16::from(is_issued));
            is_issued.then_some(at)
        };
        let needs = storage
            .iter()
            .map(|declared| Needs { categories: categories(declared), issued: issued(declared) });
        let others = storage.iter().enumerate().filter(|(_, declared)| declared.kind != Kind::Cookie);
        Self {
            beyond_cookies: others.map(|(index, _)| index).collect(),
            needs: needs.collect(),
            declared: Names::new(cookies.map(|(index, declared)| (index, &declared.name))),
            retired: Names::new(retired.iter().map(|retired| &retired.name).enumerate()),
        }
    }

    /// The place of the declaration of a cookie, in the policy's storage.
    pub(crate) fn declared(&self, name: &[u8]) -> Option<usize> {
        self.declared.find(name)
    }

    /// The place of a retired cookie, in the policy's list of them.
    pub(crate) fn retired(&self, name: &[u8]) -> Option<usize> {
        self.retired.find(name)
    }

    /// The places of what is no cookie, in order.
    pub(crate) fn beyond_cookies(&self) -> &[usize] {
        &self.beyond_cookies
    }

    /// What must be so for what stands at this place; a place past the last one needs every category.
    pub(crate) fn needs(&self, index: usize) -> Needs {
        self.needs.get(index).copied().unwrap_or(Needs { categories: u16::MAX, issued: None })
    }
}

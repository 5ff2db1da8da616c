use super::names::Names;
use super::{CategorySet, Declaration, Kind, Retired, Service, ServiceSet};
use alloc::vec::Vec;

/// An index from cookie names to the policy's declarations.
#[derive(Debug, Default)]
pub(crate) struct Index {
    declared: Names,
    retired: Names,
    /// The indices of the declarations of other kinds than cookies, in order.
    beyond_cookies: Vec<usize>,
    /// The needs of each declaration, by index.
    needs: Vec<Needs>,
}

/// The conditions under which a declared cookie is visible and may be renewed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs {
    /// The categories that must be allowed, as bits by index in the policy; 0 for an exempt cookie.
    pub(crate) categories: u16,
    /// The service that must be allowed, if the cookie belongs to one.
    pub(crate) service: ServiceSet,
    /// The index among the cookies with restricted routes.
    pub(crate) issued: Option<u16>,
}

impl Index {
    pub(crate) fn new(
        storage: &[Declaration],
        retired: &[Retired],
        known: &CategorySet,
        services: &[Service],
    ) -> Self {
        let cookies = storage.iter().enumerate().filter(|(_, declared)| declared.kind == Kind::Cookie);
        let service = |declared: &Declaration| {
            let id = declared.service.as_ref().filter(|_| declared.exempt.is_none())?;
            services.iter().enumerate().find(|(_, service)| service.id() == id)
        };
        let categories = |declared: &Declaration| {
            if declared.exempt.is_some() {
                return 0;
            }
            let of_service = service(declared).map_or(&[][..], |(_, service)| service.categories());
            let others = declared.categories.iter().filter(|category| !of_service.contains(category));
            others.fold(0, |bits, category| bits | known.bit(*category))
        };
        let mut next: u16 = 0;
        let mut issued = |declared: &Declaration| {
            let is_issued = declared.kind == Kind::Cookie && !declared.issued_on.is_empty();
            let at = next;
            next = next.saturating_add(u16::from(is_issued));
            is_issued.then_some(at)
        };
        let needs = storage.iter().map(|declared| Needs {
            categories: categories(declared),
            service: service(declared).map_or(ServiceSet::EMPTY, |(index, _)| ServiceSet::of(index)),
            issued: issued(declared),
        });
        let others = storage.iter().enumerate().filter(|(_, declared)| declared.kind != Kind::Cookie);
        Self {
            beyond_cookies: others.map(|(index, _)| index).collect(),
            needs: needs.collect(),
            declared: Names::new(cookies.map(|(index, declared)| (index, &declared.name))),
            retired: Names::new(retired.iter().map(|retired| &retired.name).enumerate()),
        }
    }

    /// Returns the index of a cookie's declaration in the policy's storage.
    pub(crate) fn declared(&self, name: &[u8]) -> Option<usize> {
        self.declared.find(name)
    }

    /// Returns the index of a retired cookie in the policy's list.
    pub(crate) fn retired(&self, name: &[u8]) -> Option<usize> {
        self.retired.find(name)
    }

    /// Returns the indices of the declarations of other kinds than cookies, in order.
    pub(crate) fn beyond_cookies(&self) -> &[usize] {
        &self.beyond_cookies
    }

    /// Returns the needs of the declaration at this index. An index out of range needs every category.
    pub(crate) fn needs(&self, index: usize) -> Needs {
        self.needs.get(index).copied().unwrap_or(Needs {
            categories: u16::MAX,
            service: ServiceSet::EMPTY,
            issued: None,
        })
    }
}

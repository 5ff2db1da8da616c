use super::{CategorySet, MAX_CATEGORIES, Origin, Scheme, Service, ServiceSet};
use alloc::boxed::Box;
use core::hash::{Hash, Hasher};
use hashbrown::{Equivalent, HashMap};

/// The maximum length of a host name, in bytes (RFC 1035, section 2.3.4). No pattern matches a longer name.
const MAX_HOST: usize = 253;

/// An index from origins, ids and categories to the policy's services.
#[derive(Debug, Default)]
pub(crate) struct Services {
    by_id: HashMap<Box<str>, usize>,
    exact: HashMap<Key, usize>,
    /// By the domain behind `*.`.
    wildcards: HashMap<Key, usize>,
    /// The number of labels in the longest domain behind `*.`: a lookup looks at no longer domain.
    most_labels: usize,
    all: ServiceSet,
    /// For each category, in the policy's order: the services that are not exempt and belong to it.
    of_category: [ServiceSet; MAX_CATEGORIES],
}

impl Services {
    pub(super) fn new(services: &[Service], categories: &CategorySet) -> Self {
        let mut index = Self::default();
        for (at, service) in services.iter().enumerate() {
            index.by_id.entry(service.id().into()).or_insert(at);
            index.all = index.all.with(at);
            if service.exempt().is_none() {
                let positions = service.categories().iter().filter_map(|known| categories.position(*known));
                for position in positions {
                    if let Some(set) = index.of_category.get_mut(position) {
                        *set = set.with(at);
                    }
                }
            }
            for pattern in service.origins() {
                let key = Key { scheme: pattern.scheme(), port: pattern.port(), host: pattern.host().into() };
                if pattern.is_wildcard() {
                    index.most_labels = index.most_labels.max(pattern.host().split('.').count());
                    index.wildcards.entry(key).or_insert(at);
                } else {
                    index.exact.entry(key).or_insert(at);
                }
            }
        }
        index
    }

    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Returns the index of the service at an origin. An exact origin overrides a wildcard, and a longer
    /// domain overrides a shorter one.
    pub(super) fn at(&self, origin: Origin<'_>) -> Option<usize> {
        if origin.host.len() > MAX_HOST {
            return None;
        }
        self.exact.get(&KeyRef(origin)).or_else(|| self.wildcard_at(origin)).copied()
    }

    fn wildcard_at(&self, origin: Origin<'_>) -> Option<&usize> {
        // The first label is never part of the domain behind `*.`.
        let (_, domain) = origin.host.split_once('.').filter(|(first, _)| !first.is_empty())?;
        let mut starts = domain.rmatch_indices('.').map(|(dot, _)| dot + 1).chain([0]).take(self.most_labels);
        let mut found = None;
        for start in &mut starts {
            let host = domain.get(start..)?;
            found = self.wildcards.get(&KeyRef(Origin { host, ..origin })).or(found);
        }
        found
    }

    pub(crate) fn all(&self) -> ServiceSet {
        self.all
    }

    pub(crate) fn of_category(&self, position: usize) -> ServiceSet {
        self.of_category.get(position).copied().unwrap_or_default()
    }
}

/// The key of an origin in the maps.
#[derive(Debug, PartialEq, Eq)]
struct Key {
    scheme: Scheme,
    port: u16,
    host: Box<str>,
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        KeyRef(Origin::new(self.scheme, &self.host, self.port)).hash(state);
    }
}

/// The same key, borrowed.
#[derive(Hash)]
struct KeyRef<'a>(Origin<'a>);

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.0 == Origin::new(key.scheme, &key.host, key.port)
    }
}

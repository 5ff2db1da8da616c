use crate::policy::{Declaration, Kind, Name, Retired};
use alloc::boxed::Box;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Finds what the policy says of a cookie by its name: exact names in one look-up however many there are, patterns in
/// one look-up per length that a pattern's literal part has.
#[derive(Debug, Default)]
pub(crate) struct Index {
    exact: HashMap<Box<[u8]>, Entry>,
    patterns: HashMap<Box<[u8]>, Entry>,
    /// The lengths of the patterns' literal parts, each once, longest first.
    lengths: Vec<usize>,
    /// The places of the declarations that an answer may only issue on some routes.
    pub(crate) issued: Vec<usize>,
}

/// What a name stands for, by its place in the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A declared cookie.
    Declared(usize),
    /// A name that is cleared where it is met.
    Retired(usize),
}

impl Index {
    pub(crate) fn new(storage: &[Declaration], retired: &[Retired]) -> Self {
        let mut index = Self::default();
        for (at, declared) in storage.iter().enumerate().filter(|(_, declared)| declared.kind == Kind::Cookie)
        {
            index.insert(&declared.name, Entry::Declared(at));
            if !declared.issued_on.is_empty() {
                index.issued.push(at);
            }
        }
        for (at, retired) in retired.iter().enumerate() {
            index.insert(&retired.name, Entry::Retired(at));
        }
        index.lengths = index.patterns.keys().map(|literal| literal.len()).collect();
        index.lengths.sort_unstable_by(|a, b| b.cmp(a));
        index.lengths.dedup();
        index
    }

    fn insert(&mut self, name: &Name, entry: Entry) {
        let map = if matches!(name, Name::Exact(_)) { &mut self.exact } else { &mut self.patterns };
        map.entry(name.literal().as_bytes().into()).or_insert(entry);
    }

    pub(crate) fn find(&self, name: &[u8]) -> Option<Entry> {
        if let Some(entry) = self.exact.get(name) {
            return Some(*entry);
        }
        let starts = self.lengths.iter().filter_map(|length| name.get(..*length));
        starts.into_iter().find_map(|start| self.patterns.get(start)).copied()
    }
}

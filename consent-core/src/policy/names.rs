use super::Name;
use crate::cookies::cookie_name;
use alloc::boxed::Box;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// An index of declared names. An exact name takes one lookup in a map. A pattern takes a walk along the
/// name, which ends where no prefix continues, regardless of the number of patterns. At the end of a prefix,
/// each length of its suffixes takes one lookup.
#[derive(Debug, Default)]
pub(super) struct Names {
    exact: HashMap<Box<[u8]>, usize>,
    /// The edges of the tree of prefixes: from a node and a byte to the next node. The root is 0.
    edges: HashMap<(usize, u8), usize>,
    /// For each node: the patterns whose prefix ends there.
    patterns: Vec<Patterns>,
}

/// The patterns with one prefix.
#[derive(Debug, Default)]
struct Patterns {
    /// The pattern without a suffix.
    open: Option<usize>,
    /// The patterns with a suffix.
    affixes: Option<Box<Suffixes>>,
}

#[derive(Debug, Default)]
struct Suffixes {
    /// The lengths of the suffixes, longest first, each once.
    lengths: Vec<usize>,
    patterns: HashMap<Box<[u8]>, usize>,
}

impl Names {
    pub(super) fn new<'n>(names: impl IntoIterator<Item = (usize, &'n Name)>) -> Self {
        let mut tree = Self { patterns: Vec::from([Patterns::default()]), ..Self::default() };
        for (index, name) in names {
            match name {
                Name::Exact(name) => {
                    tree.exact.entry(name.as_bytes().into()).or_insert(index);
                }
                Name::Prefix(_) | Name::Affixes { .. } => tree.insert_pattern(index, name),
            }
        }
        tree
    }

    fn insert_pattern(&mut self, index: usize, name: &Name) {
        let mut node = 0;
        for byte in name.literal().bytes() {
            let next = self.patterns.len();
            node = *self.edges.entry((node, byte)).or_insert(next);
            if node == next {
                self.patterns.push(Patterns::default());
            }
        }
        let Some(patterns) = self.patterns.get_mut(node) else { return };
        match name.suffix().as_bytes() {
            [] => {
                patterns.open.get_or_insert(index);
            }
            suffix => patterns.affixes.get_or_insert_default().insert(suffix, index),
        }
    }

    /// Returns the index of the name's declaration. An exact name overrides a pattern. Of two patterns, the
    /// longer prefix overrides, and then the longer suffix.
    ///
    /// A pattern matches only names that a policy can declare. Browsers also store `pref_\xff` and `pref_ x`,
    /// but no expiry could be written for these names, and browsers do not all read them the same.
    pub(super) fn find(&self, name: &[u8]) -> Option<usize> {
        let pattern = || self.find_pattern(name).filter(|_| cookie_name(name).is_some());
        self.exact.get(name).copied().or_else(pattern)
    }

    fn find_pattern(&self, name: &[u8]) -> Option<usize> {
        let (mut node, mut rest) = (0, name);
        let mut found = None;
        while let Some((byte, behind)) = rest.split_first() {
            node = match self.edges.get(&(node, *byte)) {
                Some(next) => *next,
                None => break,
            };
            rest = behind;
            found = self.patterns.get(node).and_then(|patterns| patterns.find(rest)).or(found);
        }
        found
    }
}

impl Patterns {
    /// Returns the pattern that matches a name with this rest behind the prefix.
    fn find(&self, rest: &[u8]) -> Option<usize> {
        self.affixes.as_ref().and_then(|affixes| affixes.find(rest)).or(self.open)
    }
}

impl Suffixes {
    fn insert(&mut self, suffix: &[u8], index: usize) {
        if let Err(at) = self.lengths.binary_search_by(|length| suffix.len().cmp(length)) {
            self.lengths.insert(at, suffix.len());
        }
        self.patterns.entry(suffix.into()).or_insert(index);
    }

    fn find(&self, rest: &[u8]) -> Option<usize> {
        let suffixes = self.lengths.iter().filter_map(|length| rest.get(rest.len().checked_sub(*length)?..));
        suffixes.into_iter().find_map(|suffix| self.patterns.get(suffix).copied())
    }
}

use super::Name;
use crate::cookies::token;
use alloc::boxed::Box;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// An index of declared names. An exact name takes one lookup in a map. A pattern takes a walk along the
/// name, which ends where no pattern continues, regardless of their number.
#[derive(Debug, Default)]
pub(super) struct Names {
    exact: HashMap<Box<[u8]>, usize>,
    /// The edges of the tree of literals: from a node and a byte to the next node. The root is 0.
    edges: HashMap<(usize, u8), usize>,
    /// For each node: the pattern whose literal ends there.
    patterns: Vec<Option<usize>>,
}

impl Names {
    pub(super) fn new<'n>(names: impl IntoIterator<Item = (usize, &'n Name)>) -> Self {
        let mut tree = Self { patterns: Vec::from([None]), ..Self::default() };
        for (index, name) in names {
            match name {
                Name::Exact(name) => {
                    tree.exact.entry(name.as_bytes().into()).or_insert(index);
                }
                Name::Prefix(literal) => tree.insert_pattern(index, literal.as_bytes()),
            }
        }
        tree
    }

    fn insert_pattern(&mut self, index: usize, literal: &[u8]) {
        let mut node = 0;
        for byte in literal {
            let next = self.patterns.len();
            node = *self.edges.entry((node, *byte)).or_insert(next);
            if node == next {
                self.patterns.push(None);
            }
        }
        if let Some(pattern) = self.patterns.get_mut(node) {
            pattern.get_or_insert(index);
        }
    }

    /// Returns the index of the name's declaration. An exact name overrides a pattern, and a longer pattern
    /// overrides a shorter one.
    ///
    /// A pattern matches tokens only. Browsers also store `pref_\xff` and `pref_ x`, but no expiry could be
    /// written for these names, and browsers do not all read them the same.
    pub(super) fn find(&self, name: &[u8]) -> Option<usize> {
        let pattern = || self.find_pattern(name).filter(|_| token(name).is_some());
        self.exact.get(name).copied().or_else(pattern)
    }

    fn find_pattern(&self, name: &[u8]) -> Option<usize> {
        let mut node = 0;
        let mut found = None;
        for byte in name {
            node = match self.edges.get(&(node, *byte)) {
                Some(next) => *next,
                None => break,
            };
            found = self.patterns.get(node).copied().flatten().or(found);
        }
        found
    }
}

use super::Name;
use crate::cookies::token;
use alloc::boxed::Box;
use alloc::vec::Vec;
use hashbrown::HashMap;

/// Finds the place of a declared name. An exact name is one look into a map; a pattern is a walk along the name that
/// ends where no pattern goes on, however many there are.
#[derive(Debug, Default)]
pub(super) struct Names {
    exact: HashMap<Box<[u8]>, usize>,
    /// From a node of the tree of literals, by a byte, to the next. The root is 0.
    edges: HashMap<(usize, u8), usize>,
    /// By node: the pattern whose literal ends there.
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

    /// The place of what declares this name: an exact name goes before a pattern, a longer pattern before a shorter one.
    ///
    /// A pattern stands for tokens only. Browsers store `pref_\xff` and `pref_ x` too, but no expiry could be written for
    /// them, and they do not all read them alike.
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

use super::super::Name;
use super::{MistakeKind, Node};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

/// A declared name and its location.
pub(super) struct Named<'d> {
    pub(super) name: Name,
    pub(super) node: Node<'d>,
}

/// Reports every name that covers an earlier name of the same kind, or is covered by one.
///
/// In byte order, the names that a pattern covers follow the pattern, so one pass finds all of them.
pub(super) fn check(names: &[Named<'_>]) {
    let mut sorted: Vec<(usize, &Name)> = names.iter().map(|named| &named.name).enumerate().collect();
    sorted.sort_by_key(|(at, name)| (name.literal(), matches!(name, Name::Exact(_)), *at));

    // Maps each later name to the earlier name that it overlaps: one mistake for each later name.
    let mut overlaps: BTreeMap<usize, usize> = BTreeMap::new();
    let mut open: Vec<(usize, &Name)> = Vec::new();
    for (at, name) in sorted {
        while open.pop_if(|(_, over)| !over.overlaps(name)).is_some() {}
        if let Some((over, _)) = open.last() {
            overlaps.entry(at.max(*over)).or_insert(at.min(*over));
        }
        open.push((at, name));
    }
    for (later, earlier) in overlaps {
        if let (Some(later), Some(earlier)) = (names.get(later), names.get(earlier)) {
            let (name, line) = (&earlier.name, earlier.node.line());
            later.node.mistake(
                MistakeKind::Overlap,
                format!("`{name}` in line {line} covers the same name: declare each name once"),
            );
        }
    }
}

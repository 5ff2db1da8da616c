use super::super::Name;
use super::{MistakeKind, Node};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use core::ops::Bound;

/// A declared name and its location.
pub(super) struct Named<'d> {
    pub(super) name: Name,
    pub(super) node: Node<'d>,
}

/// Reports every name that covers an earlier name of the same kind, or is covered by one.
pub(super) fn check(names: &[Named<'_>]) {
    for (later, earlier) in overlaps(names.iter().map(|named| &named.name)) {
        if let (Some(later), Some(earlier)) = (names.get(later), names.get(earlier)) {
            let (name, line) = (&earlier.name, earlier.node.line());
            later.node.mistake(
                MistakeKind::Overlap,
                format!("`{name}` in line {line} covers the same name: declare each name once"),
            );
        }
    }
}

/// Maps the index of each later name to that of an earlier name that it overlaps.
///
/// In byte order, the names with a prefix follow the prefix. So one pass keeps the prefixes of the current
/// name, each with the suffixes of its patterns.
fn overlaps<'n>(names: impl Iterator<Item = &'n Name>) -> BTreeMap<usize, usize> {
    let mut sorted: Vec<(usize, &Name)> = names.enumerate().collect();
    sorted
        .sort_by_key(|(at, name)| (name.literal(), matches!(name, Name::Exact(_)), name.suffix().len(), *at));

    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut last: Option<(usize, &Name)> = None;
    for (at, name) in sorted {
        while open.pop_if(|over| !name.literal().starts_with(over.prefix)).is_some() {}
        let over = open.iter().flat_map(|over| over.overlapping(name));
        // The same name, or the same pattern.
        let twin = last.filter(|(_, last)| *last == name).map(|(at, _)| at);
        for other in over.chain(twin) {
            found.entry(at.max(other)).or_insert(at.min(other));
        }
        last = Some((at, name));
        if matches!(name, Name::Exact(_)) {
            continue;
        }
        if open.last().is_none_or(|over| over.prefix != name.literal()) {
            open.push(Open { prefix: name.literal(), suffixes: BTreeMap::new() });
        }
        if let Some(over) = open.last_mut() {
            over.suffixes.entry(reversed(name.suffix())).or_insert(at);
        }
    }
    found
}

/// The patterns with one prefix.
struct Open<'n> {
    prefix: &'n str,
    /// The suffixes from their ends, each with the index of its pattern.
    suffixes: BTreeMap<Vec<u8>, usize>,
}

impl Open<'_> {
    /// Returns the indices of patterns that overlap the name, which begins with the prefix.
    fn overlapping(&self, name: &Name) -> Vec<usize> {
        let (rest, is_pattern) = match name {
            Name::Exact(exact) => (exact.get(self.prefix.len()..).unwrap_or_default(), false),
            pattern => (pattern.suffix(), true),
        };
        let end = reversed(rest);
        let lengths = 0..=end.len();
        let mut found: Vec<usize> =
            lengths.filter_map(|length| self.suffixes.get(end.get(..length)?).copied()).collect();
        if is_pattern {
            let longer = self.suffixes.range::<[u8], _>((Bound::Excluded(&end[..]), Bound::Unbounded));
            found.extend(longer.take_while(|(suffix, _)| suffix.starts_with(&end)).map(|(_, at)| *at));
        }
        found
    }
}

fn reversed(text: &str) -> Vec<u8> {
    text.bytes().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn name() -> impl Strategy<Value = Name> {
        ("[ab]{1,4}", "[ab]{1,3}", 0..3).prop_map(|(prefix, suffix, kind)| match kind {
            0 => Name::Exact(prefix + &suffix),
            1 => Name::Prefix(prefix),
            _ => Name::Affixes { prefix, suffix },
        })
    }

    proptest! {
        #[test]
        fn the_later_of_two_overlapping_names_is_found(names in vec(name(), 0..10)) {
            let found = overlaps(names.iter());
            for (at, name) in names.iter().enumerate() {
                let earlier: Vec<usize> = (0..at).filter(|other| names[*other].overlaps(name)).collect();
                let named = found.get(&at);
                prop_assert_eq!(named.is_none(), earlier.is_empty(), "{:?}: {}", names, at);
                prop_assert!(named.is_none_or(|other| earlier.contains(other)), "{names:?}: {at}");
            }
        }
    }
}

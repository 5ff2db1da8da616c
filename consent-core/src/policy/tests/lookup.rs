use crate::policy::Name;
use crate::policy::names::Names;
use alloc::format;
use alloc::vec::Vec;
use proptest::collection::vec;
use proptest::prelude::*;

fn names() -> impl Strategy<Value = Vec<Name>> {
    let name = ("[ab]{1,4}", "[ab]{1,2}", 0..3).prop_map(|(prefix, suffix, kind)| match kind {
        0 => Name::Exact(prefix),
        1 => Name::Prefix(prefix),
        _ => Name::Affixes { prefix, suffix },
    });
    vec(name, 0..12)
}

proptest! {
    #[test]
    fn the_closest_name_is_found(names in names(), wanted in "[abc]{0,6}") {
        let closest = |at: &usize| match &names[*at] {
            Name::Exact(_) => (usize::MAX, 0),
            pattern => (pattern.literal().len(), pattern.suffix().len()),
        };
        let fitting = (0..names.len()).rev().filter(|at| names[*at].matches(wanted.as_bytes()));
        let expected = fitting.max_by_key(closest);
        prop_assert_eq!(Names::new(names.iter().enumerate()).find(wanted.as_bytes()), expected);
    }
}

#[test]
fn ten_thousand_names_are_found() {
    let names: Vec<Name> = (0..if cfg!(miri) { 100 } else { 10_000 })
        .map(|at| match at % 3 {
            0 => Name::Exact(format!("name-{at:04}")),
            1 => Name::Prefix(format!("pattern-{at:04}-")),
            _ => Name::Affixes { prefix: "_pk_id.".into(), suffix: format!(".{at:04}") },
        })
        .collect();
    let found = Names::new(names.iter().enumerate());
    for (at, name) in names.iter().enumerate() {
        let wanted = name.with_middle("x");
        assert_eq!(found.find(wanted.as_bytes()), Some(at));
    }
    for name in ["", "name", "name-00000", "pattern-0001", "pattern-0002-x", "_pk_id.0002", "_pk_id.x.00"] {
        assert_eq!(found.find(name.as_bytes()), None, "{name}");
    }
}

use crate::policy::Name;
use crate::policy::names::Names;
use alloc::format;
use alloc::vec::Vec;
use proptest::collection::vec;
use proptest::prelude::*;

fn names() -> impl Strategy<Value = Vec<Name>> {
    let name = ("[ab]{1,4}", any::<bool>())
        .prop_map(|(name, exact)| if exact { Name::Exact(name) } else { Name::Prefix(name) });
    vec(name, 0..12)
}

proptest! {
    #[test]
    fn the_closest_name_is_found(names in names(), wanted in "[abc]{0,6}") {
        let closest = |at: &usize| match &names[*at] {
            Name::Exact(_) => usize::MAX,
            Name::Prefix(literal) => literal.len(),
        };
        let fitting = (0..names.len()).rev().filter(|at| names[*at].matches(wanted.as_bytes()));
        let expected = fitting.max_by_key(closest);
        prop_assert_eq!(Names::new(names.iter().enumerate()).find(wanted.as_bytes()), expected);
    }
}

#[test]
fn ten_thousand_names_are_found() {
    let names: Vec<Name> = (0..if cfg!(miri) { 100 } else { 10_000 })
        .map(|at| {
            if at % 2 == 0 {
                Name::Exact(format!("name-{at:04}"))
            } else {
                Name::Prefix(format!("pattern-{at:04}-"))
            }
        })
        .collect();
    let found = Names::new(names.iter().enumerate());
    for (at, name) in names.iter().enumerate() {
        let wanted = match name {
            Name::Exact(name) => name.clone(),
            Name::Prefix(literal) => format!("{literal}{at}"),
        };
        assert_eq!(found.find(wanted.as_bytes()), Some(at));
    }
    for name in ["", "name", "name-00000", "pattern-0001", "pattern-0002-x"] {
        assert_eq!(found.find(name.as_bytes()), None, "{name}");
    }
}

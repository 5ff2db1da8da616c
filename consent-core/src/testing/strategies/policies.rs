use crate::policy::Policy;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const PARTIES: &str = r#"
[controller]
name = "Example Ltd."
address = "1 Example Road"
email = "privacy@example.com"
phone = "+44 20 7946 0000"

[authority]
name = "Example Authority"
url = "https://authority.example/"
"#;

/// The names that a policy may declare in addition to functionality.
const OTHERS: [&str; 3] = ["statistics", "media", "advertising"];

/// No pattern or name covers another.
const NAMES: [&str; 13] = [
    "theme",
    "language",
    "sid",
    "pref_*",
    "draft_*",
    "_ga",
    "__Host-csrf",
    "__Secure-x",
    "basket.v1",
    "x",
    "_pk_id.*.1fff",
    "_pk_id.*.2fff",
    "cart[items]",
];

/// Generates policies without mistakes: see [`documents`].
pub fn policies() -> impl Strategy<Value = Policy> {
    documents().prop_map(|document| match Policy::from_toml(&document) {
        Ok(policy) => policy,
        Err(error) => panic!("a strategy for policies without mistakes made one: {error}\n{document}"),
    })
}

/// Generates policy documents (`policy.toml`) without mistakes: one to four categories, with regimes by
/// jurisdiction and signals; up to ten declared names and patterns with all kinds of limits; one to three
/// revisions, which ask again for some categories.
pub fn documents() -> impl Strategy<Value = String> {
    let others = subsequence(OTHERS.to_vec(), 0..=OTHERS.len());
    others.prop_flat_map(|others| {
        let categories: Vec<&'static str> = ["functionality"].into_iter().chain(others).collect();
        let tables: Vec<_> = categories.iter().map(|name| category(name)).collect();
        let names = subsequence(NAMES.to_vec(), 0..=NAMES.len()).prop_flat_map({
            let categories = categories.clone();
            move |names| names.into_iter().map(|name| storage(name, &categories)).collect::<Vec<_>>()
        });
        (1_u16..=400, tables, names, revisions(&categories)).prop_map(
            |(reask, tables, storage, revisions)| {
                let parts = [tables.concat(), storage.concat(), revisions].concat();
                format!("languages = [\"en\"]\nreask = \"{reask}d\"\n{PARTIES}{parts}")
            },
        )
    })
}

fn category(name: &'static str) -> impl Strategy<Value = String> + use<> {
    let regime = select(&["opt-in", "objectable"][..]);
    let places = subsequence(alloc::vec!["GB", "US", "US-CA"], 0..=3);
    (regime, places, regime_of_places(), any::<bool>()).prop_map(move |(regime, places, elsewhere, listens)| {
        let regimes: Vec<_> = places.iter().map(|place| format!("{place} = \"{elsewhere}\"")).collect();
        let signals = if listens { "signals = [\"gpc\"]\n" } else { "" };
        format!(
            "\n[categories.{name}]\nregime = \"{regime}\"\nregimes = {{ {} }}\n{signals}label.en = \"The {name}\"\n\
             purpose.en = \"For {name}.\"\n",
            regimes.join(", ")
        )
    })
}

fn regime_of_places() -> impl Strategy<Value = &'static str> {
    select(&["opt-in", "objectable"][..])
}

fn storage(name: &'static str, categories: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    let categories = subsequence(categories.to_vec(), 1..=categories.len());
    let lifetime = select(&["session", "1h", "30d", "400d"][..]);
    let exempt = select(
        &["", "", "exempt = \"sign-in\"\nissued_on = [\"POST /sign-in\"]\n", "exempt = \"security\"\n"][..],
    );
    let limit = select(&["", "values = [\"1\", \"dark\"]\n", "max_bytes = 8\n"][..]);
    // A name with this prefix is valid for the whole host.
    let paths = if name.starts_with("__Host-") {
        &[""][..]
    } else {
        &["", "path = [\"/\", \"/app\"]\n", "path = \"/app\"\n"][..]
    };
    let flags = select(&["", "http_only = true\n", "partitioned = true\n"][..]);
    (categories, lifetime, exempt, limit, select(paths), flags).prop_map(
        move |(categories, lifetime, exempt, limit, path, flag)| {
            format!(
                "\n[[storage]]\nname = \"{name}\"\nkind = \"cookie\"\ncategory = {categories:?}\n{exempt}\
                 purpose.en = \"For tests.\"\nlifetime = \"{lifetime}\"\nprovider = \"first-party\"\n{limit}{path}{flag}"
            )
        },
    )
}

fn revisions(categories: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    let asked = prop::option::of(subsequence(categories.to_vec(), 0..=categories.len()));
    vec((1_u32..3, asked), 1..=3).prop_map(|steps| {
        let numbers = steps.iter().scan(0, |number, (step, _)| {
            *number += step;
            Some(*number)
        });
        let entries: Vec<String> =
            numbers.zip(&steps).map(|(number, (_, asked))| revision(number, asked.as_deref())).collect();
        entries.concat()
    })
}

fn revision(number: u32, asked: Option<&[&str]>) -> String {
    let asked = asked.map(|asked| format!("reask = {asked:?}\n")).unwrap_or_default();
    format!(
        "\n[[revisions]]\nnumber = {number}\neffective = 202{number}-01-01\n{asked}summary.en = \"Revision {number}.\"\n"
    )
}

//! The chapter on the catalogue has a row for each entry, with its facts.

use crate::blocks::read;
use consent_core::policy::{Catalogue, CatalogueEntry, CatalogueStorage, Lifetime};
use std::fmt::Write;
use std::{fs, path::Path};

const CHAPTER: &str = "consent-tower/guide/catalogue.md";
const HEADING: &str = "## All entries\n\n";

#[test]
fn the_chapter_has_every_entry_of_the_catalogue() {
    let chapter = read(CHAPTER);
    let (_, written) = chapter.split_once(HEADING).unwrap();
    let expected = table();
    if written != expected {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("catalogue.md");
        fs::write(&file, expected).unwrap();
        panic!(
            "{CHAPTER} differs from the catalogue: replace all after its last heading with {}",
            file.display()
        );
    }
}

#[test]
fn the_chapter_counts_the_entries() {
    let count = Catalogue::ids().count();
    assert!(
        read(CHAPTER).contains(&format!("has {count} entries")),
        "{CHAPTER}: the catalogue has {count} entries"
    );
}

fn table() -> String {
    let mut table = String::from(
        "| `preset` | service, provider | category | origins | stores on your pages | stores on its own origins |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for entry in Catalogue::new().entries() {
        let label = entry.label().iter().next().unwrap().1;
        let provider = match (entry.provider(), entry.url()) {
            (Some(provider), Some(url)) => format!("[{provider}]({url})"),
            (Some(provider), None) => format!("{provider}; privacy policy unknown"),
            (None, Some(url)) => format!("[provider unknown]({url})"),
            (None, None) => "unknown".to_owned(),
        };
        let origins: Vec<String> =
            entry.origins().iter().map(|origin| host(entry, &origin.to_string())).collect();
        let origins = if origins.is_empty() { "your own server".to_owned() } else { origins.join(" ") };
        let (id, category) = (entry.id(), entry.category());
        let (pages, its_own) = (stored(entry, false), stored(entry, true));
        writeln!(table, "| `{id}` | {label}, {provider} | {category} | {origins} | {pages} | {its_own} |")
            .unwrap();
    }
    table
}

/// The host of an origin, in italics if several entries have it.
fn host(entry: &CatalogueEntry, origin: &str) -> String {
    let host = origin.strip_prefix("https://").unwrap();
    let is_shared = entry.origins().iter().any(|other| other.to_string() == origin && entry.is_shared(other));
    if is_shared { format!("*`{host}`*") } else { format!("`{host}`") }
}

fn stored(entry: &CatalogueEntry, on_its_own: bool) -> String {
    let Some(storage) = entry.storage() else { return "unknown".to_owned() };
    let those = storage.iter().filter(|stored| stored.on.is_some() == on_its_own);
    let names: Vec<String> = those.map(item).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

fn item(stored: &CatalogueStorage) -> String {
    let kind = match stored.kind.as_str() {
        "cookie" => String::new(),
        kind => format!("{kind} "),
    };
    let lifetime = match stored.lifetime {
        Some(Lifetime::Session) => " session".to_owned(),
        Some(Lifetime::Seconds(seconds)) => match seconds {
            86_400 => " 1 day".to_owned(),
            days if days % 86_400 == 0 => format!(" {} days", days / 86_400),
            minutes => format!(" {} minutes", minutes / 60),
        },
        None => String::new(),
        Some(other) => panic!("a lifetime of another kind: {other:?}"),
    };
    format!("{kind}`{}`{lifetime}", stored.name)
}

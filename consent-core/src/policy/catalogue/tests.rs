use super::{Catalogue, CatalogueEntry, DOCUMENTS};
use crate::policy::{Category, Origin, OriginPattern, Policy, Scheme};
use std::collections::BTreeSet;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, fs};

/// The facts that need a source.
const FACTS: [&str; 4] = ["origins", "provider", "storage", "url"];
const CATEGORIES: [&str; 3] = ["functionality", "marketing", "statistics"];

/// Returns a policy document with the suggested categories and these tables.
fn document(tables: &str) -> String {
    let categories =
        CATEGORIES.map(|name| format!("[categories.{name}]\npurpose.en = \"Purpose.\"\n")).concat();
    format!(
        "languages = [\"en\"]\n{categories}{tables}\n\
         [controller]\nname = \"Example Ltd.\"\naddress = \"1 Example Road\"\nemail = \"privacy@example.com\"\n\
         phone = \"+44 20 7946 0000\"\n[authority]\nname = \"The Authority\"\nurl = \"https://authority.example/\"\n\
         [[revisions]]\nnumber = 1\neffective = 2023-02-09\nsummary.en = \"First version.\"\n"
    )
}

fn policy(tables: &str) -> Policy {
    let document = document(tables);
    Policy::from_toml(&document).unwrap_or_else(|error| panic!("{error}\n{document}"))
}

/// Returns an origin that the pattern covers, and one that is covered by every pattern that overlaps it.
fn host(pattern: &OriginPattern) -> String {
    format!("{}{}", if pattern.is_wildcard() { "a." } else { "" }, pattern.host())
}

fn overlap(one: &OriginPattern, other: &OriginPattern) -> bool {
    let covers = |one: &OriginPattern, other: &OriginPattern| {
        one.matches(Origin::new(other.scheme(), &host(other), other.port()))
    };
    covers(one, other) || covers(other, one)
}

#[test]
#[cfg_attr(miri, ignore = "reads a folder")]
fn every_file_of_the_folder_is_an_entry() {
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/policy/catalogue")).unwrap();
    let names = folder.map(|file| file.unwrap().file_name().into_string().unwrap());
    let ids: BTreeSet<String> =
        names.filter_map(|name| name.strip_suffix(".toml").map(ToString::to_string)).collect();
    assert!(ids.iter().map(String::as_str).eq(Catalogue::ids()), "{ids:?}: each once, in alphabetical order");
}

#[test]
fn every_document_is_valid_and_has_its_own_id() {
    for (id, document) in DOCUMENTS {
        let entry = CatalogueEntry::parse(document).unwrap_or_else(|| panic!("{id}: not valid"));
        assert_eq!((entry.id(), Catalogue::find(id).unwrap().id()), (*id, *id));
        assert!(Category::named(id.as_bytes()).is_some(), "{id}: an id has the form of a category's name");
    }
    assert_eq!(Catalogue::new().entries().len(), DOCUMENTS.len());
    assert!(DOCUMENTS.len() >= 40);
}

#[test]
fn no_document_has_a_key_that_nothing_reads() {
    let known = |path: &str| -> &[&str] {
        match path {
            "" => &[
                "id", "label", "provider", "url", "purpose", "category", "origins", "shared", "unknown",
                "storage", "sources",
            ],
            "label" | "purpose" => &["en", "de"],
            "storage" => &["kind", "name", "on", "lifetime"],
            _ => &["fact", "url", "read"],
        }
    };
    for (id, document) in DOCUMENTS {
        let root = toml::de::DeTable::parse(document).unwrap();
        let mut tables = Vec::from([("", root.get_ref())]);
        for (key, value) in root.get_ref() {
            let key: &str = key.get_ref();
            tables.extend(value.get_ref().as_table().map(|table| (key, table)));
            let items = value.get_ref().as_array().into_iter().flatten();
            tables.extend(items.filter_map(|item| item.get_ref().as_table()).map(|table| (key, table)));
        }
        for (path, table) in tables {
            for key in table.keys() {
                assert!(known(path).contains(&&**key.get_ref()), "{id}: {path}.{}", key.get_ref());
            }
        }
    }
}

#[test]
fn every_entry_has_texts_in_all_languages_of_the_interface() {
    for entry in Catalogue::new().entries() {
        let id = entry.id();
        for texts in [entry.label(), entry.purpose()] {
            let tags: Vec<&str> = texts.iter().map(|(language, _)| language.as_str()).collect();
            assert_eq!(tags, ["en", "de"], "{id}");
        }
        for (language, purpose) in entry.purpose().iter() {
            let sentences = purpose.matches(['.', '!', '?']).count();
            assert!(purpose.ends_with('.') && sentences == 1, "{id}: one sentence in {language}: {purpose}");
        }
        assert!(CATEGORIES.contains(&entry.category()), "{id}");
    }
}

#[test]
fn every_fact_has_a_source_or_is_listed_as_unknown() {
    for entry in Catalogue::new().entries() {
        let id = entry.id();
        let has = |fact: &str| match fact {
            "origins" => !entry.origins().is_empty(),
            "provider" => entry.provider().is_some(),
            "url" => entry.url().is_some(),
            _ => entry.storage().is_some(),
        };
        for fact in FACTS {
            let is_sourced = entry.sources().iter().any(|source| source.fact == fact);
            assert_eq!(is_sourced, has(fact), "{id}: {fact}");
            assert_eq!(entry.unknown().any(|unknown| unknown == fact), !has(fact), "{id}: {fact}");
        }
        assert!(entry.unknown().all(|fact| FACTS.contains(&fact)), "{id}");
        for source in entry.sources() {
            assert!(FACTS.contains(&&*source.fact), "{id}: {source:?}");
            assert!(
                source.url.starts_with("https://") && !source.url.contains([' ', '"']),
                "{id}: {source:?}"
            );
            let is_day = source.read.len() == 10 && source.read.as_str() >= "2026-01-01";
            assert!(is_day, "{id}: read on a day: {source:?}");
        }
    }
}

#[test]
fn origins_are_canonical_and_the_policy_accepts_them() {
    for entry in Catalogue::new().entries() {
        let origins: Vec<String> = entry.origins().iter().map(ToString::to_string).collect();
        if origins.is_empty() {
            continue;
        }
        let policy = policy(&format!(
            "[[services]]\nid = \"it\"\nlabel.en = \"It\"\nprovider = \"It\"\ncategory = \"marketing\"\n\
             purpose.en = \"Purpose.\"\norigins = {origins:?}\n"
        ));
        assert_eq!(policy.service("it").unwrap().origins(), entry.origins(), "{}", entry.id());
    }
}

#[test]
fn no_origin_belongs_to_two_entries_unless_both_share_it() {
    let catalogue = Catalogue::new();
    for entry in catalogue.entries() {
        for (at, origin) in entry.origins().iter().enumerate() {
            let repeated = entry.origins().iter().skip(at + 1).find(|other| overlap(origin, other));
            assert!(repeated.is_none(), "{}: {origin} covers {repeated:?}", entry.id());
        }
        for shared in entry.origins().iter().filter(|origin| entry.is_shared(origin)) {
            let others = catalogue.entries().iter().filter(|other| other.id() != entry.id());
            let count = others.filter(|other| other.is_shared(shared)).count();
            assert!(count > 0, "{}: nobody else has {shared}", entry.id());
        }
        let lists_all = |shared: &OriginPattern| entry.origins().contains(shared);
        assert!(entry.shared.iter().all(lists_all), "{}: it shares only what it has", entry.id());
    }
    for (at, one) in catalogue.entries().iter().enumerate() {
        for other in catalogue.entries().iter().skip(at + 1) {
            for (mine, theirs) in
                one.origins().iter().flat_map(|mine| other.origins().iter().map(move |o| (mine, o)))
            {
                let both = one.is_shared(mine) && other.is_shared(theirs) && mine == theirs;
                assert!(!overlap(mine, theirs) || both, "{} and {} have {mine}", one.id(), other.id());
            }
        }
    }
}

#[test]
fn storage_belongs_to_an_origin_of_the_service_or_to_the_page() {
    for entry in Catalogue::new().entries() {
        for stored in entry.storage().unwrap_or_default() {
            let id = entry.id();
            let name = stored.name.literal();
            assert!(
                name.len() >= 2 && name.bytes().all(|b| b.is_ascii_graphic() && b != b'*'),
                "{id}: {name}"
            );
            if let Some(on) = &stored.on {
                let host = on.strip_prefix("https://").unwrap();
                let origin = Origin::new(Scheme::Https, host, 443);
                let its_own = entry.origins().iter().any(|pattern| pattern.matches(origin));
                assert!(its_own, "{id}: {on} is not an origin of it");
            }
        }
    }
}

#[test]
fn every_draft_is_valid_once_its_blanks_are_filled() {
    for entry in Catalogue::new().entries() {
        let draft = entry.to_string();
        let filled = draft
            .replace("provider = \"\"", "provider = \"Example Ltd.\"")
            .replace("origins = []", "origins = [\"https://statistics.example\"]")
            .replace("# lifetime = \"...\"", "lifetime = \"30d\"");
        let policy = policy(&filled);
        assert_eq!(policy.services()[0].id(), entry.id());
        let on_the_page = |stored: &&super::CatalogueStorage| stored.on.is_none();
        let expected = entry.storage().unwrap_or_default().iter().filter(on_the_page).count();
        assert_eq!(policy.storage().len(), expected, "{draft}");
    }
}

#[test]
fn a_draft_says_what_it_does_not_know() {
    let unpkg = Catalogue::find("unpkg").unwrap().to_string();
    assert_eq!(
        unpkg,
        "[[services]]\npreset = \"unpkg\"\ncategory = \"functionality\"\n\
         provider = \"\" # the company that runs it: the catalogue does not know it\n\n"
    );
    let own = Catalogue::find("matomo").unwrap().to_string();
    assert!(own.contains("origins = [] # where it runs\n"));
    assert!(own.contains("name = \"_pk_ses*\"\n") && own.contains("lifetime = \"30m\"\n"));
    // Browsers keep no cookie for two years.
    let analytics = Catalogue::find("google-analytics").unwrap().to_string();
    assert!(analytics.contains("name = \"_ga\"\n") && analytics.contains("lifetime = \"400d\"\n"));
    let algolia = Catalogue::find("algolia").unwrap().to_string();
    assert!(algolia.contains("name = \"_ALGOLIA\"") && algolia.contains("# lifetime = \"...\""), "{algolia}");
}

#[test]
fn an_origin_is_recognised_as_the_service_it_belongs_to() {
    let catalogue = Catalogue::new();
    let at = |host: &str| -> Vec<String> {
        let found = catalogue.at(Origin::new(Scheme::Https, host, 443));
        found.into_iter().map(|entry| entry.id().to_string()).collect()
    };
    assert_eq!(at("player.vimeo.com"), ["vimeo"]);
    assert_eq!(at("region1.google-analytics.com"), ["google-analytics"]);
    assert_eq!(at("o123.ingest.de.sentry.io"), ["sentry"]);
    assert_eq!(at("i.ytimg.com"), ["youtube", "youtube-nocookie"]);
    assert_eq!(at("fonts.gstatic.com"), ["google-fonts", "google-maps"]);
    for unknown in ["google-analytics.com", "evilplausible.io", "plausible.io.example", "example.com", ""] {
        assert_eq!(at(unknown), [""; 0], "{unknown}");
    }
    let plain = catalogue.at(Origin::new(Scheme::Http, "plausible.io", 80));
    let other_port = catalogue.at(Origin::new(Scheme::Https, "plausible.io", 8443));
    assert!(plain.is_empty() && other_port.is_empty());
}

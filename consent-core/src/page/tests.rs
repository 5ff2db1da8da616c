//! Properties of all rendered pages, for any policy, visitor and language.

use super::fixture::{self, FOUNDING, RICH};
use super::*;
use crate::consent::{Circumstances, Consent, State};
use crate::policy::entries_of;
use crate::policy::{Category, Language, Policy};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use proptest::prelude::*;

fn language(tag: &str) -> Language {
    Language::parse(tag).unwrap()
}

/// Returns everything that one visitor can see.
fn everything(consent: &Consent, tag: &str) -> Vec<String> {
    let (language, links) = (language(tag), Links::new("/consent"));
    let view = View::new(consent, &language, &links).with_return_path("/news?page=2");
    let mut pages = Vec::from([
        banner(&view),
        settings_page(&view, true),
        settings_page(&view, false),
        settings_link(&view),
        placeholder(&view, Category::FUNCTIONALITY, None),
        placeholder(&view, Category::FUNCTIONALITY, Some("Film")),
        placeholder_form(&view, Category::FUNCTIONALITY),
        policy_page(&view, None).unwrap(),
    ]);
    pages.extend(view.policy.revisions().iter().filter_map(|known| policy_page(&view, Some(known.number))));
    pages
}

fn visitors(document: &str) -> Vec<Consent> {
    let mut visitors = Vec::new();
    for jurisdiction in [None, Some("GB")] {
        for first in State::ALL {
            for second in State::ALL {
                visitors.push(fixture::decided(document, jurisdiction, &[first, second]));
            }
        }
    }
    visitors
}

#[test]
fn no_script_and_no_style_stand_in_the_markup() {
    for consent in visitors(RICH) {
        for html in everything(&consent, "en") {
            for forbidden in ["<script", "<style", " style=", "javascript:", " on"] {
                let tags = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default());
                for tag in tags {
                    assert!(!format!("<{tag}").contains(forbidden), "{forbidden}: <{tag}>");
                }
            }
        }
    }
}

#[test]
fn every_element_is_closed() {
    const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];
    for document in [FOUNDING, RICH] {
        for consent in visitors(document) {
            for html in everything(&consent, "de") {
                let mut open = Vec::new();
                for tag in html.split('<').skip(1) {
                    let name = tag.split([' ', '>']).next().unwrap_or_default();
                    if let Some(name) = name.strip_prefix('/') {
                        assert_eq!(open.pop(), Some(name), "{html}");
                    } else if !VOID.contains(&name) && !name.starts_with('!') {
                        open.push(name);
                    }
                }
                assert!(open.is_empty(), "{open:?}");
            }
        }
    }
}

#[test]
fn every_id_is_there_once_and_what_is_named_exists() {
    for consent in visitors(RICH) {
        for html in everything(&consent, "en") {
            let ids: Vec<_> =
                html.split(" id=\"").skip(1).filter_map(|tail| tail.split('"').next()).collect();
            for id in &ids {
                assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{id}");
            }
            for named in html.split(" aria-labelledby=\"").skip(1).filter_map(|tail| tail.split('"').next()) {
                assert!(ids.contains(&named), "{named}");
            }
        }
    }
}

#[test]
fn every_word_comes_from_the_catalogue_or_the_policy() {
    for tag in ["en", "de"] {
        let mut known: Vec<String> = Vec::from(["JUXT", "Film", "__Host-consent"].map(str::to_string));
        for text in entries_of(tag).map(|(_, text)| text) {
            known.extend(
                text.split('{').map(|piece| piece.split_once('}').map_or(piece, |(_, rest)| rest).into()),
            );
        }
        // Any text of the policies, between quotes or on lines of its own.
        for document in [FOUNDING, RICH] {
            known.extend(document.replace("\\n", "\n").split(['"', '\n', '*']).map(String::from));
        }
        known.sort_by_key(|piece| core::cmp::Reverse(piece.len()));
        let mut texts = BTreeSet::new();
        for document in [FOUNDING, RICH] {
            for html in visitors(document).iter().flat_map(|consent| everything(consent, tag)) {
                let found = html.split('<').skip(1).filter_map(|tag| tag.split_once('>'));
                texts.extend(found.map(|(_, text)| text.to_string()));
            }
        }
        assert!(texts.len() > 80);
        for text in texts {
            let mut rest = text
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
            for piece in known.iter().filter(|piece| piece.contains(char::is_alphabetic)) {
                rest = rest.replace(piece.trim(), "");
            }
            assert!(!rest.contains(char::is_alphabetic), "{tag}: {text:?} leaves {rest:?}");
        }
    }
}

/// The founding policy in one language only.
fn in_language(tag: &str) -> Consent {
    let document = FOUNDING.replace("languages = [\"en\", \"de\"]", &format!("languages = [\"{tag}\"]"));
    let document: Vec<_> = document.lines().filter(|line| !line.contains(".de = ")).collect();
    fixture::undecided(&document.join("\n").replace(".en = ", &format!(".{tag} = ")))
}

#[test]
fn a_text_in_another_language_says_which() {
    for (tag, interface, purpose) in [
        // No catalogue: English.
        ("tlh", " lang=\"en\" dir=\"ltr\"", Some("<dd><span lang=\"tlh\" dir=\"ltr\">")),
        ("fa", " lang=\"en\" dir=\"ltr\"", Some("<dd><span lang=\"fa\" dir=\"rtl\">")),
        // A catalogue that readers of the language also read.
        ("nn", " lang=\"nb\" dir=\"ltr\"", Some("<dd><span lang=\"nn\" dir=\"ltr\">")),
        ("zh-tw", " lang=\"zh-hans\" dir=\"ltr\"", Some("<dd><span lang=\"zh-tw\" dir=\"ltr\">")),
        // The same language by another tag.
        ("no", " lang=\"no\" dir=\"ltr\"", None),
        ("zh-cn", " lang=\"zh-cn\" dir=\"ltr\"", None),
        ("zh", " lang=\"zh\" dir=\"ltr\"", None),
        ("pt-br", " lang=\"pt-br\" dir=\"ltr\"", None),
        ("iw", " lang=\"iw\" dir=\"rtl\"", None),
        ("ar-eg", " lang=\"ar-eg\" dir=\"rtl\"", None),
    ] {
        let (consent, language, links) = (in_language(tag), language(tag), Links::new("/consent"));
        let html = banner(&View::new(&consent, &language, &links));
        assert!(html.contains(interface), "{tag}: {html}");
        match purpose {
            Some(purpose) => assert!(html.contains(purpose), "{tag}: {html}"),
            None => assert!(!html.contains("<span lang="), "{tag}: {html}"),
        }
    }
}

#[test]
fn a_problem_in_a_page_of_another_language_is_marked_as_english() {
    let (consent, links) = (fixture::undecided(FOUNDING), Links::new("/consent"));
    let problem = |tag| {
        let language = language(tag);
        problem_page(&View::new(&consent, &language, &links), 403, "Not here", "Nothing was changed.")
    };
    let german = problem("de");
    assert!(german.contains("<html lang=\"de\""), "{german}");
    for marked in [
        "<h1 lang=\"en\" dir=\"ltr\">Not here</h1>",
        "<p class=\"consent-lead\" lang=\"en\" dir=\"ltr\">Nothing was changed.</p>",
    ] {
        assert!(german.contains(marked), "{german}");
    }
    assert!(problem("en-GB").contains("<h1>Not here</h1>"));
}

/// Names, phone numbers and addresses keep their own direction.
#[test]
fn names_of_another_direction_are_isolated() {
    let shown = |tag: &str, name: &str| {
        let document = FOUNDING.replace("JUXT Ltd.", name);
        let document =
            document.replace("languages = [\"en\", \"de\"]", "languages = [\"en\", \"de\", \"ar\"]");
        everything(&fixture::undecided(&document), tag).concat()
    };
    for (tag, name) in [("ar", "JUXT Ltd."), ("ar", "שלום בע״מ"), ("en", "شركة")] {
        let html = shown(tag, name);
        let isolated = format!("<bdi>{name}</bdi>");
        // Not isolated: the titles of the documents, which have no markup.
        let rest = html.replace(&isolated, "").replace(&format!("– {name}</title>"), "");
        assert!(html.contains(&isolated) && !rest.contains(name), "{tag}: {name}");
        assert_eq!(html.contains("<bdi>+44 (0) 333 93 98 309</bdi>"), tag == "ar", "{tag}: {name}");
        assert_eq!(html.contains("<bdi>Film</bdi>"), tag == "ar", "{tag}: {name}");
    }
    assert!(!shown("en", "JUXT Ltd.").contains("<bdi>"));
}

#[test]
fn one_change_in_the_policy_changes_all_that_tells_of_it() {
    let shown = |document: &str| everything(&fixture::undecided(document), "en");
    let (before, after) = (shown(FOUNDING), shown(&FOUNDING.replace("365d", "364d")));
    assert!(before.iter().zip(&after).filter(|(before, after)| before != after).count() >= 3);
    assert!(after.iter().all(|html| !html.contains("1 year")));
    assert_eq!(after.iter().filter(|html| html.contains("364 days")).count(), 4);
}

/// Returns the rich policy with one text in every key that holds text.
fn policy_with(text: &str) -> Option<Policy> {
    let quoted: String =
        text.chars().flat_map(|c| ['\\', c].into_iter().skip(usize::from(c != '"' && c != '\\'))).collect();
    let document: Vec<String> = RICH
        .lines()
        .map(|line| {
            let free = [
                ".en = ",
                ".de = ",
                "name = \"Example",
                "name = \"Authority",
                "provider = \"Count",
                "address",
            ];
            match line.split_once(" = ") {
                Some((key, value))
                    if free.iter().any(|free| line.contains(free))
                        && value.ends_with('"')
                        && !value.ends_with("\"\"\"") =>
                {
                    format!("{key} = \"{quoted}\"")
                }
                _ => line.into(),
            }
        })
        .collect();
    Policy::from_toml(&document.join("\n")).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 48 }))]

    #[test]
    fn no_text_of_a_policy_is_markup(text in "[a-z<>&\"'/=!{} -]{0,30}x") {
        let (plain, special) = (policy_with("x").unwrap(), policy_with(&text));
        prop_assume!(special.is_some());
        let render = |policy: &Policy| {
            let circumstances = Circumstances::new(fixture::today());
            let undecided = Consent::undecided(policy, circumstances);
            let language = language("en");
            let links = Links::new("/consent");
            let view = View::new(&undecided, &language, &links);
            let mut pages = everything(&undecided, "en");
            pages.push(problem_page(&view, 422, "x", "x"));
            pages
        };
        for (plain, special) in render(&plain).iter().zip(&render(&special.unwrap())) {
            for c in ['<', '>', '"', '\''] {
                prop_assert_eq!(plain.matches(c).count(), special.matches(c).count(), "{}: {}", c, special);
            }
        }
    }

    #[test]
    fn no_text_of_a_request_is_markup(text in "\\PC{0,30}") {
        let consent = fixture::undecided(FOUNDING);
        let (language, links) = (language("en"), Links::new("/consent"));
        let path = format!("/{text}");
        let view = View::new(&consent, &language, &links).with_return_path(&path);
        let plain = View::new(&consent, &language, &links).with_return_path("/x");
        for (plain, special) in [
            (banner(&plain), banner(&view)),
            (placeholder(&plain, Category::FUNCTIONALITY, Some("x")), placeholder(&view, Category::FUNCTIONALITY, Some(&format!("x{text}")))),
            (problem_page(&plain, 400, "x", "x"), problem_page(&view, 400, &text, &text)),
        ] {
            // Only a name of another direction gets an element of its own.
            let special = special.replace("<bdi>", "").replace("</bdi>", "");
            for c in ['<', '>', '"', '\''] {
                prop_assert_eq!(plain.matches(c).count(), special.matches(c).count(), "{}: {}", c, special);
            }
        }
    }
}

//! Snapshots of the pages that visitors read, so that a reviewer sees each changed sentence and element.
//!
//! Assertions on these pages are next to the renderer. `INSTA_UPDATE=always cargo test -p tests --test pages`
//! writes the snapshots again.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use consent_core::consent::{Circumstances, Consent};
use consent_core::page::{self, Links, View};
use consent_core::policy::{Category, Language, Policy};
use time::{Date, Month};

const POLICIES: [(&str, &str); 2] = [
    ("founding", include_str!("../../consent-core/policies/founding.toml")),
    ("full", include_str!("../../consent-core/policies/full.toml")),
];
const LANGUAGES: [&str; 2] = ["en", "de"];

/// Compares what `render` gives under each policy and in each language, for a visitor who has not decided.
fn check(name: &str, render: impl Fn(&View<'_>) -> String) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _bound = settings.bind_to_scope();
    for (policy_name, document) in POLICIES {
        let policy = Policy::from_toml(document).unwrap();
        let today = Date::from_calendar_date(2026, Month::November, 23).unwrap();
        let consent = Consent::undecided(&policy, Circumstances::new(today));
        for tag in LANGUAGES {
            let (language, links) = (Language::parse(tag).unwrap(), Links::new("/consent"));
            let html = render(&View::new(&consent, &language, &links).with_return_path("/news?page=2"));
            // A line for each element, so that differences are short.
            insta::assert_snapshot!(format!("{name}.{policy_name}.{tag}"), html.replace("><", ">\n<"));
        }
    }
}

#[test]
fn the_banner() {
    check("banner", page::banner);
}

#[test]
fn the_settings() {
    check("settings", |view| page::settings_page(view, false));
}

#[test]
fn the_policy_page() {
    check("policy", |view| page::policy_page(view, None).unwrap());
}

#[test]
fn a_problem_page() {
    check("problem", |view| {
        page::problem_page(view, 403, "Forbidden", "The request comes from another site.")
    });
}

#[test]
fn a_page_that_needs_a_category() {
    check("required", |view| page::required_page(view, Category::FUNCTIONALITY, "/"));
}

#[test]
fn the_placeholder_of_a_gated_element() {
    check("placeholder", |view| page::placeholder(view, Category::FUNCTIONALITY, Some("Film")));
}

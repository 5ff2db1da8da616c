use super::good;
use crate::policy::{Category, Exemption, Language, Lifetime, Name, Regime, example};
use crate::policy::{Jurisdiction, Kind};

#[test]
fn the_founding_policy_has_no_mistakes() {
    let policy = example().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(policy.categories().len(), 1);
    assert_eq!(policy.controller().name, "JUXT Ltd.");
    assert_eq!(policy.authority().url, "https://ico.org.uk/");
    let names: std::vec::Vec<_> = policy.storage().iter().map(|declared| declared.name.literal()).collect();
    assert_eq!(names, ["theme", "language", "sid"]);
    for declared in policy.storage() {
        assert_eq!(declared.categories, [Category::FUNCTIONALITY]);
        let languages: std::vec::Vec<_> =
            declared.purpose.iter().map(|(language, _)| language.as_str()).collect();
        assert_eq!(languages, ["en", "de"]);
    }
}

/// A policy with every feature that the documentation shows.
#[test]
fn a_whole_document() {
    let policy = good(
        r#"
languages = ["en"]
reask     = "180d"

[controller]
name    = "Example Ltd."
address = "1 Example Road"
email   = "privacy@example.com"
phone   = "+44 20 7946 0000"
[authority]
name = "The Authority"
url  = "https://authority.example/"

[categories.functionality]
regime  = "opt-in"
regimes = { GB = "objectable" }
purpose.en = "To remember what you chose."

[[storage]]
name = "theme"
kind = "cookie"
category = "functionality"
purpose.en = "Remembers whether you prefer light or dark pages."
lifetime = "365d"
provider = "first-party"
values = ["light", "dark"]
renews = true
readers.en = "Nobody else."
required_by.en = "The switch between light and dark."

[[storage]]
name = "sid"
kind = "cookie"
category = "functionality"
exempt = "sign-in"
purpose.en = "Keeps you signed in."
lifetime = "session"
provider = "first-party"
issued_on = ["POST /sign-in"]
http_only = true
partitioned = true

[[storage]]
name = "draft_*"
kind = "local-storage"
category = "functionality"
purpose.en = "Keeps what you were writing."
lifetime = "2w"
provider = "first-party"

[[retired]]
name = "_ga*"
domain = "example.com"

[[revisions]]
number = 1
effective = 2023-02-09
summary.en = "First version."
"#,
    );
    assert_eq!(policy.reask_days(), 180);
    let english = Language::parse("en").unwrap();
    assert_eq!(policy.languages(), [english]);
    let functionality = policy.category_declaration(Category::FUNCTIONALITY).unwrap();
    assert_eq!(functionality.regime_in(Jurisdiction::parse("GB").ok()), Regime::Objectable);
    let [theme, sid, draft] = policy.storage() else { panic!("three declarations") };
    assert_eq!(theme.lifetime, Lifetime::Seconds(31_536_000));
    assert!(theme.renews && !theme.readers.is_empty() && !theme.required_by.is_empty());
    assert_eq!((theme.scopes.len(), theme.exempt), (1, None));
    assert_eq!((sid.lifetime, sid.exempt), (Lifetime::Session, Some(Exemption::SignIn)));
    assert!(sid.http_only && sid.partitioned);
    assert_eq!(draft.name, Name::Prefix("draft_".into()));
    assert!(draft.scopes.is_empty());
    assert!(policy.is_asked(Category::FUNCTIONALITY));
}

#[test]
fn every_kind_can_be_declared() {
    for kind in Kind::ALL {
        let name = if kind == Kind::ServiceWorker { "/worker.js" } else { "thing" };
        let lines = std::format!("kind = \"{}\"\nname = \"{name}\"\n", kind.as_str());
        assert_eq!(good(&super::with(&super::storage(&lines))).storage()[0].kind, kind);
    }
}

#[test]
fn every_exemption_can_be_declared() {
    for reason in Exemption::ALL {
        let lines = std::format!("exempt = \"{}\"", reason.as_str());
        assert_eq!(good(&super::with(&super::storage(&lines))).storage()[0].exempt, Some(reason));
    }
}

#[test]
fn a_site_may_store_nothing() {
    let policy = good(&super::with(""));
    assert!(policy.storage().is_empty() && policy.retired().is_empty());
    assert!(!policy.is_asked(Category::FUNCTIONALITY));
}

#[test]
fn line_ends_and_a_byte_order_mark_do_not_matter() {
    let document = super::with(&super::storage("lifetime = \"500d\" # <-"));
    let line = super::mistake(&document).line;
    let windows = std::format!("\u{feff}{}", document.replace('\n', "\r\n"));
    let found = super::mistakes(&windows);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].line, found[0].value.as_str()), (line, "\"500d\""));
}

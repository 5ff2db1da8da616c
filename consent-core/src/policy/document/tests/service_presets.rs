use super::{assert_mistake, good, mistake, mistakes, service, with};
use crate::policy::MistakeKind::{
    Invalid, Missing, Overlap, UnknownCategory, UnknownKey, UnknownPreset, UnknownService,
};
use crate::policy::{Catalogue, Category, Exemption, Language, Origin, Policy, Scheme, Service};
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

/// Returns an entry that contains only a preset and these lines.
fn preset(word: &str, lines: &str) -> String {
    format!("[[services]]\npreset = \"{word}\"\n{lines}\n")
}

/// Returns the same entry, in a category that the documents of these tests declare.
fn known(word: &str, lines: &str) -> String {
    preset(word, &format!("category = \"functionality\"\n{lines}"))
}

/// Returns a document with the categories that the catalogue suggests.
fn with_categories(rest: &str) -> String {
    let category = |name| format!("[categories.{name}]\npurpose.en = \"Purpose.\"\n");
    with(&[&category("marketing"), &category("statistics"), rest].concat())
}

fn origins(policy: &Policy, id: &str) -> Vec<String> {
    policy.service(id).unwrap().origins().iter().map(ToString::to_string).collect()
}

#[test]
fn one_word_declares_a_service() {
    let policy = good(&with_categories(&preset("youtube", "")));
    let [video] = policy.services() else { panic!("one service") };
    let english = Language::parse("en").unwrap();
    assert_eq!((video.id(), video.provider()), ("youtube", "Google Ireland Limited"));
    assert_eq!(video.url(), Some("https://policies.google.com/privacy"));
    assert_eq!(video.label().get(&english).map(|(label, _)| label), Some("YouTube"));
    assert_eq!(video.purpose().get(&english).map(|(purpose, _)| purpose), Some("Shows videos on our pages."));
    assert_eq!(video.categories().iter().map(Category::as_str).collect::<Vec<_>>(), ["marketing"]);
    assert!(video.exempt().is_none() && video.origins().len() >= 2);
    let frame = Origin::new(Scheme::Https, "www.youtube.com", 443);
    assert_eq!(policy.service_at(frame).map(Service::id), Some("youtube"));
}

#[test]
fn every_entry_can_be_declared_with_what_it_does_not_know() {
    for entry in Catalogue::new().entries() {
        let provider = if entry.provider().is_none() { "provider = \"Example Ltd.\"\n" } else { "" };
        let origin = if entry.origins().is_empty() { "origins = \"https://its.example\"\n" } else { "" };
        let policy = good(&with_categories(&preset(entry.id(), &[provider, origin].concat())));
        assert_eq!(policy.services()[0].id(), entry.id());
    }
}

#[test]
fn keys_that_the_author_writes_override_the_preset() {
    let lines = "id = \"films\"\nlabel.en = \"Films\"\nprovider = \"Me\"\nurl = \"https://me.example/privacy\"\n\
                 purpose.en = \"Shows films.\"\ncategory = \"functionality\"\norigins = [\"https://films.example\"]";
    let policy = good(&with(&preset("youtube", lines)));
    let films = policy.service("films").unwrap();
    let english = Language::parse("en").unwrap();
    assert!(policy.service("youtube").is_none());
    assert_eq!((films.provider(), films.url()), ("Me", Some("https://me.example/privacy")));
    assert_eq!(films.label().get(&english).map(|(label, _)| label), Some("Films"));
    assert_eq!(films.purpose().get(&english).map(|(purpose, _)| purpose), Some("Shows films."));
    assert_eq!(films.categories(), [Category::FUNCTIONALITY]);
    assert_eq!(origins(&policy, "films"), ["https://films.example"]);
}

#[test]
fn one_key_overrides_one_value() {
    let catalogue = good(&with(&known("youtube", "")));
    let written = good(&with(&known("youtube", "provider = \"Me\"")));
    assert_eq!(written.service("youtube").unwrap().provider(), "Me");
    assert_eq!(origins(&written, "youtube"), origins(&catalogue, "youtube"));
    let exempt = good(&with(&preset("jsdelivr", "provider = \"Me\"\nexempt = \"transmission\"")));
    let exempt = exempt.service("jsdelivr").unwrap();
    assert_eq!((exempt.exempt(), exempt.categories()), (Some(Exemption::Transmission), &[][..]));
}

#[test]
fn the_texts_are_in_the_languages_of_the_policy() {
    let texts = |languages: &str, lines: &str| {
        let document = with(&known("youtube-nocookie", lines)).replace("[\"en\"]", languages);
        let purpose = |key: &str| format!("{key}.en = ");
        let first = languages.trim_matches(['[', '"', ']']).split('"').next().unwrap();
        // The other texts of the document are in the first language.
        let document = document
            .replace(&purpose("purpose"), &format!("purpose.{first} = "))
            .replace(&purpose("summary"), &format!("summary.{first} = "));
        good(&document).services()[0]
            .label()
            .iter()
            .map(|(tag, text)| format!("{tag} {text}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(texts("[\"de\"]", ""), ["de YouTube (erweiterter Datenschutzmodus)"]);
    assert_eq!(
        texts("[\"de\", \"en\"]", ""),
        ["de YouTube (erweiterter Datenschutzmodus)", "en YouTube (privacy-enhanced mode)"]
    );
    assert_eq!(texts("[\"de-AT\"]", ""), ["de-at YouTube (erweiterter Datenschutzmodus)"]);
    assert_eq!(texts("[\"en\", \"fr\"]", ""), ["en YouTube (privacy-enhanced mode)"]);
    let french = "label.fr = \"YouTube\"\npurpose.fr = \"Montre des vidéos.\"";
    assert_eq!(texts("[\"fr\", \"en\"]", french), ["fr YouTube"]);
}

#[test]
fn a_language_that_the_catalogue_lacks_needs_the_authors_texts() {
    let document = with(&known("youtube", "")).replace("[\"en\"]", "[\"fr\"]");
    for key in ["label", "purpose"] {
        let found = mistakes(&document);
        let of_key = found.iter().find(|mistake| mistake.key == format!("services[0].{key}"));
        let of_key = of_key.unwrap_or_else(|| panic!("{found:#?}"));
        assert_eq!((of_key.kind, of_key.entry.as_str()), (Missing, "youtube"));
        assert!(of_key.help.contains(&format!("{key}.fr = \"...\"")), "{of_key}");
    }
}

#[test]
fn an_unknown_preset() {
    let document = with("[[services]]\npreset = \"youtub\" # <-\n");
    assert_mistake(&document, UnknownPreset, "services[0].preset", "\"youtub\"");
    let help = mistake(&document).help;
    assert!(help.contains("did you mean `youtube`?") && help.contains("Known: "), "{help}");
    for wrong in ["\"YouTube\"", "\"no-such-service\"", "\"youtube \""] {
        let document = with(&format!("[[services]]\npreset = {wrong} # <-\n"));
        assert_mistake(&document, UnknownPreset, "services[0].preset", wrong);
    }
    for wrong in ["7", "[\"youtube\"]", "\"\"", "true"] {
        let document = with(&format!("[[services]]\npreset = {wrong} # <-\n"));
        assert_mistake(&document, Invalid, "services[0].preset", wrong);
    }
}

#[test]
fn the_presets_of_storage_and_of_services_are_two_things() {
    let document = with("[[services]]\npreset = \"tower-sessions\" # <-\n");
    assert_mistake(&document, UnknownPreset, "services[0].preset", "\"tower-sessions\"");
    let document = with("[[storage]]\npreset = \"youtube\" # <-\n");
    assert_mistake(&document, UnknownPreset, "storage[0].preset", "\"youtube\"");
}

#[test]
fn the_other_keys_are_checked_beside_a_preset() {
    let document = with(&known("youtube", "origin = \"https://video.example\" # <-"));
    assert_mistake(&document, UnknownKey, "services[0].origin", "\"https://video.example\"");
    let document = with(&known("youtube", "url = \"policies.google.com\" # <-"));
    assert_mistake(&document, Invalid, "services[0].url", "\"policies.google.com\"");
    let document = with(&preset("youtube", "category = \"advertising\" # <-"));
    assert_mistake(&document, UnknownCategory, "services[0].category", "\"advertising\"");
    assert_mistake(&with(&known("youtube", "origins = [] # <-")), Invalid, "services[0].origins", "[]");
}

#[test]
fn the_suggested_category_must_be_declared() {
    let document = with("[[services]] # <-\npreset = \"youtube\"\n");
    assert_mistake(&document, Missing, "services[0].category", "");
    let found = mistake(&document);
    assert!(found.help.contains("suggests `marketing`"), "{found}");
    assert_eq!(found.entry, "youtube");
}

#[test]
fn what_the_catalogue_does_not_know_is_missing() {
    let document = with("[[services]] # <-\npreset = \"unpkg\"\n");
    assert_mistake(&document, Missing, "services[0].provider", "");
    assert!(mistake(&document).help.contains("the catalogue does not know it"));
    let own = "[[services]] # <-\npreset = \"matomo\"\ncategory = \"functionality\"\nprovider = \"Me\"\n";
    assert_mistake(&with(own), Missing, "services[0].origins", "");
}

#[test]
fn storage_can_name_the_service_of_a_preset() {
    let stored = "[[storage]]\nname = \"_ga\"\nkind = \"cookie\"\nservice = \"google-analytics\"\n\
                  purpose.en = \"Recognises a browser.\"\nlifetime = \"400d\"\nprovider = \"Google Ireland Limited\"\n";
    let policy = good(&with_categories(&(preset("google-analytics", "") + stored)));
    assert_eq!(policy.storage()[0].service.as_deref(), Some("google-analytics"));
    // An invalid preset does not make a reference to the service's own id a mistake.
    let renamed = preset("google", "id = \"google-analytics\"").replace("\"google\"", "\"google\" # <-");
    assert_mistake(&with_categories(&(renamed + stored)), UnknownPreset, "services[0].preset", "\"google\"");
    let other = preset("google-analytics", "id = \"statistics\"") + &stored.replace('\n', " # <-\n");
    let found = mistakes(&with_categories(&other));
    assert!(found.iter().any(|mistake| mistake.kind == UnknownService), "{found:#?}");
}

#[test]
fn services_share_an_origin_if_they_need_the_same() {
    let policy = good(&with(&(known("google-tag-manager", "") + &known("google-analytics", ""))));
    let tag = "https://www.googletagmanager.com".to_string();
    assert_eq!(origins(&policy, "google-tag-manager"), [&*tag]);
    assert!(!origins(&policy, "google-analytics").contains(&tag));
    assert!(origins(&policy, "google-analytics").contains(&"https://*.google-analytics.com".to_string()));
    // In the other order, too, as long as each has an origin of its own.
    let policy = good(&with(&(known("youtube-nocookie", "") + &known("youtube", ""))));
    assert_eq!(origins(&policy, "youtube"), ["https://www.youtube.com"]);
    // Also with an origin that the author wrote.
    let written = service("origins = [\"https://www.googletagmanager.com\"]");
    let policy = good(&with(&(written + &known("google-analytics", ""))));
    assert!(!origins(&policy, "google-analytics").contains(&tag));
}

#[test]
fn services_that_need_different_consent_do_not_share_an_origin() {
    let both = known("google-tag-manager", "")
        + &preset("google-analytics\" # <- \"", "category = \"statistics\"").replace("# <- \"\"", "# <-");
    assert_mistake(&with_categories(&both), Overlap, "services[1].preset", "\"google-analytics\"");
    let help = mistake(&with_categories(&both)).help;
    assert!(help.contains("https://www.googletagmanager.com") && help.contains("write `origins`"), "{help}");
    let exempt = preset("google-fonts", "exempt = \"transmission\"")
        + "[[services]]\npreset = \"google-maps\" # <-\ncategory = \"functionality\"\n";
    let found = mistakes(&with(&exempt));
    assert!(
        found.iter().all(|mistake| mistake.kind == Overlap && mistake.key == "services[1].preset"),
        "{found:#?}"
    );
    assert_eq!(found.len(), 2, "both hosts of the fonts");
}

#[test]
fn origins_that_no_entry_shares_stay_unique() {
    let twice = known("vimeo", "")
        + "[[services]]\npreset = \"vimeo\" # <-\nid = \"other\"\ncategory = \"functionality\"\n";
    let found = mistakes(&with(&twice));
    assert!(
        found.iter().all(|mistake| mistake.kind == Overlap && mistake.key == "services[1].preset"),
        "{found:#?}"
    );
    let same_id = known("vimeo", "")
        + "[[services]]\npreset = \"vimeo\" # <-\norigins = [\"https://v.example\"]\ncategory = \"functionality\"\n";
    assert_mistake(&with(&same_id), Overlap, "services[1].preset", "\"vimeo\"");
    // Nothing would be left for the second one.
    let nothing_left =
        known("facebook", "") + "[[services]]\npreset = \"meta-pixel\" # <-\ncategory = \"functionality\"\n";
    assert_mistake(&with(&nothing_left), Overlap, "services[1].preset", "\"meta-pixel\"");
}

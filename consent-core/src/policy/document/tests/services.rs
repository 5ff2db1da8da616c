use super::{assert_mistake, good, mistake, mistakes, service, storage, with};
use crate::policy::MistakeKind::{
    Invalid, Missing, Overlap, PatternTooWide, UnknownCategory, UnknownExemption, UnknownKey, UnknownService,
};
use crate::policy::{Category, Exemption, MAX_SERVICES, Origin, Policy, Scheme, Service};
use proptest::prelude::*;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

fn origins(policy: &Policy) -> Vec<String> {
    policy.services()[0].origins().iter().map(ToString::to_string).collect()
}

#[test]
fn a_whole_service() {
    let policy = good(&with(&service("url = \"https://video.example/privacy?lang=en\"")));
    let [video] = policy.services() else { panic!("one service") };
    assert_eq!((video.id(), video.provider()), ("video", "Video Ltd."));
    assert_eq!(video.url(), Some("https://video.example/privacy?lang=en"));
    assert_eq!((video.categories(), video.exempt()), (&[Category::FUNCTIONALITY][..], None));
    assert!(!video.label().is_empty() && !video.purpose().is_empty());
    assert_eq!(origins(&policy), ["https://video.example"]);
    assert!(policy.is_asked(Category::FUNCTIONALITY), "a service needs consent as storage does");
    assert!(policy.service("video").is_some() && policy.service("vide").is_none());
}

#[test]
fn an_exempt_service_needs_no_category() {
    let policy = good(&with(&service("exempt = \"transmission\"")));
    let [cdn] = policy.services() else { panic!("one service") };
    assert_eq!((cdn.categories(), cdn.exempt()), (&[][..], Some(Exemption::Transmission)));
    assert!(!policy.is_asked(Category::FUNCTIONALITY));
    // In a category in which nothing is asked, it may stand.
    good(&with(&service("exempt = \"transmission\"\ncategory = \"functionality\"")));
}

#[test]
fn an_exempt_service_in_a_category_that_needs_consent() {
    let both = service("exempt = \"transmission\" # <-\ncategory = \"functionality\"");
    let others = [storage(""), service("id = \"map\"\norigins = \"https://map.example\"")];
    for other in others {
        let document = with(&(both.clone() + &other));
        assert_mistake(&document, Invalid, "services[0].exempt", "\"transmission\"");
        good(&with(&(both.replace("category = \"functionality\"", "") + &other)));
    }
}

#[test]
fn an_unknown_exemption_or_category() {
    let document = with(&service("exempt = \"necessary\" # <-"));
    assert_mistake(&document, UnknownExemption, "services[0].exempt", "\"necessary\"");
    let document = with(&service("category = \"marketing\" # <-"));
    assert_mistake(&document, UnknownCategory, "services[0].category", "\"marketing\"");
    let document = with(&service("category = [\"functionality\", \"functionality\"] # <-"));
    assert_mistake(&document, Invalid, "services[0].category[1]", "\"functionality\"");
    assert_mistake(&with(&service("category = [] # <-")), Invalid, "services[0].category", "[]");
}

#[test]
fn everything_that_a_service_must_say() {
    for key in ["id", "label", "provider", "category", "purpose", "origins"] {
        let lines = service("").lines().map(|line| format!("{line}\n")).collect::<Vec<_>>();
        let rest: String = lines.into_iter().filter(|line| !line.starts_with(key)).collect();
        let document = with(&rest.replace("[[services]]", "[[services]] # <-"));
        assert_mistake(&document, Missing, &format!("services[0].{key}"), "");
    }
    let document = with(&service("origin = \"https://video.example\" # <-"));
    assert_mistake(&document, UnknownKey, "services[0].origin", "\"https://video.example\"");
}

#[test]
fn texts_are_in_the_first_language() {
    for key in ["label", "purpose"] {
        let english = service(&format!("{key} = {{ en = \"Video\" }} # <-"));
        let document = with(&english).replace("[\"en\"]", "[\"de\", \"en\"]");
        let found = mistakes(&document);
        let missing = format!("services[0].{key}.de");
        assert!(found.iter().any(|m| m.kind == Missing && m.key == missing), "{found:#?}");
    }
}

#[test]
fn an_id_is_short_plain_and_used_once() {
    for wrong in ["You Tube", "YouTube", "-video", "1video", "vid_eo", "vidéo", "a.b", &"a".repeat(32)] {
        let document = with(&service(&format!("id = \"{wrong}\" # <-")));
        assert_mistake(&document, Invalid, "services[0].id", &format!("\"{wrong}\""));
    }
    let again = service("id = \"video\" # <-\norigins = \"https://other.example\"");
    let found = mistake(&with(&(service("") + &again)));
    assert_eq!((found.kind, found.key.as_str()), (Overlap, "services[1].id"));
}

#[test]
fn at_most_128_services() {
    let document = |count: usize| {
        let tables: String = (0..count)
            .map(|at| service(&format!("id = \"s{at}\"\norigins = \"https://s{at}.example\"")))
            .collect();
        with(&tables)
    };
    let policy = good(&document(MAX_SERVICES));
    assert_eq!(policy.services().len(), 128);
    let last = Origin::new(Scheme::Https, "s127.example", 443);
    assert_eq!(policy.service_at(last).map(Service::id), Some("s127"));
    let found = mistakes(&document(MAX_SERVICES + 1));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].kind, found[0].key.as_str()), (Invalid, "services[128]"));
}

#[test]
fn origins_are_canonical() {
    for (written, canonical) in [
        ("https://video.example", "https://video.example"),
        ("HTTPS://Video.EXAMPLE:443", "https://video.example"),
        ("https://video.example:8443", "https://video.example:8443"),
        ("https://*.Video.example", "https://*.video.example"),
        ("https://*.a.b.video.example:8443", "https://*.a.b.video.example:8443"),
        ("https://Bücher.example", "https://xn--bcher-kva.example"),
        ("https://*.bücher.example", "https://*.xn--bcher-kva.example"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://192.0.2.1", "https://192.0.2.1"),
        // Anybody may name one site of a shared domain.
        ("https://example.github.io", "https://example.github.io"),
        ("https://*.example.co.uk", "https://*.example.co.uk"),
    ] {
        assert_eq!(origins(&good(&with(&service(&format!("origins = \"{written}\""))))), [canonical]);
    }
}

#[test]
fn an_origin_that_is_none() {
    for wrong in [
        "video.example",
        "//video.example",
        "https://video.example/",
        "https://video.example/embed",
        "https://video.example?a",
        "https://video.example#a",
        "https:\\\\video.example",
        "https:/video.example",
        "https://user@video.example",
        "https://video.example:",
        "https://video.example:0",
        "https://video.example:99999",
        "https://video.example:x",
        "https://video..example",
        "https://video.example.",
        "https://-video.example",
        "https://vi deo.example",
        "https://vi%64eo.example",
        "https://",
        "https://*",
        "https://*.",
        "https://*.*.video.example",
        "https://www.*.example",
        "https://*video.example",
        "https://video.*",
        "https://0x7f.1",
        "https://1.2.3",
        "https://[::1]",
        "wss://video.example",
        "ftp://video.example",
        "data:",
        "'self'",
        "*",
        "http://video.example",
        "http://video.example:8080",
        "http://127.0.0.1",
        "http://localhost",
        "http://localhost:80",
        "http://*.localhost:8080",
        "http://127.0.0.2:8080",
    ] {
        let document = with(&service(&format!("origins = [\"https://a.example\", \"{wrong}\"] # <-")));
        assert_mistake(&document, Invalid, "services[0].origins[1]", &format!("\"{wrong}\""));
    }
    for wrong in ["[]", "1", "[1]"] {
        let document = with(&service(&format!("origins = {wrong} # <-")));
        assert_eq!(mistake(&document).kind, Invalid);
    }
}

#[test]
fn no_wildcard_covers_the_sites_of_others() {
    for domain in [
        "com",
        "example",
        "co.uk",
        "github.io",
        "s3.amazonaws.com",
        "cloudfront.net",
        "foo.ck",
        "localhost",
        "公司.cn",
        "xn--55qx5d.cn",
        "CO.UK",
        "192.0.2.1",
    ] {
        let document = with(&service(&format!("origins = \"https://*.{domain}\" # <-")));
        assert_mistake(&document, PatternTooWide, "services[0].origins", &format!("\"https://*.{domain}\""));
    }
}

#[test]
fn an_origin_stands_once() {
    for again in ["https://video.example", "https://VIDEO.example:443"] {
        let document = with(&service(&format!("origins = [\"https://video.example\",\n\"{again}\"] # <-")));
        assert_mistake(&document, Overlap, "services[0].origins[1]", &format!("\"{again}\""));
        let other = service(&format!("id = \"map\"\norigins = \"{again}\" # <-"));
        let document = with(&(service("") + &other));
        assert_mistake(&document, Overlap, "services[1].origins", &format!("\"{again}\""));
    }
    // Another port, another scheme and a part of a wildcard are other origins.
    good(&with(&service(
        "origins = [\"https://video.example\", \"https://video.example:8443\", \"https://*.video.example\", \
         \"https://www.video.example\"]",
    )));
}

#[test]
fn the_address_of_its_policy_is_https() {
    for wrong in ["http://video.example/", "javascript:alert(1)", "/privacy", "https://", "https://a b/"] {
        let document = with(&service(&format!("url = \"{wrong}\" # <-")));
        assert_mistake(&document, Invalid, "services[0].url", &format!("\"{wrong}\""));
    }
}

#[test]
fn storage_names_its_service() {
    let stored = "name = \"_player\"\nservice = \"video\"";
    let without_category = storage(stored).replace("category = \"functionality\"\n", "");
    let policy = good(&with(&(without_category.clone() + &service(""))));
    let [player] = policy.storage() else { panic!("one declaration") };
    assert_eq!(player.service.as_deref(), Some("video"));
    assert_eq!((&player.categories[..], player.exempt), (&[Category::FUNCTIONALITY][..], None));
    // It is exempt as its service is. It is shown with a category all the same.
    let policy = good(&with(&(storage(stored) + &service("exempt = \"security\""))));
    assert_eq!(policy.storage()[0].exempt, Some(Exemption::Security));
    let document = with(&(without_category + &service("exempt = \"security\"")))
        .replace("[[storage]]", "[[storage]] # <-");
    assert_mistake(&document, Missing, "storage[0].category", "");

    let document = with(&(storage("service = \"vido\" # <-") + &service("")));
    assert_mistake(&document, UnknownService, "storage[0].service", "\"vido\"");
    assert!(mistake(&document).help.contains("did you mean `video`?"));
}

#[test]
fn a_service_with_a_mistake_is_known_all_the_same() {
    let without_category = storage("service = \"video\"").replace("category = \"functionality\"\n", "");
    let document = with(&(without_category + &service("url = 1 # <-")))
        .replace("effective = 2023-02-09", "effective = 2023-02-09\nreask = [\"video\"]");
    assert_mistake(&document, Invalid, "services[0].url", "1");
}

#[test]
fn a_revision_asks_again_for_a_service() {
    let document = |names: &str| {
        with(&service(""))
            .replace("effective = 2023-02-09", &format!("effective = 2023-02-09\nreask = {names}"))
    };
    let policy = good(&document("[\"video\"]"));
    let [first] = policy.revisions() else { panic!("one revision") };
    assert_eq!(first.reask.as_deref(), Some(&[][..]));
    assert_eq!(first.reask_services, ["video"]);
    let policy = good(&document("[\"functionality\", \"video\"]"));
    assert_eq!(policy.revisions()[0].reask.as_deref(), Some(&[Category::FUNCTIONALITY][..]));
    let found = mistake(&document("[\"vido\"] # <-"));
    assert_eq!((found.kind, found.key.as_str()), (UnknownCategory, "revisions[0].reask[0]"));
    assert!(found.help.contains("did you mean `video`?"), "{}", found.help);
    let found = mistake(&document("[\"video\", \"video\"] # <-"));
    assert_eq!(found.key, "revisions[0].reask[1]");
}

#[test]
fn the_most_specific_origin_wins() {
    let policy = good(&with(
        &(service("origins = [\"https://*.video.example\", \"http://localhost:8080\"]")
            + &service(
                "id = \"images\"\norigins = [\"https://*.img.video.example\", \"https://a.video.example\"]",
            )),
    ));
    let at = |scheme, host, port| policy.service_at(Origin::new(scheme, host, port)).map(Service::id);
    let https = |host| at(Scheme::Https, host, 443);
    assert_eq!(https("b.video.example"), Some("video"));
    assert_eq!(https("a.video.example"), Some("images"));
    assert_eq!(https("img.video.example"), Some("video"));
    assert_eq!(https("x.y.img.video.example"), Some("images"));
    for host in ["video.example", ".video.example", "avideo.example", "b.video.example.", "example", "", "."]
    {
        assert_eq!(https(host), None, "{host}");
    }
    assert_eq!(at(Scheme::Http, "b.video.example", 80), None);
    assert_eq!(at(Scheme::Https, "b.video.example", 8443), None);
    assert_eq!(at(Scheme::Http, "localhost", 8080), Some("video"));
}

proptest! {
    #[test]
    fn a_lookup_finds_what_matches(host in "([a-c]{0,2}\\.){0,4}(video|img)\\.example\\.?") {
        let policy = good(&with(
            &(service("origins = [\"https://*.video.example\", \"https://a.img.example\"]")
                + &service("id = \"b\"\norigins = [\"https://*.b.video.example\", \"https://*.img.example\"]")),
        ));
        let origin = Origin::new(Scheme::Https, &host, 443);
        let matching = policy.services().iter().flat_map(Service::origins).any(|known| known.matches(origin));
        prop_assert_eq!(policy.service_at(origin).is_some(), matching);
    }
}

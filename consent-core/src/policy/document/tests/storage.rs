use super::{assert_mistake, good, storage, with, with_root};
use crate::policy::MistakeKind::{
    Invalid, LifetimeTooLong, Missing, OutOfScope, UnknownCategory, UnknownExemption, UnknownKey, UnknownKind,
};
use crate::policy::{Lifetime, Provider};
use std::format;

#[test]
fn an_unknown_category() {
    let document = with(&storage("category = \"marketing\" # <-"));
    assert_mistake(&document, UnknownCategory, "storage[0].category", "\"marketing\"");
    let document = with(&storage("category = [\"functionality\", \"statistics\"] # <-"));
    assert_mistake(&document, UnknownCategory, "storage[0].category[1]", "\"statistics\"");
}

#[test]
fn a_category_is_needed_and_stands_once() {
    assert_mistake(&with(&storage("category = [] # <-")), Invalid, "storage[0].category", "[]");
    let document = with(&storage("category = [\"functionality\", \"functionality\"] # <-"));
    assert_mistake(&document, Invalid, "storage[0].category[1]", "\"functionality\"");
}

#[test]
fn an_unknown_key() {
    let document = with(&storage("lifespan = \"1d\" # <-"));
    assert_mistake(&document, UnknownKey, "storage[0].lifespan", "\"1d\"");
    let help = super::mistake(&with(&storage("issued-on = [] # <-"))).help;
    assert!(help.contains("did you mean `issued_on`?"), "{help}");
}

#[test]
fn an_unknown_kind() {
    let document = with(&storage("kind = \"localStorage\" # <-"));
    assert_mistake(&document, UnknownKind, "storage[0].kind", "\"localStorage\"");
}

#[test]
fn an_unknown_exemption() {
    let document = with(&storage("exempt = \"necessary\" # <-"));
    assert_mistake(&document, UnknownExemption, "storage[0].exempt", "\"necessary\"");
}

#[test]
fn what_must_be_said_of_everything() {
    for key in ["name", "kind", "category", "purpose", "lifetime", "provider"] {
        let entry: std::string::String = storage("")
            .lines()
            .filter(|line| !line.starts_with(key))
            .map(|line| if line == "[[storage]]" { "[[storage]] # <-\n".into() } else { format!("{line}\n") })
            .collect();
        assert_mistake(&with(&entry), Missing, &format!("storage[0].{key}"), "");
    }
}

#[test]
fn a_lifetime_over_400_days() {
    for too_long in ["401d", "58w", "9601h", "99999999999999999999999999d"] {
        let document = with(&storage(&format!("lifetime = \"{too_long}\" # <-")));
        assert_mistake(&document, LifetimeTooLong, "storage[0].lifetime", &format!("\"{too_long}\""));
    }
}

#[test]
fn a_lifetime_in_every_unit() {
    for (written, seconds) in
        [("400d", 34_560_000), ("2w", 1_209_600), ("12h", 43_200), ("30m", 1_800), ("90s", 90)]
    {
        let policy = good(&with(&storage(&format!("lifetime = \"{written}\""))));
        assert_eq!(policy.storage()[0].lifetime, Lifetime::Seconds(seconds));
    }
    let policy = good(&with(&storage("lifetime = \"session\"")));
    assert_eq!(policy.storage()[0].lifetime, Lifetime::Session);
}

#[test]
fn a_lifetime_that_is_none() {
    for wrong in [
        "\"\"",
        "\"d\"",
        "\"0d\"",
        "\"-1d\"",
        "\"1y\"",
        "\"1 d\"",
        "\"1.5d\"",
        "\"+1d\"",
        "\"Session\"",
        "\"1é\"",
        "365",
        "true",
    ] {
        let document = with(&storage(&format!("lifetime = {wrong} # <-")));
        assert_mistake(&document, Invalid, "storage[0].lifetime", wrong);
    }
}

#[test]
fn a_session_has_nothing_to_renew() {
    assert!(good(&with(&storage("renews = true"))).storage()[0].renews);
    let document = with(&storage("lifetime = \"session\"\nrenews = true # <-"));
    assert_mistake(&document, Invalid, "storage[0].renews", "true");
    let document = with(&storage("renews = \"yes\" # <-"));
    assert_mistake(&document, Invalid, "storage[0].renews", "\"yes\"");
}

#[test]
fn a_provider_is_the_site_or_has_a_name() {
    assert_eq!(good(&with(&storage(""))).storage()[0].provider, Provider::FirstParty);
    let policy = good(&with(&storage("provider = \"Example Video\"")));
    assert_eq!(policy.storage()[0].provider, Provider::Named("Example Video".into()));
    assert_mistake(&with(&storage("provider = \" \" # <-")), Invalid, "storage[0].provider", "\" \"");
}

#[test]
fn every_domain_with_every_path() {
    let policy = good(&with_root(
        "scope = [\"example.com\"]",
        &storage("domain = [\"\", \".Shop.Example.com\"]\npath = [\"/\", \"/app\"]"),
    ));
    let scopes: std::vec::Vec<_> = policy.storage()[0]
        .scopes
        .iter()
        .map(|scope| (scope.domain.as_deref(), scope.path.as_str()))
        .collect();
    let domain = Some("shop.example.com");
    assert_eq!(scopes, [(None, "/"), (None, "/app"), (domain, "/"), (domain, "/app")]);
}

#[test]
fn a_domain_that_is_none() {
    for wrong in [
        "\"exa mple.com\"",
        "\"..example.com\"",
        "\"127.0.0.1\"",
        "\"example.com/\"",
        "\"-a.com\"",
        "1",
        "[]",
    ] {
        let document = with(&storage(&format!("exempt = \"security\"\ndomain = {wrong} # <-")));
        assert_mistake(&document, Invalid, "storage[0].domain", wrong);
    }
}

#[test]
fn a_path_that_is_none() {
    for wrong in ["\"\"", "\"app\"", "\"/a;b\"", "\"/a b\"", "7"] {
        let document = with(&storage(&format!("path = {wrong} # <-")));
        assert_mistake(&document, Invalid, "storage[0].path", wrong);
    }
}

#[test]
fn a_gated_cookie_stays_where_the_decision_speaks() {
    let domain = "domain = \"shop.example.com\" # <-";
    for keys in [
        "",
        "scope = []",
        "scope = [\"example.org\"]",
        "scope = [\"op.example.com\"]",
        "scope = [\"www.shop.example.com\"]",
    ] {
        let document = with_root(keys, &storage(domain));
        assert_mistake(&document, OutOfScope, "storage[0].domain", "\"shop.example.com\"");
    }
    for keys in ["scope = [\"example.com\"]", "scope = [\"a.example\", \"SHOP.example.com\"]"] {
        good(&with_root(keys, &storage(domain)));
    }
    good(&with(&storage(&format!("exempt = \"sign-in\"\n{domain}"))));
}

#[test]
fn only_what_is_exempt_is_issued_somewhere() {
    let routes = "issued_on = [\"POST /sign-in\", \"GET /callback\"]";
    let policy = good(&with(&storage(&format!("exempt = \"sign-in\"\n{routes}"))));
    let routes_read: std::vec::Vec<_> = policy.storage()[0]
        .issued_on
        .iter()
        .map(|route| (route.method.as_str(), route.path.as_str()))
        .collect();
    assert_eq!(routes_read, [("POST", "/sign-in"), ("GET", "/callback")]);

    let document = with(&storage("issued_on = [\"POST /sign-in\"] # <-"));
    assert_mistake(&document, Invalid, "storage[0].issued_on", "[\"POST /sign-in\"]");
}

#[test]
fn a_route_is_a_method_and_a_path() {
    for wrong in
        ["\"/sign-in\"", "\"post /sign-in\"", "\"POST sign-in\"", "\"POST /sign-in?x\"", "\"POST  /x\"", "1"]
    {
        let document = with(&storage(&format!("exempt = \"sign-in\"\nissued_on = [{wrong}] # <-")));
        assert_mistake(&document, Invalid, "storage[0].issued_on[0]", wrong);
    }
}

#[test]
fn only_cookies_have_what_cookies_have() {
    for (key, value) in [
        ("domain", "\"example.com\""),
        ("path", "\"/\""),
        ("partitioned", "true"),
        ("http_only", "true"),
        ("values", "[\"a\"]"),
        ("max_bytes", "10"),
        ("issued_on", "[\"POST /\"]"),
    ] {
        let lines = format!("kind = \"local-storage\"\nexempt = \"security\"\n{key} = {value} # <-");
        assert_mistake(&with(&storage(&lines)), Invalid, &format!("storage[0].{key}"), value);
    }
}

#[test]
fn values_that_a_browser_stores() {
    let policy = good(&with(&storage("values = [\"light\", \"dark\", \"\"]\nmax_bytes = 5")));
    assert_eq!(policy.storage()[0].values.as_deref().unwrap(), ["light", "dark", ""]);
    assert_eq!(policy.storage()[0].max_bytes, Some(5));
    for wrong in ["\"a;b\"", "\" a\"", "\"a\\u0007\"", "\"longer\"", "3"] {
        let document = with(&storage(&format!("max_bytes = 5\nvalues = [{wrong}] # <-")));
        assert_mistake(&document, Invalid, "storage[0].values[0]", wrong);
    }
    assert_mistake(&with(&storage("values = [] # <-")), Invalid, "storage[0].values", "[]");
    for wrong in ["0", "4097", "-1", "\"5\"", "1.5"] {
        let document = with(&storage(&format!("max_bytes = {wrong} # <-")));
        assert_mistake(&document, Invalid, "storage[0].max_bytes", wrong);
    }
}

#[test]
fn content_of_other_origins_is_a_service() {
    for kind in ["embed", "service"] {
        let document = with(&storage(&format!("kind = \"{kind}\" # <-")));
        assert_mistake(&document, UnknownKind, "storage[0].kind", &format!("\"{kind}\""));
        assert!(super::mistake(&document).help.contains("[[services]]"));
    }
}

use super::{assert_mistake, good, mistake, mistakes, with};
use crate::policy::MistakeKind::{Invalid, Missing, Overlap, UnknownPreset};
use crate::policy::{Declaration, Exemption, Kind, Language, Lifetime, Name, Preset, Provider};
use std::format;
use std::string::String;

/// Returns an entry that contains only a preset and these lines.
fn preset(word: &str, lines: &str) -> String {
    format!("[[storage]]\npreset = \"{word}\"\n{lines}\n")
}

/// The keys that a preset cannot provide.
fn needed(preset: Preset) -> &'static str {
    match preset {
        Preset::TowerSessions
        | Preset::AxumSession
        | Preset::DjangoSession
        | Preset::PhpSession
        | Preset::ExpressSession
        | Preset::LaravelSession
        | Preset::AspNetSignIn
        | Preset::AspNetIdentity
        | Preset::AspNetSession
        | Preset::ServletSession => "issued_on = [\"POST /sign-in\"]",
        Preset::Session | Preset::SignInState | Preset::RailsSession => {
            "name = \"thing\"\nissued_on = [\"POST /sign-in\"]"
        }
        Preset::Csrf | Preset::Flash | Preset::LoadBalancer => "name = \"thing\"",
        _ => "",
    }
}

fn declared(word: &str, lines: &str) -> Declaration {
    good(&with(&preset(word, lines))).storage()[0].clone()
}

#[test]
fn every_preset_declares_an_exempt_cookie_and_says_why() {
    let english = Language::parse("en").unwrap();
    for known in Preset::ALL {
        assert_eq!(Preset::from_word(known.as_str()), Some(known));
        let declared = declared(known.as_str(), needed(known));
        assert_eq!((declared.kind, &declared.provider), (Kind::Cookie, &Provider::FirstParty));
        assert!(declared.exempt.is_some() && !declared.scopes.is_empty(), "{known:?}");
        assert!(declared.purpose.get(&english).is_some_and(|(text, _)| text.ends_with('.')), "{known:?}");
    }
}

#[test]
fn the_session_of_tower_sessions() {
    let session = declared("tower-sessions", "issued_on = [\"POST /sign-in\"]");
    assert_eq!((session.name, session.exempt), (Name::Exact("id".into()), Some(Exemption::SignIn)));
    assert_eq!(session.lifetime, Lifetime::Session);
    assert!(session.http_only);
    assert_eq!(
        (session.issued_on[0].method.as_str(), session.issued_on[0].path.as_str()),
        ("POST", "/sign-in")
    );
}

#[test]
fn a_session_for_everybody_is_not_exempt() {
    for word in [
        "tower-sessions",
        "axum-session",
        "session",
        "sign-in-state",
        "django-session",
        "php-session",
        "express-session",
        "rails-session",
        "laravel-session",
        "aspnet-sign-in",
        "aspnet-identity",
        "aspnet-session",
        "servlet-session",
    ] {
        let name = if matches!(word, "session" | "sign-in-state" | "rails-session") {
            "name = \"thing\""
        } else {
            ""
        };
        let document = with(&format!("[[storage]] # <-\npreset = \"{word}\"\n{name}\n"));
        assert_mistake(&document, Missing, "storage[0].issued_on", "");
        assert!(mistake(&document).help.contains("issued_on = [\"POST /sign-in\"]"));
    }
}

#[test]
fn a_name_that_nobody_can_know_must_be_written() {
    for word in ["csrf", "flash", "load-balancer"] {
        let document = with(&format!("[[storage]] # <-\npreset = \"{word}\"\n"));
        assert_mistake(&document, Missing, "storage[0].name", "");
        assert!(mistake(&document).help.contains(word));
    }
}

#[test]
fn what_is_written_goes_before_the_preset() {
    let session = declared(
        "tower-sessions",
        "name = \"__Host-sid\"\nlifetime = \"2w\"\nrenews = true\nissued_on = [\"GET /callback\"]\nhttp_only = false\n\
         exempt = \"security\"\npurpose.en = \"Ours.\"\nprovider = \"Auth Ltd.\"\npartitioned = true",
    );
    assert_eq!(session.name, Name::Exact("__Host-sid".into()));
    assert_eq!((session.lifetime, session.renews), (Lifetime::Seconds(1_209_600), true));
    assert_eq!((session.exempt, session.http_only), (Some(Exemption::Security), false));
    assert_eq!(session.provider, Provider::Named("Auth Ltd.".into()));
    let english = Language::parse("en").unwrap();
    assert_eq!(session.purpose.get(&english).unwrap().0, "Ours.");
    assert!(session.partitioned);
}

#[test]
fn an_unknown_preset_is_one_mistake_that_names_the_known_ones() {
    let document = with("[[storage]]\npreset = \"tower_sessions\" # <-\n");
    assert_mistake(&document, UnknownPreset, "storage[0].preset", "\"tower_sessions\"");
    let help = mistake(&document).help;
    assert!(help.contains("did you mean `tower-sessions`?"), "{help}");
    for known in Preset::ALL {
        assert!(help.contains(known.as_str()), "{help}");
    }
}

#[test]
fn a_preset_is_always_a_cookie() {
    let document = with(&preset("aws-alb", "kind = \"local-storage\" # <-"));
    assert_mistake(&document, Invalid, "storage[0].kind", "\"local-storage\"");
}

#[test]
fn a_preset_overlaps_like_what_is_written() {
    let twice = [preset("aws-alb", ""), preset("load-balancer", "name = \"AWSALBCORS\" # <-")].concat();
    assert_mistake(&with(&twice), Overlap, "storage[1].name", "\"AWSALBCORS\"");
    let named = [preset("load-balancer", "name = \"GCLB\""), preset("google-affinity\" # <-", "")].concat();
    let named = named.replace("# <-\"", "# <-");
    assert_mistake(&with(&named), Overlap, "storage[1].preset", "\"google-affinity\"");
}

#[test]
fn a_pattern_declares_the_chunks_of_a_session() {
    let session = declared("session", "name = \"session*\"\nissued_on = [\"POST /sign-in\"]");
    for chunk in ["session", "session-0", "session.1", "sessionC2"] {
        assert!(session.name.matches(chunk.as_bytes()), "{chunk}");
    }
    let [mistake] = &mistakes(&with(&preset("tower-sessions", "name = \"id*\"\nissued_on = \"POST /\"")))[..]
    else {
        panic!("not one mistake")
    };
    assert_eq!(mistake.key, "storage[0].name");
}

#[test]
fn the_purpose_is_in_every_language_that_the_interface_speaks() {
    let document = |languages: &str, lines: &str| {
        with(&preset("axum-csrf", lines)).replacen("languages = [\"en\"]", languages, 1)
    };
    let of = |policy: &crate::policy::Policy, tag: &str| {
        let language = Language::parse(tag).unwrap();
        let (text, language) = policy.storage()[0].purpose.get(&language).unwrap();
        (String::from(text), String::from(language.as_str()))
    };
    let policy = good(&document("languages = [\"en\", \"de\", \"xx\"]", ""));
    assert!(of(&policy, "de").0.contains("Formular"));
    assert_eq!(of(&policy, "xx").1, "en", "where there is no text, it is the first one, and says so");

    // Nobody would understand a policy whose default language has no text.
    let found = mistakes(&document("languages = [\"xx\", \"en\"]", ""));
    assert!(
        found.iter().any(|mistake| mistake.key == "storage[0].purpose" && mistake.kind == Missing),
        "{found:?}"
    );
}

#[test]
fn presets_of_frameworks_declare_what_the_frameworks_write() {
    for (word, names) in [
        ("django-session", &["sessionid"][..]),
        ("django-csrf", &["csrftoken"]),
        ("django-messages", &["messages"]),
        ("php-session", &["PHPSESSID"]),
        ("express-session", &["connect.sid"]),
        ("laravel-session", &["laravel_session"]),
        ("laravel-csrf", &["XSRF-TOKEN"]),
        ("aspnet-sign-in", &[".AspNetCore.Cookies", ".AspNetCore.CookiesC1"]),
        ("aspnet-identity", &[".AspNetCore.Identity.Application", ".AspNetCore.Identity.ApplicationC2"]),
        ("aspnet-session", &[".AspNetCore.Session"]),
        ("aspnet-csrf", &[".AspNetCore.Antiforgery.ct0OCrh2AQg", ".AspNetCore.Antiforgery.gubY14yPxpQ"]),
        ("aspnet-temp-data", &[".AspNetCore.Mvc.CookieTempDataProvider"]),
        ("servlet-session", &["JSESSIONID"]),
        ("wordpress-sign-in", &["wordpress_logged_in_000f37c7c9e29bc682c1113c4ab6ebfa"]),
        ("wordpress-admin", &["wordpress_sec_000f37c7c9e29bc682c1113c4ab6ebfa"]),
        ("wordpress-test", &["wordpress_test_cookie"]),
    ] {
        let known = Preset::from_word(word).unwrap();
        let declared = declared(word, needed(known));
        for name in names {
            assert!(declared.name.matches(name.as_bytes()), "{word}: {name}");
        }
    }
    // All presets of one framework stand beside each other.
    let all: String = Preset::ALL
        .into_iter()
        .enumerate()
        .filter(|(_, known)| known.name().is_some())
        .map(|(_, known)| preset(known.as_str(), needed(known)))
        .collect();
    good(&with(&all));
}

#[test]
fn a_preset_of_wordpress_knows_its_sign_in_page() {
    for (word, methods) in [
        ("wordpress-sign-in", &["POST"][..]),
        ("wordpress-admin", &["POST"]),
        ("wordpress-test", &["GET", "POST"]),
    ] {
        let routes = declared(word, "").issued_on;
        let found: std::vec::Vec<_> = routes.iter().map(|route| route.method.as_str()).collect();
        assert_eq!(found, methods, "{word}");
        assert!(routes.iter().all(|route| route.path == "/wp-login.php"), "{word}");
    }
}

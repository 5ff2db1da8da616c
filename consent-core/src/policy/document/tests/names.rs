use super::{assert_mistake, good, mistake, mistakes, storage, with};
use crate::policy::MistakeKind::{Invalid, NotAToken, Overlap, PatternTooWide, Reserved};
use crate::policy::{Kind, Name};
use std::format;
use std::string::String;

fn cookie(name: &str) -> String {
    storage(&format!("name = \"{name}\""))
}

fn cookie_here(name: &str) -> String {
    storage(&format!("name = \"{name}\" # <-"))
}

#[test]
fn a_name_or_a_pattern() {
    let policy = good(&with(&(cookie("theme") + &cookie("pref_*"))));
    assert_eq!(policy.storage()[0].name, Name::Exact("theme".into()));
    assert_eq!(policy.storage()[1].name, Name::Prefix("pref_".into()));
}

#[test]
fn a_cookie_name_is_what_all_browsers_and_servers_read_alike() {
    for wrong in
        ["a b", "a;b", "a=b", "a,b", "thème", "a\\tb", "a\\\"b", "a\\\\b", "cart[a b]", "pref_*;", "pre *_x"]
    {
        let document = with(&cookie_here(wrong));
        assert_mistake(&document, NotAToken, "storage[0].name", &format!("\"{wrong}\""));
    }
    let right = [
        "!#$%&'+-.^_`|~09azAZ",
        "cart[items]",
        "cart%5Bitems%5D",
        "koa:sess.sig",
        "a/b",
        "a@b",
        "{x}(y)<z>?",
        "pref[*]",
    ];
    for name in right {
        good(&with(&cookie(name)));
    }
}

#[test]
fn other_names_are_visible() {
    let local = |name: &str| with(&storage(&format!("kind = \"local-storage\"\nname = \"{name}\" # <-")));
    good(&local("app:theme[0]"));
    for wrong in ["a b", "thème", "a\\tb"] {
        assert_mistake(&local(wrong), Invalid, "storage[0].name", &format!("\"{wrong}\""));
    }
}

#[test]
fn a_service_worker_is_a_path() {
    let worker = |name: &str| with(&storage(&format!("kind = \"service-worker\"\nname = \"{name}\" # <-")));
    good(&worker("/worker.js"));
    assert_mistake(&worker("worker.js"), Invalid, "storage[0].name", "\"worker.js\"");
}

#[test]
fn a_pattern_has_a_literal_beginning() {
    for wide in ["*", "a*", "ab*"] {
        let document = with(&cookie_here(wide));
        assert_mistake(&document, PatternTooWide, "storage[0].name", &format!("\"{wide}\""));
    }
    good(&with(&cookie("abc*")));
}

#[test]
fn a_pattern_has_one_star() {
    for wrong in ["pref_**", "pref_*_*", "_pk_*.*.1fff"] {
        let document = with(&cookie_here(wrong));
        assert_mistake(&document, Invalid, "storage[0].name", &format!("\"{wrong}\""));
    }
    for wide in ["*_pref", "ab*_x"] {
        let document = with(&cookie_here(wide));
        assert_mistake(&document, PatternTooWide, "storage[0].name", &format!("\"{wide}\""));
    }
    let policy = good(&with(&cookie("_pk_id.*.1fff")));
    let expected = Name::Affixes { prefix: "_pk_id.".into(), suffix: ".1fff".into() };
    assert_eq!(policy.storage()[0].name, expected);
    assert_eq!(format!("{expected}"), "_pk_id.*.1fff");
    for (name, matches) in [
        ("_pk_id.7.1fff", true),
        ("_pk_id..1fff", true),
        ("_pk_id.1fff", false),
        ("_pk_id.7.1fff ", false),
        ("_pk_id.7.2fff", false),
        ("x_pk_id.7.1fff", false),
    ] {
        assert_eq!(expected.matches(name.as_bytes()), matches, "{name}");
    }
}

#[test]
fn the_consent_cookie_is_reserved() {
    let all = [
        "consent",
        "__Host-consent",
        "con*",
        "__Host-*",
        "__H*",
        "__Host-consent*",
        "con*t",
        "__H*nt",
        "__Host-*sent",
    ];
    for reserved in all {
        let document = with(&cookie_here(reserved));
        assert_mistake(&document, Reserved, "storage[0].name", &format!("\"{reserved}\""));
        let document = with(&format!("[[retired]]\nname = \"{reserved}\" # <-\n"));
        assert_mistake(&document, Reserved, "retired[0].name", &format!("\"{reserved}\""));
    }
    good(&with(&(cookie("consent_id") + &cookie("Consent"))));
    good(&with(&storage("kind = \"local-storage\"\nname = \"consent\"")));
}

#[test]
fn a_host_prefix_is_for_one_host_as_a_whole() {
    let lines =
        |name: &str, rest: &str| with(&storage(&format!("name = \"{name}\"\nexempt = \"sign-in\"\n{rest}")));
    for name in ["__Host-sid", "__host-sid", "__HOST-s*"] {
        let document = lines(name, "domain = \"example.com\" # <-");
        assert_mistake(&document, Invalid, "storage[0].domain", "\"example.com\"");
        let document = lines(name, "path = \"/app\" # <-");
        assert_mistake(&document, Invalid, "storage[0].path", "\"/app\"");
        good(&lines(name, "path = \"/\""));
    }
    let document = with("[[retired]]\nname = \"__Host-old\"\npath = [\"/\", \"/old\"] # <-\n");
    assert_mistake(&document, Invalid, "retired[0].path", "[\"/\", \"/old\"]");
    good(&lines("__Secure-sid", "path = \"/app\""));
}

#[test]
fn an_http_prefix_is_for_no_script() {
    let lines = |name: &str, rest: &str| with(&storage(&format!("name = \"{name}\" # <-\n{rest}")));
    for name in ["__Http-sid", "__Host-Http-sid", "__http-sid"] {
        assert_mistake(&lines(name, ""), Invalid, "storage[0].name", &format!("\"{name}\""));
        good(&lines(name, "http_only = true"));
    }
}

#[test]
fn a_name_stands_once() {
    for (first, second) in [
        ("theme", "theme"),
        ("pref_*", "pref_a"),
        ("pref_a", "pref_*"),
        ("pref_*", "pref_ab*"),
        ("pref_*", "pref_*"),
        ("pref_*_x", "pref_*_x"),
        ("pref_*_x", "pref_*"),
        ("pref_*_x", "pref_1_x"),
        ("pref_1_x", "pref_*_x"),
        ("pref_*_x", "pref_*a_x"),
        ("pref_a*_x", "pref_*x"),
        ("pref[*]", "pref[items]"),
    ] {
        let document = with(&(cookie(first) + &cookie("other") + &cookie_here(second)));
        assert_mistake(&document, Overlap, "storage[2].name", &format!("\"{second}\""));
    }
    good(&with(
        &(cookie("pref") + &cookie("pref_*") + &cookie("prefix") + &cookie("Theme") + &cookie("theme")),
    ));
    good(&with(
        &["_pk_id.*.1fff", "_pk_id.*.2fff", "_pk_id.*.1ffe", "_pk_id.1fff", "_pk_*.x"].map(cookie).concat(),
    ));
}

#[test]
fn an_overlap_says_what_it_overlaps_with() {
    let document = with(&(cookie("zzz") + &cookie("pref_*") + &cookie_here("pref_a")));
    let line = document.lines().position(|line| line == "name = \"pref_*\"").unwrap() + 1;
    let help = mistake(&document).help;
    assert!(help.contains(&format!("`pref_*` in line {line}")), "{help}");
}

#[test]
fn one_wide_pattern_is_one_mistake() {
    let many: String = (0..50).map(|at| cookie(&format!("pref_{at}"))).collect();
    mistake(&with(&(many.clone() + &cookie_here("pref_*"))));
    assert_eq!(mistakes(&with(&(cookie("pref_*") + &many))).len(), 50);
}

#[test]
fn kinds_do_not_overlap() {
    let entries: String = [Kind::Cookie, Kind::LocalStorage, Kind::SessionStorage, Kind::IndexedDb]
        .into_iter()
        .map(|kind| storage(&format!("kind = \"{}\"", kind.as_str())))
        .collect();
    assert_eq!(good(&with(&entries)).storage().len(), 4);
}

#[test]
fn a_retired_name_is_not_declared() {
    let document = with(&(cookie("theme") + "[[retired]]\nname = \"the*\" # <-\n"));
    assert_mistake(&document, Overlap, "retired[0].name", "\"the*\"");
    let document = with("[[retired]]\nname = \"old\"\n[[retired]]\nname = \"old\" # <-\n");
    assert_mistake(&document, Overlap, "retired[1].name", "\"old\"");
}

#[test]
fn a_retired_name_has_scopes() {
    let policy =
        good(&with("[[retired]]\nname = \"old_*\"\ndomain = [\"\", \"example.com\"]\npartitioned = true\n"));
    let retired = &policy.retired()[0];
    assert_eq!(retired.name, Name::Prefix("old_".into()));
    assert_eq!(retired.scopes.len(), 2);
    assert!(retired.partitioned);
}

#[test]
fn many_names_are_compared_quickly() {
    let many: String = (0..3_000).map(|at| cookie(&format!("name_{at}x"))).collect();
    assert_eq!(good(&with(&many)).storage().len(), 3_000);
}

#[test]
fn many_patterns_with_one_prefix_are_compared_quickly() {
    let many: String = (0..3_000).map(|at| cookie(&format!("_pk_id.*.{at:04}"))).collect();
    assert_eq!(good(&with(&many)).storage().len(), 3_000);
}

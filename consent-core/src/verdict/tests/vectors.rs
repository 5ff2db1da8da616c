//! Verdicts on single headers: the vectors with which browsers were measured, and the rules of declarations.

use super::{carrying, decided, now, undecided, verdict, verdict_on};
use crate::consent::Action;
use crate::verdict::RequestFacts;
use alloc::format;
use alloc::string::String;

/// Checks the verdicts on headers, for a visitor who granted everything.
fn check(cases: &[(&str, &str)]) {
    let granted = decided(Action::Accept);
    for (line, expected) in cases {
        assert_eq!(verdict(line, &granted), *expected, "{}", line.escape_debug());
    }
}

#[test]
fn names_are_read_as_browsers_read_them() {
    check(&[
        ("a=1", "keep"),
        (" a = 1 ; path=/", "keep"),
        ("\ta\t=1", "keep"),
        ("a=\"x;y\"", "keep"),
        ("a=1, b=2", "keep"),
        ("a==1", "keep"),
        ("A=1", "drop: undeclared"),
        ("%61=1", "drop: undeclared"),
        ("\u{a0}a=1", "drop: undeclared"),
        ("\u{2003}a=1", "drop: undeclared"),
        ("\u{feff}a=1", "drop: undeclared"),
        ("b=1", "drop: undeclared"),
        ("a\tb=1", "drop: undeclared"),
        ("Path=/; a=1", "drop: undeclared"),
        ("$Version=1; a=1", "drop: undeclared"),
        ("stored=1", "drop: undeclared"),
        ("_pk_id", "drop: nameless"),
        ("=_pk_id=1", "drop: nameless"),
        (" =a=1", "drop: nameless"),
        ("=consent=1", "drop: reserved"),
        ("= __Host-consent =1; Path=/", "drop: reserved"),
        ("=consents=1", "drop: nameless"),
        ("\t=__Host-x=1", "drop: nameless"),
        ("=", "drop: nameless"),
        ("", "drop: nameless"),
        (";a=1", "drop: nameless"),
        ("; a=1; Path=/", "drop: nameless"),
        ("a; Path=/; b=1", "drop: nameless"),
        ("a=1\0", "drop: malformed"),
        ("a=1\u{7f}", "drop: malformed"),
        ("a=1; Path=/\u{1f}", "drop: malformed"),
        ("a=1\r\nb=2", "drop: malformed"),
        ("a=x\ty", "keep"),
    ]);
    let granted = decided(Action::Accept);
    assert_eq!(verdict(b"\xc2\xa0a=1", &granted), "drop: undeclared");
    assert_eq!(verdict(b"\xffa=1", &granted), "drop: undeclared");
    assert_eq!(verdict(b"a=\xff\xfe", &granted), "keep");
}

#[test]
fn a_pattern_stands_for_tokens() {
    let granted = decided(Action::Accept);
    let below = RequestFacts::new("GET", "/app/x", now());
    let verdict = |line: &[u8]| verdict_on(line, &granted, &below);
    assert_eq!(verdict(b"pref_=1"), "keep");
    assert_eq!(verdict(b"pref_%!x=1"), "keep");
    for name in [&b"pref_\xff"[..], b"pref_\xc2\xa0", b"pref_a b", b"pref_a\tb", b"pref_a,b", b"pref_\"x\""] {
        let mut line = name.to_vec();
        line.extend_from_slice(b"=1");
        assert_eq!(verdict(&line), "drop: undeclared", "{}", name.escape_ascii());
        assert_eq!(crate::verdict::visible(name, &granted), Err(crate::reason::Reason::Undeclared));
    }
}

#[test]
fn sizes_are_those_of_browsers() {
    let granted = decided(Action::Accept);
    let line = |bytes: usize| format!("a={}", "x".repeat(bytes - 1));
    assert_eq!(verdict(line(4096), &granted), "keep");
    assert_eq!(verdict(line(4097), &granted), "drop: too-large");
    // Browsers ignore an attribute that is too long, so the path of the request decides.
    let request = RequestFacts::new("GET", "/app/x", now());
    let attribute = |bytes: usize| format!("pref_x=1; Path=/{}", "e".repeat(bytes - 1));
    assert_eq!(verdict_on(attribute(1024).as_bytes(), &granted, &request), "drop: scope-wider-than-declared");
    assert_eq!(verdict_on(attribute(1025).as_bytes(), &granted, &request), "keep");
    let earlier = format!("pref_x=1; Path=/other; Path=/app{}", "e".repeat(1024));
    assert_eq!(verdict_on(earlier.as_bytes(), &granted, &request), "drop: scope-wider-than-declared");
    let zeros = format!("hour=1; Max-Age=9; Max-Age={}", "0".repeat(1025));
    assert_eq!(verdict(zeros, &granted), "keep");
}

#[test]
fn prefixes_hold_in_any_letter_case() {
    check(&[
        ("__Host-p=1; Secure; Path=/", "keep"),
        ("__Host-p=1; secure; path=/; Domain=", "keep"),
        ("__Host-p=1; Secure", "drop: malformed"),
        ("__Host-p=1; Path=/", "drop: malformed"),
        ("__Host-p=1; Secure; Path=/x", "drop: malformed"),
        ("__Host-p=1; Secure; Path=/; Path=x", "drop: malformed"),
        ("__Host-p=1; Secure; Path=/; Domain=example.com", "drop: malformed"),
        ("__hOST-p=1; Secure; Path=/", "drop: undeclared"),
        ("__hOST-p=1; Path=/", "drop: malformed"),
        ("__SeCuRe-x=1", "drop: malformed"),
        ("__SeCuRe-x=1; Secure", "drop: undeclared"),
        ("__Http-p=1; Secure; HttpOnly", "keep"),
        ("__Http-p=1; Secure", "drop: malformed"),
        ("__Http-p=1; HttpOnly", "drop: malformed"),
        ("__host-http-x=1; Secure; Path=/", "drop: malformed"),
        ("__host-http-x=1; Secure; Path=/; HttpOnly", "drop: undeclared"),
        ("=__Host-p=1; Secure; Path=/", "drop: nameless"),
        ("a=1; SameSite=None", "drop: malformed"),
        ("a=1; SameSite=none; Secure", "keep"),
        ("a=1; SameSite=None; SameSite=Lax", "keep"),
        ("a=1; SameSite=Lax; SameSite=NONE", "drop: malformed"),
        ("a=1; SameSite=None; SameSite=anything", "keep"),
        ("a=1; Partitioned", "drop: malformed"),
        ("embedded=1; Partitioned; Secure", "keep"),
        ("a=1; Partitioned=no", "drop: malformed"),
    ]);
}

#[test]
fn the_last_attribute_of_a_kind_wins() {
    check(&[
        ("hour=1; Max-Age=0; Max-Age=9", "keep"),
        ("hour=1; Max-Age=9; Max-Age=0", "keep"),
        ("hour=123456789; Max-Age=9; Max-Age=0", "keep"),
        ("hour=123456789; Max-Age=0; Max-Age=9", "drop: value-not-declared"),
        // Browsers store a session cookie.
        ("hour=123456789; Max-Age=0; Max-Age=x", "drop: value-not-declared"),
        ("hour=1; Max-Age=0; Max-Age=x", "keep"),
        ("hour=1; Max-Age=0; Max-Age=", "keep"),
        ("hour=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=9", "keep"),
        ("hour=1; Expires=junk", "keep"),
        ("hour=123456789; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=junk", "drop: value-not-declared"),
        ("hour=123456789; max-age = 0", "keep"),
        ("hour=123456789; Max-Age=-1", "keep"),
        ("hour=123456789; Max-Age=-0", "keep"),
        ("hour=123456789; Max-Age=+0", "drop: value-not-declared"),
        ("hour=123456789; Max-Age=0.0", "drop: value-not-declared"),
        ("hour=123456789; Max-Age=\"0\"", "drop: value-not-declared"),
        ("hour=123456789; Max-Age=-", "drop: value-not-declared"),
        ("hour=123456789; Max-Age=\u{a0}0", "drop: value-not-declared"),
    ]);
}

#[test]
fn a_lifetime_is_cut_to_the_declared_one() {
    check(&[
        ("hour=1; Max-Age=3600", "keep"),
        ("hour=1; Max-Age=3601; Path=/", "lifetime-cut: hour=1; Max-Age=3600; Path=/"),
        ("hour=1;max-age=99999999999999999999;Path=/;X", "lifetime-cut: hour=1; Max-Age=3600;Path=/;X"),
        ("hour=1; Max-Age=5; A; Max-Age=7200; B", "lifetime-cut: hour=1; Max-Age=3600; A; B"),
        ("a=1; Max-Age=34560000", "keep"),
        ("a=1; Max-Age=99999999999999999999", "lifetime-cut: a=1; Max-Age=34560000"),
        ("hour=1; Expires=Mon, 23 Nov 2026 13:00:00 GMT", "keep"),
        ("hour=1; Expires=Mon, 23 Nov 2026 13:01:00 GMT", "keep"),
        (
            "hour=1; Expires=Mon, 23 Nov 2026 13:01:01 GMT; Path=/",
            "lifetime-cut: hour=1; Path=/; Max-Age=3600",
        ),
        ("hour=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT; Max-Age=9", "keep"),
        ("hour=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT; Max-Age=9999", "lifetime-cut: hour=1; Max-Age=3600"),
        // Not a date by the specification, but browsers accept more.
        ("hour=1; Expires=2099-12-31T00:00:00Z; Path=/", "lifetime-cut: hour=1; Path=/"),
        ("a=1; Expires=2099-12-31T00:00:00Z", "keep"),
        ("hour=1; Max-Age=50,399; Path=/", "lifetime-cut: hour=1; Path=/"),
        ("a=1; Max-Age=50,399", "keep"),
        ("hour=1; Max-Age=+60", "keep"),
        ("hour=1; Max-Age=60s; Path=/", "lifetime-cut: hour=1; Path=/"),
        ("hour=1; Max-Age=7200; Max-Age=x", "lifetime-cut: hour=1; Max-Age=3600"),
        ("hour=1; Max-Age=7200; Max-Age=5", "keep"),
        ("hour=1; Max-Age=60; Max-Age=x", "keep"),
        ("tab=1; Max-Age=60; Max-Age=x", "lifetime-cut: tab=1"),
        ("hour=1; Max-Age=9e9; Expires=Fri, 31 Dec 9999 23:59:59 GMT", "lifetime-cut: hour=1; Max-Age=3600"),
        (
            "hour=1; Max-Age=9e9; Expires=Mon, 23 Nov 2026 12:30:00 GMT",
            "lifetime-cut: hour=1; Expires=Mon, 23 Nov 2026 12:30:00 GMT",
        ),
        ("tab=1", "keep"),
        ("tab=1; Path=/; HttpOnly; Priority=High; Unknown=x", "keep"),
        ("tab=1; Max-Age=1; Path=/; Expires=junk", "lifetime-cut: tab=1; Path=/"),
        ("tab=1; Expires=Mon, 23 Nov 2026 12:00:01 GMT", "lifetime-cut: tab=1"),
        ("tab=1; Max-Age=x", "keep"),
    ]);
}

#[test]
fn values_are_the_declared_ones() {
    check(&[
        ("theme=dark", "keep"),
        ("theme=\"dark\"", "drop: value-not-declared"),
        ("theme=Dark", "drop: value-not-declared"),
        ("theme=dark-4f2a", "drop: value-not-declared"),
        ("theme=", "drop: value-not-declared"),
        ("theme=%64ark", "drop: value-not-declared"),
        ("hour=12345678", "keep"),
        ("hour=123456789", "drop: value-not-declared"),
    ]);
}

#[test]
fn scopes_are_the_declared_ones() {
    check(&[
        ("a=1; Domain=example.com", "drop: scope-wider-than-declared"),
        ("a=1; Domain=", "keep"),
        ("a=1; Domain=.", "keep"),
        ("a=1; Domain=example.com; Domain=", "keep"),
        ("shared=1; Domain=example.com", "keep"),
        ("shared=1; Domain=.EXAMPLE.com; Path=/app/x", "keep"),
        ("shared=1; Domain=com", "drop: scope-wider-than-declared"),
        ("shared=1; Domain=notexample.com", "drop: scope-wider-than-declared"),
        ("shared=1; Domain=www.example.com", "drop: scope-wider-than-declared"),
        ("shared=1", "keep"),
        ("pref_x=1; Path=/app", "keep"),
        ("pref_x=1; Path=/app/", "keep"),
        ("pref_x=1; Path=/app/x", "keep"),
        ("pref_x=1; Path=/apple", "drop: scope-wider-than-declared"),
        ("pref_x=1; Path=/", "drop: scope-wider-than-declared"),
        ("pref_x=1", "drop: scope-wider-than-declared"),
        ("pref_x=1; Path=/app; Path=app", "drop: scope-wider-than-declared"),
        ("embedded=1; Secure; Partitioned", "keep"),
        ("embedded=1; Secure", "drop: scope-wider-than-declared"),
        ("a=1; Secure; Partitioned", "drop: scope-wider-than-declared"),
    ]);
    let granted = decided(Action::Accept);
    let below = RequestFacts::new("GET", "/app/settings", now());
    assert_eq!(verdict_on(b"pref_x=1", &granted, &below), "keep");
    assert_eq!(verdict_on(b"pref_x=1; Path=app", &granted, &below), "keep");
    let beside = RequestFacts::new("GET", "/app", now());
    assert_eq!(verdict_on(b"pref_x=1", &granted, &beside), "drop: scope-wider-than-declared");
}

#[test]
fn without_consent_nothing_is_stored() {
    let cases = [
        (undecided(), "undecided"),
        (decided(Action::Refuse), "refused"),
        (decided(Action::Withdraw), "refused"),
        (decided(Action::Erase), "undecided"),
    ];
    for (consent, reason) in cases {
        for line in ["a=1", "theme=dark; Path=/", "pref_x=1; Path=/", "both=1", "theme=other"] {
            assert_eq!(verdict(line, &consent), format!("drop: {reason}"), "{line}");
        }
        assert_eq!(verdict("csrf=1", &consent), "keep");
        assert_eq!(verdict("b=1", &consent), "drop: undeclared");
    }
}

#[test]
fn every_category_must_be_allowed() {
    use crate::consent::Decision;
    let policy = super::policy();
    let category = |name: &str| policy.category(name).unwrap();
    let saved = |names: &[&str]| undecided().decide(&Decision::save(names.iter().map(|name| category(name))));
    assert_eq!(verdict("both=1", &saved(&["functionality", "statistics"])), "keep");
    assert_eq!(verdict("both=1", &saved(&["functionality"])), "drop: refused");
    assert_eq!(verdict("both=1", &saved(&["statistics"])), "drop: refused");
}

#[test]
fn an_exempt_cookie_is_set_where_it_was_asked_for() {
    let refused = decided(Action::Refuse);
    let on = |method, path| {
        verdict_on(b"sid=1; Path=/; HttpOnly", &refused, &RequestFacts::new(method, path, now()))
    };
    assert_eq!(on("POST", "/sign-in"), "keep");
    assert_eq!(on("GET", "/auth/callback"), "keep");
    assert_eq!(on("HEAD", "/auth/callback"), "keep");
    assert_eq!(on("GET", "/auth"), "keep");
    for (method, path) in [
        ("GET", "/sign-in"),
        ("POST", "/sign-in/"),
        ("POST", "/sign-in/x"),
        ("post", "/sign-in"),
        ("GET", "/authentic"),
        ("POST", "/auth/x"),
        ("GET", "/"),
    ] {
        assert_eq!(on(method, path), "drop: not-requested", "{method} {path}");
    }
    let renewed = |cookies| verdict_on(b"sid=2", &refused, &carrying(cookies));
    assert_eq!(renewed("theme=dark; sid=1"), "keep");
    for cookies in ["", "theme=dark", "Sid=1", "sid", "=sid", "xsid=1", "theme=sid=1"] {
        assert_eq!(renewed(cookies), "drop: not-requested", "{cookies}");
    }
    assert_eq!(verdict("sid=; Max-Age=0; Path=/", &refused), "keep", "signing out");
}

#[test]
fn the_consent_cookie_is_nobodys_to_set() {
    for consent in [undecided(), decided(Action::Accept)] {
        for line in [
            "consent=1-20261123.functionality:g",
            "__Host-consent=1-20261123.functionality:g; Secure; Path=/",
            "__Host-consent=1-20261123.functionality:g",
            "consent=; Max-Age=0",
            "__Host-consent=; Max-Age=0; Secure; Path=/",
        ] {
            assert_eq!(verdict(line, &consent), "drop: reserved", "{line}");
        }
        assert_eq!(verdict("consent", &consent), "drop: nameless");
        assert_eq!(verdict("Consent=1", &consent), "drop: undeclared");
    }
}

#[test]
fn deletions_of_what_is_not_allowed_are_written() {
    let past = "Expires=Thu, 01 Jan 1970 00:00:00 GMT";
    let cases: [(String, &str); 19] = [
        ("_ga=GA1.1; Max-Age=0".into(), "deletion-written: _ga=; Max-Age=0"),
        ("_ga=; Max-Age=0; Domain=..example.com".into(), "deletion-written: _ga=; Max-Age=0"),
        (
            "_ga=x; Path=/; Domain=.Example.com; Max-Age=-1; HttpOnly".into(),
            "deletion-written: _ga=; Max-Age=0; Path=/; Domain=Example.com",
        ),
        (format!("_ga=; Path=/x; {past}"), "deletion-written: _ga=; Max-Age=0; Path=/x"),
        (format!("_ga=; Path=x; {past}"), "deletion-written: _ga=; Max-Age=0"),
        (format!("_ga=; Path=/a b; Domain=\u{e9}.com; {past}"), "deletion-written: _ga=; Max-Age=0"),
        (format!("_ga=1; {past}; Max-Age=9"), "drop: undeclared"),
        (format!("_ga=1; {past}; Max-Age=9e9"), "drop: undeclared"),
        ("_ga=1; Max-Age=0; Max-Age=x".into(), "drop: undeclared"),
        ("\"x\"=; Max-Age=0".into(), "drop: undeclared"),
        ("\u{e9}=; Max-Age=0".into(), "drop: undeclared"),
        ("theme=dark; Max-Age=0".into(), "deletion-written: theme=; Max-Age=0"),
        ("__Host-x=; Max-Age=0".into(), "deletion-written: __Host-x=; Max-Age=0; Path=/; Secure"),
        (
            "__Host-x=; Max-Age=0; Path=/x; Domain=example.com; SameSite=None".into(),
            "deletion-written: __Host-x=; Max-Age=0; Path=/; Secure; SameSite=None",
        ),
        (
            "x=; Max-Age=0; Path=/; Domain=example.com; SameSite=None".into(),
            "deletion-written: x=; Max-Age=0; Path=/; Domain=example.com",
        ),
        ("x=; Max-Age=0; Partitioned".into(), "deletion-written: x=; Max-Age=0; Secure; Partitioned"),
        (
            "__Host-x=1; Secure; Path=/; Max-Age=0".into(),
            "deletion-written: __Host-x=; Max-Age=0; Path=/; Secure",
        ),
        (
            "__HTTP-x=1; Secure; HttpOnly; Path=/; Max-Age=0".into(),
            "deletion-written: __HTTP-x=; Max-Age=0; Path=/; Secure; HttpOnly",
        ),
        (
            "x=1; Secure; Path=/; Max-Age=0; Partitioned; SameSite=None".into(),
            "deletion-written: x=; Max-Age=0; Path=/; Secure; SameSite=None; Partitioned",
        ),
    ];
    for consent in [undecided(), decided(Action::Refuse)] {
        for (line, expected) in &cases {
            assert_eq!(verdict(line, &consent), *expected, "{line}");
        }
    }
}

#[test]
fn deletions_of_what_is_allowed_are_kept() {
    check(&[
        ("theme=deleted; Max-Age=0; Domain=example.com", "keep"),
        ("theme=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/x", "keep"),
        ("theme=dark; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "keep"),
        // No browser reads this as a deletion.
        ("__Host-p=; Max-Age=0", "deletion-written: __Host-p=; Max-Age=0; Path=/; Secure"),
        // A browser whose clock is slow would store these cookies.
        (
            "theme=4f2a; Expires=Mon, 23 Nov 2026 11:59:59 GMT; Path=/",
            "deletion-written: theme=; Max-Age=0; Path=/",
        ),
        (
            "theme=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Domain=example.com",
            "deletion-written: theme=; Max-Age=0; Domain=example.com",
        ),
    ]);
}

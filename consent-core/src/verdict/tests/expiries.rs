use super::{decided, policy, undecided};
use crate::consent::{Action, Choice, Choices, Circumstances, Consent, CookieName, Decision, Source, State};
use crate::reason::Reason;
use crate::verdict::{Expiries, visible};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

fn on_page(consent: &Consent, cookies: &str) -> Vec<String> {
    Expiries::on_page(consent, [cookies.as_bytes()], false).collect()
}

fn on_decision(consent: &Consent, cookies: &str) -> Vec<String> {
    Expiries::on_decision(consent, [cookies.as_bytes()]).collect()
}

#[test]
fn a_refusal_clears_every_declared_cookie_everywhere() {
    let expected = [
        "pref_x=; Max-Age=0; Path=/app",
        "theme=; Max-Age=0; Path=/",
        "a=; Max-Age=0; Path=/",
        "hour=; Max-Age=0; Path=/",
        "tab=; Max-Age=0; Path=/",
        "shared=; Max-Age=0; Path=/; Domain=example.com",
        "shared=; Max-Age=0; Path=/",
        "shared=; Max-Age=0; Path=/app; Domain=example.com",
        "shared=; Max-Age=0; Path=/app",
        "embedded=; Max-Age=0; Path=/; Secure; SameSite=None; Partitioned",
        "both=; Max-Age=0; Path=/",
        "__Host-p=; Max-Age=0; Path=/; Secure",
        "__Http-p=; Max-Age=0; Path=/; Secure; HttpOnly",
    ];
    let cookies = "__Host-consent=x; sid=1; csrf=2; pref_x=1; _ga=1; pref_\"=1; old=1; pref_x=2";
    for action in [Action::Refuse, Action::Withdraw, Action::Object, Action::Erase] {
        assert_eq!(on_decision(&decided(action), cookies), expected, "{action}");
    }
    assert_eq!(on_decision(&decided(Action::Accept), cookies), [""; 0]);
}

#[test]
fn a_part_that_is_refused_is_cleared() {
    let functionality = policy().category("functionality").unwrap();
    let saved = undecided().decide(&Decision::save([functionality]));
    assert_eq!(on_decision(&saved, "theme=dark"), ["both=; Max-Age=0; Path=/"]);
}

#[test]
fn a_page_clears_what_the_request_carried() {
    let cookies =
        "theme=dark; sid=1; csrf=1; consent=1; __Host-consent=1; _ga=1; old=1; legacy_7=1; theme=light";
    let retired = [
        "old=; Max-Age=0; Path=/",
        "old=; Max-Age=0; Path=/old",
        "legacy_7=; Max-Age=0; Path=/; Domain=example.com",
        "legacy_7=; Max-Age=0; Path=/",
    ];
    let theme = "theme=; Max-Age=0; Path=/";
    // A script may have stored them for the whole scope, although they are declared for this host.
    let wide_theme = "theme=; Max-Age=0; Path=/; Domain=example.com";
    let wide_retired =
        ["old=; Max-Age=0; Path=/; Domain=example.com", "old=; Max-Age=0; Path=/old; Domain=example.com"];
    for consent in [undecided(), decided(Action::Refuse)] {
        let expected = [&[theme][..], &retired, &[wide_theme], &wide_retired].concat();
        assert_eq!(on_page(&consent, cookies), expected);
        assert_eq!(on_page(&consent, "sid=1"), [""; 0]);
    }
    assert_eq!(on_page(&decided(Action::Accept), cookies), [&retired[..], &wide_retired].concat());
}

#[test]
fn what_was_set_below_the_declared_path_is_cleared_there() {
    let refused = decided(Action::Refuse);
    let at = |path, cookies: &str| -> Vec<_> {
        Expiries::on_page_at(path, &refused, [cookies.as_bytes()], false).collect()
    };
    assert_eq!(
        at("/settings/theme", "theme=dark; pref_x=1; __Host-p=1"),
        [
            "theme=; Max-Age=0; Path=/",
            "pref_x=; Max-Age=0; Path=/app",
            "__Host-p=; Max-Age=0; Path=/; Secure",
            "theme=; Max-Age=0; Path=/settings",
            "theme=; Max-Age=0; Path=/settings/theme",
            "theme=; Max-Age=0; Path=/; Domain=example.com",
            "pref_x=; Max-Age=0; Path=/app; Domain=example.com",
        ]
    );
    assert_eq!(
        at("/app/x/", "pref_x=1"),
        [
            "pref_x=; Max-Age=0; Path=/app",
            "pref_x=; Max-Age=0; Path=/app/x",
            "pref_x=; Max-Age=0; Path=/app/x/",
            "pref_x=; Max-Age=0; Path=/app; Domain=example.com",
        ]
    );
    for odd in ["/a;Domain=com/x", "/a b/x", "*", "", "/\u{e9}"] {
        assert_eq!(
            at(odd, "theme=dark"),
            ["theme=; Max-Age=0; Path=/", "theme=; Max-Age=0; Path=/; Domain=example.com"],
            "{odd}"
        );
    }
    let deep = "/a".repeat(1000);
    assert!(at(&deep, "theme=dark; pref_x=1; a=1").len() <= 20);
}

#[test]
fn undeclared_cookies_are_swept_where_that_is_asked_for() {
    let granted = decided(Action::Accept);
    let cookies = b"theme=dark; _ga=1; __Host-x=1; caf\xe9=1; consent=1; =x; y";
    let lines: Vec<_> = Expiries::on_page(&granted, [&cookies[..]], true).collect();
    assert_eq!(lines, ["_ga=; Max-Age=0; Path=/", "__Host-x=; Max-Age=0; Path=/; Secure"]);
}

#[test]
fn what_merely_lapsed_is_hidden_and_not_cleared() {
    let policy = policy();
    let circumstances = Circumstances::new(super::now().date());
    let given = |revision, age: i64| {
        let mut choices = Choices::NONE;
        let day = super::now().date() - time::Duration::days(age);
        for position in 0..2 {
            choices.set(position, Choice::new(State::Granted, revision, day));
        }
        Consent::from_choices(&policy, choices, Source::Cookie, circumstances)
    };
    let expired = given(1, 181);
    assert_eq!(visible(b"theme", &expired), Err(Reason::Expired));
    assert_eq!(on_page(&expired, "theme=dark"), [""; 0]);
    let newer = given(2, 0);
    assert_eq!(visible(b"theme", &newer), Err(Reason::NewerRevision));
    assert_eq!(on_page(&newer, "theme=dark; old=1"), [""; 0]);
    let unknown = Consent::unknown(&policy, circumstances);
    assert_eq!(visible(b"theme", &unknown), Err(Reason::Undecided));
    assert_eq!(on_page(&unknown, "theme=dark; old=1"), [""; 0]);
}

#[test]
fn an_answer_does_not_burst_the_buffers_of_proxies() {
    let refused = decided(Action::Refuse);
    let many = (0..100).fold(String::new(), |line, at| format!("{line}; pref_{at}=1"));
    let lines = on_page(&refused, &many);
    assert_eq!(lines.len(), 20);
    let long = (0..100).fold(String::new(), |line, at| format!("{line}; pref_{at}{}=1", "x".repeat(500)));
    let lines = on_page(&refused, &long);
    assert!(lines.len() > 1 && lines.iter().map(String::len).sum::<usize>() <= 2048);
}

#[test]
fn tens_of_thousands_of_cookies_are_not_compared_with_each_other() {
    let refused = decided(Action::Refuse);
    // Few lines use up the bytes; none of the others fits after them.
    let first = (0..4).fold(String::new(), |line, at| format!("{line}; pref_{at}{}=1", "x".repeat(470)));
    let many = (0..40_000).fold(first, |line, at| format!("{line}; pref_{at:020}=1"));
    let begun = std::time::Instant::now();
    assert!(on_page(&refused, &many).len() < 20);
    assert!(on_decision(&refused, &many).len() < 20);
    let taken = begun.elapsed();
    assert!(taken.as_secs() < 10, "{taken:?}: minutes, where each is compared with all before it");
}

#[test]
fn the_application_sees_what_is_allowed() {
    let (refused, granted) = (decided(Action::Refuse), decided(Action::Accept));
    for name in ["sid", "csrf"] {
        assert_eq!(visible(name.as_bytes(), &refused), Ok(()), "{name}");
    }
    // The consent cookie is shown if the consent was read from it.
    let line: &[u8] = b"__Host-consent=1-20261123.functionality:r";
    let read = Consent::from_lines(refused.policy(), [line], CookieName::Host, refused.circumstances());
    for name in ["__Host-consent", "consent"] {
        assert_eq!(visible(name.as_bytes(), &read), Ok(()), "{name}");
        assert_eq!(visible(name.as_bytes(), &undecided()), Err(Reason::Reserved), "{name}");
    }
    for name in ["theme", "pref_x", "both"] {
        assert_eq!(visible(name.as_bytes(), &refused), Err(Reason::Refused), "{name}");
        assert_eq!(visible(name.as_bytes(), &undecided()), Err(Reason::Undecided), "{name}");
        assert_eq!(visible(name.as_bytes(), &granted), Ok(()), "{name}");
    }
    for name in ["", "_ga", "Theme", "theme ", "pref", "old", "stored", "%74heme"] {
        assert_eq!(visible(name.as_bytes(), &granted), Err(Reason::Undeclared), "{name}");
    }
}

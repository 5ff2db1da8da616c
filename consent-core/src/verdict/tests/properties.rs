//! Properties of verdicts on any header.

use super::{carrying, decided, now, policy, undecided};
use crate::consent::Carried;
use crate::consent::{Action, Consent, RESERVED_NAMES};
use crate::cookies::{CookiePair, SetCookie, cookie_pairs};
use crate::reason::{Amendment, Reason};
use crate::testing::strategies::set_cookie_lines;
use crate::verdict::{Expiries, MAX_EXPIRY_BYTES, MAX_EXPIRY_LINES, RequestFacts, Verdict, judge, visible};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use proptest::collection::vec;
use proptest::prelude::*;

/// Names that the policy declares, and some that it does not.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    set_cookie_lines(&[
        "a", "theme", "hour", "tab", "pref_x", "shared", "embedded", "both", "sid", "csrf", "__Host-p",
    ])
}

fn facts() -> RequestFacts<'static> {
    RequestFacts::new("GET", "/app/page", now())
}

fn read(line: &[u8]) -> SetCookie<'_> {
    SetCookie::parse(line).unwrap()
}

/// Returns all properties of a cookie except its lifetime.
fn identity<'a>(cookie: &SetCookie<'a>) -> impl PartialEq + core::fmt::Debug + use<'a> {
    let flags = (cookie.secure(), cookie.http_only(), cookie.partitioned(), cookie.same_site());
    (cookie.name(), cookie.value(), cookie.path(), cookie.domain(), flags)
}

fn visitors() -> [Consent; 3] {
    [undecided(), decided(Action::Refuse), decided(Action::Accept)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 1000 }))]

    #[test]
    fn any_bytes_get_a_verdict(line in vec(any::<u8>(), 0..64), path in "\\PC*", method in "\\PC*") {
        let consent = undecided();
        let judged = judge(&line, &consent, &RequestFacts::new(&method, &path, now()));
        prop_assert_eq!(line.get(judged.name_range()), Some(judged.name));
        let _ = visible(&line, &consent);
        let _ = Carried::from_lines(&policy(), [&line[..]]);
        let _ = crate::cookies::read_date(&line);
        let _ = Expiries::on_page_at(&path, &consent, [&line[..]], true).count();
    }

    #[test]
    fn less_consent_never_keeps_more(line in lines()) {
        let [undecided, refused, granted] = visitors();
        let keeps = |consent| judge(&line, consent, &facts()).verdict == Verdict::Keep;
        prop_assert!(keeps(&refused) <= keeps(&granted));
        prop_assert!(keeps(&undecided) <= keeps(&granted));
        prop_assert_eq!(keeps(&undecided), keeps(&refused));
    }

    #[test]
    fn what_is_not_declared_is_not_stored(line in lines()) {
        for consent in visitors() {
            let judged = judge(&line, &consent, &facts());
            if judged.declaration.is_none() {
                match judged.verdict {
                    Verdict::Keep => prop_assert!(false, "kept"),
                    Verdict::Amend { line, .. } => prop_assert_eq!(read(&line).max_age(), Some(0)),
                    Verdict::Drop(_) => {}
                }
            }
        }
    }

    #[test]
    fn the_name_stands_where_it_is_said_to(line in lines()) {
        let granted = decided(Action::Accept);
        let judged = judge(&line, &granted, &facts());
        prop_assert_eq!(line.get(judged.name_range()), Some(judged.name));
        if let Some(declared) = judged.declaration {
            prop_assert!(declared.name.matches(judged.name));
            prop_assert!(!RESERVED_NAMES.iter().any(|reserved| reserved.as_bytes() == judged.name));
        }
    }

    #[test]
    fn what_is_amended_stays_as_it_is(line in lines()) {
        for consent in visitors() {
            let judged = judge(&line, &consent, &facts());
            let Verdict::Amend { amendment, line: amended } = judged.verdict else { continue };
            let again = judge(&amended, &consent, &facts());
            prop_assert_eq!(again.name, judged.name);
            let stands = again.verdict == Verdict::Keep
                || matches!(again.verdict, Verdict::Amend { amendment: Amendment::DeletionWritten, .. });
            prop_assert!(stands, "{}", amended.escape_ascii());
            let cookie = read(&amended);
            if amendment == Amendment::LifetimeCut {
                prop_assert_eq!(identity(&read(&line)), identity(&cookie));
            } else {
                prop_assert_eq!(amendment, Amendment::DeletionWritten);
                prop_assert_eq!((cookie.value(), cookie.max_age()), (&b""[..], Some(0)));
                prop_assert!(!cookie.is_refused_by_browsers(), "{}", amended.escape_ascii());
                if let Verdict::Amend { line: again, .. } = again.verdict {
                    prop_assert_eq!(again.escape_ascii().to_string(), amended.escape_ascii().to_string());
                }
            }
        }
    }

    #[test]
    fn what_is_kept_stays_no_longer_than_declared(line in lines()) {
        let granted = decided(Action::Accept);
        let judged = judge(&line, &granted, &facts());
        if judged.verdict == Verdict::Keep {
            let cookie = read(&line);
            let declared = judged.declaration.map(|declared| declared.lifetime);
            let limit = match declared {
                Some(crate::policy::Lifetime::Seconds(seconds)) => i64::from(seconds),
                _ => 0,
            };
            prop_assert!(cookie.max_age().is_none_or(|seconds| seconds <= limit));
            if cookie.max_age().is_none() {
                let left = cookie.expires().map(|date| (date - now()).whole_seconds());
                prop_assert!(left.is_none_or(|left| left <= limit + 60));
            }
        }
    }

    #[test]
    fn expiries_delete_and_fit(cookies in vec(lines(), 0..12), sweep: bool) {
        let header = cookies.join(&b"; "[..]);
        for consent in visitors() {
            for expiries in [
                Expiries::on_decision(&consent, [&header[..]]),
                Expiries::on_page_at("/app/page", &consent, [&header[..]], sweep),
            ] {
                let lines: Vec<_> = expiries.collect();
                prop_assert!(lines.len() <= MAX_EXPIRY_LINES);
                prop_assert!(lines.iter().map(String::len).sum::<usize>() <= MAX_EXPIRY_BYTES);
                for line in &lines {
                    let cookie = read(line.as_bytes());
                    prop_assert_eq!((cookie.value(), cookie.max_age()), (&b""[..], Some(0)));
                    prop_assert!(!cookie.is_refused_by_browsers(), "{}", line);
                    prop_assert!(visible(cookie.name(), &consent).is_err(), "{}", line);
                }
            }
        }
    }

    #[test]
    fn what_a_request_carried_is_known(cookies in "(sid|theme|draft_1|_ga|x|[a-z= \t]{0,5})(=[a-z]{0,3})?(; ?(sid|theme|draft_1|[a-z= \t]{0,5})(=[a-z]{0,3})?){0,3}") {
        let carried = Carried::from_lines(&policy(), [cookies.as_bytes()]);
        let has = cookies.split(';').any(|pair| pair.strip_prefix(' ').unwrap_or(pair).starts_with("sid="));
        let facts = RequestFacts::new("GET", "/", now()).with_carried(carried);
        prop_assert_eq!(judge(b"sid=1", &undecided(), &facts).verdict == Verdict::Keep, has);
        for consent in visitors() {
            let shown = |pair: CookiePair<'_>| pair.as_bytes().is_empty() || visible(pair.name(), &consent).is_ok();
            prop_assert_eq!(consent.shows_all(carried), cookie_pairs(cookies.as_bytes()).all(shown));
        }
    }
}

#[test]
fn a_request_over_http2_has_a_line_for_each_pair() {
    let pairs = [&b"theme=dark"[..], b"sid=1"];
    let carried = Carried::from_lines(&policy(), pairs);
    let one = RequestFacts::new("GET", "/", now()).with_carried(carried);
    let refused = decided(Action::Refuse);
    assert_eq!(judge(b"sid=2", &refused, &one).verdict, Verdict::Keep);
    assert_eq!(
        judge(b"sid=2", &refused, &carrying("theme=dark")).verdict,
        Verdict::Drop(Reason::NotRequested)
    );
}

//! The verdicts on the unusual headers of the corpus. `browser/corpus/` sends the same headers to real
//! browsers.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use consent_core::consent::{Action, Circumstances, Decision};
use consent_core::policy::{Kind, Name};
use consent_core::verdict::{RequestFacts, judge};
use consent_core::{Amendment, Consent, Policy, Verdict};
use fuzz::browser::pair;
use http::HeaderValue;
use std::collections::HashSet;
use tests::corpus::{Answer, Expected, answers, policy};
use time::UtcDateTime;

const DOMAIN: &str = "site.example";

fn corpus() -> Vec<Answer> {
    answers(DOMAIN).unwrap_or_else(|error| panic!("{error}"))
}

fn now() -> UtcDateTime {
    UtcDateTime::from_unix_timestamp(1_795_435_200).unwrap()
}

fn decided(action: Action) -> Consent {
    let policy = Policy::from_toml(&policy(DOMAIN)).unwrap();
    Consent::undecided(&policy, Circumstances::new(now().date())).decide(&Decision::new(action))
}

fn verdict(line: &[u8], consent: &Consent) -> Verdict {
    judge(line, consent, &RequestFacts::new("GET", "/set/1", now())).verdict
}

/// Returns the header that the layer sends, if any.
fn leaves(line: &[u8], verdict: &Verdict) -> Option<Vec<u8>> {
    match verdict {
        Verdict::Keep => Some(line.to_vec()),
        Verdict::Amend { line, .. } => Some(line.clone()),
        _ => None,
    }
}

/// Whether a policy can declare a name.
fn is_plain(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic() && !b"\",;=\\".contains(byte))
}

/// Returns whether a policy declares a name: byte for byte, or by a pattern.
fn declares(policy: &Policy, name: &[u8], exempt_only: bool) -> bool {
    policy.storage().iter().any(|declared| {
        declared.kind == Kind::Cookie
            && (!exempt_only || declared.exempt.is_some())
            && match &declared.name {
                Name::Exact(exact) => exact.as_bytes() == name,
                pattern => {
                    let (start, end) = (pattern.literal().as_bytes(), pattern.suffix().as_bytes());
                    let fits = name.len() >= start.len() + end.len();
                    is_plain(name) && fits && name.starts_with(start) && name.ends_with(end)
                }
            }
    })
}

#[test]
fn there_are_enough_responses_and_none_twice() {
    let corpus = corpus();
    let different: HashSet<_> = corpus.iter().map(|answer| &answer.source).collect();
    assert_eq!(different.len(), corpus.len());
    let held = corpus
        .iter()
        .filter(|answer| answer.lines.iter().all(|line| HeaderValue::from_bytes(&line.bytes).is_ok()));
    assert!(held.count() > 900);
}

#[test]
fn every_header_gets_the_verdict_beside_it() {
    let granted = decided(Action::Accept);
    for line in corpus().iter().flat_map(|answer| &answer.lines) {
        let verdict = verdict(&line.bytes, &granted);
        let fits = match &verdict {
            Verdict::Keep => line.expected != Expected::Drop,
            Verdict::Amend { amendment: Amendment::DeletionWritten, .. } => line.expected == Expected::Gone,
            Verdict::Amend { amendment: Amendment::LifetimeCut, .. } => {
                matches!(line.expected, Expected::Keep | Expected::Differ)
            }
            _ => line.expected == Expected::Drop,
        };
        assert!(fits, "{}: {verdict:?} of {}", line.expected.as_str(), line.bytes.escape_ascii());
    }
}

#[test]
fn kept_headers_have_a_declared_name() {
    for (action, exempt_only) in [(Action::Accept, false), (Action::Refuse, true)] {
        let consent = decided(action);
        for line in corpus().iter().flat_map(|answer| &answer.lines) {
            let verdict = verdict(&line.bytes, &consent);
            let Some(left) = leaves(&line.bytes, &verdict) else { continue };
            let (name, value) = pair(&left).unwrap_or_else(|| panic!("{} left", left.escape_ascii()));
            let is_written_deletion =
                matches!(verdict, Verdict::Amend { amendment: Amendment::DeletionWritten, .. });
            if is_written_deletion {
                let canonical = left.windows(12).any(|window| window == b"=; Max-Age=0");
                assert!(is_plain(name) && value.is_empty() && canonical, "{}", left.escape_ascii());
            } else {
                let declared = declares(consent.policy(), name, exempt_only);
                assert!(declared, "{} left", left.escape_ascii());
                assert_eq!(pair(&line.bytes), Some((name, value)), "name and value are never amended");
            }
        }
    }
}

/// Truncated headers, and headers with one byte changed, are new unusual headers.
#[test]
fn mutated_headers_do_no_harm() {
    let granted = decided(Action::Accept);
    let check = |line: &[u8]| {
        let verdict = verdict(line, &granted);
        let Some(left) = leaves(line, &verdict) else { return };
        let name = pair(&left).map(|(name, _)| name).unwrap_or_default();
        let deletes = matches!(verdict, Verdict::Amend { amendment: Amendment::DeletionWritten, .. });
        assert!(deletes || declares(granted.policy(), name, false), "{} left", left.escape_ascii());
    };
    let corpus = corpus();
    let lines = corpus.iter().flat_map(|answer| &answer.lines);
    for line in lines.filter(|line| line.bytes.len() < 500) {
        let mut bytes = line.bytes.clone();
        for at in 0..bytes.len().min(32) {
            check(&bytes[..at]);
            check(&bytes[at..]);
            let before = bytes[at];
            for other in [b'=', b';', b' ', b'\t', b'"', b'%', 0, 0xa0, 0xff] {
                bytes[at] = other;
                check(&bytes);
            }
            bytes[at] = before;
        }
    }
}

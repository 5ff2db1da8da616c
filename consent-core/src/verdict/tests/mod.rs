//! Tests of whole verdicts, on one policy that uses every feature.

mod expiries;
mod floor;
mod properties;
mod vectors;

use super::{RequestFacts, Verdict, judge};
use crate::consent::{Action, Carried, Circumstances, Consent, Decision};
use crate::policy::Policy;
use crate::reason::Reason;
use alloc::string::String;
use std::sync::LazyLock;
use time::{Date, Month, Time, UtcDateTime};

pub(super) fn policy() -> Policy {
    static POLICY: LazyLock<Policy> =
        LazyLock::new(|| Policy::from_toml(include_str!("policy.toml")).unwrap());
    POLICY.clone()
}

/// Noon of a day, so that dates before and after it are easy to write.
pub(super) fn now() -> UtcDateTime {
    let day = Date::from_calendar_date(2026, Month::November, 23).unwrap();
    UtcDateTime::new(day, Time::from_hms(12, 0, 0).unwrap())
}

pub(super) fn undecided() -> Consent {
    Consent::undecided(&policy(), Circumstances::new(now().date()))
}

pub(super) fn decided(action: Action) -> Consent {
    undecided().decide(&Decision::new(action))
}

/// Returns the verdict on a header in a response to `GET /`, in words: `keep`, `drop: undeclared`, or the
/// amended header.
pub(super) fn verdict(line: impl AsRef<[u8]>, consent: &Consent) -> String {
    verdict_on(line.as_ref(), consent, &RequestFacts::new("GET", "/", now()))
}

pub(super) fn verdict_on(line: &[u8], consent: &Consent, request: &RequestFacts<'_>) -> String {
    match judge(line, consent, request).verdict {
        Verdict::Keep => "keep".into(),
        Verdict::Drop(reason) => alloc::format!("drop: {reason}"),
        Verdict::Amend { amendment, line } => alloc::format!("{amendment}: {}", line.escape_ascii()),
    }
}

pub(super) fn carrying(cookies: &str) -> RequestFacts<'static> {
    RequestFacts::new("GET", "/", now()).with_carried(Carried::from_lines(&policy(), [cookies.as_bytes()]))
}

#[test]
fn reasons_have_one_word_each() {
    let mut words: alloc::vec::Vec<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Reason::ALL.len());
}

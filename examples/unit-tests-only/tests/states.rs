//! The feature in every state of consent.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use consent_core::policy::Jurisdiction;
use consent_core::testing::{self, Visitor, VisitorState};
use std::collections::BTreeMap;
use unit_tests_only::{Currency, Note, currency, note, policy};

#[test]
fn a_remembered_currency_counts_only_if_it_is_allowed() {
    let allowing = ["granted", "granted in GB", "informed in GB"];
    for (name, consent) in testing::consents(&policy().unwrap()) {
        let shown = currency(&consent, None, Some(Currency::Pound));
        let expected = if allowing.contains(&name.as_str()) { Currency::Pound } else { Currency::Euro };
        assert_eq!(shown, expected, "{name}");
    }
}

#[test]
fn a_currency_in_the_request_needs_no_consent() {
    for (name, consent) in testing::consents(&policy().unwrap()) {
        let shown = currency(&consent, Some(Currency::Dollar), Some(Currency::Pound));
        assert_eq!(shown, Currency::Dollar, "{name}");
        assert_eq!(currency(&consent, None, None), Currency::Euro, "{name}");
    }
}

#[test]
fn the_note_asks_only_if_a_decision_is_due() {
    let expected = [
        ("undecided", Note::AskFirst),
        ("unreadable", Note::AskFirst),
        ("granted", Note::Remembered),
        ("refused", Note::ThisPageOnly),
        ("objected", Note::ThisPageOnly),
        ("signalled", Note::ThisPageOnly),
        ("stale", Note::AskFirst),
        ("expired", Note::AskFirst),
        ("future date", Note::AskFirst),
        // Another server has a newer revision, and has asked the visitor already.
        ("newer revision", Note::ThisPageOnly),
        // In Great Britain the page shows a notice instead of a question. From the next page on, the choice
        // is remembered.
        ("undecided in GB", Note::ThisPageOnly),
        ("unreadable in GB", Note::ThisPageOnly),
        ("informed in GB", Note::Remembered),
        ("granted in GB", Note::Remembered),
        ("refused in GB", Note::ThisPageOnly),
        ("objected in GB", Note::ThisPageOnly),
        ("signalled in GB", Note::ThisPageOnly),
        ("stale in GB", Note::ThisPageOnly),
        ("expired in GB", Note::ThisPageOnly),
        ("future date in GB", Note::ThisPageOnly),
        ("newer revision in GB", Note::ThisPageOnly),
    ];
    let consents = testing::consents(&policy().unwrap());
    let notes = consents.iter().map(|(name, consent)| (name.as_str(), note(consent)));
    // Compares maps, so that a missing state fails too.
    assert_eq!(notes.collect::<BTreeMap<_, _>>(), BTreeMap::from(expected));
}

#[test]
fn one_visitor_in_one_place() {
    let policy = policy().unwrap();
    let french = Visitor::new(&policy).with_jurisdiction(Jurisdiction::parse("FR").ok());
    assert_eq!(note(&french.consent(VisitorState::Stale).unwrap()), Note::AskFirst);
    assert_eq!(note(&french.consent(VisitorState::Granted).unwrap()), Note::Remembered);
    // In France nothing is objectable, so no visitor there is only notified.
    assert!(french.consent(VisitorState::Informed).is_none());
}

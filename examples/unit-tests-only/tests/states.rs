//! The feature in every state that a visitor can be in.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use consent_core::policy::Jurisdiction;
use consent_core::testing::{self, Visitor, VisitorState};
use std::collections::BTreeMap;
use unit_tests_only::{Currency, Note, currency, note, policy};

#[test]
fn a_remembered_currency_counts_where_it_is_allowed_and_nowhere_else() {
    let allowing = ["granted", "granted in GB", "informed in GB"];
    for (name, consent) in testing::consents(&policy().unwrap()) {
        let shown = currency(&consent, None, Some(Currency::Pound));
        let expected = if allowing.contains(&name.as_str()) { Currency::Pound } else { Currency::Euro };
        assert_eq!(shown, expected, "{name}");
    }
}

#[test]
fn what_is_asked_for_with_a_page_needs_no_consent() {
    for (name, consent) in testing::consents(&policy().unwrap()) {
        let shown = currency(&consent, Some(Currency::Dollar), Some(Currency::Pound));
        assert_eq!(shown, Currency::Dollar, "{name}");
        assert_eq!(currency(&consent, None, None), Currency::Euro, "{name}");
    }
}

#[test]
fn the_note_asks_where_a_question_is_due_and_never_after_a_no() {
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
        // Another server is ahead of this one: it has asked what there is to ask.
        ("newer revision", Note::ThisPageOnly),
        // In Great Britain nothing is asked; the page tells of it, and from the next one on the choice is
        // remembered.
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
    // As maps, so that a state that is missing here is a failure too.
    assert_eq!(notes.collect::<BTreeMap<_, _>>(), BTreeMap::from(expected));
}

#[test]
fn one_visitor_in_one_place() {
    let policy = policy().unwrap();
    let french = Visitor::new(&policy).with_jurisdiction(Jurisdiction::parse("FR").ok());
    assert_eq!(note(&french.consent(VisitorState::Stale).unwrap()), Note::AskFirst);
    assert_eq!(note(&french.consent(VisitorState::Granted).unwrap()), Note::Remembered);
    // Nothing is objectable in France, so that nobody there can merely have been told.
    assert!(french.consent(VisitorState::Informed).is_none());
}

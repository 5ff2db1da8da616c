use super::{assert_mistake, good, storage, with};
use crate::policy::Language;
use crate::policy::MistakeKind::{Invalid, Missing, UnknownKey, Wording};
use std::string::String;

fn in_two_languages(purpose: &str) -> String {
    with(&storage(purpose)).replace("languages = [\"en\"]", "languages = [\"en\", \"de\"]")
}

#[test]
fn one_language_needs_no_table() {
    let policy = good(&with(&storage("purpose = \"Remembers it.\"")));
    let english = Language::parse("en").unwrap();
    assert_eq!(policy.storage()[0].purpose.get(&english), Some(("Remembers it.", &english)));

    let document = in_two_languages("purpose = \"Remembers it.\" # <-");
    assert_mistake(&document, Invalid, "storage[0].purpose", "\"Remembers it.\"");
}

#[test]
fn the_first_language_is_needed_and_goes_first() {
    let document = in_two_languages("purpose.de = \"Merkt es sich.\" # <-");
    assert_mistake(&document, Missing, "storage[0].purpose.en", "");

    let policy = good(&in_two_languages("purpose.de = \"Merkt es sich.\"\npurpose.EN = \"Remembers it.\""));
    let french = Language::parse("fr").unwrap();
    assert_eq!(policy.storage()[0].purpose.get(&french).unwrap().0, "Remembers it.");
}

#[test]
fn a_language_that_the_policy_does_not_have() {
    for tag in ["fr", "english", "\"\""] {
        let document = in_two_languages(&std::format!("purpose.en = \"It.\"\npurpose.{tag} = \"Ça.\" # <-"));
        assert_mistake(&document, UnknownKey, &std::format!("storage[0].purpose.{tag}"), "\"Ça.\"");
    }
}

#[test]
fn a_language_stands_once() {
    let document = in_two_languages("purpose.en = \"It.\"\npurpose.EN = \"It.\"");
    let mistakes = super::mistakes(&document);
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].kind, Invalid);
}

#[test]
fn a_text_is_not_empty() {
    for wrong in ["\"\"", "\"  \"", "3"] {
        let document = with(&storage(&std::format!("purpose.en = {wrong} # <-")));
        assert_mistake(&document, Invalid, "storage[0].purpose.en", wrong);
    }
    let document = with(&storage("purpose = [] # <-"));
    assert_mistake(&document, Invalid, "storage[0].purpose", "[]");
}

#[test]
fn no_text_claims_consent_by_use() {
    let claim = "\"By using this website you consent to it.\"";
    for key in ["purpose", "readers", "required_by"] {
        let document = with(&storage(&std::format!("{key}.en = {claim} # <-")));
        assert_mistake(&document, Wording, &std::format!("storage[0].{key}.en"), claim);
    }
    let document =
        in_two_languages("purpose.en = \"It.\"\npurpose.de = \"Durch die Nutzung stimmen Sie zu.\" # <-");
    assert_mistake(&document, Wording, "storage[0].purpose.de", "\"Durch die Nutzung stimmen Sie zu.\"");
}

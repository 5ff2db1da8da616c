use super::{CATEGORY, assert_mistake, good, storage, with, with_root};
use crate::policy::MistakeKind::{Invalid, LifetimeTooLong, Missing, UnknownKey, Wording};
use crate::policy::{Category, Jurisdiction, Regime, Signal};
use std::format;
use std::string::String;

/// Returns a valid document with more lines in `[categories.functionality]`.
fn functionality(lines: &str) -> String {
    with(&format!("{lines}\n"))
}

fn category(name: &str) -> String {
    format!("[categories.{name}]\npurpose.en = \"It.\"\n")
}

#[test]
fn everything_that_a_category_can_say() {
    let policy = good(&functionality(
        "regime = \"objectable\"\nregimes = { GB = \"objectable\", us-ca = \"opt-in\" }\nsignals = [\"gpc\"]\nlabel.en = \"Memory\"",
    ));
    let declared = &policy.categories()[0];
    assert_eq!(declared.category, Category::FUNCTIONALITY);
    assert_eq!(declared.regime, Regime::Objectable);
    assert_eq!(declared.regime_in(Jurisdiction::parse("US-CA").ok()), Regime::OptIn);
    assert_eq!(declared.signals, [Signal::Gpc]);
    assert!(!declared.label.is_empty());
}

#[test]
fn categories_keep_the_order_of_the_document() {
    let policy = good(&with(&(category("statistics") + &category("advertising") + &category("zzz"))));
    let names: std::vec::Vec<_> = policy.category_set().as_slice().iter().map(Category::as_str).collect();
    assert_eq!(names, ["functionality", "statistics", "advertising", "zzz"]);
}

#[test]
fn several_purposes() {
    let policy = good(&with(&(category("video") + &storage("category = [\"video\", \"functionality\"]"))));
    assert_eq!(policy.storage()[0].categories.len(), 2);
}

#[test]
fn functionality_must_be_there() {
    let document = with("").replace("[categories.functionality]", "[categories.other] # <-");
    assert_mistake(&document, Missing, "categories.functionality", "");
    let document =
        with("").replace(CATEGORY, "").replace("languages = [\"en\"]", "languages = [\"en\"] # <-");
    assert_mistake(&document, Missing, "categories.functionality", "");
}

#[test]
fn a_category_needs_a_purpose() {
    let document = with("")
        .replace("purpose.en = \"To remember what you chose.\"", "")
        .replace("[categories.functionality]", "[categories.functionality] # <-");
    assert_mistake(&document, Missing, "categories.functionality.purpose", "");
}

#[test]
fn a_name_that_is_no_category_name() {
    for name in ["Statistics", "1st", "\"a b\"", "a_b", "abcdefghijklmnopqrstuvwxyz-abcdef"] {
        let document = with(&format!("[categories.{name}] # <-\npurpose.en = \"It.\"\n"));
        assert_mistake(&document, Invalid, &format!("categories.{name}"), &format!("[categories.{name}]"));
    }
}

#[test]
fn there_are_at_most_sixteen() {
    let fifteen: String = (0..15).map(|at| category(&format!("c{at}"))).collect();
    assert_eq!(good(&with(&fifteen)).categories().len(), 16);
    let document = with(&(fifteen + "[categories.more] # <-\npurpose.en = \"It.\"\n"));
    assert_mistake(&document, Invalid, "categories.more", "[categories.more]");
}

#[test]
fn a_regime_a_place_and_a_signal() {
    assert_mistake(
        &functionality("regime = \"opt-out\" # <-"),
        Invalid,
        "categories.functionality.regime",
        "\"opt-out\"",
    );
    assert_mistake(
        &functionality("regimes.GB = \"maybe\" # <-"),
        Invalid,
        "categories.functionality.regimes.GB",
        "\"maybe\"",
    );
    assert_mistake(
        &functionality("regimes.England = \"opt-in\" # <-"),
        Invalid,
        "categories.functionality.regimes.England",
        "\"opt-in\"",
    );
    assert_mistake(
        &functionality("regimes = { GB = \"opt-in\", gb = \"opt-in\" } # <-"),
        Invalid,
        "categories.functionality.regimes.gb",
        "\"opt-in\"",
    );
    assert_mistake(
        &functionality("signals = [\"gcp\"] # <-"),
        Invalid,
        "categories.functionality.signals[0]",
        "\"gcp\"",
    );
}

#[test]
fn a_claim_in_a_label() {
    let claim = "\"By browsing you accept\"";
    assert_mistake(
        &functionality(&format!("label.en = {claim} # <-")),
        Wording,
        "categories.functionality.label.en",
        claim,
    );
}

#[test]
fn an_unknown_key_of_a_category() {
    assert_mistake(
        &functionality("required = true # <-"),
        UnknownKey,
        "categories.functionality.required",
        "true",
    );
}

#[test]
fn a_decision_stands_for_whole_days() {
    assert_eq!(good(&with("")).reask_days(), 180);
    for (written, days) in [("180d", 180), ("26w", 182), ("48h", 2), ("400d", 400)] {
        assert_eq!(good(&with_root(&format!("reask = \"{written}\""), "")).reask_days(), days);
    }
    for wrong in ["\"session\"", "\"36h\"", "\"0d\"", "180", "\"\""] {
        assert_mistake(&with_root(&format!("reask = {wrong} # <-"), ""), Invalid, "reask", wrong);
    }
    assert_mistake(&with_root("reask = \"401d\" # <-", ""), LifetimeTooLong, "reask", "\"401d\"");
}

#[test]
fn languages_are_tags_and_stand_once() {
    let languages =
        |written: &str| with("").replace("languages = [\"en\"]", &format!("languages = {written} # <-"));
    for (written, key, value) in [
        ("[]", "languages", "[]"),
        ("3", "languages", "3"),
        ("[\"en\", \"german\"]", "languages[1]", "\"german\""),
        ("[\"en\", \"EN\"]", "languages[1]", "\"EN\""),
    ] {
        assert_mistake(&languages(written), Invalid, key, value);
    }
    assert_eq!(good(&languages("\"en\"")).languages().len(), 1);
    let document = with("").replace("languages = [\"en\"]", "# <-");
    assert_mistake(&document, Missing, "languages", "");
}

#[test]
fn a_scope_is_a_list_of_domains() {
    for (wrong, key, value) in [
        ("\"example.com\"", "scope", "\"example.com\""),
        ("[\"example.com/\"]", "scope[0]", "\"example.com/\""),
        ("[\"a.example\", \"A.example\"]", "scope[1]", "\"A.example\""),
    ] {
        assert_mistake(&with_root(&format!("scope = {wrong} # <-"), ""), Invalid, key, value);
    }
}

#[test]
fn an_unknown_key_of_the_root() {
    assert_mistake(&with_root("language = \"en\" # <-", ""), UnknownKey, "language", "\"en\"");
    assert_mistake(&with("[cookies] # <-\n"), UnknownKey, "cookies", "[cookies]");
}

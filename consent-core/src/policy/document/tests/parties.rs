use super::{assert_mistake, good, with};
use crate::policy::MistakeKind::{Invalid, Missing, UnknownKey};
use std::format;
use std::string::String;

/// Returns a valid document without the lines of one key. The table of the key is marked instead.
fn without(table: &str, key: &str) -> String {
    let mut inside = false;
    let mut document = String::new();
    for line in with("").lines() {
        if line.starts_with('[') {
            inside = line == format!("[{table}]");
        }
        let marked = if line == format!("[{table}]") { " # <-" } else { "" };
        if !(inside && line.starts_with(key)) {
            document.extend([line, marked, "\n"]);
        }
    }
    document
}

#[test]
fn every_field_of_the_parties_is_needed() {
    for (table, key) in [
        ("controller", "name"),
        ("controller", "address"),
        ("controller", "email"),
        ("controller", "phone"),
        ("authority", "name"),
        ("authority", "url"),
    ] {
        assert_mistake(&without(table, key), Missing, &format!("{table}.{key}"), "");
    }
}

#[test]
fn no_field_of_the_parties_is_empty() {
    let document = with("").replace("\"1 Example Road\"", "\"\" # <-");
    assert_mistake(&document, Invalid, "controller.address", "\"\"");
    let document = with("").replace("\"The Authority\"", "[] # <-");
    assert_mistake(&document, Invalid, "authority.name", "[]");
}

#[test]
fn the_parties_are_needed() {
    let document = with("").replace("languages = [\"en\"]", "languages = [\"en\"] # <-");
    let (head, rest) = document.split_once("[controller]").unwrap();
    let (_, rest) = rest.split_once("[authority]").unwrap();
    assert_mistake(&format!("#\n{head}[authority]{rest}").replacen("#\n", "", 1), Missing, "controller", "");
}

#[test]
fn an_email_address_and_a_telephone_number() {
    for wrong in ["\"privacy\"", "\"@example.com\"", "\"a@b@c\"", "\"a b@example.com\"", "\"a@\""] {
        let document = with("").replace("\"privacy@example.com\"", &format!("{wrong} # <-"));
        assert_mistake(&document, Invalid, "controller.email", wrong);
    }
    let document = with("").replace("\"+44 20 7946 0000\"", "\"call us\" # <-");
    assert_mistake(&document, Invalid, "controller.phone", "\"call us\"");
}

#[test]
fn the_authority_has_a_web_address() {
    for wrong in [
        "\"authority.example\"",
        "\"http://authority.example/\"",
        "\"javascript:alert(1)\"",
        "\"https://\"",
        "\"https:///x\"",
        "\"https://a b.example\"",
    ] {
        let document = with("").replace("\"https://authority.example/\"", &format!("{wrong} # <-"));
        assert_mistake(&document, Invalid, "authority.url", wrong);
    }
    for right in ["https://authority.example", "https://authority.example:8443/a/b?c#d"] {
        let policy = good(&with("").replace("https://authority.example/", right));
        assert_eq!(policy.authority().url, right);
    }
}

#[test]
fn an_unknown_field() {
    let document = with("").replace("[authority]", "fax = \"1\" # <-\n[authority]");
    assert_mistake(&document, UnknownKey, "controller.fax", "\"1\"");
}

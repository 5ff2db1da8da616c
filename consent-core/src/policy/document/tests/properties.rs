use super::{storage, with, with_root};
use crate::policy::Policy;
use proptest::prelude::*;
use std::string::String;

/// The result is a policy, or mistakes with a valid line and a text.
fn is_total(document: &str) -> Result<(), TestCaseError> {
    if let Err(error) = Policy::from_toml(document) {
        let lines = document.lines().count().max(1);
        prop_assert!(!error.mistakes().is_empty());
        for mistake in error.mistakes() {
            prop_assert!((1..=lines).contains(&mistake.line), "{mistake} of {lines} lines");
            prop_assert!(!mistake.help.is_empty());
        }
    }
    Ok(())
}

/// Generates invalid values: other types, other words, or broken syntax.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\"functionality\"".into()),
        Just("\"__Host-*\"".into()),
        Just("[[\"en\"], {}]".into()),
        Just("{ en = \"x\", de.x = 1 }".into()),
        Just("2023-02-09".into()),
        "-?[0-9]{1,25}",
        "\"[0-9]{0,30}[dwhms]?\"",
        "\"[ -!#-\\[\\]-~]{0,12}\"",
        "\\PC{0,20}",
    ]
}

proptest! {
    #[test]
    fn any_string(document in "\\PC{0,200}") {
        is_total(&document)?;
    }

    #[test]
    fn any_string_with_line_breaks(document in "([a-z.]{1,8} = [\\[\\]{}\"a-z0-9]{0,8}|\\[{1,2}[a-z.]{0,8}\\]{0,2}|[\r\n\"\\[\\]=#.]){0,30}") {
        is_total(&document)?;
    }

    #[test]
    fn any_value_in_a_good_document(line in 0_usize..40, value in value()) {
        let entry = storage("exempt = \"sign-in\"\nissued_on = [\"POST /\"]\npath = \"/\"\ndomain = \"\"\nvalues = [\"a\"]\nmax_bytes = 3");
        let document = with_root("reask = \"3d\"\nscope = [\"example.com\"]", &entry);
        let changed: String = document
            .lines()
            .enumerate()
            .map(|(at, text)| match text.split_once('=') {
                Some((key, _)) if at == line => std::format!("{key}= {value}\n"),
                _ => std::format!("{text}\n"),
            })
            .collect();
        is_total(&changed)?;
    }

    #[test]
    fn any_beginning_of_a_good_document(share in 0.0..1.0_f64) {
        let document = with(&storage("purpose.en = \"für\""));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let mut end = (share * document.len() as f64) as usize;
        while !document.is_char_boundary(end) {
            end -= 1;
        }
        is_total(&document[..end])?;
    }
}

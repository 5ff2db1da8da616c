//! The reference tables list every key and every word, and no others.

use crate::blocks::read;
use consent_core::Policy;
use consent_core::policy::{Exemption, Kind};
use consent_tower::report::Cause;

/// Returns the words in the first column of the table below a heading.
fn column(text: &str, heading: &str) -> Vec<String> {
    let (_, rest) =
        text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no heading {heading}"));
    let rows =
        rest.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = rows.skip(2).map(|row| row.split('|').nth(1).unwrap().to_owned());
    let mut words: Vec<String> = cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    words.sort();
    words
}

fn sorted<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    words.sort();
    words
}

/// Returns the keys of a table, which the error for an unknown key lists.
fn known(table: &str) -> Vec<String> {
    let document = match table {
        "" => "zzzz = 1\n".to_owned(),
        table => format!("{table}\nzzzz = 1\n"),
    };
    let error = Policy::from_toml(&document).unwrap_err();
    let mistake = error.mistakes().iter().find(|mistake| mistake.key.ends_with("zzzz")).unwrap();
    let (_, words) = mistake.help.split_once(" Known: ").unwrap_or_else(|| panic!("{}", mistake.help));
    sorted(words.split(", "))
}

#[test]
fn the_reference_has_every_key_of_a_policy_and_no_other() {
    let reference = read("consent-tower/guide/policy.md");
    for (heading, table) in [
        ("## Top level", ""),
        ("## `[controller]`", "[controller]"),
        ("## `[authority]`", "[authority]"),
        ("## `[categories.NAME]`", "[categories.functionality]"),
        ("## `[[services]]`", "[[services]]"),
        ("## `[[storage]]`", "[[storage]]"),
        ("## `[[retired]]`", "[[retired]]"),
        ("## `[[revisions]]`", "[[revisions]]"),
    ] {
        assert_eq!(column(&reference, heading), known(table), "consent-tower/guide/policy.md, {heading}");
    }
}

#[test]
fn kinds_exemptions_and_reasons_are_complete() {
    let policy = read("consent-tower/guide/policy.md");
    assert_eq!(column(&policy, "## Other things that store"), sorted(Kind::ALL.map(Kind::as_str)));
    assert_eq!(
        column(&policy, "### Items that need no consent"),
        sorted(Exemption::ALL.map(Exemption::as_str))
    );
    let handlers = read("consent-tower/guide/handlers.md");
    assert_eq!(column(&handlers, "The reasons:"), sorted(Cause::all().map(Cause::as_str)));
}

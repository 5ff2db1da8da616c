//! Tests of valid documents, and of each mistake.
//!
//! A document here marks the line of its one mistake with the comment `# <-`.

mod categories;
mod log;
mod names;
mod parties;
mod presets;
mod properties;
mod report;
mod service_presets;
mod services;
mod storage;
mod texts;
mod valid;

use crate::policy::{Mistake, MistakeKind, Policy};
use std::format;
use std::string::{String, ToString};

const PARTIES: &str = r#"
[controller]
name = "Example Ltd."
address = "1 Example Road"
email = "privacy@example.com"
phone = "+44 20 7946 0000"
[authority]
name = "The Authority"
url = "https://authority.example/"
"#;

const CATEGORY: &str = r#"
[categories.functionality]
purpose.en = "To remember what you chose."
"#;

const LOG: &str = r#"
[[revisions]]
number = 1
effective = 2023-02-09
summary.en = "First version."
"#;

/// Returns a document that is valid except for `rest`, which can be any tables.
fn with(rest: &str) -> String {
    with_root("", rest)
}

/// Returns the same document with further keys of the root.
fn with_root(keys: &str, rest: &str) -> String {
    format!("languages = [\"en\"]\n{keys}\n{PARTIES}{CATEGORY}{rest}{LOG}")
}

/// Returns an entry of `[[storage]]` with these lines and the missing required ones.
fn storage(lines: &str) -> String {
    let mut entry = format!("[[storage]]\n{lines}\n");
    for default in [
        "name = \"theme\"",
        "kind = \"cookie\"",
        "category = \"functionality\"",
        "purpose.en = \"Remembers it.\"",
        "lifetime = \"365d\"",
        "provider = \"first-party\"",
    ] {
        let key = default.split([' ', '.']).next().unwrap();
        if !lines.lines().any(|line| line.split([' ', '.']).next() == Some(key)) {
            entry.push_str(default);
            entry.push('\n');
        }
    }
    entry
}

/// Returns an entry of `[[services]]` with these lines and the missing required ones.
fn service(lines: &str) -> String {
    let mut entry = format!("[[services]]\n{lines}\n");
    let has = |key: &str| lines.lines().any(|line| line.split([' ', '.']).next() == Some(key));
    let category = if has("exempt") { "" } else { "category = \"functionality\"" };
    for default in [
        "id = \"video\"",
        "label.en = \"Example Video\"",
        "provider = \"Video Ltd.\"",
        category,
        "purpose.en = \"Shows films.\"",
        "origins = [\"https://video.example\"]",
    ] {
        let key = default.split([' ', '.']).next().unwrap();
        if !has(key) {
            entry.push_str(default);
            entry.push('\n');
        }
    }
    entry
}

fn good(document: &str) -> Policy {
    Policy::from_toml(document).unwrap_or_else(|error| panic!("{error}\n{document}"))
}

fn mistakes(document: &str) -> std::vec::Vec<Mistake> {
    match Policy::from_toml(document) {
        Ok(_) => panic!("no mistake in\n{document}"),
        Err(error) => error.mistakes().to_vec(),
    }
}

/// Returns the only mistake, which is in the marked line.
#[track_caller]
fn mistake(document: &str) -> Mistake {
    let found = mistakes(document);
    let [mistake] = found.as_slice() else { panic!("not one mistake: {found:#?}") };
    let marked = document.lines().position(|line| line.ends_with("# <-")).map(|at| at + 1);
    assert_eq!(Some(mistake.line), marked, "{mistake}\n{document}");
    mistake.clone()
}

/// Checks the kind, key and value of the only mistake.
#[track_caller]
fn assert_mistake(document: &str, kind: MistakeKind, key: &str, value: &str) {
    let mistake = mistake(document);
    assert_eq!((mistake.kind, mistake.key.as_str(), mistake.value.as_str()), (kind, key, value), "{mistake}");
    assert!(!mistake.help.is_empty());
    assert!(mistake.to_string().contains(&mistake.help));
}

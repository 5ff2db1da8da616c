use super::super::{Mistake, MistakeKind, PolicyError};
use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ops::Range;
use toml::de::DeTable;

/// The maximum length of a quotation from the document in a mistake, in characters.
const MAX_QUOTED: usize = 80;

/// The TOML parser's messages for an unclosed bracket start with these words.
const UNCLOSED: [&str; 2] = ["unclosed array,", "unclosed inline table,"];

/// The TOML parser's message for a repeated key or table.
const DUPLICATE: &str = "duplicate key";

/// The lists of tables. A second `[storage]` is probably meant as `[[storage]]`.
const LISTS: [(&str, &str); 4] = [
    ("services", "write [[services]] above each of them: it is a list"),
    ("storage", "write [[storage]] above each of them: it is a list"),
    ("retired", "write [[retired]] above each of them: it is a list"),
    ("revisions", "write [[revisions]] above each of them: it is a list"),
];

/// The mistakes found so far. All parsers share the report.
pub(super) struct Report<'d> {
    document: &'d str,
    /// The start of each line except the first.
    line_starts: Vec<usize>,
    /// Taken out and put back for each mistake, so that no borrow can be held too long.
    mistakes: Cell<Vec<Mistake>>,
}

impl<'d> Report<'d> {
    pub(super) fn new(document: &'d str) -> Self {
        let line_starts = document.match_indices('\n').map(|(at, _)| at + 1);
        // No further line follows the last line break.
        let line_starts = line_starts.filter(|start| *start < document.len()).collect();
        Self { document, line_starts, mistakes: Cell::default() }
    }

    /// Returns the line of a byte of the document, counted from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset) + 1
    }

    /// Adds a mistake in an existing value.
    pub(super) fn add(&self, at: &Range<usize>, key: &str, kind: MistakeKind, help: impl Into<String>) {
        self.push(Mistake {
            line: self.line(at.start),
            key: key.to_owned(),
            entry: String::new(),
            value: self.quote(at),
            kind,
            help: help.into(),
        });
    }

    /// Adds a mistake for a missing key, in a table that starts at `offset`.
    pub(super) fn add_missing(&self, offset: usize, key: String, help: &str) {
        let help = ["missing: ", help].concat();
        self.push(Mistake {
            line: self.line(offset),
            key,
            entry: String::new(),
            value: String::new(),
            kind: MistakeKind::Missing,
            help,
        });
    }

    /// Adds the TOML parser's errors. The parser continues after an error, so each line can have its own
    /// mistake. But an unclosed bracket causes an error in every later line, and a repeated table causes one
    /// for each of its keys; these echoes are removed.
    pub(super) fn add_syntax(&self, errors: &[(usize, &str)]) {
        let by_line: BTreeMap<usize, &str> =
            errors.iter().rev().map(|(offset, message)| (self.line(*offset), *message)).collect();
        let echoes =
            errors.iter().any(|(_, message)| UNCLOSED.iter().any(|unclosed| message.starts_with(unclosed)));
        let mut previous = None;
        let mut said = Vec::new();
        let mut is_duplicate = false;
        for (at, line) in self.document.lines().enumerate() {
            let line = line.trim();
            let mut message = by_line.get(&(at + 1)).copied();
            if line.starts_with('[') {
                is_duplicate = message == Some(DUPLICATE);
                if let Some((list, help)) = list_of(line).filter(|_| is_duplicate) {
                    message = (!said.contains(&list)).then_some(help);
                    said.push(list);
                }
            } else if is_duplicate {
                message = message.filter(|message| *message != DUPLICATE);
            }
            if let (Some(message), None) = (message, previous) {
                self.push(Mistake {
                    line: at + 1,
                    key: String::new(),
                    entry: String::new(),
                    value: shortened(line),
                    kind: MistakeKind::Syntax,
                    help: message.to_owned(),
                });
            }
            if !line.is_empty() && !line.starts_with('#') {
                previous = message.filter(|_| echoes);
            }
        }
    }

    /// Returns the parts of a document without mistakes, or the mistakes.
    pub(super) fn finish<T>(self, parts: Option<T>, root: &DeTable<'_>) -> Result<T, PolicyError> {
        let mut mistakes = self.mistakes.into_inner();
        for mistake in &mut mistakes {
            mistake.entry = entry_of(root, &mistake.key).unwrap_or_default().to_owned();
        }
        match parts {
            Some(parts) if mistakes.is_empty() => Ok(parts),
            _ => Err(PolicyError::new(mistakes)),
        }
    }

    fn push(&self, mistake: Mistake) {
        let mut mistakes = self.mistakes.take();
        mistakes.push(mistake);
        self.mistakes.set(mistakes);
    }

    /// Returns a piece of the document as written.
    fn quote(&self, at: &Range<usize>) -> String {
        shortened(self.document.get(at.clone()).unwrap_or_default())
    }
}

/// Returns the list that a table header such as `[storage]` or `[storage.purpose]` probably belongs to, and
/// the help text.
fn list_of(head: &str) -> Option<(&'static str, &'static str)> {
    let name = head.trim_start_matches('[').split([']', '.']).next()?.trim();
    LISTS.into_iter().find(|(list, _)| *list == name)
}

/// Returns the name or id of the list entry that contains a key, because authors do not count tables.
fn entry_of<'d>(root: &'d DeTable<'_>, key: &str) -> Option<&'d str> {
    let (list, rest) = key.split_once('[')?;
    let (at, rest) = rest.split_once(']')?;
    let entry = root.get(list)?.get_ref().get(at.parse::<usize>().ok()?)?;
    let names: &[&str] = if list == "services" { &["id", "preset"] } else { &["name"] };
    if rest.strip_prefix('.').is_some_and(|key| names.contains(&key)) {
        return None;
    }
    names.iter().find_map(|name| entry.get_ref().get(*name))?.get_ref().as_str()
}

/// Returns the first line of a text, shortened if it is long.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut shortened: String = line.chars().take(MAX_QUOTED).collect();
    if shortened.len() < text.len() {
        shortened.push('…');
    }
    shortened
}

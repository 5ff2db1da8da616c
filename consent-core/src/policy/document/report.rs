use super::super::{Mistake, MistakeKind, PolicyError};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ops::Range;

/// The longest piece of the document that a mistake quotes, in characters.
const MAX_QUOTED: usize = 80;

/// The mistakes found so far. All readers share it.
pub(super) struct Report<'d> {
    document: &'d str,
    /// Where each line but the first begins.
    line_starts: Vec<usize>,
    /// Taken out and put back for each mistake: there is no borrow that could be held too long.
    mistakes: Cell<Vec<Mistake>>,
    /// The line of the last syntax error.
    last_line: Cell<usize>,
}

impl<'d> Report<'d> {
    pub(super) fn new(document: &'d str) -> Self {
        let line_starts = document.match_indices('\n').map(|(at, _)| at + 1);
        // After the last line break there is no further line.
        let line_starts = line_starts.filter(|start| *start < document.len()).collect();
        Self { document, line_starts, mistakes: Cell::default(), last_line: Cell::default() }
    }

    /// The line of a byte of the document, counted from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset) + 1
    }

    /// A mistake in a value that is there.
    pub(super) fn add(&self, at: &Range<usize>, key: &str, kind: MistakeKind, help: impl Into<String>) {
        self.push(Mistake {
            line: self.line(at.start),
            key: key.to_owned(),
            value: self.quote(at),
            kind,
            help: help.into(),
        });
    }

    /// A key that is not there, in a table that begins at `offset`.
    pub(super) fn add_missing(&self, offset: usize, key: String, help: &str) {
        let help = ["missing: ", help].concat();
        self.push(Mistake {
            line: self.line(offset),
            key,
            value: String::new(),
            kind: MistakeKind::Missing,
            help,
        });
    }

    /// What the parser says of a document that is no TOML: the first thing of each line, because what follows is
    /// mostly its echo.
    pub(super) fn add_syntax(&self, at: Option<Range<usize>>, message: &str) {
        let at = at.unwrap_or_default();
        let line = self.line(at.start);
        if self.last_line.replace(line) == line {
            return;
        }
        self.push(Mistake {
            line,
            key: String::new(),
            value: self.quote(&at),
            kind: MistakeKind::Syntax,
            help: message.to_owned(),
        });
    }

    /// The parts of a document without mistakes, or the mistakes.
    pub(super) fn finish<T>(self, parts: Option<T>) -> Result<T, PolicyError> {
        let mistakes = self.mistakes.into_inner();
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

    /// A piece of the document as it is written: its first line, shortened where it is long.
    fn quote(&self, at: &Range<usize>) -> String {
        let written = self.document.get(at.clone()).unwrap_or_default();
        let line = written.lines().next().unwrap_or_default();
        let mut quoted: String = line.chars().take(MAX_QUOTED).collect();
        if quoted.len() < written.len() {
            quoted.push('…');
        }
        quoted
    }
}

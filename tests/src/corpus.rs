//! The odd `Set-Cookie` lines of `corpus/set-cookie.txt`, whose first lines say how they are written.

use std::fmt;

/// The file itself.
const LINES: &str = include_str!("../corpus/set-cookie.txt");

/// The policy that the lines are judged by; `DOMAIN` in it stands for the domain of the site.
const POLICY: &str = include_str!("../corpus/policy.toml");

/// One answer of a server: one `Set-Cookie` line, or several.
#[derive(Debug)]
pub struct Answer {
    /// As it is written in the file, for messages.
    pub source: String,
    /// Its lines, in order.
    pub lines: Vec<Line>,
}

/// One `Set-Cookie` line.
#[derive(Debug)]
pub struct Line {
    /// What is to become of it where everything that is declared is allowed.
    pub expected: Expected,
    /// The line.
    pub bytes: Vec<u8>,
}

/// What is to become of a line where everything that is declared is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It leaves, and every browser stores it under its exact name and value.
    Keep,
    /// It leaves, or a canonical deletion in its place, and no browser holds that cookie afterwards.
    Gone,
    /// It leaves; what is stored of it, if anything, differs from browser to browser.
    Differ,
    /// It does not leave.
    Drop,
}

impl Expected {
    /// The word in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Gone => "gone",
            Self::Differ => "differ",
            Self::Drop => "drop",
        }
    }
}

/// What is wrong with the file.
#[derive(Debug)]
pub struct CorpusError {
    line: usize,
    what: &'static str,
}

impl fmt::Display for CorpusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of the corpus: {}", self.line, self.what)
    }
}

impl std::error::Error for CorpusError {}

/// The policy of a site.
#[must_use]
pub fn policy(domain: &str) -> String {
    POLICY.replace("DOMAIN", domain)
}

/// Every answer, as a site of that domain gives it.
///
/// # Errors
///
/// Where a line of the file is not written as its first lines say.
pub fn answers(domain: &str) -> Result<Vec<Answer>, CorpusError> {
    let mut answers: Vec<Answer> = Vec::new();
    for (at, text) in LINES.lines().enumerate() {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let wrong = |what| CorpusError { line: at + 1, what };
        let (continued, rest) = text.strip_prefix("+ ").map_or((false, text), |rest| (true, rest));
        let (word, escaped) = rest.split_once(' ').ok_or_else(|| wrong("a word, a space, a line"))?;
        let known = [Expected::Keep, Expected::Gone, Expected::Differ, Expected::Drop];
        let expected = known.into_iter().find(|expected| expected.as_str() == word);
        let expected = expected.ok_or_else(|| wrong("the word is keep, gone, differ or drop"))?;
        let bytes = unescape(escaped, domain).map_err(wrong)?;
        let line = Line { expected, bytes };
        match answers.last_mut().filter(|_| continued) {
            Some(answer) => {
                answer.source.push_str(" + ");
                answer.source.push_str(escaped);
                answer.lines.push(line);
            }
            None => answers.push(Answer { source: escaped.to_owned(), lines: vec![line] }),
        }
    }
    Ok(answers)
}

/// Reads what is written with escapes.
fn unescape(text: &str, domain: &str) -> Result<Vec<u8>, &'static str> {
    if text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']) {
        return Err("blanks at the ends are written as \\x20 and \\t");
    }
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at(at);
        bytes.extend_from_slice(plain.as_bytes());
        let mut escape = escape.chars();
        let kind = escape.nth(1).ok_or("an escape that does not end")?;
        rest = escape.as_str();
        match kind {
            '\\' => bytes.push(b'\\'),
            't' => bytes.push(b'\t'),
            'd' => bytes.extend_from_slice(domain.as_bytes()),
            'x' => {
                let (digits, after) = rest.split_at_checked(2).ok_or("two digits follow \\x")?;
                bytes.push(u8::from_str_radix(digits, 16).map_err(|_| "two digits follow \\x")?);
                rest = after;
            }
            '{' => {
                let (count, after) = rest.split_once('}').ok_or("a count ends with }")?;
                let count: usize = count.parse().map_err(|_| "a count is a number")?;
                let repeated = bytes.pop().ok_or("a count follows what it repeats")?;
                bytes.resize(bytes.len() + 1 + count, repeated);
                rest = after;
            }
            _ => return Err("an unknown escape"),
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

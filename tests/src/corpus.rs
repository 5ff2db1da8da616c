//! The unusual `Set-Cookie` headers of `corpus/set-cookie.txt`. The first lines of the file explain its
//! format.

use std::fmt;

/// The file itself.
const LINES: &str = include_str!("../corpus/set-cookie.txt");

/// The policy for the headers. `DOMAIN` stands for the domain of the site.
const POLICY: &str = include_str!("../corpus/policy.toml");

/// One response of a server, with one or several `Set-Cookie` headers.
#[derive(Debug)]
pub struct Answer {
    /// The line of the file, for messages.
    pub source: String,
    /// Its headers, in order.
    pub lines: Vec<Line>,
}

/// One `Set-Cookie` header.
#[derive(Debug)]
pub struct Line {
    /// The expected result if everything that is declared is allowed.
    pub expected: Expected,
    /// The header.
    pub bytes: Vec<u8>,
}

/// The expected result for a header if everything that is declared is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The layer keeps it, and every browser stores its exact name and value.
    Keep,
    /// The layer keeps it, or replaces it with a canonical deletion. No browser has the cookie afterwards.
    Gone,
    /// The layer keeps it, and browsers store different cookies or none.
    Differ,
    /// The layer drops it.
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

/// A mistake in the file.
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

/// Returns every response of the corpus, for a site of that domain.
///
/// # Errors
///
/// Returns an error if a line of the file does not follow the format.
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

/// Decodes a text with escapes.
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

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// The error of an invalid policy document: all mistakes, in the order of their lines.
///
/// `Debug` writes the same text as `Display`, because a `main` that returns the error prints it with `Debug`.
/// Programs read [`mistakes`](Self::mistakes).
#[derive(Clone, PartialEq, Eq)]
pub struct PolicyError {
    mistakes: Vec<Mistake>,
}

impl PolicyError {
    #[cfg_attr(not(feature = "toml"), allow(dead_code, reason = "only the parser of documents uses it"))]
    pub(crate) fn new(mut mistakes: Vec<Mistake>) -> Self {
        mistakes.sort_by_key(|mistake| mistake.line);
        Self { mistakes }
    }

    /// Returns the mistakes. There is at least one.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.mistakes.len();
        write!(f, "the policy has {count} mistake{}:", if count == 1 { "" } else { "s" })?;
        self.mistakes.iter().try_for_each(|mistake| write!(f, "\n  {mistake}"))
    }
}

impl fmt::Debug for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for PolicyError {}

/// One mistake in a policy document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// The line of the mistake, counted from 1.
    pub line: usize,
    /// The key with the mistake: `storage[2].lifetime`.
    pub key: String,
    /// The `name` or `id` of the list entry that contains the key, if the entry has one: `sid`. Empty for the
    /// key `name` or `id` itself.
    pub entry: String,
    /// The value as written in the document. Empty if the key is missing.
    pub value: String,
    /// The kind of mistake.
    pub kind: MistakeKind,
    /// The expected value, in words.
    pub help: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        f.write_str(&self.key)?;
        if !self.entry.is_empty() {
            write!(f, " (of `{}`)", self.entry)?;
        }
        match (self.key.as_str(), self.value.as_str()) {
            ("", "") => {}
            (_, "") => f.write_str(": ")?,
            ("", value) => write!(f, "{value}: ")?,
            (_, value) => write!(f, " = {value}: ")?,
        }
        f.write_str(&self.help)
    }
}

/// A kind of mistake in a policy document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MistakeKind {
    /// The document is not TOML.
    Syntax,
    /// The key is unknown in its table.
    UnknownKey,
    /// A required key is missing.
    Missing,
    /// The value has the wrong type or form.
    Invalid,
    /// The policy does not declare the category.
    UnknownCategory,
    /// The policy does not declare the service.
    UnknownService,
    /// The kind of storage does not exist.
    UnknownKind,
    /// The reason for an exemption does not exist.
    UnknownExemption,
    /// The preset does not exist.
    UnknownPreset,
    /// The name, id or origin is already declared, or another pattern covers the name.
    Overlap,
    /// The name is not a token (RFC 9110, section 5.6.2).
    NotAToken,
    /// The name is reserved for the consent cookie.
    Reserved,
    /// The lifetime exceeds 400 days (RFC 6265bis, section 5.5).
    LifetimeTooLong,
    /// The pattern covers too many names, or the sites of many owners.
    PatternTooWide,
    /// The cookie is valid on other hosts, but the policy does not declare that decisions cover them.
    OutOfScope,
    /// The log of revisions is not in order.
    LogOutOfOrder,
    /// The wording claims a consent that is not valid.
    Wording,
}

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Why a document is no policy: every mistake in it, in the order of its lines.
///
/// `Debug` writes what `Display` does, since that is what a `main` prints that returns it; programs read
/// [`mistakes`](Self::mistakes).
#[derive(Clone, PartialEq, Eq)]
pub struct PolicyError {
    mistakes: Vec<Mistake>,
}

impl PolicyError {
    #[cfg_attr(
        not(feature = "toml"),
        allow(dead_code, reason = "the reader of documents is the only caller")
    )]
    pub(crate) fn new(mut mistakes: Vec<Mistake>) -> Self {
        mistakes.sort_by_key(|mistake| mistake.line);
        Self { mistakes }
    }

    /// The mistakes. There is at least one.
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
    /// The line it is in, counted from 1.
    pub line: usize,
    /// The key it is about: `storage[2].lifetime`.
    pub key: String,
    /// The `name` of the list's entry that the key is in, where it has one: `sid`. Empty for `name` itself.
    pub entry: String,
    /// The value as it is written in the document; empty where a key is missing.
    pub value: String,
    /// What is wrong.
    pub kind: MistakeKind,
    /// What would be right, in words.
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

/// What can be wrong in a policy document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MistakeKind {
    /// The document is not TOML.
    Syntax,
    /// A key that means nothing here.
    UnknownKey,
    /// A key that must be there is not.
    Missing,
    /// The value has the wrong type or form.
    Invalid,
    /// A category that the policy does not declare.
    UnknownCategory,
    /// A kind of storage that does not exist.
    UnknownKind,
    /// A reason for an exemption that does not exist.
    UnknownExemption,
    /// A preset that does not exist.
    UnknownPreset,
    /// A name that is declared already, or that another pattern covers.
    Overlap,
    /// A name that is no token (RFC 9110, section 5.6.2).
    NotAToken,
    /// A name that belongs to the consent cookie.
    Reserved,
    /// A lifetime over 400 days (RFC 6265bis, section 5.5).
    LifetimeTooLong,
    /// A pattern that covers too much.
    PatternTooWide,
    /// A cookie for other hosts whose decision is not declared to speak for them.
    OutOfScope,
    /// The log of revisions is not in order.
    LogOutOfOrder,
    /// A wording that claims a consent which is none.
    Wording,
}

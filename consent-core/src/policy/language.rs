use super::ParseError;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

/// A language tag (BCP 47), lower case: `en`, `de`, `pt-br`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Language(String);

impl Language {
    /// Parses a tag: subtags of one to eight ASCII letters or digits, the first of two or three letters.
    ///
    /// # Errors
    ///
    /// Fails if the text has another form, or more than 35 bytes.
    pub fn parse(tag: &str) -> Result<Self, ParseError> {
        Self::read(tag).ok_or_else(|| ParseError::new(tag, "a language tag"))
    }

    fn read(tag: &str) -> Option<Self> {
        let mut subtags = tag.split('-');
        let first = subtags.next()?;
        let primary = (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
        let rest = subtags.all(|subtag| {
            (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
        });
        (primary && rest && tag.len() <= 35).then(|| Self(tag.to_ascii_lowercase()))
    }

    pub(crate) fn english() -> Self {
        Self("en".to_owned())
    }

    /// Returns the tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the first subtag: `pt` of `pt-br`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// Returns whether both tags stand for the same written language: `pt` and `pt-br`, `no` and `nb`, but
    /// not `zh` and `zh-tw`.
    pub(crate) fn is_same_as(&self, tag: &str) -> bool {
        written(&self.0) == written(tag)
    }

    /// Returns whether the language is written from right to left.
    #[must_use]
    pub fn is_right_to_left(&self) -> bool {
        matches!(self.primary(), "ar" | "dv" | "fa" | "he" | "iw" | "ps" | "sd" | "ug" | "ur" | "yi")
    }
}

/// Returns the language of a tag as it is written, without the region: `pt` for `pt-BR`, `nb` for `no`,
/// `zh-hant` for `zh-TW`. A few tags stand for the same language (IANA language subtag registry: `iw` is the
/// deprecated tag of `he`; `no` is in practice `nb`), and Chinese has two scripts, which the region implies
/// where the tag does not name one (CLDR, likely subtags). The case of the other tags is kept.
pub(super) fn written(tag: &str) -> &str {
    let mut subtags = tag.split('-');
    let primary = subtags.next().unwrap_or(tag);
    let is = |known: &str| primary.eq_ignore_ascii_case(known);
    if is("zh") {
        let script = subtags.find_map(|subtag| match subtag.len() {
            4 if subtag.eq_ignore_ascii_case("hant") => Some("zh-hant"),
            4 if subtag.eq_ignore_ascii_case("hans") => Some("zh-hans"),
            2 if TRADITIONAL.iter().any(|region| subtag.eq_ignore_ascii_case(region)) => Some("zh-hant"),
            _ => None,
        });
        return script.unwrap_or("zh-hans");
    }
    if is("no") {
        "nb"
    } else if is("iw") {
        "he"
    } else {
        primary
    }
}

/// Regions whose Chinese is written in traditional characters.
const TRADITIONAL: [&str; 3] = ["tw", "hk", "mo"];

/// Returns the same string for languages that their readers read alike: all Chinese, all Norwegian.
pub(super) fn family(tag: &str) -> &str {
    match written(tag) {
        "zh-hans" | "zh-hant" => "zh",
        nynorsk if nynorsk.eq_ignore_ascii_case("nn") => "nb",
        other => other,
    }
}

/// See [`parse`](Self::parse).
impl FromStr for Language {
    type Err = ParseError;

    fn from_str(tag: &str) -> Result<Self, ParseError> {
        Self::parse(tag)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text in one or more languages of the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized(Vec<(Language, String)>);

impl Localized {
    #[cfg_attr(not(feature = "toml"), allow(dead_code, reason = "only the parser of documents uses it"))]
    pub(crate) fn insert(&mut self, language: Language, text: &str) {
        self.0.push((language, text.to_owned()));
    }

    /// Returns whether there is no text in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text in this language, or else in its primary language, or else the first text. Also
    /// returns the text's actual language, because a text in another language than its page carries its own
    /// `lang`.
    #[must_use]
    pub fn get(&self, language: &Language) -> Option<(&str, &Language)> {
        let exact = self.0.iter().find(|(known, _)| known == language);
        let related = || self.0.iter().find(|(known, _)| known.primary() == language.primary());
        let (known, text) = exact.or_else(related).or_else(|| self.0.first())?;
        Some((text, known))
    }

    /// Returns all texts with their languages.
    pub fn iter(&self) -> impl Iterator<Item = (&Language, &str)> {
        self.0.iter().map(|(language, text)| (language, text.as_str()))
    }
}

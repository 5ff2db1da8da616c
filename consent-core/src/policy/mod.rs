//! What the site promises: who runs it, what it stores and why, since when.
//!
//! A [`Policy`] is one validated value. Everything else in this project is derived from it: the verdicts on cookies,
//! the banner, the policy page and its log, the rules that run in the browser.

mod category;
mod declaration;
#[cfg(feature = "toml")]
mod document;
mod error;
#[cfg(feature = "toml")]
mod example;
mod index;
#[cfg(feature = "serde")]
mod json;
mod jurisdiction;
mod language;
mod names;
mod negotiate;
mod parse_error;
mod parties;
mod parts;
#[cfg(feature = "toml")]
mod preset;
mod regime;
mod revision;
#[cfg(test)]
mod tests;
mod texts;
mod word;

pub use self::category::{Category, CategoryDeclaration, CategorySet};
pub use self::declaration::{Declaration, Exemption, Kind, Lifetime, Name, Provider, Retired, Route, Scope};
pub use self::error::{Mistake, MistakeKind, PolicyError};
#[cfg(feature = "toml")]
pub use self::example::example;
pub(crate) use self::index::Index;
#[cfg(feature = "serde")]
pub use self::json::PolicyData;
pub use self::jurisdiction::Jurisdiction;
pub use self::language::{Language, Localized};
pub use self::parse_error::ParseError;
pub use self::parties::{Authority, Controller};
pub(crate) use self::parts::Parts;
#[cfg(feature = "toml")]
pub use self::preset::Preset;
#[cfg(feature = "toml")]
pub(crate) use self::preset::Use;
pub use self::regime::{Regime, Signal};
pub use self::revision::Revision;
pub use self::texts::Texts;
#[cfg(all(test, feature = "toml"))]
pub(crate) use self::texts::entries_of;
pub(crate) use self::texts::{Key, Piece};

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The most categories one policy may declare. A consent is a small value without heap memory because of it.
pub const MAX_CATEGORIES: usize = 16;

/// The validated policy of one site. Cheap to clone: all clones share one value.
#[derive(Clone, Debug)]
pub struct Policy(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parts: Parts,
    categories: CategorySet,
    /// By category, in order: the lowest revision that stands, and whether anything in it is asked for.
    standing: [(u32, bool); MAX_CATEGORIES],
    index: Index,
    texts: Vec<Texts>,
    /// What stands in where a policy names no language, which the reader of documents refuses.
    english: (Language, Texts),
}

impl Policy {
    /// Reads and checks a policy document (`policy.toml`).
    ///
    /// ```
    /// use consent_core::{Category, Policy, policy::MistakeKind};
    ///
    /// let document = r#"
    /// languages = ["en"]
    /// reask = "180d"
    ///
    /// [controller]
    /// name = "Example Ltd."
    /// address = "1 Example Road, Exampleton"
    /// email = "privacy@example.com"
    /// phone = "+44 20 7946 0000"
    ///
    /// [authority]
    /// name = "Information Commissioner's Office"
    /// url = "https://ico.org.uk/"
    ///
    /// [categories.functionality]
    /// purpose.en = "To recognise you and to remember what you chose."
    ///
    /// [[storage]]
    /// name = "theme"
    /// kind = "cookie"
    /// category = "functionality"
    /// purpose.en = "Remembers whether you prefer light or dark pages."
    /// lifetime = "365d"
    /// provider = "first-party"
    /// values = ["light", "dark"]
    ///
    /// [[revisions]]
    /// number = 1
    /// effective = 2023-02-09
    /// summary.en = "First version."
    /// "#;
    /// let policy = Policy::from_toml(document)?;
    /// assert_eq!(policy.storage().len(), 1);
    /// assert!(policy.is_asked(Category::FUNCTIONALITY));
    ///
    /// // Two mistakes, and both are reported.
    /// let broken = document.replace("365d", "3650d").replace("\"cookie\"", "\"cookies\"");
    /// let error = Policy::from_toml(&broken).unwrap_err();
    /// let [kind, lifetime] = error.mistakes() else { panic!("{error}") };
    /// assert_eq!((kind.line, kind.kind), (20, MistakeKind::UnknownKind));
    /// assert_eq!((lifetime.key.as_str(), lifetime.value.as_str()), ("storage[0].lifetime", "\"3650d\""));
    /// # Ok::<(), consent_core::PolicyError>(())
    /// ```
    ///
    /// What frameworks and load balancers set is declared by one word, with its reason, purpose and lifetime: see [`Preset`].
    ///
    /// # Errors
    ///
    /// All mistakes of the document at once, each with its line, key and value: see [`PolicyError`].
    #[cfg(feature = "toml")]
    pub fn from_toml(document: &str) -> Result<Self, PolicyError> {
        document::read(document).map(Self::from_parts)
    }

    pub(crate) fn from_parts(parts: Parts) -> Self {
        let categories = CategorySet::new(&parts.categories);
        let mut standing = [(0, false); MAX_CATEGORIES];
        for (slot, category) in standing.iter_mut().zip(categories.as_slice()) {
            *slot = (parts.standing_since(*category), parts.is_asked(*category));
        }
        let index = Index::new(&parts.storage, &parts.retired, &categories);
        let texts = parts.languages.iter().map(Texts::of).collect();
        let english = (Language::english(), Texts::english());
        Self(Arc::new(Inner { parts, categories, standing, index, texts, english }))
    }

    /// A policy that promises nothing, so that nothing may be stored.
    pub(crate) fn nothing() -> Self {
        Self::from_parts(Parts::default())
    }

    /// Whether both are clones of one policy that was read once.
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The languages that the policy is written in; the first is the default.
    #[must_use]
    pub fn languages(&self) -> &[Language] {
        &self.0.parts.languages
    }

    pub(crate) fn default_language(&self) -> &Language {
        self.languages().first().unwrap_or(&self.0.english.0)
    }

    /// For how many days a decision stands before the visitor is asked again.
    #[must_use]
    pub fn reask_days(&self) -> u16 {
        self.0.parts.reask_days
    }

    /// Who runs the site and answers for it (GDPR Art. 13(1)(a)).
    #[must_use]
    pub fn controller(&self) -> &Controller {
        &self.0.parts.controller
    }

    /// Where a visitor can complain (GDPR Art. 13(2)(d)).
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.0.parts.authority
    }

    /// The declared categories, in the document's order.
    #[must_use]
    pub fn categories(&self) -> &[CategoryDeclaration] {
        &self.0.parts.categories
    }

    /// The declared categories as the small value that the codec and the module in the page work with.
    #[must_use]
    pub fn category_set(&self) -> &CategorySet {
        &self.0.categories
    }

    /// The category of that name, where the policy declares it.
    #[must_use]
    pub fn category(&self, name: &str) -> Option<Category> {
        self.0.categories.find(name.as_bytes())
    }

    /// What the policy says of a category; nothing for a category of another policy.
    #[must_use]
    pub fn category_declaration(&self, category: Category) -> Option<&CategoryDeclaration> {
        self.0.parts.categories.iter().find(|declared| declared.category == category)
    }

    /// Everything that the site may store, in the document's order.
    #[must_use]
    pub fn storage(&self) -> &[Declaration] {
        &self.0.parts.storage
    }

    /// Names that the site stored once and does not any more: they are cleared where they are met.
    #[must_use]
    pub fn retired(&self) -> &[Retired] {
        &self.0.parts.retired
    }

    /// The domains that one decision speaks for, where cookies with a `Domain` are declared.
    #[must_use]
    pub fn scope(&self) -> &[String] {
        &self.0.parts.scope
    }

    /// The log: every revision, oldest first. It is never empty.
    #[must_use]
    pub fn revisions(&self) -> &[Revision] {
        &self.0.parts.revisions
    }

    /// The revision in force: the last entry of the log.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revisions().last().map_or(1, |revision| revision.number)
    }

    /// The lowest revision under which a grant for this category still stands: the last one that asked again for it.
    #[must_use]
    pub fn standing_since(&self, category: Category) -> u32 {
        self.standing(category).0
    }

    /// Whether anything in this category needs a consent, so that a visitor has something to decide. A category in
    /// which everything is exempt is shown, and not asked for.
    #[must_use]
    pub fn is_asked(&self, category: Category) -> bool {
        self.standing(category).1
    }

    fn standing(&self, category: Category) -> (u32, bool) {
        let position = self.0.categories.position(category);
        position.map_or(Self::NEVER, |position| self.standing_at(position))
    }

    /// Both, of the category at that place: the lowest revision that stands, and whether it is asked for.
    pub(crate) fn standing_at(&self, position: usize) -> (u32, bool) {
        self.0.standing.get(position).copied().unwrap_or(Self::NEVER)
    }

    const NEVER: (u32, bool) = (u32::MAX, false);

    /// The texts of the interface in that language, or in the policy's first one.
    #[must_use]
    pub fn texts(&self, language: &Language) -> &Texts {
        let texts = &self.0.texts;
        let first = texts.first().unwrap_or(&self.0.english.1);
        self.languages()
            .iter()
            .position(|known| known == language)
            .and_then(|at| texts.get(at))
            .unwrap_or(first)
    }

    pub(crate) fn index(&self) -> &Index {
        &self.0.index
    }
}

//! The site's promise: who runs the site, what it stores and why, and since when.
//!
//! A [`Policy`] is one validated value. The rest of the project derives from it: the verdicts on cookies, the
//! banner, the policy page with its log, and the rules that run in the browser.

#[cfg(feature = "toml")]
mod catalogue;
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
mod origin;
mod parse_error;
mod parties;
mod parts;
mod plural;
#[cfg(feature = "toml")]
mod preset;
mod regime;
mod revision;
mod service;
mod services;
#[cfg(test)]
mod tests;
mod texts;
mod word;

#[cfg(feature = "toml")]
pub use self::catalogue::{Catalogue, CatalogueEntry, CatalogueSource, CatalogueStorage};
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
pub use self::origin::{Origin, OriginPattern, Scheme};
pub use self::parse_error::ParseError;
pub use self::parties::{Authority, Controller};
pub(crate) use self::parts::Parts;
#[cfg(feature = "toml")]
pub use self::preset::Preset;
#[cfg(feature = "toml")]
pub(crate) use self::preset::Use;
pub use self::regime::{Regime, Signal};
pub use self::revision::Revision;
pub use self::service::{MAX_SERVICES, Service, ServiceSet};
pub(crate) use self::services::Services;
pub use self::texts::Texts;
#[cfg(all(test, feature = "toml"))]
pub(crate) use self::texts::entries_of;
pub(crate) use self::texts::{Key, Piece, Unit};

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The maximum number of categories in a policy. The limit lets a consent be a small value without heap
/// memory.
pub const MAX_CATEGORIES: usize = 16;

/// The validated policy of one site. Cloning is cheap: all clones share one value.
#[derive(Clone, Debug)]
pub struct Policy(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parts: Parts,
    categories: CategorySet,
    /// For each category, in order: the lowest revision whose grants stand, and whether visitors are asked
    /// about it.
    standing: [(u32, bool); MAX_CATEGORIES],
    index: Index,
    services: Services,
    texts: Vec<Texts>,
    /// The fallback for a policy without languages, which the parser refuses.
    english: (Language, Texts),
}

impl Policy {
    /// Parses and validates a policy document (`policy.toml`).
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
    /// // Both mistakes are reported.
    /// let broken = document.replace("365d", "3650d").replace("\"cookie\"", "\"cookies\"");
    /// let error = Policy::from_toml(&broken).unwrap_err();
    /// let [kind, lifetime] = error.mistakes() else { panic!("{error}") };
    /// assert_eq!((kind.line, kind.kind), (20, MistakeKind::UnknownKind));
    /// assert_eq!((lifetime.key.as_str(), lifetime.value.as_str()), ("storage[0].lifetime", "\"3650d\""));
    /// # Ok::<(), consent_core::PolicyError>(())
    /// ```
    ///
    /// A preset declares a cookie of a common framework or load balancer in one word, with its reason,
    /// purpose and lifetime: see [`Preset`].
    ///
    /// # Errors
    ///
    /// Returns all mistakes of the document at once, each with its line, key and value: see [`PolicyError`].
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
        let index = Index::new(&parts.storage, &parts.retired, &categories, &parts.services);
        let services = Services::new(&parts.services, &categories);
        let texts = parts.languages.iter().map(Texts::of).collect();
        let english = (Language::english(), Texts::english());
        Self(Arc::new(Inner { parts, categories, standing, index, services, texts, english }))
    }

    /// Returns a policy that declares nothing, so that nothing may be stored.
    pub(crate) fn nothing() -> Self {
        Self::from_parts(Parts::default())
    }

    /// Returns whether both policies are clones of the same parsed policy.
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Returns the languages of the policy. The first is the default.
    #[must_use]
    pub fn languages(&self) -> &[Language] {
        &self.0.parts.languages
    }

    pub(crate) fn default_language(&self) -> &Language {
        self.languages().first().unwrap_or(&self.0.english.0)
    }

    /// Returns the number of days after which a visitor who decided is asked again.
    #[must_use]
    pub fn reask_days(&self) -> u16 {
        self.0.parts.reask_days
    }

    /// Returns who runs the site and is responsible for it (GDPR Art. 13(1)(a)).
    #[must_use]
    pub fn controller(&self) -> &Controller {
        &self.0.parts.controller
    }

    /// Returns the authority to which a visitor can complain (GDPR Art. 13(2)(d)).
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.0.parts.authority
    }

    /// Returns the declared categories, in the document's order.
    #[must_use]
    pub fn categories(&self) -> &[CategoryDeclaration] {
        &self.0.parts.categories
    }

    /// Returns the declared categories as the small value that the codec and the module in the page use.
    #[must_use]
    pub fn category_set(&self) -> &CategorySet {
        &self.0.categories
    }

    /// Returns the category with this name, if the policy declares it.
    #[must_use]
    pub fn category(&self, name: &str) -> Option<Category> {
        self.0.categories.find(name.as_bytes())
    }

    /// Returns the policy's declaration of a category, or `None` for a category of another policy.
    #[must_use]
    pub fn category_declaration(&self, category: Category) -> Option<&CategoryDeclaration> {
        self.0.parts.categories.iter().find(|declared| declared.category == category)
    }

    /// Returns everything that the site may store, in the document's order.
    #[must_use]
    pub fn storage(&self) -> &[Declaration] {
        &self.0.parts.storage
    }

    /// Returns the third parties that the site's pages may load from, in the document's order. At most
    /// [`MAX_SERVICES`].
    #[must_use]
    pub fn services(&self) -> &[Service] {
        &self.0.parts.services
    }

    /// Returns the service with this id, if the policy declares it.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services().get(self.service_index(id)?)
    }

    /// Returns the index of the service with this id in [`services`](Self::services).
    #[must_use]
    pub fn service_index(&self, id: &str) -> Option<usize> {
        self.0.services.find(id)
    }

    /// Returns the service that loads from an origin, if the policy declares the origin. An exact origin
    /// overrides a wildcard, and a longer domain overrides a shorter one. The time does not depend on the
    /// number of services.
    ///
    /// ```
    /// # #[cfg(feature = "testing")] {
    /// use consent_core::policy::{Origin, Scheme, Service};
    ///
    /// let policy = consent_core::testing::full_policy();
    /// let at = |host| policy.service_at(Origin::new(Scheme::Https, host, 443)).map(Service::id);
    /// assert_eq!(at("video.example"), Some("video"));
    /// assert_eq!(at("a.video-images.example"), Some("video"));
    /// assert_eq!(at("www.video.example"), None);
    /// # }
    /// ```
    #[must_use]
    pub fn service_at(&self, origin: Origin<'_>) -> Option<&Service> {
        self.services().get(self.service_index_at(origin)?)
    }

    /// Like [`service_at`](Self::service_at), but returns the index in [`services`](Self::services).
    #[must_use]
    pub fn service_index_at(&self, origin: Origin<'_>) -> Option<usize> {
        self.0.services.at(origin)
    }

    pub(crate) fn service_sets(&self) -> &Services {
        &self.0.services
    }

    /// Returns the cookie names that the site no longer uses. Cookies with these names are cleared when a
    /// request carries them.
    #[must_use]
    pub fn retired(&self) -> &[Retired] {
        &self.0.parts.retired
    }

    /// Returns the domains that one decision covers, if the policy declares cookies with a `Domain`.
    #[must_use]
    pub fn scope(&self) -> &[String] {
        &self.0.parts.scope
    }

    /// Returns the log: every revision, oldest first. The log is never empty.
    #[must_use]
    pub fn revisions(&self) -> &[Revision] {
        &self.0.parts.revisions
    }

    /// Returns the revision in force: the last entry of the log.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revisions().last().map_or(1, |revision| revision.number)
    }

    /// Returns the lowest revision whose grants for this category still stand: the last revision that asked
    /// for it again.
    #[must_use]
    pub fn standing_since(&self, category: Category) -> u32 {
        self.standing(category).0
    }

    /// Returns whether anything in this category needs consent, so that the visitor has something to decide.
    /// A category in which everything is exempt is shown but not asked about.
    #[must_use]
    pub fn is_asked(&self, category: Category) -> bool {
        self.standing(category).1
    }

    fn standing(&self, category: Category) -> (u32, bool) {
        let position = self.0.categories.position(category);
        position.map_or(Self::NEVER, |position| self.standing_at(position))
    }

    /// Returns the lowest revision whose grants stand, and whether visitors are asked, for the category at
    /// this index.
    pub(crate) fn standing_at(&self, position: usize) -> (u32, bool) {
        self.0.standing.get(position).copied().unwrap_or(Self::NEVER)
    }

    const NEVER: (u32, bool) = (u32::MAX, false);

    /// Returns the texts of the interface in this language, or in the policy's first language.
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

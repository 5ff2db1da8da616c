use super::super::document::seconds;
use super::super::{Kind, Language, Lifetime, Localized, Name, OriginPattern, Scheme};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use toml::de::{DeTable, DeValue};

/// One service of the [`Catalogue`](super::Catalogue).
///
/// `Display` writes `[[services]]` and `[[storage]]` tables for `policy.toml`, to complete and paste.
///
/// ```
/// use consent_core::policy::Catalogue;
///
/// let draft = Catalogue::find("google-analytics").expect("in the catalogue").to_string();
/// assert!(draft.starts_with("[[services]]\npreset = \"google-analytics\"\ncategory = \"statistics\"\n"));
/// assert!(draft.contains("name = \"_ga\"\nkind = \"cookie\"\nservice = \"google-analytics\"\n"));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CatalogueEntry {
    pub(super) id: String,
    pub(super) label: Localized,
    pub(super) provider: Option<String>,
    pub(super) url: Option<String>,
    pub(super) purpose: Localized,
    pub(super) category: String,
    pub(super) origins: Vec<OriginPattern>,
    pub(super) shared: Vec<OriginPattern>,
    pub(super) storage: Option<Vec<CatalogueStorage>>,
    pub(super) unknown: Vec<String>,
    pub(super) sources: Vec<CatalogueSource>,
}

/// Something that a service stores on the visitor's device.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CatalogueStorage {
    /// The kind of storage.
    pub kind: Kind,
    /// The name, or the pattern of the names.
    pub name: Name,
    /// An origin of the service, if the storage belongs to the service. `None` if the service's script stores
    /// it on the page's own origin. Then the policy must declare it in `[[storage]]`.
    pub on: Option<String>,
    /// The lifetime as the source gives it: a month counts 30 days, a year 365. Browsers limit a cookie's
    /// lifetime to 400 days. `None` if no source gives one, and for kinds of storage without a lifetime.
    pub lifetime: Option<Lifetime>,
}

/// Where a fact of an entry was read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CatalogueSource {
    /// The key of the fact: `provider`, `url`, `origins` or `storage`.
    pub fact: String,
    /// The address of the page or file.
    pub url: String,
    /// The day on which it was read: `2026-11-28`.
    pub read: String,
}

impl CatalogueEntry {
    /// Parses the document of an entry. A test holds that every document of the catalogue is valid.
    pub(super) fn parse(document: &str) -> Option<Self> {
        let root = DeTable::parse(document).ok()?;
        let root = root.get_ref();
        Some(Self {
            id: text(root, "id")?,
            label: localized(root, "label")?,
            provider: text(root, "provider"),
            url: text(root, "url"),
            purpose: localized(root, "purpose")?,
            category: text(root, "category")?,
            origins: patterns(root, "origins")?,
            shared: patterns(root, "shared")?,
            storage: match root.get("storage") {
                Some(items) => Some(list(items.get_ref(), stored)?),
                None => None,
            },
            unknown: match root.get("unknown") {
                Some(items) => list(items.get_ref(), |item| item.as_str().map(ToOwned::to_owned))?,
                None => Vec::new(),
            },
            sources: list(root.get("sources")?.get_ref(), source)?,
        })
    }

    /// Returns the id: the word behind `preset`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the name for the visitor, in all languages of the interface.
    #[must_use]
    pub fn label(&self) -> &Localized {
        &self.label
    }

    /// Returns the company that runs the service for visitors in the European Union, if a source names it.
    #[must_use]
    pub fn provider(&self) -> Option<&str> {
        self.provider.as_deref()
    }

    /// Returns the address of the service's privacy policy, if a source gives it.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Returns the purpose, in words for the visitor, in all languages of the interface.
    #[must_use]
    pub fn purpose(&self) -> &Localized {
        &self.purpose
    }

    /// Returns the suggested category: `marketing`, `statistics` or `functionality`.
    #[must_use]
    pub fn category(&self) -> &str {
        &self.category
    }

    /// Returns the origins from which the service loads. Empty if it runs on the site's own servers.
    #[must_use]
    pub fn origins(&self) -> &[OriginPattern] {
        &self.origins
    }

    /// Returns whether other entries have this origin too.
    #[must_use]
    pub fn is_shared(&self, origin: &OriginPattern) -> bool {
        self.shared.contains(origin)
    }

    /// Returns what the service stores. Empty if a source says that it stores nothing; `None` if no source
    /// says what it stores.
    #[must_use]
    pub fn storage(&self) -> Option<&[CatalogueStorage]> {
        self.storage.as_deref()
    }

    /// Returns the keys of the facts for which no public source was found.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }

    /// Returns where each fact was read. A fact can have several sources.
    #[must_use]
    pub fn sources(&self) -> &[CatalogueSource] {
        &self.sources
    }
}

fn stored(item: &DeValue<'_>) -> Option<CatalogueStorage> {
    let table = item.as_table()?;
    let name = text(table, "name")?;
    Some(CatalogueStorage {
        kind: match text(table, "kind") {
            Some(word) => Kind::from_word(&word)?,
            None => Kind::Cookie,
        },
        name: match name.strip_suffix('*') {
            Some(prefix) => Name::Prefix(prefix.to_owned()),
            None => Name::Exact(name),
        },
        on: text(table, "on"),
        lifetime: match text(table, "lifetime") {
            Some(lifetime) if lifetime == "session" => Some(Lifetime::Session),
            Some(lifetime) => Some(Lifetime::Seconds(u32::try_from(seconds(&lifetime)?).ok()?)),
            None => None,
        },
    })
}

fn source(item: &DeValue<'_>) -> Option<CatalogueSource> {
    let table = item.as_table()?;
    let read = format!("{}", table.get("read")?.get_ref().as_datetime()?);
    Some(CatalogueSource { fact: text(table, "fact")?, url: text(table, "url")?, read })
}

/// Parses the texts of a key, in the order of the document: the first one is English.
fn localized(table: &DeTable<'_>, key: &str) -> Option<Localized> {
    let mut texts: Vec<_> = table.get(key)?.get_ref().as_table()?.iter().collect();
    texts.sort_by_key(|(tag, _)| tag.span().start);
    let mut localized = Localized::default();
    for (tag, text) in texts {
        localized.insert(Language::parse(tag.get_ref()).ok()?, text.get_ref().as_str()?);
    }
    Some(localized)
}

fn text(table: &DeTable<'_>, key: &str) -> Option<String> {
    table.get(key)?.get_ref().as_str().map(ToOwned::to_owned)
}

fn patterns(table: &DeTable<'_>, key: &str) -> Option<Vec<OriginPattern>> {
    table.get(key).map_or(Some(Vec::new()), |items| list(items.get_ref(), |item| pattern(item.as_str()?)))
}

/// Parses an origin in canonical form, as all origins of the catalogue are.
fn pattern(text: &str) -> Option<OriginPattern> {
    let host = text.strip_prefix("https://")?;
    let (is_wildcard, host) = host.strip_prefix("*.").map_or((false, host), |domain| (true, domain));
    Some(OriginPattern::new(Scheme::Https, host, Scheme::Https.default_port(), is_wildcard))
}

fn list<T>(items: &DeValue<'_>, read: impl Fn(&DeValue<'_>) -> Option<T>) -> Option<Vec<T>> {
    items.as_array()?.iter().map(|item| read(item.get_ref())).collect()
}

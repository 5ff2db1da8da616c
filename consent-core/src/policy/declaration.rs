use super::{Category, Localized};
use alloc::string::String;
use alloc::vec::Vec;

/// One thing that the site may store.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Declaration {
    /// The name or the pattern of names.
    pub name: Name,
    /// What kind of storage it is.
    pub kind: Kind,
    /// What it is for; with several, all of them must be allowed. Never empty.
    pub categories: Vec<Category>,
    /// Why it needs no consent, where it does not.
    pub exempt: Option<Exemption>,
    /// What it is for, in words for the visitor.
    pub purpose: Localized,
    /// How long it stays.
    pub lifetime: Lifetime,
    /// A sliding lifetime: every visit begins it anew.
    pub renews: bool,
    /// Who puts it there.
    pub provider: Provider,
    /// Who else can read it, in words for the visitor.
    pub readers: Localized,
    /// Where it is valid. Cookies only; never empty: the first entry is the default, a host-only cookie at `/`.
    pub scopes: Vec<Scope>,
    /// Whether it is kept apart by top-level site (CHIPS).
    pub partitioned: bool,
    /// Whether only the server can read it; the guard lets no script write it then.
    pub http_only: bool,
    /// The only values it may hold, where the policy lists them.
    pub values: Option<Vec<String>>,
    /// The longest value it may hold, in bytes.
    pub max_bytes: Option<usize>,
    /// The routes on which an exempt cookie may first be set. Empty: any.
    pub issued_on: Vec<Route>,
    /// The features that need it, in words for the visitor: shown where refusing has a cost.
    pub required_by: Localized,
    /// The origin of an embed: `https://video.example`.
    pub origin: Option<String>,
}

impl Declaration {
    /// Whether a script in the page may ever write it.
    #[must_use]
    pub fn is_script_visible(&self) -> bool {
        !self.http_only
    }
}

/// A declared name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Name {
    /// These bytes and no others.
    Exact(String),
    /// Every name that begins so; `pref_*` in the document.
    Prefix(String),
}

impl Name {
    /// Whether a name is meant. Bytes are compared exactly: browsers know no other equality.
    #[must_use]
    pub fn matches(&self, name: &[u8]) -> bool {
        match self {
            Self::Exact(exact) => exact.as_bytes() == name,
            Self::Prefix(prefix) => name.starts_with(prefix.as_bytes()),
        }
    }

    /// Whether some name is meant by both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Prefix(a), Self::Prefix(b)) => a.starts_with(b.as_str()) || b.starts_with(a.as_str()),
            (Self::Exact(exact), other) | (other, Self::Exact(exact)) => other.matches(exact.as_bytes()),
        }
    }

    /// The literal part: the whole name, or the pattern's beginning.
    #[must_use]
    pub fn literal(&self) -> &str {
        match self {
            Self::Exact(literal) | Self::Prefix(literal) => literal,
        }
    }
}

impl core::fmt::Display for Name {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.literal())?;
        if matches!(self, Self::Prefix(_)) { f.write_str("*") } else { Ok(()) }
    }
}

/// What kind of storage, or of reading from the visitor's device, a declaration is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Kind {
    /// A cookie, set by a response or a script.
    Cookie,
    /// A key of `localStorage`.
    LocalStorage,
    /// A key of `sessionStorage`.
    SessionStorage,
    /// A database of `IndexedDB`.
    IndexedDb,
    /// A cache of the Cache API.
    CacheStorage,
    /// A service worker, by the path of its script.
    ServiceWorker,
    /// Content of another origin, shown inside a page.
    Embed,
    /// A client hint that the site asks for with `Accept-CH`.
    ClientHint,
    /// A compression dictionary (`Use-As-Dictionary`).
    Dictionary,
    /// Network error or other reports (`NEL`, `Report-To`).
    NetworkReport,
    /// Whether the visitor is signed in, as the browser remembers it (`Set-Login`).
    LoginStatus,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Cookie,
        Self::LocalStorage,
        Self::SessionStorage,
        Self::IndexedDb,
        Self::CacheStorage,
        Self::ServiceWorker,
        Self::Embed,
        Self::ClientHint,
        Self::Dictionary,
        Self::NetworkReport,
        Self::LoginStatus,
    ];

    /// The word for it in `policy.toml` and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::LocalStorage => "local-storage",
            Self::SessionStorage => "session-storage",
            Self::IndexedDb => "indexed-db",
            Self::CacheStorage => "cache-storage",
            Self::ServiceWorker => "service-worker",
            Self::Embed => "embed",
            Self::ClientHint => "client-hint",
            Self::Dictionary => "dictionary",
            Self::NetworkReport => "network-report",
            Self::LoginStatus => "login-status",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Why something needs no consent: a closed set. Which law knows which reason is for the site to judge; the reason is
/// shown to the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Exemption {
    /// Needed to carry the communication.
    Transmission,
    /// Spreads requests over several servers.
    LoadBalancing,
    /// Keeps a visitor signed in who asked to be.
    SignIn,
    /// Protects the visitor or the service, for instance against forged requests.
    Security,
    /// Holds what the visitor is entering, such as a basket or a form over several pages.
    UserInput,
    /// Remembers the decision on consent itself.
    Consent,
}

impl Exemption {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Transmission,
        Self::LoadBalancing,
        Self::SignIn,
        Self::Security,
        Self::UserInput,
        Self::Consent,
    ];

    /// The word for it in `policy.toml` and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transmission => "transmission",
            Self::LoadBalancing => "load-balancing",
            Self::SignIn => "sign-in",
            Self::Security => "security",
            Self::UserInput => "user-input",
            Self::Consent => "consent",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// How long something stays on the visitor's device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lifetime {
    /// Until the browser is closed.
    Session,
    /// For so many seconds, at most 400 days (RFC 6265bis, section 5.5).
    Seconds(u32),
}

/// Who puts it there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Provider {
    /// The site itself.
    FirstParty,
    /// Somebody else, by name.
    Named(String),
}

/// Where a cookie is valid.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Scope {
    /// The `Domain`, lower case, without a leading dot; none for a host-only cookie.
    pub domain: Option<String>,
    /// The `Path`.
    pub path: String,
}

/// A route of the application: a method and a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Route {
    /// The method, upper case.
    pub method: String,
    /// The path, without a query.
    pub path: String,
}

/// A cookie name that the site used once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retired {
    /// The name or the pattern.
    pub name: Name,
    /// Where it was valid; never empty.
    pub scopes: Vec<Scope>,
    /// Whether it was kept apart by top-level site.
    pub partitioned: bool,
}

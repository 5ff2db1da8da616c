use super::{Category, Localized};
use alloc::string::String;
use alloc::vec::Vec;

/// A declaration of one thing that the site may store.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Declaration {
    /// The name, or the pattern of names.
    pub name: Name,
    /// The kind of storage.
    pub kind: Kind,
    /// The categories it belongs to, all of which must be allowed. Never empty.
    pub categories: Vec<Category>,
    /// The reason why it needs no consent, if it is exempt.
    pub exempt: Option<Exemption>,
    /// The purpose, in words for the visitor.
    pub purpose: Localized,
    /// The lifetime.
    pub lifetime: Lifetime,
    /// Whether every visit restarts the lifetime.
    pub renews: bool,
    /// Who stores it.
    pub provider: Provider,
    /// Who else can read it, in words for the visitor.
    pub readers: Localized,
    /// The scopes in which a cookie is valid; cookies only. Never empty: by default, the list holds a
    /// host-only cookie at `/`.
    pub scopes: Vec<Scope>,
    /// Whether browsers partition it by top-level site (CHIPS).
    pub partitioned: bool,
    /// Whether only the server can read it. If set, the guard lets no script write it.
    pub http_only: bool,
    /// The allowed values, if the policy lists them.
    pub values: Option<Vec<String>>,
    /// The maximum length of its value, in bytes.
    pub max_bytes: Option<usize>,
    /// The routes on which an exempt cookie may first be set. If empty, any route may set it.
    pub issued_on: Vec<Route>,
    /// The features that need it, in words for the visitor. They are shown where a refusal has a cost.
    pub required_by: Localized,
    /// The id of the service that it belongs to, if a service's script stores it.
    pub service: Option<String>,
}

impl Declaration {
    /// Returns whether scripts in the page may ever write it.
    #[must_use]
    pub fn is_script_visible(&self) -> bool {
        !self.http_only
    }
}

/// A declared name, or a pattern of names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Name {
    /// Exactly these bytes.
    Exact(String),
    /// Every name with this prefix; `pref_*` in the document.
    Prefix(String),
    /// Every name with this prefix and this suffix, which do not share a byte; `_pk_id.*.1fff` in the
    /// document.
    Affixes {
        /// The part before the star.
        prefix: String,
        /// The part after the star. Never empty.
        suffix: String,
    },
}

impl Name {
    /// Returns whether the pattern matches a name. Bytes are compared exactly, as browsers do.
    #[must_use]
    pub fn matches(&self, name: &[u8]) -> bool {
        match self {
            Self::Exact(exact) => exact.as_bytes() == name,
            Self::Prefix(prefix) => name.starts_with(prefix.as_bytes()),
            Self::Affixes { prefix, suffix } => {
                name.strip_prefix(prefix.as_bytes()).is_some_and(|rest| rest.ends_with(suffix.as_bytes()))
            }
        }
    }

    /// Returns whether some name matches both patterns.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Exact(exact), other) | (other, Self::Exact(exact)) => other.matches(exact.as_bytes()),
            // Two patterns both match a name that is long enough, if their ends agree.
            (one, other) => {
                let (a, b) = (one.literal(), other.literal());
                let (c, d) = (one.suffix(), other.suffix());
                (a.starts_with(b) || b.starts_with(a)) && (c.ends_with(d) || d.ends_with(c))
            }
        }
    }

    /// Returns the literal part at the beginning: the whole name, or the prefix.
    #[must_use]
    pub fn literal(&self) -> &str {
        match self {
            Self::Exact(literal) | Self::Prefix(literal) | Self::Affixes { prefix: literal, .. } => literal,
        }
    }

    /// Returns the literal part behind the star of a pattern, which may be empty.
    #[must_use]
    pub fn suffix(&self) -> &str {
        match self {
            Self::Exact(_) | Self::Prefix(_) => "",
            Self::Affixes { suffix, .. } => suffix,
        }
    }

    /// Returns a name that the pattern matches, with `middle` in place of the star.
    ///
    /// ```
    /// use consent_core::policy::Name;
    ///
    /// assert_eq!(Name::Prefix("pref_".into()).with_middle("font"), "pref_font");
    /// assert_eq!(Name::Exact("theme".into()).with_middle("font"), "theme");
    /// ```
    #[must_use]
    pub fn with_middle(&self, middle: &str) -> String {
        match self {
            Self::Exact(name) => name.clone(),
            Self::Prefix(_) | Self::Affixes { .. } => [self.literal(), middle, self.suffix()].concat(),
        }
    }
}

impl core::fmt::Display for Name {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.with_middle("*"))
    }
}

/// A kind of storage, or of reading from the visitor's device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Kind {
    /// A cookie, set by a response or a script.
    Cookie,
    /// A key in `localStorage`.
    LocalStorage,
    /// A key in `sessionStorage`.
    SessionStorage,
    /// An `IndexedDB` database.
    IndexedDb,
    /// A cache of the Cache API.
    CacheStorage,
    /// A service worker, identified by the path of its script.
    ServiceWorker,
    /// A connection to a third party. In reports only: a policy declares third parties in `[[services]]`.
    Service,
    /// A client hint that the site requests with `Accept-CH`.
    ClientHint,
    /// A compression dictionary (`Use-As-Dictionary`).
    Dictionary,
    /// Reports of network errors or other events (`NEL`, `Report-To`).
    NetworkReport,
    /// The sign-in status that the browser remembers (`Set-Login`).
    LoginStatus,
}

impl Kind {
    /// The kinds that a policy can declare in `[[storage]]`.
    pub const ALL: [Self; 10] = [
        Self::Cookie,
        Self::LocalStorage,
        Self::SessionStorage,
        Self::IndexedDb,
        Self::CacheStorage,
        Self::ServiceWorker,
        Self::ClientHint,
        Self::Dictionary,
        Self::NetworkReport,
        Self::LoginStatus,
    ];

    /// Returns the word for the kind in `policy.toml` and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::LocalStorage => "local-storage",
            Self::SessionStorage => "session-storage",
            Self::IndexedDb => "indexed-db",
            Self::CacheStorage => "cache-storage",
            Self::ServiceWorker => "service-worker",
            Self::Service => "service",
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

/// A reason why something needs no consent. The set is closed. The site must judge which reasons its law
/// recognises; the visitor sees the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Exemption {
    /// Needed to transmit the communication.
    Transmission,
    /// Distributes requests among several servers.
    LoadBalancing,
    /// Keeps a visitor signed in at the visitor's request.
    SignIn,
    /// Protects the visitor or the service, for instance against forged requests.
    Security,
    /// Holds the visitor's input, such as a basket or a form over several pages.
    UserInput,
    /// Remembers the consent decision itself.
    Consent,
}

impl Exemption {
    /// All reasons.
    pub const ALL: [Self; 6] = [
        Self::Transmission,
        Self::LoadBalancing,
        Self::SignIn,
        Self::Security,
        Self::UserInput,
        Self::Consent,
    ];

    /// Returns the word for the reason in `policy.toml` and in JSON.
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
    /// For this many seconds, at most 400 days (RFC 6265bis, section 5.5).
    Seconds(u32),
}

/// The party that stores something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Provider {
    /// The site itself.
    FirstParty,
    /// A third party, by name.
    Named(String),
}

/// The scope in which a cookie is valid.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Scope {
    /// The `Domain`, lower case, without a leading dot; `None` for a host-only cookie.
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

/// A cookie name that the site no longer uses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retired {
    /// The name, or the pattern of names.
    pub name: Name,
    /// The scopes in which the cookie was valid. Never empty.
    pub scopes: Vec<Scope>,
    /// Whether browsers partitioned it by top-level site.
    pub partitioned: bool,
}

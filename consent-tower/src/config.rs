use crate::inventory::Inventory;
use crate::layer::Mode;
use crate::requests::Requests;
use crate::review::Hook;
use consent_core::Policy;
use consent_core::consent::CookieName;
use consent_core::page::Links;
use consent_core::policy::Place;
use http::request::Parts;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use time::UtcDateTime;

/// Tells the time. It is a function, so that tests can stop it.
pub(crate) type Clock = Arc<dyn Fn() -> UtcDateTime + Send + Sync>;

/// Tells where a visitor is, from the request's head.
pub(crate) type Locate = Arc<dyn Fn(&Parts) -> Option<Place> + Send + Sync>;

/// Tells whether a decision may be taken now, from the request's head; if not, after how long.
pub(crate) type Limit = Arc<dyn Fn(&Parts) -> Result<(), Duration> + Send + Sync>;

/// What is done about cookies that the policy does not declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Undeclared {
    /// They are dropped and reported.
    #[default]
    Drop,
    /// They are reported and let out, while everything declared is enforced: for a site whose policy is not complete yet.
    Report,
    /// They are dropped, and the whole answer becomes an error (500) that names them: for tests.
    Fail,
}

/// Everything a layer is configured with; one value for all its services.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Config {
    pub(crate) policy: Policy,
    pub(crate) mode: Mode,
    pub(crate) cookie_name: CookieName,
    pub(crate) clock: Clock,
    pub(crate) locate: Option<Locate>,
    /// The path of our routes as they arrive here.
    pub(crate) prefix: String,
    /// What a proxy in front strips from the path.
    pub(crate) public_path: String,
    /// The origins that are this site, where a proxy rewrites `Host`.
    pub(crate) origins: Vec<String>,
    /// Sites of the same registrable domain whose pages may post decisions.
    pub(crate) same_site: bool,
    pub(crate) banner: bool,
    pub(crate) guard: bool,
    pub(crate) sweep_undeclared: bool,
    pub(crate) undeclared: Undeclared,
    pub(crate) development_header: bool,
    pub(crate) original_cookies: bool,
    pub(crate) inventory: Option<Inventory>,
    pub(crate) limit: Option<Limit>,
    pub(crate) review: Option<Hook>,
    /// Requests whose pages are left as they are.
    pub(crate) excluded: Vec<Requests>,
    /// Requests that the layer does nothing to.
    pub(crate) unfiltered: Vec<Requests>,
    /// Where there are any: only their pages are shaped.
    pub(crate) included: Vec<Requests>,
    /// Whether a verdict may need the request's path: most policies say nothing of routes or narrower paths.
    pub(crate) needs_path: bool,
    /// Our addresses as the browser sees them; derived from the fields above.
    pub(crate) links: Links,
}

impl Config {
    pub(crate) fn new(policy: Policy) -> Self {
        let prefix = String::from("/consent");
        let links = links(&prefix);
        let needs_path = policy.storage().iter().any(|declared| {
            !declared.issued_on.is_empty() || declared.scopes.iter().any(|scope| scope.path != "/")
        });
        Self {
            policy,
            needs_path,
            mode: Mode::Enforce,
            cookie_name: CookieName::Host,
            clock: Arc::new(UtcDateTime::now),
            locate: None,
            prefix,
            public_path: String::new(),
            origins: Vec::new(),
            same_site: false,
            banner: true,
            guard: true,
            sweep_undeclared: false,
            undeclared: Undeclared::Drop,
            development_header: false,
            original_cookies: false,
            inventory: None,
            limit: None,
            review: None,
            excluded: Vec::new(),
            unfiltered: Vec::new(),
            included: Vec::new(),
            links,
        }
    }

    /// To be called after every change of a path.
    pub(crate) fn derive_links(&mut self) {
        self.links = links(&format!("{}{}", self.public_path, self.prefix));
    }

    pub(crate) fn enforces(&self) -> bool {
        self.mode == Mode::Enforce
    }

    /// Whether banner, guard and gate belong into the page that answers a request.
    pub(crate) fn shapes_page(&self, parts: &Parts) -> bool {
        self.enforces()
            && !self.excluded.iter().any(|requests| requests.contains(parts))
            && (self.included.is_empty() || self.included.iter().any(|requests| requests.contains(parts)))
    }

    /// Whether the layer lets a request and its answer alone.
    pub(crate) fn is_unfiltered(&self, parts: &Parts) -> bool {
        self.unfiltered.iter().any(|requests| requests.contains(parts))
    }
}

fn links(base: &str) -> Links {
    let asset = |name: &str| {
        let file = consent_wasm::asset(name).map_or(name, |asset| asset.file);
        format!("{base}/assets/{file}")
    };
    let mut links = Links::new(base);
    links.style = asset("consent.css");
    links.page_style = asset("page.css");
    links.guard = asset("guard.js");
    links.module = asset("module.js");
    links
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("mode", &self.mode)
            .field("cookie_name", &self.cookie_name)
            .field("prefix", &self.prefix)
            .field("public_path", &self.public_path)
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}

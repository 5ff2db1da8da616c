use crate::layer::Mode;
use consent_core::Policy;
use consent_core::consent::CookieName;
use consent_core::page::Links;
use consent_core::policy::Place;
use http::request::Parts;
use std::fmt;
use std::sync::Arc;
use time::UtcDateTime;

/// Tells the time. It is a function, so that tests can stop it.
pub(crate) type Clock = Arc<dyn Fn() -> UtcDateTime + Send + Sync>;

/// Tells where a visitor is, from the request's head.
pub(crate) type Locate = Arc<dyn Fn(&Parts) -> Option<Place> + Send + Sync>;

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

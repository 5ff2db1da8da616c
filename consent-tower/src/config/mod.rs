mod clock;
mod host;
mod matcher;
mod mode;
mod review;

pub(crate) use self::clock::Clock;
pub(crate) use self::host::AskedHost;
pub use self::matcher::RequestMatcher;
pub use self::mode::{Mode, Undeclared};
pub(crate) use self::review::ReviewHook;
pub use self::review::{Review, ReviewResult};

use crate::callbacks::Callback;
use crate::decisions::{ChangeListener, Changes};
use crate::observe::Inventory;
use consent_core::consent::CookieName;
use consent_core::page::Links;
use consent_core::policy::{Jurisdiction, Kind, Signal};
use consent_core::verdict::Floor;
use consent_core::{Consent, Policy, Reason};
use http::request::Parts;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Tells where a visitor is, from the request's head.
pub(crate) type Locate = Callback<dyn Fn(&Parts) -> Option<Jurisdiction> + Send + Sync>;

/// Tells whether a decision may be taken now, from the request's head; if not, after how long.
pub(crate) type Limit = Callback<dyn Fn(&Parts) -> Result<(), Duration> + Send + Sync>;

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
    pub(crate) floor: Floor,
    pub(crate) original_cookies: bool,
    pub(crate) inventory: Option<Inventory>,
    pub(crate) limit: Option<Limit>,
    pub(crate) review: Option<ReviewHook>,
    /// Who hears of changes.
    pub(crate) change_listeners: Vec<ChangeListener>,
    pub(crate) changes: Option<Changes>,
    /// Requests whose pages are left as they are.
    pub(crate) excluded: Vec<RequestMatcher>,
    /// Requests that the layer does nothing to.
    pub(crate) unfiltered: Vec<RequestMatcher>,
    /// Where there are any: only their pages are shaped.
    pub(crate) included: Vec<RequestMatcher>,
    /// Whether the policy maps Global Privacy Control to anything.
    pub(crate) listens_to_gpc: bool,
    /// The same for Do Not Track.
    pub(crate) listens_to_dnt: bool,
    /// Requests whose pages are written for nobody in particular.
    pub(crate) neutral: Vec<RequestMatcher>,
    /// Whether a verdict may need the request's path: most policies say nothing of routes or narrower paths.
    pub(crate) needs_path: bool,
    /// Set once it was said that another layer stands around this one.
    pub(crate) nested: OnceLock<()>,
    /// The hash of everything that the layer adds to a page, once it was computed.
    pub(crate) page_fingerprint: OnceLock<u32>,
    /// Our addresses as the browser sees them; derived from the fields above.
    pub(crate) links: Arc<Links>,
}

impl Config {
    pub(crate) fn new(policy: Policy) -> Self {
        let prefix = String::from("/consent");
        let links = links(&prefix);
        let needs_path = policy.storage().iter().any(|declared| {
            declared.kind == Kind::ServiceWorker
                || !declared.issued_on.is_empty()
                || declared.scopes.iter().any(|scope| scope.path != "/")
        });
        let listens_to =
            |signal| policy.categories().iter().any(|declared| declared.signals.contains(&signal));
        Self {
            listens_to_gpc: listens_to(Signal::Gpc),
            listens_to_dnt: listens_to(Signal::Dnt),
            policy,
            needs_path,
            page_fingerprint: OnceLock::new(),
            nested: OnceLock::new(),
            mode: Mode::Enforce,
            cookie_name: CookieName::Host,
            clock: Clock::System,
            locate: None,
            prefix,
            public_path: String::new(),
            origins: Vec::new(),
            same_site: false,
            banner: true,
            guard: true,
            sweep_undeclared: false,
            undeclared: Undeclared::Drop,
            floor: Floor::NONE,
            original_cookies: false,
            inventory: None,
            limit: None,
            review: None,
            change_listeners: Vec::new(),
            changes: None,
            excluded: Vec::new(),
            unfiltered: Vec::new(),
            included: Vec::new(),
            neutral: Vec::new(),
            links,
        }
    }

    /// To be called after every change of a path.
    pub(crate) fn derive_links(&mut self) {
        self.links = links(&format!("{}{}", self.public_path, self.prefix));
    }

    /// Says, once, that another layer stands around this one, which therefore does nothing.
    pub(crate) fn say_nested(&self, outer: &Consent) {
        if self.nested.set(()).is_err() {
            return;
        }
        if outer.policy().ptr_eq(&self.policy) {
            tracing::info!(
                target: "consent::order",
                "the layer stands twice around one service: the inner one does nothing, and neither do its settings"
            );
        } else {
            tracing::warn!(
                target: "consent::order",
                "the layer stands twice around one service, with two policies: only the outer one is enforced"
            );
        }
    }

    pub(crate) fn enforces(&self) -> bool {
        self.mode == Mode::Enforce
    }

    /// Whether what is wrong for this reason is only reported, also where everything else is enforced.
    pub(crate) fn tolerates(&self, reason: Reason) -> bool {
        reason == Reason::Undeclared && self.undeclared == Undeclared::Report
    }
}

fn links(base: &str) -> Arc<Links> {
    let asset = |name: &str| {
        let file = consent_wasm::asset(name).map_or(name, |asset| asset.file);
        format!("{base}/assets/{file}")
    };
    let mut links = Links::new(base);
    links.style = asset("consent.css");
    links.page_style = asset("page.css");
    links.guard = asset("guard.js");
    links.module = asset("module.js");
    Arc::new(links)
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

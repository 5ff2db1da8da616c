mod clock;
mod host;
mod matcher;
mod mode;
mod origin_headers;
mod review;

pub(crate) use self::clock::Clock;
pub(crate) use self::host::AskedHost;
pub use self::matcher::RequestMatcher;
pub use self::mode::{Mode, ThirdParties, Undeclared};
pub(crate) use self::origin_headers::OriginHeaders;
pub(crate) use self::review::ReviewHook;
pub use self::review::{Review, ReviewResult};

use crate::callbacks::Callback;
use crate::decisions::{ChangeListener, Changes};
use crate::observe::{Inventory, Violations};
use consent_core::consent::CookieName;
use consent_core::page::Links;
use consent_core::policy::{Jurisdiction, Kind, Signal};
use consent_core::verdict::Floor;
use consent_core::{Consent, Policy, Reason};
use http::request::Parts;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A function that returns the visitor's jurisdiction.
pub(crate) type Locate = Callback<dyn Fn(&Parts) -> Option<Jurisdiction> + Send + Sync>;

/// A function that returns an error with the time to wait if a decision may not be made now.
pub(crate) type Limit = Callback<dyn Fn(&Parts) -> Result<(), Duration> + Send + Sync>;

/// The configuration of a layer. All its services share one value.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(crate) struct Config {
    pub(crate) policy: Policy,
    pub(crate) mode: Mode,
    pub(crate) cookie_name: CookieName,
    pub(crate) clock: Clock,
    pub(crate) locate: Option<Locate>,
    /// The path of the layer's own routes, as requests for them arrive.
    pub(crate) prefix: String,
    /// The path prefix that a proxy in front strips.
    pub(crate) public_path: String,
    /// The origins of this site, if a proxy rewrites the `Host` header.
    pub(crate) origins: Vec<String>,
    /// Whether pages of other hosts of the same site may post decisions.
    pub(crate) same_site: bool,
    pub(crate) banner: bool,
    pub(crate) guard: bool,
    pub(crate) sweep_undeclared: bool,
    pub(crate) undeclared: Undeclared,
    pub(crate) third_parties: ThirdParties,
    /// Emptied with each change of the configuration.
    pub(crate) origin_headers: Arc<OriginHeaders>,
    pub(crate) floor: Floor,
    pub(crate) original_cookies: bool,
    pub(crate) inventory: Option<Inventory>,
    pub(crate) violations: Arc<Violations>,
    pub(crate) limit: Option<Limit>,
    pub(crate) review: Option<ReviewHook>,
    /// The functions that are called with each change.
    pub(crate) change_listeners: Vec<ChangeListener>,
    pub(crate) changes: Option<Changes>,
    /// The requests whose pages are not decorated.
    pub(crate) excluded: Vec<RequestMatcher>,
    /// The requests that the layer leaves alone.
    pub(crate) unfiltered: Vec<RequestMatcher>,
    /// If not empty, only the pages of these requests are decorated.
    pub(crate) included: Vec<RequestMatcher>,
    /// Whether the policy maps Global Privacy Control to anything.
    pub(crate) listens_to_gpc: bool,
    /// Whether the policy maps Do Not Track to anything.
    pub(crate) listens_to_dnt: bool,
    /// The requests whose pages are the same for every visitor.
    pub(crate) neutral: Vec<RequestMatcher>,
    /// Requests whose pages have the banner first in the body.
    pub(crate) early_banner: Option<RequestMatcher>,
    /// Whether a verdict may depend on the request's path. Most policies declare no routes and no narrower
    /// paths.
    pub(crate) needs_path: bool,
    /// Set after the event about another layer around this one was logged.
    pub(crate) nested: OnceLock<()>,
    /// The hash of everything that the layer adds to a page. Computed at the first use.
    pub(crate) page_fingerprint: OnceLock<u32>,
    /// The layer's addresses as browsers see them. Derived from the fields above.
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
            third_parties: ThirdParties::Block,
            origin_headers: Arc::default(),
            floor: Floor::NONE,
            original_cookies: false,
            inventory: None,
            violations: Arc::default(),
            limit: None,
            review: None,
            change_listeners: Vec::new(),
            changes: None,
            excluded: Vec::new(),
            unfiltered: Vec::new(),
            included: Vec::new(),
            neutral: Vec::new(),
            early_banner: None,
            links,
        }
    }

    /// Computes the links again. Must be called after every change of a path.
    pub(crate) fn derive_links(&mut self) {
        self.links = links(&format!("{}{}", self.public_path, self.prefix));
    }

    /// Logs once that another layer wraps this one, which therefore does nothing.
    pub(crate) fn say_nested(&self, outer: &Consent, path: &str) {
        if self.nested.set(()).is_err() {
            return;
        }
        if outer.policy().ptr_eq(&self.policy) {
            tracing::info!(
                target: "consent::order",
                path,
                "the service is wrapped twice: the inner layer does nothing, and its settings have no effect"
            );
        } else {
            tracing::warn!(
                target: "consent::order",
                path,
                "the service is wrapped twice, with two policies: only the policy of the outer layer is enforced"
            );
        }
    }

    pub(crate) fn enforces(&self) -> bool {
        self.mode == Mode::Enforce
    }

    /// Returns `true` if violations with this reason are only reported, even if the layer enforces the
    /// policy.
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

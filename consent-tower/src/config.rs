use crate::caching::fnv;
use crate::changes::{Changes, Subscriber};
use crate::clock::Clock;
use crate::inventory::Inventory;
use crate::layer::Mode;
use crate::neutral::nobody;
use crate::requests::Requests;
use crate::review::Hook;
use consent_core::consent::CookieName;
use consent_core::page::{Links, rules};
use consent_core::policy::{Kind, Place, Signal};
use consent_core::verdict::Floor;
use consent_core::{Consent, Policy, Reason};
use http::request::Parts;
use http::{Method, Request};
use std::fmt;
use std::mem;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

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
    /// They are reported and let out, and the application sees them when they come back, while everything declared is
    /// enforced: for a site whose policy is not complete yet.
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
    pub(crate) floor: Floor,
    pub(crate) development_header: bool,
    pub(crate) original_cookies: bool,
    pub(crate) inventory: Option<Inventory>,
    pub(crate) limit: Option<Limit>,
    pub(crate) review: Option<Hook>,
    /// Who hears of changes.
    pub(crate) subscribers: Vec<Subscriber>,
    pub(crate) changes: Option<Changes>,
    /// Requests whose pages are left as they are.
    pub(crate) excluded: Vec<Requests>,
    /// Requests that the layer does nothing to.
    pub(crate) unfiltered: Vec<Requests>,
    /// Where there are any: only their pages are shaped.
    pub(crate) included: Vec<Requests>,
    /// Whether the policy maps Global Privacy Control to anything.
    pub(crate) listens_to_gpc: bool,
    /// The same for Do Not Track.
    pub(crate) listens_to_dnt: bool,
    /// Requests whose pages are written for nobody in particular.
    pub(crate) neutral: Vec<Requests>,
    /// Whether a verdict may need the request's path: most policies say nothing of routes or narrower paths.
    pub(crate) needs_path: bool,
    /// Set once it was said that another layer stands around this one.
    pub(crate) nested: OnceLock<()>,
    /// See [`Config::shape`].
    pub(crate) shape: OnceLock<u32>,
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
            shape: OnceLock::new(),
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
            development_header: false,
            original_cookies: false,
            inventory: None,
            limit: None,
            review: None,
            subscribers: Vec::new(),
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
        if outer.policy().is_same_as(&self.policy) {
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

    /// Stands for all that a page is written with besides what it is written from: the rules, the addresses of the files that
    /// it loads, the switches. A page that was written otherwise, before a change of the site, is another page.
    pub(crate) fn shape(&self) -> u32 {
        *self.shape.get_or_init(|| {
            let links = &self.links;
            let rules = rules(&self.policy, &nobody(self), self.cookie_name, &links.base);
            let texts = [&rules, &links.style, &links.guard, &links.module];
            let switches = [self.guard, self.banner, self.sweep_undeclared].map(u8::from);
            fnv(texts.into_iter().flat_map(String::as_bytes).chain(&switches))
        })
    }

    /// What the site's own functions say of a request. Where there are none, its head need not be taken apart.
    pub(crate) fn ask<B>(&self, request: &mut Request<B>) -> Answers {
        let is_anything_asked = self.locate.is_some()
            || [&self.unfiltered, &self.excluded, &self.included, &self.neutral]
                .iter()
                .any(|requests| !requests.is_empty());
        if !is_anything_asked {
            let shapes_page = self.enforces();
            return Answers { place: None, unfiltered: false, shapes_page, neutral: false };
        }
        with_parts(request, |parts| Answers {
            place: self.locate.as_ref().and_then(|locate| locate(parts)),
            unfiltered: self.unfiltered.iter().any(|requests| requests.contains(parts)),
            shapes_page: self.enforces() && self.is_shaped(parts),
            neutral: self.is_neutral(parts),
        })
    }

    fn is_shaped(&self, parts: &Parts) -> bool {
        !self.excluded.iter().any(|requests| requests.contains(parts))
            && (self.included.is_empty() || self.included.iter().any(|requests| requests.contains(parts)))
    }

    fn is_neutral(&self, parts: &Parts) -> bool {
        matches!(parts.method, Method::GET | Method::HEAD)
            && self.neutral.iter().any(|requests| requests.contains(parts))
    }
}

/// What the site's own functions say of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answers {
    /// Where the visitor is.
    pub(crate) place: Option<Place>,
    /// Whether the layer lets the request and its answer alone.
    pub(crate) unfiltered: bool,
    /// Whether banner, guard and gate belong into the page that answers it.
    pub(crate) shapes_page: bool,
    /// Whether that page is the same for everybody.
    pub(crate) neutral: bool,
}

/// Lends a function the head of a request, as the parts that it is made of.
pub(crate) fn with_parts<B, T>(request: &mut Request<B>, ask: impl FnOnce(&Parts) -> T) -> T {
    let (mut parts, ()) = Request::new(()).into_parts();
    let mut swap = |parts: &mut Parts| {
        mem::swap(request.method_mut(), &mut parts.method);
        mem::swap(request.uri_mut(), &mut parts.uri);
        mem::swap(request.version_mut(), &mut parts.version);
        mem::swap(request.headers_mut(), &mut parts.headers);
        mem::swap(request.extensions_mut(), &mut parts.extensions);
    };
    swap(&mut parts);
    let answer = ask(&parts);
    swap(&mut parts);
    answer
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

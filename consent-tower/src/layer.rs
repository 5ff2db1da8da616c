use crate::callbacks::Callback;
use crate::config::{Clock, Config, Mode, RequestMatcher, Review, ReviewResult, Undeclared};
use crate::decisions::{Change, Changes};
use crate::observe::{Inventory, counters};
use crate::service::ConsentService;
use consent_core::Policy;
use consent_core::consent::CookieName;
use consent_core::policy::Jurisdiction;
use consent_core::verdict::Floor;
use http::request::Parts;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use time::UtcDateTime;
use tower_layer::Layer;

/// Enforces a policy on everything that a service answers.
///
/// It wraps the *finished* application, `layer.layer(router)`: what is added later, or stands outside, is not covered.
/// See the [crate's documentation](crate) for an example.
#[derive(Clone, Debug)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct ConsentLayer {
    config: Arc<Config>,
}

impl ConsentLayer {
    /// A layer with every default on: enforcing, with routes, banner and guard.
    pub fn new(policy: Policy) -> Self {
        counters::prepare();
        Self { config: Arc::new(Config::new(policy)) }
    }

    fn with(mut self, change: impl FnOnce(&mut Config)) -> Self {
        let config = Arc::make_mut(&mut self.config);
        change(config);
        config.page_fingerprint = OnceLock::new();
        self
    }

    /// Enforces (the default) or only reports.
    pub fn with_mode(self, mode: Mode) -> Self {
        self.with(|config| config.mode = mode)
    }

    /// Takes the time from this function instead of the system's clock: `UtcDateTime`, `OffsetDateTime` or `SystemTime`.
    pub fn with_clock<T: Into<UtcDateTime>>(self, clock: impl Fn() -> T + Send + Sync + 'static) -> Self {
        self.with(|config| {
            config.clock = Clock::Given(Callback::new("clock", Arc::new(move || clock().into())));
        })
    }

    /// Tells where a visitor is, for policies whose regimes differ by place. Without it, and where the function gives
    /// nothing, the strictest regime holds.
    pub fn with_jurisdiction(
        self,
        locate: impl Fn(&Parts) -> Option<Jurisdiction> + Send + Sync + 'static,
    ) -> Self {
        self.with(|config| config.locate = Some(Callback::new("jurisdiction", Arc::new(locate))))
    }

    /// Serves our routes under another path than `/consent`. A leading slash is added and trailing ones are taken off;
    /// `/` alone is no path for them, and leaves it as it is.
    pub fn with_prefix(self, prefix: impl AsRef<str>) -> Self {
        let prefix = normal_path(prefix.as_ref());
        self.with(|config| {
            if !prefix.is_empty() {
                config.prefix = prefix;
            }
            config.derive_links();
        })
    }

    /// The path that a proxy in front strips from each request, so that our addresses are right in the browser.
    pub fn with_public_path(self, path: impl AsRef<str>) -> Self {
        let path = normal_path(path.as_ref());
        self.with(|config| {
            config.public_path = path;
            config.derive_links();
        })
    }

    /// An origin that is this site (`https://shop.example`), for proxies that rewrite `Host`. May be given several times;
    /// without any, `Host` decides.
    pub fn add_public_origin(self, origin: impl Into<String>) -> Self {
        let origin = origin.into();
        self.with(|config| config.origins.push(origin.trim_end_matches('/').to_ascii_lowercase()))
    }

    /// Lets pages of other hosts of the same site (`www.shop.example` for `shop.example`) post decisions.
    pub fn with_same_site_decisions(self) -> Self {
        self.with(|config| config.same_site = true)
    }

    /// Puts no banner into pages: for applications that show their own.
    pub fn without_banner(self) -> Self {
        self.with(|config| config.banner = false)
    }

    /// Leaves the guard out of pages: scripts can then store what they like, and no generated text claims otherwise.
    pub fn without_guard(self) -> Self {
        self.with(|config| config.guard = false)
    }

    /// Leaves pages of these requests as they are: no banner, no guard, no gate. Their cookies are judged all the same.
    pub fn add_excluded(self, requests: RequestMatcher) -> Self {
        self.with(|config| config.excluded.push(requests))
    }

    /// Shapes the pages of these requests only. May be given several times; what is excluded stays excluded.
    pub fn add_included(self, requests: RequestMatcher) -> Self {
        self.with(|config| config.included.push(requests))
    }

    /// Writes the pages of these requests for nobody in particular, so that shared caches may keep them: `Cache-Control`
    /// and `Vary` stay as the application wrote them.
    ///
    /// Nothing in such a page depends on who asked for it: no banner, every gated element inert, the guard by the strictest
    /// rules. The module then reads the consent cookie in the browser, gets the banner from `/consent/banner` where a
    /// decision is due, and wakes what is allowed; where the policy knows places or signals, it asks for the visitor's rules
    /// first. Until then, and by the guard, nothing is allowed that a place or a signal could take away. Without a script the
    /// page has the link to the settings, where a decision can be made.
    ///
    /// An answer that sets a cookie, depends on the visitor's consent, was made by an application that was shown cookies, or
    /// is itself `private` or `no-store`, is an ordinary page after all. What was refused is not expired by a page that a cache may keep, but by the next answer that none
    /// does: the banner, the settings, another page.
    ///
    /// Use it where a cache in front answers most requests: the banner comes a request later than with an ordinary page. The
    /// application must answer everybody alike under these addresses, and pages are told from pieces of pages by their
    /// doctype.
    ///
    /// ```
    /// use consent_tower::matcher::RequestMatcher;
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).add_neutral(RequestMatcher::from_path("/articles"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_neutral(self, requests: RequestMatcher) -> Self {
        self.with(|config| config.neutral.push(requests))
    }

    /// Does nothing at all to these requests and their answers.
    ///
    /// Dangerous: what they store is not judged, and the policy's promise does not hold for them.
    pub fn dangerous_leave_unfiltered(self, requests: RequestMatcher) -> Self {
        self.with(|config| config.unfiltered.push(requests))
    }

    /// What is done about cookies that the policy does not declare: [`Undeclared::Drop`] unless said otherwise.
    pub fn with_undeclared(self, undeclared: Undeclared) -> Self {
        self.with(|config| config.undeclared = undeclared)
    }

    /// Raises the attributes of every kept cookie to these: `Secure`, `HttpOnly`, `SameSite`. Nothing is ever lowered. The
    /// consent cookie has its own.
    pub fn with_floor(self, floor: Floor) -> Self {
        self.with(|config| config.floor = floor)
    }

    /// Collects the undeclared cookies that are met.
    pub fn with_inventory(self, inventory: Inventory) -> Self {
        self.with(|config| config.inventory = Some(inventory))
    }

    /// Lets a function overturn verdicts, either way. What it does is in the report and in an event; a function that
    /// panics drops the cookie. The consent cookie is out of its reach.
    pub fn with_review(self, review: impl Fn(&Review<'_>) -> ReviewResult + Send + Sync + 'static) -> Self {
        self.with(|config| {
            config.review = Some(Callback::new("review", Arc::new(review)));
            config.needs_path = true;
        })
    }

    /// Calls a function with each [`Change`](crate::changes::Change): when a visitor decides otherwise than before, at our routes or by
    /// a handler. May be given several times. It runs while the answer is made, so it should be quick; one that panics does
    /// no harm.
    pub fn add_change_listener(self, listener: impl Fn(&Change) + Send + Sync + 'static) -> Self {
        self.with(|config| config.change_listeners.push(Callback::new("change-listener", Arc::new(listener))))
    }

    /// Tells long-lived answers of the changes that their visitors make elsewhere.
    pub fn with_subscriptions(self, changes: Changes) -> Self {
        self.with(|config| config.changes = Some(changes))
    }

    /// Asks a function before a decision is taken; where it answers a duration, the visitor is told to come back then
    /// (429).
    pub fn with_decision_limit(
        self,
        limit: impl Fn(&Parts) -> Result<(), Duration> + Send + Sync + 'static,
    ) -> Self {
        self.with(|config| config.limit = Some(Callback::new("decision-limit", Arc::new(limit))))
    }

    /// Keeps the cookies that the application is not shown in the request's extensions: see [`UnfilteredCookies`](crate::report::UnfilteredCookies).
    pub fn with_unfiltered_cookies(self) -> Self {
        self.with(|config| config.original_cookies = true)
    }

    /// Also expires undeclared cookies of this host that are met in requests, and has the module clear undeclared keys of
    /// the page's storage. Not the default: what stands before or beside the application may need them.
    pub fn with_undeclared_sweep(self) -> Self {
        self.with(|config| config.sweep_undeclared = true)
    }

    /// Makes the consent cookie `consent`, without `Secure`, so that it works over plain http.
    ///
    /// Dangerous: any page on the way and any sibling host can then set or read the decision. For development only. The
    /// scheme of a request is never guessed.
    pub fn dangerous_allow_http(self) -> Self {
        self.with(|config| config.cookie_name = CookieName::Plain)
    }
}

/// A path with a leading slash and no trailing one; empty for the root.
fn normal_path(path: &str) -> String {
    match path.trim_matches('/') {
        "" => String::new(),
        path => format!("/{path}"),
    }
}

impl<S> Layer<S> for ConsentLayer {
    type Service = ConsentService<S>;

    fn layer(&self, inner: S) -> ConsentService<S> {
        ConsentService::new(inner, Arc::clone(&self.config))
    }
}

use crate::callbacks::Callback;
use crate::config::{Clock, Config, Mode, RequestMatcher, Review, ReviewResult, ThirdParties, Undeclared};
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

/// Enforces a policy on every response of a service.
///
/// The layer wraps the *finished* application: `layer.layer(router)`. It does not cover routes that are added
/// to the router later, or services beside it. See the [crate's documentation](crate) for an example.
#[derive(Clone, Debug)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct ConsentLayer {
    config: Arc<Config>,
}

impl ConsentLayer {
    /// Creates a layer with every default: it enforces the policy, serves its own routes, and adds banner and
    /// guard to pages.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy);
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(policy: Policy) -> Self {
        counters::prepare();
        Self { config: Arc::new(Config::new(policy)) }
    }

    fn with(mut self, change: impl FnOnce(&mut Config)) -> Self {
        let config = Arc::make_mut(&mut self.config);
        change(config);
        config.page_fingerprint = OnceLock::new();
        config.origin_headers = Arc::default();
        self
    }

    /// Sets whether the layer enforces the policy (the default) or only reports violations.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use consent_tower::Mode;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_mode(Mode::ReportOnly);
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_mode(self, mode: Mode) -> Self {
        self.with(|config| config.mode = mode)
    }

    /// Reads the time from a function instead of the system's clock.
    ///
    /// The function returns a `UtcDateTime`, an `OffsetDateTime` or a `SystemTime`. If it panics, the layer
    /// treats every consent as expired.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use std::time::{Duration, SystemTime};
    ///
    /// let fixed = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_clock(move || fixed);
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_clock<T: Into<UtcDateTime>>(self, clock: impl Fn() -> T + Send + Sync + 'static) -> Self {
        self.with(|config| {
            config.clock = Clock::Given(Callback::new("clock", Arc::new(move || clock().into())));
        })
    }

    /// Sets the function that finds the visitor's jurisdiction, for policies whose regimes differ by
    /// jurisdiction.
    ///
    /// Without the function, or if it returns `None` or panics, the strictest regime applies.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use consent_tower::consent_core::policy::Jurisdiction;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_jurisdiction(|request| {
    ///     // A header that the proxy in front sets.
    ///     Jurisdiction::parse(request.headers.get("x-country")?.to_str().ok()?).ok()
    /// });
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_jurisdiction(
        self,
        locate: impl Fn(&Parts) -> Option<Jurisdiction> + Send + Sync + 'static,
    ) -> Self {
        self.with(|config| config.locate = Some(Callback::new("jurisdiction", Arc::new(locate))))
    }

    /// Sets the path of the layer's own routes; the default is `/consent`.
    ///
    /// The method adds a leading slash if it is missing, and removes trailing slashes. It ignores an empty
    /// path and `/`.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_prefix("/privacy");
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_prefix(self, prefix: impl AsRef<str>) -> Self {
        let prefix = normal_path(prefix.as_ref());
        self.with(|config| {
            if !prefix.is_empty() {
                config.prefix = prefix;
            }
            config.derive_links();
        })
    }

    /// Sets the path prefix that a proxy strips from each request before it reaches the layer.
    ///
    /// The layer adds this prefix to the addresses that it writes into pages, so that browsers can follow
    /// them.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_public_path("/shop");
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_public_path(self, path: impl AsRef<str>) -> Self {
        let path = normal_path(path.as_ref());
        self.with(|config| {
            config.public_path = path;
            config.derive_links();
        })
    }

    /// Adds an origin of this site (`https://shop.example`), for proxies that rewrite the `Host` header.
    ///
    /// The method may be called several times. If no origin is added, the `Host` header names the site.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).add_public_origin("https://shop.example");
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_public_origin(self, origin: impl Into<String>) -> Self {
        let origin = origin.into();
        self.with(|config| config.origins.push(origin.trim_end_matches('/').to_ascii_lowercase()))
    }

    /// Accepts decisions from pages of other hosts of the same site, for instance from `www.shop.example` at
    /// `shop.example`.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_same_site_decisions();
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_same_site_decisions(self) -> Self {
        self.with(|config| config.same_site = true)
    }

    /// Adds no banner to pages. Use it in applications that show their own.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).without_banner();
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn without_banner(self) -> Self {
        self.with(|config| config.banner = false)
    }

    /// Puts the banner first into the body of the pages of these requests, instead of last.
    ///
    /// Use it for pages that stream slowly: visitors then see the banner before the page is complete, and Tab
    /// reaches the banner's controls first. Pages that a framework hydrates from the first child of the body
    /// on break with an early banner. In the default place, Tab reaches the banner after everything else in
    /// the page, and Shift+Tab from the page's beginning reaches it first; for screen readers the banner is a
    /// region with a heading in both places.
    ///
    /// ```
    /// use consent_tower::{ConsentLayer, matcher::RequestMatcher};
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_early_banner(RequestMatcher::from_path("/reports"));
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_early_banner(self, requests: RequestMatcher) -> Self {
        self.with(|config| config.early_banner = Some(requests))
    }

    /// Adds no guard to pages.
    ///
    /// Scripts can then store anything. The texts that the layer generates do not claim otherwise.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).without_guard();
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn without_guard(self) -> Self {
        self.with(|config| config.guard = false)
    }

    /// Does not decorate the pages of these requests: they get no banner, no guard and no gate.
    ///
    /// The layer still judges the cookies of these responses. The method may be called several times.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use consent_tower::matcher::RequestMatcher;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).add_excluded(RequestMatcher::from_path("/admin"));
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_excluded(self, requests: RequestMatcher) -> Self {
        self.with(|config| config.excluded.push(requests))
    }

    /// Decorates only the pages of these requests.
    ///
    /// The method may be called several times: pages of any of the requests are decorated. Excluded requests
    /// stay excluded.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use consent_tower::matcher::RequestMatcher;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).add_included(RequestMatcher::from_host("shop.example"));
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_included(self, requests: RequestMatcher) -> Self {
        self.with(|config| config.included.push(requests))
    }

    /// Writes the pages of these requests in the same way for every visitor, so that shared caches may keep
    /// them.
    ///
    /// `Cache-Control` and `Vary` stay as the application wrote them. Nothing in such a page depends on the
    /// visitor: it has no banner, every gated element is inert, and the guard applies the strictest rules. In
    /// the browser, the module reads the consent cookie, fetches the banner from `/consent/banner` if a
    /// decision is due, and activates the allowed elements. If the policy depends on jurisdictions or
    /// signals, the module fetches the visitor's rules first. Until then, nothing is allowed that a
    /// jurisdiction or a signal could forbid. Without scripts, the page links to the settings, where visitors
    /// can decide.
    ///
    /// The layer writes an ordinary page if the response sets a cookie, depends on the visitor's consent, or
    /// is itself `private` or `no-store`, and if the application saw cookies of the request. A page that a
    /// shared cache may keep expires no cookies. The next response that no cache keeps expires them: the
    /// banner, the settings, or another page.
    ///
    /// Use it if a cache in front serves most requests: the banner takes one request more than in an ordinary
    /// page. The application must send the same response to every visitor of these addresses. The layer
    /// distinguishes pages from fragments by their doctype.
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

    /// Leaves these requests and their responses alone.
    ///
    /// Dangerous: the layer does not judge what these responses store, so the policy's promise does not hold
    /// for them.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use consent_tower::matcher::RequestMatcher;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy)
    ///     .dangerous_leave_unfiltered(RequestMatcher::from_path("/health"));
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn dangerous_leave_unfiltered(self, requests: RequestMatcher) -> Self {
        self.with(|config| config.unfiltered.push(requests))
    }

    /// Sets how the layer treats cookies that the policy does not declare. The default is
    /// [`Undeclared::Drop`].
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use consent_tower::Undeclared;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_undeclared(Undeclared::Report);
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_undeclared(self, undeclared: Undeclared) -> Self {
        self.with(|config| config.undeclared = undeclared)
    }

    /// Sets how the layer treats elements and requests of third parties. The default is
    /// [`ThirdParties::Block`].
    ///
    /// ```
    /// use consent_tower::{ConsentLayer, ThirdParties};
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_third_parties(ThirdParties::Report);
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_third_parties(self, third_parties: ThirdParties) -> Self {
        self.with(|config| config.third_parties = third_parties)
    }

    /// Sets the minimum attributes of every kept cookie: `Secure`, `HttpOnly`, `SameSite`.
    ///
    /// The layer adds missing attributes and never removes any. The floor does not apply to the consent
    /// cookie, which has attributes of its own.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use consent_tower::consent_core::verdict::Floor;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_floor(Floor::new().with_secure());
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_floor(self, floor: Floor) -> Self {
        self.with(|config| config.floor = floor)
    }

    /// Collects the undeclared cookies of requests and responses in an inventory.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use consent_tower::report::Inventory;
    ///
    /// let inventory = Inventory::new();
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_inventory(inventory.clone());
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_inventory(self, inventory: Inventory) -> Self {
        self.with(|config| config.inventory = Some(inventory))
    }

    /// Sets a function that reviews every verdict, and may keep or drop the cookie against it.
    ///
    /// The report and an event show each change. If the function panics, the layer drops the cookie. The
    /// function cannot review the consent cookie.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use consent_tower::report::ReviewResult;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_review(|review| match review.name {
    ///     b"legacy" => ReviewResult::Keep,
    ///     _ => ReviewResult::Uphold,
    /// });
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_review(self, review: impl Fn(&Review<'_>) -> ReviewResult + Send + Sync + 'static) -> Self {
        self.with(|config| {
            config.review = Some(Callback::new("review", Arc::new(review)));
            config.needs_path = true;
        })
    }

    /// Adds a function that is called with each [`Change`](crate::changes::Change): whenever a visitor's
    /// decision changes the consent, at the layer's own routes or through a handler.
    ///
    /// The method may be called several times. The function runs before the response is sent, so it should be
    /// quick. If it panics, the decision and the other listeners are not affected.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).add_change_listener(|change| {
    ///     println!("{} {:?}", change.action, change.granted().collect::<Vec<_>>());
    /// });
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_change_listener(self, listener: impl Fn(&Change) + Send + Sync + 'static) -> Self {
        self.with(|config| config.change_listeners.push(Callback::new("change-listener", Arc::new(listener))))
    }

    /// Notifies long-lived responses if their visitors change the consent elsewhere: see [`Changes`].
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use consent_tower::changes::Changes;
    ///
    /// let changes = Changes::by(|request| Some(request.headers.get("x-user")?.to_str().ok()?.to_owned()));
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_subscriptions(changes.clone());
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_subscriptions(self, changes: Changes) -> Self {
        self.with(|config| config.changes = Some(changes))
    }

    /// Sets a function that limits how often visitors may decide.
    ///
    /// The layer calls it before it accepts a decision at its own routes. If the function returns a duration,
    /// the layer responds with status 429 and the duration in `Retry-After`. If the function panics, the
    /// layer responds with status 429 as well.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// use std::time::Duration;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_decision_limit(|_| {
    ///     // A limiter of the application would decide by the visitor's address.
    ///     Err(Duration::from_secs(30))
    /// });
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_decision_limit(
        self,
        limit: impl Fn(&Parts) -> Result<(), Duration> + Send + Sync + 'static,
    ) -> Self {
        self.with(|config| config.limit = Some(Callback::new("decision-limit", Arc::new(limit))))
    }

    /// Keeps the original `Cookie` headers in the request's extensions if the layer hides some of the
    /// cookies: see [`UnfilteredCookies`](crate::report::UnfilteredCookies).
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_unfiltered_cookies();
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_unfiltered_cookies(self) -> Self {
        self.with(|config| config.original_cookies = true)
    }

    /// Also expires undeclared cookies of this host that requests carry, and removes undeclared keys from the
    /// storage of pages.
    ///
    /// This is not the default, because other services on the same host may need these cookies and keys.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).with_undeclared_sweep();
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_undeclared_sweep(self) -> Self {
        self.with(|config| config.sweep_undeclared = true)
    }

    /// Names the consent cookie `consent` and omits `Secure`, so that it works over plain http.
    ///
    /// Dangerous: anyone between browser and server, and any sibling host, can then set or read the decision.
    /// Use it for development only. The layer never guesses the scheme of a request.
    ///
    /// ```
    /// use consent_tower::ConsentLayer;
    /// # let policy = consent_tower::consent_core::policy::example()?;
    ///
    /// let layer = ConsentLayer::new(policy).dangerous_allow_http();
    /// # let _ = layer;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn dangerous_allow_http(self) -> Self {
        self.with(|config| config.cookie_name = CookieName::Plain)
    }
}

/// Returns a path with a leading slash and without trailing slashes. The root becomes the empty string.
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

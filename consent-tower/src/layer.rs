use crate::config::Config;
use crate::service::ConsentService;
use consent_core::Policy;
use consent_core::consent::CookieName;
use consent_core::policy::Place;
use http::request::Parts;
use std::sync::Arc;
use time::UtcDateTime;
use tower_layer::Layer;

/// Whether verdicts are carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Mode {
    /// What the policy does not promise is not stored.
    #[default]
    Enforce,
    /// Every verdict is reached and reported, and nothing is dropped, amended, hidden or expired: to adopt the layer on
    /// a running site.
    ReportOnly,
}

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
        Self { config: Arc::new(Config::new(policy)) }
    }

    fn with(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(Arc::make_mut(&mut self.config));
        self
    }

    /// Enforces (the default) or only reports.
    pub fn with_mode(self, mode: Mode) -> Self {
        self.with(|config| config.mode = mode)
    }

    /// Takes the time from this function instead of the system's clock: `UtcDateTime`, `OffsetDateTime` or `SystemTime`.
    pub fn with_clock<T: Into<UtcDateTime>>(self, clock: impl Fn() -> T + Send + Sync + 'static) -> Self {
        self.with(|config| config.clock = Arc::new(move || clock().into()))
    }

    /// Tells where a visitor is, for policies whose regimes differ by place. Without it, and where the function gives
    /// nothing, the strictest regime holds.
    pub fn with_place(self, locate: impl Fn(&Parts) -> Option<Place> + Send + Sync + 'static) -> Self {
        self.with(|config| config.locate = Some(Arc::new(locate)))
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
    pub fn with_public_origin(self, origin: impl Into<String>) -> Self {
        let origin = origin.into();
        self.with(|config| config.origins.push(origin.trim_end_matches('/').to_ascii_lowercase()))
    }

    /// Lets pages of other hosts of the same site (`www.shop.example` for `shop.example`) post decisions.
    pub fn allow_same_site(self) -> Self {
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

    /// Also expires undeclared cookies of this host that are met in requests. Not the default: what stands before or
    /// beside the application may need them.
    pub fn sweep_undeclared(self) -> Self {
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

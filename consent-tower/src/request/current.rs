#[cfg(feature = "axum")]
use super::headers::RequestHeaders;
#[cfg(feature = "axum")]
use super::navigation::Navigation;
use super::proof::Proof;
use crate::config::{AskedHost, Config};
#[cfg(feature = "axum")]
use consent_core::Consent;
use consent_core::engine::Carried;
use http::Method;
#[cfg(feature = "axum")]
use http::request::Parts;
use http::uri::PathAndQuery;
use std::sync::Arc;

/// The facts of the current request that verdicts and decisions depend on.
#[derive(Clone, Debug)]
pub(crate) struct CurrentRequest {
    pub(crate) config: Arc<Config>,
    pub(crate) method: Method,
    /// The path before a router stripped a prefix. `None` if nothing needs it: most responses are data.
    pub(crate) path: Option<PathAndQuery>,
    pub(crate) carried: Carried,
    pub(crate) proof: Proof,
    pub(crate) host: Option<AskedHost>,
}

#[cfg(feature = "axum")]
scoped_tls::scoped_thread_local!(static CURRENT: CurrentRequest);

#[cfg(feature = "axum")]
impl CurrentRequest {
    /// Creates the value from the request alone, for code that the layer does not run: a task that a handler
    /// spawned, or a service without a layer.
    pub(crate) fn without_layer(consent: &Consent, parts: &Parts) -> Self {
        let Parts { method, uri, .. } = parts;
        let config = Arc::new(Config::new(consent.policy().clone()));
        let headers = RequestHeaders::of(&config, &parts.headers);
        let navigation = Navigation::of(method, &headers);
        Self {
            method: method.clone(),
            path: uri.path_and_query().cloned(),
            carried: headers.cookies.carried(),
            proof: Proof::of(&config, method, uri, &headers, navigation),
            host: AskedHost::of(uri, headers.host),
            config,
        }
    }

    /// Returns the request that the application handles on this thread. Returns `None` on other tasks and
    /// threads, and without a layer.
    pub(crate) fn get() -> Option<Self> {
        Self::is_set().then(|| CURRENT.with(Self::clone))
    }

    /// Returns `true` if the application handles a request on this thread.
    pub(crate) fn is_set() -> bool {
        CURRENT.is_set()
    }
}

impl CurrentRequest {
    /// Runs the application, and lets it find this request meanwhile.
    #[cfg(feature = "axum")]
    pub(crate) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        CURRENT.set(self, work)
    }

    /// Runs the application.
    #[cfg(not(feature = "axum"))]
    #[expect(clippy::unused_self, reason = "with the feature `axum` it is used")]
    pub(crate) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        work()
    }

    /// Returns the path without its query, or `/` if nothing needs the path.
    pub(crate) fn path(&self) -> &str {
        self.path.as_ref().map_or("/", PathAndQuery::path)
    }
}

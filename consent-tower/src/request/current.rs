#[cfg(feature = "axum")]
use super::headers::RequestHeaders;
#[cfg(feature = "axum")]
use super::navigation::Navigation;
use super::proof::Proof;
use crate::config::Config;
#[cfg(feature = "axum")]
use consent_core::Consent;
use consent_core::engine::Carried;
use http::Method;
#[cfg(feature = "axum")]
use http::request::Parts;
use http::uri::PathAndQuery;
use std::sync::Arc;

/// The request of the current exchange, as far as verdicts and decisions depend on it.
#[derive(Clone, Debug)]
pub(crate) struct CurrentRequest {
    pub(crate) config: Arc<Config>,
    pub(crate) method: Method,
    /// The path before a router stripped its beginning. `None` if nothing needs it: most responses are data.
    pub(crate) path: Option<PathAndQuery>,
    pub(crate) carried: Carried,
    pub(crate) proof: Proof,
}

#[cfg(feature = "axum")]
scoped_tls::scoped_thread_local!(static CURRENT: CurrentRequest);

#[cfg(feature = "axum")]
impl CurrentRequest {
    /// Returns what the request itself says, where the layer cannot be asked: in a task of the handler's own, or without a
    /// layer.
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
            config,
        }
    }

    /// Returns the request that the application handles on this thread now; `None` outside of a layer, and on other tasks
    /// and threads.
    pub(crate) fn get() -> Option<Self> {
        Self::is_set().then(|| CURRENT.with(Self::clone))
    }

    /// Whether the application handles a request on this thread now.
    pub(crate) fn is_set() -> bool {
        CURRENT.is_set()
    }
}

impl CurrentRequest {
    /// Runs the application, which can find this request meanwhile.
    #[cfg(feature = "axum")]
    pub(crate) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        CURRENT.set(self, work)
    }

    /// Runs the application.
    #[cfg(not(feature = "axum"))]
    pub(crate) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        work()
    }

    /// The path without its query; `/` if nothing needs it.
    pub(crate) fn path(&self) -> &str {
        self.path.as_ref().map_or("/", PathAndQuery::path)
    }
}

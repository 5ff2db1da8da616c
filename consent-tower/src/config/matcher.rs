use super::host::AskedHost;
use crate::callbacks::Callback;
use http::header::HOST;
use http::request::Parts;
use std::fmt;
use std::sync::Arc;

/// Selects requests by path, by host, or with a function.
///
/// ```
/// use consent_tower::matcher::RequestMatcher;
///
/// let api = RequestMatcher::from_path("/api");
/// # let request = |uri: &str| http::Request::get(uri).body(()).unwrap().into_parts().0;
/// assert!(api.matches(&request("/api")) && api.matches(&request("/api/v1")));
/// assert!(!api.matches(&request("/apiary")), "only whole segments match");
/// ```
#[derive(Clone)]
pub struct RequestMatcher(Callback<dyn Fn(&Parts) -> bool + Send + Sync>);

impl RequestMatcher {
    /// Selects the requests for a path and all paths below it. Only whole segments match.
    ///
    /// ```
    /// use consent_tower::matcher::RequestMatcher;
    ///
    /// let admin = RequestMatcher::from_path("/admin");
    /// # let _ = admin;
    /// ```
    #[must_use]
    pub fn from_path(path: impl AsRef<str>) -> Self {
        let path = path.as_ref().trim_end_matches('/').to_owned();
        Self::from_fn(move |parts| {
            let rest = parts.uri.path().strip_prefix(path.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Selects the requests for a host, in any letter case and with any port.
    ///
    /// The authority of the request target takes precedence over the `Host` header (RFC 9112, section 3.2.2).
    ///
    /// ```
    /// use consent_tower::matcher::RequestMatcher;
    ///
    /// let shop = RequestMatcher::from_host("shop.example");
    /// # let _ = shop;
    /// ```
    #[must_use]
    pub fn from_host(host: impl AsRef<str>) -> Self {
        let host = host.as_ref().to_owned();
        Self::from_fn(move |parts| {
            let asked = AskedHost::of(&parts.uri, parts.headers.get(HOST));
            asked.as_ref().and_then(AskedHost::name).is_some_and(|asked| asked.eq_ignore_ascii_case(&host))
        })
    }

    /// Selects the requests for which a function returns `true`.
    ///
    /// If the function panics, the layer takes the strictest outcome: it judges the response, and decorates
    /// its page for one visitor.
    ///
    /// ```
    /// use consent_tower::matcher::RequestMatcher;
    ///
    /// let probes = RequestMatcher::from_fn(|request| request.headers.contains_key("x-health"));
    /// # let _ = probes;
    /// ```
    #[must_use]
    pub fn from_fn(matches: impl Fn(&Parts) -> bool + Send + Sync + 'static) -> Self {
        Self(Callback::new("matcher", Arc::new(matches)))
    }

    /// Returns `true` if the request is selected. Returns `false` if the function panics.
    #[must_use]
    pub fn matches(&self, parts: &Parts) -> bool {
        self.matches_or(parts, false)
    }

    /// Returns `true` if the request is selected, and `on_panic` if the function panics.
    pub(crate) fn matches_or(&self, parts: &Parts, on_panic: bool) -> bool {
        self.0.call(|matches| matches(parts)).unwrap_or(on_panic)
    }
}

impl fmt::Debug for RequestMatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestMatcher").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn hosts_match_with_any_port() {
        let own = RequestMatcher::from_host("shop.example");
        let request = |host: &str| Request::get("/").header(HOST, host).body(()).unwrap().into_parts().0;
        for host in ["shop.example", "SHOP.example:8080"] {
            assert!(own.matches(&request(host)), "{host}");
        }
        for host in ["www.shop.example", "shop.example.evil.example", "evil.example:80"] {
            assert!(!own.matches(&request(host)), "{host}");
        }
        assert!(RequestMatcher::from_host("[::1]").matches(&request("[::1]:3000")));
        assert!(RequestMatcher::from_host("[::1]").matches(&request("[::1]")));
        let absolute = Request::get("http://shop.example/").header(HOST, "evil.example").body(()).unwrap();
        assert!(own.matches(&absolute.into_parts().0), "the request target takes precedence");
    }
}

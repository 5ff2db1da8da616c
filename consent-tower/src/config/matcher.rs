use http::header::HOST;
use http::request::Parts;
use std::fmt;
use std::sync::Arc;

/// Some of the requests that a layer sees: by path, by host, or by anything that a request's head says.
///
/// ```
/// use consent_tower::matcher::RequestMatcher;
///
/// let api = RequestMatcher::from_path("/api");
/// # let head = |uri: &str| http::Request::get(uri).body(()).unwrap().into_parts().0;
/// assert!(api.matches(&head("/api")) && api.matches(&head("/api/v1")));
/// assert!(!api.matches(&head("/apiary")), "whole segments count");
/// ```
#[derive(Clone)]
pub struct RequestMatcher(Arc<dyn Fn(&Parts) -> bool + Send + Sync>);

impl RequestMatcher {
    /// Those for a path and everything below it, by whole segments.
    #[must_use]
    pub fn from_path(path: impl AsRef<str>) -> Self {
        let path = path.as_ref().trim_end_matches('/').to_owned();
        Self::from_fn(move |parts| {
            let rest = parts.uri.path().strip_prefix(path.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Those for a host, whatever the port; letter case does not count.
    #[must_use]
    pub fn from_host(host: impl AsRef<str>) -> Self {
        let host = host.as_ref().to_owned();
        Self::from_fn(move |parts| asked_host(parts).is_some_and(|asked| asked.eq_ignore_ascii_case(&host)))
    }

    /// Those of which the function says so.
    #[must_use]
    pub fn from_fn(contains: impl Fn(&Parts) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(contains))
    }

    /// Whether a request, by its head, is among them.
    #[must_use]
    pub fn matches(&self, parts: &Parts) -> bool {
        (self.0)(parts)
    }
}

/// The host that was asked, without its port.
fn asked_host(parts: &Parts) -> Option<&str> {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| parts.uri.authority().map(http::uri::Authority::as_str))?;
    // An IPv6 address has colons of its own, in brackets.
    let port = host.rfind(':').filter(|colon| host.rfind(']').is_none_or(|bracket| bracket < *colon));
    host.get(..port.unwrap_or(host.len()))
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
    fn hosts_without_ports() {
        let own = RequestMatcher::from_host("shop.example");
        let head = |host: &str| Request::get("/").header(HOST, host).body(()).unwrap().into_parts().0;
        for host in ["shop.example", "SHOP.example:8080"] {
            assert!(own.matches(&head(host)), "{host}");
        }
        for host in ["www.shop.example", "shop.example.evil.example", "evil.example:80"] {
            assert!(!own.matches(&head(host)), "{host}");
        }
        assert!(RequestMatcher::from_host("[::1]").matches(&head("[::1]:3000")));
        assert!(RequestMatcher::from_host("[::1]").matches(&head("[::1]")));
        let absolute = Request::get("http://shop.example/").body(()).unwrap().into_parts().0;
        assert!(own.matches(&absolute));
    }
}

use bytes::Bytes;
use consent_core::Consent;
use consent_core::consent::CookieName;
use consent_core::testing::cookie_line;
use http::header::{COOKIE, HOST as HOST_HEADER, HeaderName, ORIGIN};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};

/// The default host of test requests.
pub const HOST: &str = "site.example";

const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A request as a browser sends it. It can be changed, and built for any body type.
///
/// Pages are requested uncompressed (`Accept-Encoding: identity`), so that tests can read them.
///
/// ```
/// use consent_tower::testing::{self, TestRequest};
///
/// let policy = testing::founding_policy();
/// let request = TestRequest::navigation("/preferences")
///     .with_consent(&testing::granted(&policy))
///     .with_cookies("theme=dark")
///     .build::<Vec<u8>>();
/// assert_eq!(request.headers()["sec-fetch-dest"], "document");
/// assert_eq!(request.headers().get_all("cookie").iter().count(), 2);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is built and sent"]
pub struct TestRequest(Request<Bytes>);

impl TestRequest {
    /// Creates a request with a method and a path. Its only header is `Host`.
    ///
    /// # Panics
    ///
    /// Panics if the path is invalid. The other methods panic if a text is invalid in a request.
    #[track_caller]
    pub fn new(method: Method, path: &str) -> Self {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = method;
        *request.uri_mut() = match path.parse::<Uri>() {
            Ok(uri) => uri,
            Err(error) => panic!("invalid request path {path:?}: {error}"),
        };
        Self(request).with_header("host", HOST)
    }

    /// Creates the request of a visitor who follows a link to a page of this site.
    #[track_caller]
    pub fn navigation(path: &str) -> Self {
        Self::new(Method::GET, path)
            .with_header("accept", HTML)
            .with_header("accept-encoding", "identity")
            .fetched("document", "navigate")
    }

    /// Creates the request of a script of this site that fetches data.
    #[track_caller]
    pub fn fetch(path: &str) -> Self {
        Self::new(Method::GET, path).with_header("accept", "*/*").fetched("empty", "cors")
    }

    /// Creates the request of a visitor who submits a form of this site.
    #[track_caller]
    pub fn form(path: &str, fields: &[(&str, &str)]) -> Self {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        Self::navigation(path)
            .with_method(Method::POST)
            .with_own_origin()
            .with_header("content-type", "application/x-www-form-urlencoded")
            .with_body(body.finish())
    }

    /// Creates the request of a script of this site that posts JSON.
    #[track_caller]
    pub fn json(path: &str, body: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, path)
            .with_own_origin()
            .with_header("accept", "application/json")
            .with_header("content-type", "application/json")
            .fetched("empty", "cors")
            .with_body(body)
    }

    /// Creates the request of a browser that prefetches a page.
    #[track_caller]
    pub fn prefetch(path: &str) -> Self {
        Self::navigation(path).with_header("sec-purpose", "prefetch")
    }

    /// Creates the request for a page that another page of this site shows in a frame.
    #[track_caller]
    pub fn frame(path: &str) -> Self {
        Self::navigation(path).with_header("sec-fetch-dest", "iframe")
    }

    /// Changes the request to one that a page of another site sends.
    pub fn cross_site(self) -> Self {
        let request = self.with_header("sec-fetch-site", "cross-site");
        let has_origin = request.0.headers().contains_key(ORIGIN);
        if has_origin { request.with_header("origin", "https://elsewhere.example") } else { request }
    }

    /// Sets the method.
    pub fn with_method(mut self, method: Method) -> Self {
        *self.0.method_mut() = method;
        self
    }

    /// Sets the host (`shop.example`), over https.
    #[track_caller]
    pub fn to_host(self, host: &str) -> Self {
        let is_own = self.0.headers().get(ORIGIN).is_some_and(|origin| *origin == self.own_origin());
        let request = self.with_header("host", host);
        if is_own { request.with_own_origin() } else { request }
    }

    /// Adds the consent cookie and the signal of a visitor with this consent, if there are any.
    #[track_caller]
    pub fn with_consent(self, consent: &Consent) -> Self {
        self.with_consent_named(consent, CookieName::Host)
    }

    /// Adds the same as [`with_consent`](Self::with_consent), under this name of the consent cookie.
    #[track_caller]
    pub fn with_consent_named(self, consent: &Consent, name: CookieName) -> Self {
        let request = match cookie_line(consent, name) {
            Some(line) => self.with_cookies(&line),
            None => self,
        };
        if consent.circumstances().gpc { request.with_header("sec-gpc", "1") } else { request }
    }

    /// Adds a `Cookie` header.
    #[track_caller]
    pub fn with_cookies(mut self, line: impl AsRef<[u8]>) -> Self {
        self.0.headers_mut().append(COOKIE, value(line.as_ref()));
        self
    }

    /// Sets a header. It replaces an earlier header of the same name.
    #[track_caller]
    pub fn with_header(mut self, name: &'static str, text: &str) -> Self {
        self.0.headers_mut().insert(HeaderName::from_static(name), value(text.as_bytes()));
        self
    }

    /// Sets the body.
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        *self.0.body_mut() = body.into();
        self
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.0.method()
    }

    /// Returns the path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.uri().path()
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// Returns the headers, for changing them.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.0.headers_mut()
    }

    /// Builds the request for a service with this body type: `axum::body::Body`, `Full<Bytes>`, ...
    #[must_use]
    pub fn build<B: From<Bytes>>(self) -> Request<B> {
        self.0.map(B::from)
    }

    /// Returns a short description of the request: `GET /preferences`.
    pub(super) fn label(&self) -> String {
        let destination = match self.0.headers().get("sec-fetch-dest").map(HeaderValue::as_bytes) {
            Some(b"iframe") => " in a frame",
            Some(b"empty") => " by a script",
            _ if self.0.headers().contains_key("sec-purpose") => " in advance",
            _ => "",
        };
        format!("{} {}{destination}", self.method(), self.path())
    }

    /// Returns `true` if browsers show the response as a page of its own.
    pub(super) fn is_navigation(&self) -> bool {
        self.0.headers().get("sec-fetch-dest").is_some_and(|destination| destination == "document")
    }

    fn fetched(self, destination: &str, mode: &str) -> Self {
        self.with_header("sec-fetch-site", "same-origin")
            .with_header("sec-fetch-mode", mode)
            .with_header("sec-fetch-dest", destination)
    }

    fn with_own_origin(self) -> Self {
        let origin = self.own_origin();
        self.with_header("origin", &origin)
    }

    fn own_origin(&self) -> String {
        let host = self.0.headers().get(HOST_HEADER).and_then(|host| host.to_str().ok()).unwrap_or(HOST);
        format!("https://{host}")
    }
}

#[track_caller]
fn value(bytes: &[u8]) -> HeaderValue {
    let value = HeaderValue::from_bytes(bytes);
    value.unwrap_or_else(|error| panic!("{:?}: {error}", bytes.escape_ascii().to_string()))
}

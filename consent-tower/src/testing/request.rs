use bytes::Bytes;
use consent_core::Consent;
use consent_core::consent::CookieName;
use consent_core::testing::cookie_line;
use http::header::{COOKIE, HOST as HOST_HEADER, HeaderName, ORIGIN};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};

/// The host that requests are for unless another is given.
pub const HOST: &str = "site.example";

const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A request as a browser sends it, to be changed and built for any type of body.
///
/// Pages are asked for as they are (`Accept-Encoding: identity`), so that a test can read them.
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
#[must_use = "a request is nothing until it is built and sent"]
pub struct TestRequest(Request<Bytes>);

impl TestRequest {
    /// A request of a method for a path, with nothing but `Host`.
    ///
    /// # Panics
    ///
    /// Where the path is none. The other constructors and changes panic likewise where a text cannot stand in a request.
    #[track_caller]
    pub fn new(method: Method, path: &str) -> Self {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = method;
        *request.uri_mut() = match path.parse::<Uri>() {
            Ok(uri) => uri,
            Err(error) => panic!("{path:?} is no path of a request: {error}"),
        };
        Self(request).with_header("host", HOST)
    }

    /// A visitor opens a page of this site by a link on it.
    #[track_caller]
    pub fn navigation(path: &str) -> Self {
        Self::new(Method::GET, path)
            .with_header("accept", HTML)
            .with_header("accept-encoding", "identity")
            .fetched("document", "navigate")
    }

    /// A script of this site fetches data.
    #[track_caller]
    pub fn fetch(path: &str) -> Self {
        Self::new(Method::GET, path).with_header("accept", "*/*").fetched("empty", "cors")
    }

    /// A visitor sends a form of this site.
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

    /// A script of this site posts JSON.
    #[track_caller]
    pub fn json(path: &str, body: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, path)
            .with_own_origin()
            .with_header("accept", "application/json")
            .with_header("content-type", "application/json")
            .fetched("empty", "cors")
            .with_body(body)
    }

    /// A browser fetches a page before the visitor asked for it.
    #[track_caller]
    pub fn prefetch(path: &str) -> Self {
        Self::navigation(path).with_header("sec-purpose", "prefetch")
    }

    /// A page of this site shows another one of it in a frame.
    #[track_caller]
    pub fn frame(path: &str) -> Self {
        Self::navigation(path).with_header("sec-fetch-dest", "iframe")
    }

    /// The same request from a page of another site.
    pub fn cross_site(self) -> Self {
        let request = self.with_header("sec-fetch-site", "cross-site");
        let has_origin = request.0.headers().contains_key(ORIGIN);
        if has_origin { request.with_header("origin", "https://elsewhere.example") } else { request }
    }

    /// The same request with another method.
    pub fn with_method(mut self, method: Method) -> Self {
        *self.0.method_mut() = method;
        self
    }

    /// The same request for another host (`shop.example`), over https.
    #[track_caller]
    pub fn to_host(self, host: &str) -> Self {
        let is_own = self.0.headers().get(ORIGIN).is_some_and(|origin| *origin == self.own_origin());
        let request = self.with_header("host", host);
        if is_own { request.with_own_origin() } else { request }
    }

    /// The same request of a browser in that state: with the consent cookie and the signal, where it has them.
    #[track_caller]
    pub fn with_consent(self, consent: &Consent) -> Self {
        self.with_consent_named(consent, CookieName::Host)
    }

    /// The same, where the consent cookie has this name.
    #[track_caller]
    pub fn with_consent_named(self, consent: &Consent, name: CookieName) -> Self {
        let request = match cookie_line(consent, name) {
            Some(line) => self.with_cookies(&line),
            None => self,
        };
        if consent.circumstances().gpc { request.with_header("sec-gpc", "1") } else { request }
    }

    /// The same request with another `Cookie` line.
    #[track_caller]
    pub fn with_cookies(mut self, line: impl AsRef<[u8]>) -> Self {
        self.0.headers_mut().append(COOKIE, value(line.as_ref()));
        self
    }

    /// The same request with this header, in place of one of that name.
    #[track_caller]
    pub fn with_header(mut self, name: &'static str, text: &str) -> Self {
        self.0.headers_mut().insert(HeaderName::from_static(name), value(text.as_bytes()));
        self
    }

    /// The same request with a body.
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        *self.0.body_mut() = body.into();
        self
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.0.method()
    }

    /// The path, without a query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.uri().path()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The headers, to be changed.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.0.headers_mut()
    }

    /// The request, for a service that takes this type of body: `axum::body::Body`, `Full<Bytes>`, ...
    #[must_use]
    pub fn build<B: From<Bytes>>(self) -> Request<B> {
        self.0.map(B::from)
    }

    /// The request in a few words: `GET /preferences`.
    pub(super) fn label(&self) -> String {
        let destination = match self.0.headers().get("sec-fetch-dest").map(HeaderValue::as_bytes) {
            Some(b"iframe") => " in a frame",
            Some(b"empty") => " by a script",
            _ if self.0.headers().contains_key("sec-purpose") => " in advance",
            _ => "",
        };
        format!("{} {}{destination}", self.method(), self.path())
    }

    /// Whether a browser shows the answer as a page of its own.
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

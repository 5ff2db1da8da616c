use super::answer::{Answer, SiteError};
use super::request::{HOST, TestRequest};
use bytes::Bytes;
use consent_core::testing::{Clock, Jar};
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;
use std::fmt;
use std::marker::PhantomData;
use tower_service::Service;

/// A browser that visits one site, and stores and sends cookies as real browsers do.
///
/// ```
/// use consent_tower::{ConsentLayer, testing::{self, Browser, Clock}};
/// use http::{Request, Response, header::SET_COOKIE};
/// use http_body_util::Full;
/// use tower::{Layer, service_fn};
///
/// # type Body = Full<bytes::Bytes>;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let application = service_fn(|_: Request<Body>| async {
///     Response::builder().header(SET_COOKIE, "theme=dark; Path=/; Max-Age=60").body(Body::default())
/// });
/// let clock = Clock::default();
/// let layer = ConsentLayer::new(testing::founding_policy()).with_clock(clock.to_fn());
/// let mut browser: Browser<_> = Browser::new(layer.layer(application)).with_clock(clock);
///
/// browser.open("/").await;
/// assert!(!browser.holds("theme"), "nothing is stored before a choice");
/// browser.submit("/consent", &[("action", "accept")]).await;
/// browser.open("/").await;
/// assert!(browser.holds("theme"));
/// browser.submit("/consent", &[("action", "withdraw")]).await;
/// assert!(!browser.holds("theme"), "the withdrawal deletes it");
/// # }
/// ```
pub struct Browser<S, B = Full<Bytes>> {
    site: S,
    jar: Jar,
    host: String,
    clock: Clock,
    body: PhantomData<fn() -> B>,
}

impl<S, B> Browser<S, B> {
    /// Creates a browser without cookies, which visits a site over https on
    /// [`TODAY`](consent_core::testing::TODAY).
    ///
    /// `B` is the body type of the site's requests: `let browser: Browser<_, axum::body::Body> = ...`.
    #[must_use]
    pub fn new(site: S) -> Self {
        Self { site, jar: Jar::new(HOST), host: HOST.into(), clock: Clock::default(), body: PhantomData }
    }

    /// Sets the host. Empties the jar.
    #[must_use]
    pub fn at_host(self, host: impl Into<String>) -> Self {
        let host = host.into();
        Self { jar: Jar::new(host.as_str()), host, ..self }
    }

    /// Uses plain http, over which browsers store no `Secure` cookies. Empties the jar.
    #[must_use]
    pub fn over_http(self) -> Self {
        Self { jar: Jar::new(self.host.as_str()).over_http(), ..self }
    }

    /// Sets the clock by which cookies expire.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Returns the cookies.
    #[must_use]
    pub fn jar(&self) -> &Jar {
        &self.jar
    }

    /// Returns the cookies, for changing them.
    pub fn jar_mut(&mut self) -> &mut Jar {
        &mut self.jar
    }

    /// Returns `true` if the jar has a cookie of that name, at any path, that has not expired.
    #[must_use]
    pub fn holds(&self, name: impl AsRef<[u8]>) -> bool {
        self.jar.holds(name, self.clock.now())
    }
}

impl<S, B> Browser<S, B>
where
    B: From<Bytes>,
{
    /// Opens a page.
    ///
    /// # Panics
    ///
    /// Panics if the site fails instead of responding. So do [`submit`](Self::submit) and
    /// [`send`](Self::send).
    pub async fn open<R>(&mut self, path: &str) -> Answer
    where
        S: Service<Request<B>, Response = Response<R>, Error: Into<SiteError>>,
        R: Body<Error: Into<SiteError>>,
    {
        self.send(TestRequest::navigation(path)).await
    }

    /// Submits a form.
    pub async fn submit<R>(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer
    where
        S: Service<Request<B>, Response = Response<R>, Error: Into<SiteError>>,
        R: Body<Error: Into<SiteError>>,
    {
        self.send(TestRequest::form(path, fields)).await
    }

    /// Sends a request, with the cookies for its path.
    pub async fn send<R>(&mut self, request: TestRequest) -> Answer
    where
        S: Service<Request<B>, Response = Response<R>, Error: Into<SiteError>>,
        R: Body<Error: Into<SiteError>>,
    {
        let label = request.label();
        match self.try_send(request).await {
            Ok(answer) => answer,
            Err(error) => panic!("{label} failed: {error}"),
        }
    }

    /// Sends a request to a site that may fail.
    ///
    /// # Errors
    ///
    /// Returns the error of the site or of the response body.
    pub async fn try_send<R>(&mut self, request: TestRequest) -> Result<Answer, SiteError>
    where
        S: Service<Request<B>, Response = Response<R>, Error: Into<SiteError>>,
        R: Body<Error: Into<SiteError>>,
    {
        let path = request.path().to_owned();
        let mut request = request.to_host(&self.host);
        if let Some(line) = self.jar.cookie_line(&path, self.clock.now()) {
            request = request.with_cookies(line);
        }
        let answer = Answer::of(&mut self.site, request.build::<B>()).await?;
        for line in answer.cookie_lines() {
            self.jar.store(line, &path, self.clock.now());
        }
        Ok(answer)
    }
}

impl<S, B> fmt::Debug for Browser<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser").field("host", &self.host).field("jar", &self.jar).finish_non_exhaustive()
    }
}

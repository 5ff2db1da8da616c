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

/// A browser that visits one site: it keeps cookies as a browser does, from request to request.
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
/// assert!(!browser.holds("theme"), "it goes with the consent");
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
    /// A browser without cookies that visits a site over https, on [`TODAY`](consent_core::testing::TODAY).
    ///
    /// `B` is the type of body that the site takes: `let browser: Browser<_, axum::body::Body> = ...`.
    #[must_use]
    pub fn new(site: S) -> Self {
        Self { site, jar: Jar::new(HOST), host: HOST.into(), clock: Clock::default(), body: PhantomData }
    }

    /// The same browser at another host. Its jar is new.
    #[must_use]
    pub fn at_host(self, host: impl Into<String>) -> Self {
        let host = host.into();
        Self { jar: Jar::new(host.as_str()), host, ..self }
    }

    /// The same over plain http, where browsers store nothing that is `Secure`. Its jar is new.
    #[must_use]
    pub fn over_http(self) -> Self {
        Self { jar: Jar::new(self.host.as_str()).over_http(), ..self }
    }

    /// The same browser with this clock, by which its cookies expire.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Its cookies.
    #[must_use]
    pub fn jar(&self) -> &Jar {
        &self.jar
    }

    /// Its cookies, to be changed.
    pub fn jar_mut(&mut self) -> &mut Jar {
        &mut self.jar
    }

    /// Whether it holds a cookie of that name now, at any path.
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
    /// Where the site fails instead of answering. So do the others.
    pub async fn open<R>(&mut self, path: &str) -> Answer
    where
        S: Service<Request<B>, Response = Response<R>, Error: Into<SiteError>>,
        R: Body<Error: Into<SiteError>>,
    {
        self.send(TestRequest::navigation(path)).await
    }

    /// Sends a form.
    pub async fn submit<R>(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer
    where
        S: Service<Request<B>, Response = Response<R>, Error: Into<SiteError>>,
        R: Body<Error: Into<SiteError>>,
    {
        self.send(TestRequest::form(path, fields)).await
    }

    /// Sends any request, with the cookies that it has for the path.
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

    /// The same, for a site that may fail.
    ///
    /// # Errors
    ///
    /// What the site, or the answer's body, fails with.
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

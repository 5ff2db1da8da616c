mod canary;
mod compare;
mod cookies;
mod finding;
mod own;
mod page;
mod planned;
mod withdrawal;

pub use self::finding::{Finding, FindingKind, ProbeReport};

use self::canary::Canary;
use self::planned::{Expected, Planned};
use super::answer::{Answer, SiteError};
use super::request::{HOST, TestRequest};
use bytes::Bytes;
use consent_core::consent::CookieName;
use consent_core::policy::Jurisdiction;
use consent_core::testing::{Clock, Visitor};
use consent_core::{Consent, Policy};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::Full;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use time::UtcDateTime;
use tower_service::Service;

/// A function that writes the jurisdiction of a visitor into request headers.
type Placing = Arc<dyn Fn(&mut HeaderMap, Jurisdiction) + Send + Sync>;

/// Runs a finished site through every state of consent, and reports where the site breaks the promise of its
/// policy.
///
/// The probe visits `/`, a path that no route has, and the given pages, in every state that a visitor can be
/// in ([`Visitor::consents`]). Its requests carry cookies that the application must not see. Then it tests
/// the layer's own routes: with a decision through GET, from another site, and with a return path to another
/// site; and with a grant and its withdrawal.
///
/// ```
/// use consent_tower::{ConsentLayer, testing::{self, Probe}};
/// # use http_body_util::Full;
/// # use tower::{Layer, service_fn};
/// # type Body = Full<bytes::Bytes>;
/// # fn application()
/// # -> impl tower::Service<http::Request<Body>, Response = http::Response<Body>, Error = http::Error> {
/// #     service_fn(|_: http::Request<Body>| async { http::Response::builder().body(Body::from("hello")) })
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let policy = testing::founding_policy();
/// let site = ConsentLayer::new(policy.clone()).layer(application());
/// Probe::new(policy).visit("/products").submit("/sign-in", &[("name", "ada")]).assert_promise(site).await;
/// # }
/// ```
///
/// The [module documentation](super) lists the limits of the probe.
#[must_use = "a probe does nothing until it is run"]
pub struct Probe<B = Full<Bytes>> {
    policy: Policy,
    requests: Vec<Planned>,
    cookie_name: CookieName,
    prefix: String,
    host: Option<String>,
    clock: Option<Clock>,
    banner: bool,
    /// The paths of pages that are the same for every visitor.
    neutral: Vec<String>,
    /// The other origins from which pages may load.
    allowed: Vec<String>,
    placing: Option<Placing>,
    body: PhantomData<fn() -> B>,
}

impl Probe {
    /// Creates a probe for a site with this policy and the default settings of the layer.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            requests: ["/", "/no-route-has-this-path"].map(Planned::of_path).into(),
            cookie_name: CookieName::Host,
            prefix: "/consent".into(),
            host: None,
            clock: None,
            banner: true,
            neutral: Vec::new(),
            allowed: Vec::new(),
            placing: None,
            body: PhantomData,
        }
    }
}

impl<B> Probe<B> {
    /// Sets the body type of the site's requests, if it is not `Full<Bytes>`:
    /// `sending::<axum::body::Body>()`. Routers accept any type.
    pub fn sending<Other>(self) -> Probe<Other> {
        Probe {
            policy: self.policy,
            requests: self.requests,
            cookie_name: self.cookie_name,
            prefix: self.prefix,
            host: self.host,
            clock: self.clock,
            banner: self.banner,
            neutral: self.neutral,
            allowed: self.allowed,
            placing: self.placing,
            body: PhantomData,
        }
    }

    /// Adds a page.
    #[track_caller]
    pub fn visit(self, path: &str) -> Self {
        self.send(TestRequest::navigation(path))
    }

    /// Adds a page that is the same for every visitor and has no banner
    /// ([`add_neutral`](crate::ConsentLayer::add_neutral)).
    #[track_caller]
    pub fn visit_neutral(mut self, path: &str) -> Self {
        let request = TestRequest::navigation(path);
        self.neutral.push(request.path().to_owned());
        self.send(request)
    }

    /// Adds a request of a script.
    #[track_caller]
    pub fn fetch(self, path: &str) -> Self {
        self.send(TestRequest::fetch(path))
    }

    /// Adds a form submission.
    #[track_caller]
    pub fn submit(self, path: &str, fields: &[(&str, &str)]) -> Self {
        self.send(TestRequest::form(path, fields))
    }

    /// Adds a request. The probe sends requests in the order in which they were added.
    pub fn send(mut self, request: TestRequest) -> Self {
        self.requests.push(Planned { request, expected: Expected::Found });
        self
    }

    /// Sets the status of the responses to the last request, in every state:
    /// `visit("/old").expecting(StatusCode::GONE)`.
    ///
    /// By default, status 404, 405 or 5xx in every state is a finding, because the test reaches no handler
    /// then.
    pub fn expecting(mut self, status: StatusCode) -> Self {
        if let Some(planned) = self.requests.last_mut() {
            planned.expected = Expected::Status(status);
        }
        self
    }

    /// Allows pages to load from this other origin (`https://cdn.example`) without a gate.
    ///
    /// Every host can store something when a visitor's browser sends it a request. The layer sees neither the
    /// request nor the response, and gates only elements with `data-consent`. So allow an origin only if you
    /// know that it stores nothing.
    pub fn allow_origin(mut self, origin: impl AsRef<str>) -> Self {
        self.allowed.push(origin.as_ref().trim_end_matches('/').to_ascii_lowercase());
        self
    }

    /// Adapts the probe to a layer with `dangerous_allow_http`.
    pub fn over_http(self) -> Self {
        Self { cookie_name: CookieName::Plain, ..self }
    }

    /// Sets the prefix of the layer's routes.
    pub fn with_prefix(self, prefix: impl AsRef<str>) -> Self {
        Self { prefix: format!("/{}", prefix.as_ref().trim_matches('/')), ..self }
    }

    /// Sets the host, for a site that responds for one host only. The default is the first domain in the
    /// policy's scope, or [`HOST`].
    pub fn with_host(self, host: impl Into<String>) -> Self {
        Self { host: Some(host.into()), ..self }
    }

    /// Sets the clock, for a layer that does not use the system's.
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock: Some(clock), ..self }
    }

    /// Adapts the probe to a layer that adds no banner to pages.
    pub fn without_banner(self) -> Self {
        Self { banner: false, ..self }
    }

    /// Sets a function that writes the visitor's jurisdiction into request headers, as the proxy in front of
    /// the site does.
    ///
    /// Without the function, the probe omits the states that exist only in some jurisdictions.
    pub fn with_jurisdiction(
        self,
        placing: impl Fn(&mut HeaderMap, Jurisdiction) + Send + Sync + 'static,
    ) -> Self {
        Self { placing: Some(Arc::new(placing)), ..self }
    }
}

impl<B: From<Bytes>> Probe<B> {
    /// Runs the probe on a site, and returns its findings.
    pub async fn run<S, R>(&self, site: S) -> ProbeReport
    where
        S: Service<Request<B>, Response = Response<R>, Error: Into<SiteError>>,
        R: Body<Error: Into<SiteError>>,
    {
        let now = self.clock.as_ref().map_or_else(UtcDateTime::now, Clock::now);
        let mut run = Run { probe: self, site, now, report: ProbeReport::default() };
        if run.has_other_name().await {
            return run.report;
        }
        let visitors = self.visitors(now);
        run.report.visitors = visitors.len();
        for request in &self.requests {
            run.every_visitor(request, &visitors).await;
        }
        if run.own_routes().await {
            run.decisions().await;
            run.withdrawal().await;
        }
        run.report.sort();
        run.report
    }

    /// Runs the probe on a site, and asserts that it finds nothing.
    ///
    /// # Panics
    ///
    /// Panics with the table of findings if there are any.
    pub async fn assert_promise<S, R>(&self, site: S)
    where
        S: Service<Request<B>, Response = Response<R>, Error: Into<SiteError>>,
        R: Body<Error: Into<SiteError>>,
    {
        let report = self.run(site).await;
        assert!(report.is_kept(), "{report}");
    }
}

impl<B> Probe<B> {
    fn visitors(&self, now: UtcDateTime) -> Vec<(String, Consent)> {
        let mut visitors = Visitor::new(&self.policy).on(now.date()).consents();
        visitors
            .retain(|(_, consent)| self.placing.is_some() || consent.circumstances().jurisdiction.is_none());
        visitors
    }

    fn host(&self) -> &str {
        let scope = self.policy.scope().first().map(String::as_str);
        self.host.as_deref().or(scope).unwrap_or(HOST)
    }

    /// Returns `true` if the layer itself handles this path.
    fn is_own(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.prefix.as_str());
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || path == "/.well-known/gpc.json"
    }
}

/// A run of a probe.
struct Run<'p, S, B> {
    probe: &'p Probe<B>,
    site: S,
    now: UtcDateTime,
    report: ProbeReport,
}

/// A response and its request.
struct Seen<'a> {
    request: &'a TestRequest,
    label: &'a str,
    visitor: &'a str,
    consent: &'a Consent,
    answer: &'a Answer,
}

impl<S, B, R> Run<'_, S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<SiteError>>,
    B: From<Bytes>,
    R: Body<Error: Into<SiteError>>,
{
    /// Sends a request as each visitor, checks each response, and compares the responses.
    async fn every_visitor(&mut self, planned: &Planned, visitors: &[(String, Consent)]) {
        let request = &planned.request;
        let label = request.label();
        let mut answers = Vec::new();
        for (visitor, consent) in visitors {
            let canary = Canary::of(consent);
            let sent = self.request_of(request, consent, &canary);
            let Some(answer) = self.ask(sent.clone(), &label, visitor).await else { continue };
            let decided = cookies::decided(&sent, &answer, consent, self.probe.cookie_name);
            let now = decided.as_ref().unwrap_or(consent);
            let seen = Seen { request: &sent, label: &label, visitor, consent: now, answer: &answer };
            let covered = self.is_covered(&seen);
            self.look_at_cookies(&seen, covered);
            if !covered {
                continue;
            }
            self.look_for(&canary, &seen);
            self.look_at_page(&seen);
            answers.push((visitor.as_str(), consent, sent, answer));
        }
        let statuses = answers.iter().map(|(visitor, _, _, answer)| (*visitor, answer.status()));
        planned.expected.check(statuses, &label, &mut self.report);
        let Some((visitor, _, sent, first)) = answers.first() else { return };
        let Some(again) = self.ask(sent.clone(), &label, visitor).await else { return };
        if *request.method() == Method::GET {
            let head = self.ask(sent.clone().with_method(Method::HEAD), &label, visitor).await;
            if let Some(head) = head {
                compare::head(first, &again, &head, &label, visitor, &mut self.report);
            }
        }
        let answers: Vec<_> =
            answers.iter().map(|(visitor, consent, _, answer)| (*visitor, *consent, answer)).collect();
        compare::visitors(&answers, &again, &label, &mut self.report);
    }

    /// Returns `true` if the layer saw a response: its report then counts the undeclared cookie that every
    /// request carries. Other responses are checked for undeclared cookies only, because all their other
    /// faults follow from the missing layer.
    fn is_covered(&mut self, seen: &Seen<'_>) -> bool {
        let Seen { request, label, visitor, answer, .. } = seen;
        if answer.extension::<crate::observe::LayeredTwice>().is_some() {
            self.report.add(FindingKind::LayeredTwice, label, visitor, "the response passed two layers");
        }
        let hid = answer.report().is_some_and(|report| report.hidden_undeclared() > 0);
        if !hid && !self.probe.is_own(request.path()) {
            self.report.add(FindingKind::NotCovered, label, visitor, "the layer did not see the response");
            return false;
        }
        true
    }

    /// Returns a request as a visitor's browser sends it, with cookies that the application must not see.
    fn request_of(&self, request: &TestRequest, consent: &Consent, canary: &Canary) -> TestRequest {
        let mut request = self.to_site(request.clone()).with_consent_named(consent, self.probe.cookie_name);
        for line in canary.lines() {
            request = request.with_cookies(line);
        }
        if let (Some(placing), Some(place)) = (&self.probe.placing, consent.circumstances().jurisdiction) {
            placing(request.headers_mut(), place);
        }
        request
    }

    fn to_site(&self, request: TestRequest) -> TestRequest {
        let is_elsewhere = request.headers().get("host").is_some_and(|host| host != HOST);
        if is_elsewhere { request } else { request.to_host(self.probe.host()) }
    }

    async fn ask(&mut self, request: TestRequest, label: &str, visitor: &str) -> Option<Answer> {
        self.report.answers += 1;
        match Answer::of(&mut self.site, request.build::<B>()).await {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.report.add(FindingKind::Failed, label, visitor, error.to_string());
                None
            }
        }
    }
}

fn lines<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a [u8]> {
    headers.get_all(name).into_iter().map(HeaderValue::as_bytes)
}

impl<B> fmt::Debug for Probe<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe")
            .field("requests", &self.requests)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

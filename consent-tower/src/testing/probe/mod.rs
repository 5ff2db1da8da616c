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

/// Says in a request's headers where its visitor is.
type Placing = Arc<dyn Fn(&mut HeaderMap, Jurisdiction) + Send + Sync>;

/// Runs a finished site through every state of consent, and tells where it breaks the promise of its policy.
///
/// It visits `/`, a path that no route has, and what it is given; in every state that a visitor can be in
/// ([`Visitor::consents`]) it carries cookies that the application must not see. Then it tries the layer's own routes: a
/// decision by GET, from another site, and with a way back that leads elsewhere; a grant, and its withdrawal.
///
/// ```
/// use consent_tower::{ConsentLayer, testing::{self, Probe}};
/// # use http_body_util::Full;
/// # use tower::{Layer, service_fn};
/// # type Body = Full<bytes::Bytes>;
/// # fn application() -> impl tower::Service<http::Request<Body>, Response = http::Response<Body>, Error = http::Error> {
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
/// What it cannot see is listed in the [module's documentation](super).
#[must_use = "a probe does nothing until it is run"]
pub struct Probe<B = Full<Bytes>> {
    policy: Policy,
    requests: Vec<Planned>,
    cookie_name: CookieName,
    prefix: String,
    host: Option<String>,
    clock: Option<Clock>,
    banner: bool,
    /// The paths of pages that are written for nobody in particular.
    neutral: Vec<String>,
    /// Other origins that pages may load from.
    allowed: Vec<String>,
    placing: Option<Placing>,
    body: PhantomData<fn() -> B>,
}

impl Probe {
    /// A probe for a site with this policy, with every default of the layer.
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
    /// For a site that takes another type of body than `Full<Bytes>`: `sending::<axum::body::Body>()`. Routers take any.
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

    /// Also opens this page.
    #[track_caller]
    pub fn visit(self, path: &str) -> Self {
        self.send(TestRequest::navigation(path))
    }

    /// Also opens this page, which the layer writes for nobody in particular
    /// ([`add_neutral`](crate::ConsentLayer::add_neutral)): it has no banner, and is the same for all.
    #[track_caller]
    pub fn visit_neutral(mut self, path: &str) -> Self {
        let request = TestRequest::navigation(path);
        self.neutral.push(request.path().to_owned());
        self.send(request)
    }

    /// Also lets a script fetch this.
    #[track_caller]
    pub fn fetch(self, path: &str) -> Self {
        self.send(TestRequest::fetch(path))
    }

    /// Also sends this form.
    #[track_caller]
    pub fn submit(self, path: &str, fields: &[(&str, &str)]) -> Self {
        self.send(TestRequest::form(path, fields))
    }

    /// Also sends this request. Requests are sent in the order in which they are given.
    pub fn send(mut self, request: TestRequest) -> Self {
        self.requests.push(Planned { request, expected: Expected::Found });
        self
    }

    /// The request that was given last is answered with this status, in every state: `visit("/old").expecting(StatusCode::GONE)`.
    /// Without, one that is answered with 404, 405 or a server's error in every state is a finding: nothing is tested there.
    pub fn expecting(mut self, status: StatusCode) -> Self {
        if let Some(planned) = self.requests.last_mut() {
            planned.expected = Expected::Status(status);
        }
        self
    }

    /// Pages may load from this other origin (`https://cdn.example`) without a gate.
    ///
    /// Any host that is asked for something can store with the visitor who asks, and the layer sees neither the question nor the
    /// answer: it gates what carries `data-consent` only. So the probe takes nobody's word but yours: allow an origin where you
    /// know that it stores nothing.
    pub fn allow_origin(mut self, origin: impl AsRef<str>) -> Self {
        self.allowed.push(origin.as_ref().trim_end_matches('/').to_ascii_lowercase());
        self
    }

    /// For a layer with `dangerous_allow_http`.
    pub fn over_http(self) -> Self {
        Self { cookie_name: CookieName::Plain, ..self }
    }

    /// For a layer whose routes have this prefix.
    pub fn with_prefix(self, prefix: impl AsRef<str>) -> Self {
        Self { prefix: format!("/{}", prefix.as_ref().trim_matches('/')), ..self }
    }

    /// For a site that answers for one host alone. Otherwise it is the first domain of the policy's scope, or [`HOST`].
    pub fn with_host(self, host: impl Into<String>) -> Self {
        Self { host: Some(host.into()), ..self }
    }

    /// For a layer with this clock instead of the system's.
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock: Some(clock), ..self }
    }

    /// For a layer that puts no banner into pages.
    pub fn without_banner(self) -> Self {
        Self { banner: false, ..self }
    }

    /// For a layer that is told where a visitor is: the function says it in the request's headers, as the proxy in front
    /// does. Without it, the states that are only possible in some places are left out.
    pub fn with_jurisdiction(
        self,
        placing: impl Fn(&mut HeaderMap, Jurisdiction) + Send + Sync + 'static,
    ) -> Self {
        Self { placing: Some(Arc::new(placing)), ..self }
    }
}

impl<B: From<Bytes>> Probe<B> {
    /// Runs a site, and tells what it found.
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

    /// Runs a site.
    ///
    /// # Panics
    ///
    /// With the table of what was found, where anything was.
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

    /// Whether the layer itself answers this path.
    fn is_own(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.prefix.as_str());
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || path == "/.well-known/gpc.json"
    }
}

/// One run of a probe.
struct Run<'p, S, B> {
    probe: &'p Probe<B>,
    site: S,
    now: UtcDateTime,
    report: ProbeReport,
}

/// One answer, with all that is known of it.
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
    /// Sends one request as each visitor, looks at each answer, and compares them.
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

    /// Whether the layer has seen an answer: it says that it hid the cookie that no policy declares. Of what it has not seen,
    /// only undeclared cookies are looked for: whatever else is wrong follows from that.
    fn is_covered(&mut self, seen: &Seen<'_>) -> bool {
        let Seen { request, label, visitor, answer, .. } = seen;
        if answer.extension::<crate::observe::LayeredTwice>().is_some() {
            self.report.add(FindingKind::LayeredTwice, label, visitor, "a layer is inside another one");
        }
        let hid = answer.report().is_some_and(|report| report.hidden_undeclared() > 0);
        if !hid && !self.probe.is_own(request.path()) {
            self.report.add(FindingKind::NotCovered, label, visitor, "it is answered around the layer");
            return false;
        }
        true
    }

    /// A request as a visitor's browser sends it, with cookies that the application must not see.
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

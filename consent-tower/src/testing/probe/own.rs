use super::cookies::{kept_choices, writes_consent};
use super::{FindingKind, Run};
use crate::testing::{Answer, SiteError, TestRequest};
use bytes::Bytes;
use consent_core::consent::{CookieName, RESERVED_NAMES};
use consent_core::cookies::SetCookie;
use http::{Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

/// Return paths that lead browsers to another site.
const ELSEWHERE: [&str; 6] = [
    "//elsewhere.example/",
    "/\\elsewhere.example/",
    "https://elsewhere.example/",
    "/\t/elsewhere.example/",
    "/%2felsewhere.example/",
    "\\\\elsewhere.example/",
];

impl<S, B, R> Run<'_, S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<SiteError>>,
    B: From<Bytes>,
    R: Body<Error: Into<SiteError>>,
{
    /// Returns `true` if the site stores decisions under the other name of the consent cookie. It would treat
    /// every visitor as undecided.
    pub(super) async fn has_other_name(&mut self) -> bool {
        let accept = TestRequest::form(&self.path(""), &[("action", "accept")]);
        let Some((label, answer)) = self.own(accept).await else { return false };
        let cookies = answer.cookies(self.now);
        let (other, detail) = match self.probe.cookie_name {
            CookieName::Host => (
                CookieName::Plain,
                "the site stores the consent in `consent`, for plain http: call `.over_http()` on the probe, because the layer \
                 has `.dangerous_allow_http()`",
            ),
            _ => (
                CookieName::Host,
                "the site stores the consent in `__Host-consent`, for https: remove `.over_http()` from the probe, because the \
                 layer has no `.dangerous_allow_http()`",
            ),
        };
        let is_other = cookies.stores(other.as_str()) && !cookies.stores(self.probe.cookie_name.as_str());
        if is_other {
            self.report.add(FindingKind::OtherCookieName, &label, "", detail);
        }
        is_other
    }

    /// Returns `true` if the layer handles its own routes. Checks that it has the policy of the probe.
    pub(super) async fn own_routes(&mut self) -> bool {
        let (policy, name) = (&self.probe.policy, self.probe.cookie_name);
        let data = serde_json::to_value(policy.data(name)).unwrap_or_default();
        let json = TestRequest::fetch(&self.path("")).with_header("accept", "application/json");
        if let Some((label, answer)) = self.own(json).await {
            let state: serde_json::Value = serde_json::from_slice(answer.body()).unwrap_or_default();
            // If the response is not the state of consent, another service responded, and the other checks
            // are meaningless.
            if !self.expect(state.get("categories").is_some(), &label, &answer) {
                return false;
            }
        }
        let mut reached = true;
        let pages = ["", "/policy", "/banner", "/assets/consent.js", "/policy.json"];
        for route in pages {
            let Some((label, answer)) = self.own(TestRequest::navigation(&self.path(route))).await else {
                continue;
            };
            let is_own = answer.status() == StatusCode::OK;
            reached &= self.expect(is_own, &label, &answer);
            if is_own && route == "/policy.json" {
                let served: serde_json::Value = serde_json::from_slice(answer.body()).unwrap_or_default();
                if served != data {
                    let detail = "the policy of the site differs from the policy of the probe";
                    self.report.add(FindingKind::OtherPolicy, &label, "", detail);
                }
            }
            if is_own && route == "/policy" {
                self.expect_names(&label, &answer);
            }
        }
        reached
    }

    /// Checks that the policy page lists every declared item.
    fn expect_names(&mut self, label: &str, answer: &Answer) {
        let page = answer.text();
        for declared in self.probe.policy.storage() {
            let name = &declared.name;
            if ![name.literal(), name.suffix()].map(escaped).iter().all(|part| page.contains(part)) {
                let detail = format!("the policy page does not show {name}");
                self.report.add(FindingKind::OtherPolicy, label, "", detail);
            }
        }
    }

    /// Checks that forged decisions are refused, and that decisions do not redirect to other sites.
    pub(super) async fn decisions(&mut self) {
        let settings = self.path("");
        let by_get = TestRequest::navigation(&format!("{settings}?action=accept"));
        if let Some((label, answer)) = self.own(by_get).await
            && writes_consent(&answer.cookies(self.now))
        {
            self.report.add(FindingKind::DecisionByGet, &label, "", "the request changes the consent");
        }
        let accept = || TestRequest::form(&settings, &[("action", "accept")]);
        // Old browsers name the origin in one header, new browsers in two.
        let mut old = accept().with_header("origin", "https://elsewhere.example");
        old.headers_mut().remove("sec-fetch-site");
        for request in [accept().cross_site(), old] {
            let Some((label, answer)) = self.own(request).await else { continue };
            if answer.status() != StatusCode::FORBIDDEN || writes_consent(&answer.cookies(self.now)) {
                let detail =
                    format!("a decision from another site is taken (status {})", answer.status().as_u16());
                self.report.add(FindingKind::CrossSiteDecision, &label, "", detail);
            }
        }
        for path in ELSEWHERE {
            let request = TestRequest::form(&settings, &[("action", "refuse"), ("return", path)]);
            let Some((label, answer)) = self.own(request).await else { continue };
            if leads_elsewhere(&answer.header("location")) {
                let detail = format!("return={path:?} leads to {:?}", answer.header("location"));
                self.report.add(FindingKind::OpenRedirect, &label, "", detail);
            }
        }
        if let Some((label, answer)) = self.own(accept()).await {
            let reserved = |line: &&[u8]| {
                SetCookie::parse(line)
                    .is_ok_and(|cookie| RESERVED_NAMES.iter().any(|name| name.as_bytes() == cookie.name()))
            };
            let written: Vec<&[u8]> = answer.cookie_lines().filter(reserved).collect();
            let canonical =
                |line: &[u8]| kept_choices(line, self.probe.cookie_name, &self.probe.policy).is_some();
            if !matches!(written[..], [line] if canonical(line)) {
                let detail = "the consent cookie of a decision differs from the one that the layer writes";
                self.report.add(FindingKind::ConsentCookie, &label, "", detail);
            }
        }
    }

    /// Returns a path of the layer's own routes.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.probe.prefix)
    }

    /// Requests one of the layer's own routes as an undecided visitor, and returns the response.
    async fn own(&mut self, request: TestRequest) -> Option<(String, Answer)> {
        let label = request.label();
        let request = self.to_site(request);
        self.ask(request, &label, "").await.map(|answer| (label, answer))
    }

    fn expect(&mut self, is_own: bool, label: &str, answer: &Answer) -> bool {
        if !is_own {
            let detail = format!(
                "another service handles the layer's own route (status {})",
                answer.status().as_u16()
            );
            self.report.add(FindingKind::NotCovered, label, "", detail);
        }
        is_own
    }
}

/// Returns `true` if browsers leave the site for this address.
fn leads_elsewhere(location: &str) -> bool {
    let path: String = location.chars().filter(|c| !c.is_ascii_control()).collect();
    let path = path.replace('\\', "/").to_ascii_lowercase();
    let has_scheme = path.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':'));
    // Some servers in front decode a slash first.
    has_scheme || path.starts_with("//") || path.starts_with("/%2f") || path.starts_with("/%5c")
}

/// Returns a part of a name as HTML has it.
fn escaped(part: &str) -> String {
    part.replace('&', "&amp;").replace('\'', "&#39;").replace('<', "&lt;").replace('>', "&gt;")
}

use super::{FindingKind, Run};
use crate::testing::{SiteError, TestRequest};
use bytes::Bytes;
use consent_core::consent::CookieName;
use consent_core::policy::{Declaration, Kind, Name, Scope};
use consent_core::testing::{Jar, JarCookie, SetCookies};
use consent_core::verdict::visible;
use http::{Method, Request, Response};
use http_body::Body;
use tower_service::Service;

/// The number of pages after which cookies should be gone. A response expires twenty cookies at most.
const PAGES: usize = 8;

/// The `Set-Cookie` headers that the jar applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follow {
    All,
    /// Only deletions. Other checks have found cookies that were set after the withdrawal, and those are not
    /// left from before it.
    Deletions,
}

impl<S, B, R> Run<'_, S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<SiteError>>,
    B: From<Bytes>,
    R: Body<Error: Into<SiteError>>,
{
    /// Checks a visitor who grants everything, visits pages, and withdraws: no cookie that needs the consent
    /// may be left.
    pub(super) async fn withdrawal(&mut self) {
        let mut jar = Jar::new(self.probe.host());
        if self.probe.cookie_name == CookieName::Plain {
            jar = jar.over_http();
        }
        let settings = self.path("");
        let decide = |action| TestRequest::form(&settings, &[("action", action)]);
        self.step(&mut jar, decide("accept"), Follow::All).await;
        let requests: Vec<_> = self.probe.requests.iter().map(|planned| planned.request.clone()).collect();
        for request in &requests {
            self.step(&mut jar, request.clone(), Follow::All).await;
        }
        self.fill(&mut jar);
        self.step(&mut jar, decide("withdraw"), Follow::All).await;
        let pages: Vec<_> = requests
            .into_iter()
            .filter(|request| *request.method() == Method::GET && request.is_navigation())
            .collect();
        for _ in 0..PAGES {
            let before = jar.cookies(self.now).count();
            for page in &pages {
                self.step(&mut jar, page.clone(), Follow::Deletions).await;
            }
            if jar.cookies(self.now).count() == before {
                break;
            }
        }
        let label = decide("withdraw").label();
        let left: Vec<_> = jar.cookies(self.now).filter(|cookie| self.needs_consent(cookie)).collect();
        for cookie in left {
            let (name, path) =
                (String::from_utf8_lossy(cookie.name()), String::from_utf8_lossy(cookie.path()));
            let domain = cookie.domain().map(|domain| format!(" of {domain}")).unwrap_or_default();
            let detail = format!("the next pages did not expire {name} at {path}{domain}");
            self.report.add(FindingKind::NotExpired, &label, "", detail);
        }
    }

    /// Sends a request with the cookies of the jar, and stores the cookies of the response.
    async fn step(&mut self, jar: &mut Jar, request: TestRequest, follow: Follow) {
        let (label, path) = (request.label(), request.path().to_owned());
        let mut request = self.to_site(request);
        if let Some(line) = jar.cookie_line(&path, self.now) {
            request = request.with_cookies(line);
        }
        let Some(answer) = self.ask(request, &label, "").await else { return };
        for line in answer.cookie_lines() {
            if follow == Follow::All || SetCookies::read([line], self.now).names().is_empty() {
                jar.store(line, &path, self.now);
            }
        }
    }

    /// Stores the cookies that an earlier visit may have left: every declared cookie in every scope. If a
    /// declaration is a pattern, the site knows only the names that requests carry.
    fn fill(&self, jar: &mut Jar) {
        let declared = self.probe.policy.storage().iter();
        for declared in declared.filter(|declared| declared.kind == Kind::Cookie && declared.exempt.is_none())
        {
            for scope in &declared.scopes {
                if matches!(declared.name, Name::Exact(_)) || scope.path == "/" {
                    let name = declared.name.with_middle("probe");
                    jar.store(line(declared, &name, scope).as_bytes(), "/", self.now);
                }
            }
        }
    }

    fn needs_consent(&self, cookie: &JarCookie) -> bool {
        let refused = consent_core::testing::refused(&self.probe.policy);
        let granted = consent_core::testing::granted(&self.probe.policy);
        visible(cookie.name(), &refused).is_err() && visible(cookie.name(), &granted).is_ok()
    }
}

/// Returns a `Set-Cookie` header for a declared cookie in a scope, with every attribute that its name and
/// partition need.
fn line(declared: &Declaration, name: &str, scope: &Scope) -> String {
    let value = declared.values.iter().flatten().next().map_or("1", String::as_str);
    let mut line = format!("{name}={value}; Path={}; Max-Age=86400", scope.path);
    if let Some(domain) = &scope.domain {
        line += "; Domain=";
        line += domain;
    }
    if name.starts_with("__") || declared.partitioned {
        line += "; Secure";
    }
    if declared.http_only {
        line += "; HttpOnly";
    }
    if declared.partitioned {
        line += "; SameSite=None; Partitioned";
    }
    line
}

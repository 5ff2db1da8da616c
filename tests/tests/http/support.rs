//! A service behind the layer that returns the response of a test, and requests as a browser sends them.

use bytes::Bytes;
use consent_core::{Policy, cookies};
use consent_tower::ConsentLayer;
use consent_tower::report::ConsentReport;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use std::convert::Infallible;
use std::error::Error;
use std::sync::{Arc, Mutex};
use time::{Date, Month, UtcDateTime};
use tower::{Layer, ServiceExt, service_fn};

pub(crate) const GRANTED: &str = "__Host-consent=1-20261101.functionality:g";
pub(crate) const REFUSED: &str = "__Host-consent=1-20261101.functionality:r";

/// The consent cookie of a visitor in each state.
pub(crate) const STATES: [(&str, Option<&str>); 3] =
    [("undecided", None), ("refusing", Some(REFUSED)), ("granting", Some(GRANTED))];

pub(crate) fn policy() -> Policy {
    policy_with("")
}

/// The same policy with more tables.
pub(crate) fn policy_with(tables: &str) -> Policy {
    Policy::from_toml(&[include_str!("policy.toml"), tables].concat()).unwrap()
}

/// 23 November 2026.
pub(crate) fn today() -> UtcDateTime {
    Date::from_calendar_date(2026, Month::November, 23).unwrap().midnight().as_utc()
}

pub(crate) fn layer() -> ConsentLayer {
    ConsentLayer::new(policy()).with_clock(today)
}

/// A response, with its whole body.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) report: Option<ConsentReport>,
}

impl Answer {
    pub(crate) async fn read<B>(response: Response<B>) -> Self
    where
        B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let (parts, body) = response.into_parts();
        let body = match body.collect().await {
            Ok(collected) => collected.to_bytes(),
            Err(error) => panic!("the body failed: {}", error.into()),
        };
        let report = parts.extensions.get::<ConsentReport>().cloned();
        Self { status: parts.status, headers: parts.headers, body, report }
    }

    /// The `Set-Cookie` headers, in order.
    pub(crate) fn cookies(&self) -> Vec<&[u8]> {
        self.headers.get_all(SET_COOKIE).iter().map(HeaderValue::as_bytes).collect()
    }

    /// The only `Set-Cookie` header with that name.
    pub(crate) fn cookie(&self, name: &str) -> SetCookie {
        let mut lines = self.cookies().into_iter().map(SetCookie::read).filter(|cookie| cookie.name == name);
        let line = lines.next().unwrap_or_else(|| panic!("no line sets {name}: {self:?}"));
        assert!(lines.next().is_none(), "two lines set {name}: {self:?}");
        line
    }

    pub(crate) fn sets(&self, name: &str) -> bool {
        self.cookies().into_iter().any(|line| SetCookie::read(line).name == name)
    }

    /// All values of a header, joined as one list.
    pub(crate) fn header(&self, name: &str) -> String {
        let values = self.headers.get_all(name).iter().map(|value| value.to_str().unwrap());
        values.collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn location(&self) -> &str {
        self.headers.get(LOCATION).unwrap_or_else(|| panic!("no Location: {self:?}")).to_str().unwrap()
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Names and reasons of the cookies that the layer dropped or amended.
    pub(crate) fn reasons(&self) -> Vec<(String, &'static str)> {
        let entries = self.report.as_ref().map_or(&[][..], ConsentReport::entries);
        entries
            .iter()
            .map(|entry| (String::from_utf8_lossy(entry.name()).into_owned(), entry.cause().as_str()))
            .collect()
    }
}

/// A parsed `Set-Cookie` header.
#[derive(Debug)]
pub(crate) struct SetCookie {
    pub(crate) name: String,
    pub(crate) value: String,
    attributes: Vec<(&'static str, String)>,
}

impl SetCookie {
    pub(crate) fn read(line: &[u8]) -> Self {
        let Ok(cookie) = cookies::SetCookie::parse(line) else {
            panic!("no cookie: {}", line.escape_ascii())
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let flag = |is_set: bool| is_set.then(String::new);
        let same_site = cookie.same_site();
        let attributes = [
            ("path", cookie.path().map(text)),
            ("domain", cookie.domain().map(text)),
            ("max-age", cookie.max_age().map(|seconds| seconds.to_string())),
            ("expires", cookie.expires().map(|date| date.to_string())),
            ("samesite", (same_site != cookies::SameSite::Unset).then(|| format!("{same_site:?}"))),
            ("secure", flag(cookie.secure())),
            ("httponly", flag(cookie.http_only())),
        ];
        let attributes = attributes.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        Self { name: text(cookie.name()), value: text(cookie.value()), attributes }
    }

    /// The value of an attribute. `name` is in lower case.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(of, _)| *of == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_deletion(&self) -> bool {
        self.value.is_empty() && self.attribute("max-age") == Some("0")
    }
}

/// A request as a browser sends it for a page.
pub(crate) fn visit(path: &str) -> http::request::Builder {
    Request::get(path)
        .header("host", "site.example")
        .header("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        .header("sec-fetch-dest", "document")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-site", "same-origin")
}

/// A decision as a form of this site posts it.
pub(crate) fn form(fields: &str) -> Request<Full<Bytes>> {
    posting("application/x-www-form-urlencoded").body(Full::from(fields.to_owned())).unwrap()
}

/// A decision as a script of this site posts it.
pub(crate) fn json(body: &str) -> Request<Full<Bytes>> {
    posting("application/json")
        .header("accept", "application/json")
        .body(Full::from(body.to_owned()))
        .unwrap()
}

pub(crate) fn posting(content_type: &str) -> http::request::Builder {
    Request::post("/consent")
        .header("host", "site.example")
        .header("origin", "https://site.example")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", content_type)
}

pub(crate) fn empty(builder: http::request::Builder) -> Request<Full<Bytes>> {
    builder.body(Full::default()).unwrap()
}

/// The same request with cookies.
pub(crate) fn with_cookies(mut request: Request<Full<Bytes>>, cookies: &str) -> Request<Full<Bytes>> {
    request.headers_mut().append(COOKIE, HeaderValue::from_str(cookies).unwrap());
    request
}

/// Sends one request through a layer to a service that returns `response`.
pub(crate) async fn send(
    layer: &ConsentLayer,
    request: Request<Full<Bytes>>,
    response: Response<Full<Bytes>>,
) -> Answer {
    let response = Mutex::new(Some(response));
    let inner = service_fn(|_: Request<Full<Bytes>>| {
        let response = response.lock().unwrap().take().expect("asked once");
        async move { Ok::<_, Infallible>(response) }
    });
    let answer = layer.layer(inner).oneshot(request).await.unwrap();
    Answer::read(answer).await
}

/// Sends a request to one of the layer's own routes. If the request reaches the application, the response
/// says so.
pub(crate) async fn ask(layer: &ConsentLayer, request: Request<Full<Bytes>>) -> Answer {
    send(layer, request, application()).await
}

/// The response of the application, which differs from all responses of the layer.
pub(crate) fn application() -> Response<Full<Bytes>> {
    Response::builder().status(StatusCode::IM_A_TEAPOT).body(Full::from("the application")).unwrap()
}

pub(crate) fn is_application(answer: &Answer) -> bool {
    answer.status == StatusCode::IM_A_TEAPOT
}

/// A response of the application that sets these cookies.
pub(crate) fn setting(lines: &[&str]) -> Response<Full<Bytes>> {
    setting_bytes(&lines.iter().map(|line| line.as_bytes()).collect::<Vec<_>>())
}

pub(crate) fn setting_bytes(lines: &[&[u8]]) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("hello"));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    for line in lines {
        response.headers_mut().append(SET_COOKIE, HeaderValue::from_bytes(line).unwrap());
    }
    response
}

/// Returns the request that the application sees.
pub(crate) async fn seen_by_application(
    layer: &ConsentLayer,
    request: Request<Full<Bytes>>,
) -> http::request::Parts {
    let seen = Arc::new(Mutex::new(None));
    let inner = {
        let seen = Arc::clone(&seen);
        service_fn(move |request: Request<Full<Bytes>>| {
            *seen.lock().unwrap() = Some(request.into_parts().0);
            async { Ok::<_, Infallible>(Response::new(Full::<Bytes>::default())) }
        })
    };
    layer.layer(inner).oneshot(request).await.unwrap();
    let parts = seen.lock().unwrap().take();
    parts.expect("the application was asked")
}

/// The `Cookie` headers of a request.
pub(crate) fn cookie_lines(parts: &http::request::Parts) -> Vec<&[u8]> {
    parts.headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect()
}

//! The requests, and the responses below them.

use crate::blocks::blocks;
use consent_core::Policy;
use consent_tower::ConsentLayer;
use http::request::Builder;
use http::response::Parts;
use http::{HeaderMap, Request, Response};
use http_body_util::BodyExt;
use std::convert::Infallible;
use time::{Date, Month};
use tower::{Layer, ServiceExt, service_fn};

pub(crate) const GRANTED: &str = "__Host-consent=1-20261101.functionality:g";

/// A request as a browser sends it for a page.
pub(crate) fn visit(path: &str) -> Builder {
    Request::get(path)
        .header("host", "site.example")
        .header("accept", "text/html")
        .header("sec-fetch-dest", "document")
        .header("sec-fetch-site", "same-origin")
}

/// Sends a request through the layer, on 23 November 2026, to a service that returns `response`.
pub(crate) async fn send(
    policy: Policy,
    request: Request<String>,
    response: Response<String>,
) -> (Parts, String) {
    let today = Date::from_calendar_date(2026, Month::November, 23).unwrap().midnight().as_utc();
    let mut response = Some(response);
    let application = service_fn(move |_: Request<String>| {
        let response = response.take().unwrap();
        async { Ok::<_, Infallible>(response) }
    });
    let answer = ConsentLayer::new(policy)
        .with_clock(move || today)
        .layer(application)
        .oneshot(request)
        .await
        .unwrap();
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts, String::from_utf8(body.to_vec()).unwrap())
}

/// A message in a text: its first line, its headers and its body.
struct Message<'a> {
    first: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    body: &'a str,
}

impl<'a> Message<'a> {
    fn read(text: &'a str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.trim().lines();
        let first = lines.next().unwrap();
        Self { first, headers: lines.map(|line| line.split_once(": ").unwrap()).collect(), body: body.trim() }
    }

    fn request(&self) -> Request<String> {
        let mut words = self.first.split(' ');
        let mut request = Request::builder().method(words.next().unwrap()).uri(words.next().unwrap());
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        request.body(self.body.to_owned()).unwrap()
    }

    fn response(&self) -> Response<String> {
        let mut response = Response::builder().status(self.status());
        for (name, value) in &self.headers {
            response = response.header(*name, *value);
        }
        response.body(self.body.to_owned()).unwrap()
    }

    fn status(&self) -> u16 {
        self.first.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Returns whether a response has these headers. It may have others.
    fn is_in(&self, headers: &HeaderMap) -> bool {
        self.headers.iter().all(|(name, value)| headers.get_all(*name).iter().any(|there| there == value))
    }
}

#[tokio::test]
async fn every_request_gets_the_response_below_it() {
    let mut count = 0;
    for block in blocks("http") {
        let Some(at) = block.text.find("\nHTTP/1.1 ") else { continue };
        let (asked, answered) = (Message::read(&block.text[..at]), Message::read(&block.text[at + 1..]));
        let policy = consent_core::policy::example().unwrap();
        let (parts, body) = send(policy, asked.request(), Response::new(String::new())).await;
        assert_eq!(parts.status.as_u16(), answered.status(), "{}: {body}", block.place);
        assert!(answered.is_in(&parts.headers), "{}: {parts:?}", block.place);
        assert!(answered.body.is_empty() || answered.body == body, "{}: {body}", block.place);
        count += 1;
    }
    assert!(count > 3);
}

#[tokio::test]
async fn with_the_csp_of_the_chapter_nothing_is_inline() {
    let answers = blocks("http").into_iter().filter(|block| block.text.starts_with("HTTP/1.1 "));
    let mut count = 0;
    for block in answers {
        let mut response = Message::read(&block.text).response();
        *response.body_mut() = "<!doctype html><html><body><p>x</p></body></html>".to_owned();
        response.headers_mut().insert("content-type", "text/html; charset=utf-8".parse().unwrap());
        let policy = consent_core::policy::example().unwrap();
        let (_, page) = send(policy, visit("/").body(String::new()).unwrap(), response).await;
        assert!(page.contains("id=\"consent-banner\""), "{page}");
        assert!(
            !page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick"),
            "{page}"
        );
        for (at, _) in page.match_indices("<script") {
            assert!(page[at..].split('>').next().unwrap().contains(" src=\"/consent/assets/"), "{page}");
        }
        count += 1;
    }
    assert!(count > 0);
}

//! Why the banner does not appear. The guide has a table of causes and events, and each cause has its event.

use crate::said::Said;
use crate::support::*;
use bytes::Bytes;
use consent_core::Policy;
use consent_tower::matcher::RequestMatcher;
use consent_tower::{ConsentLayer, Mode};
use http::{Request, Response};
use http_body_util::Full;
use std::convert::Infallible;
use tower::{Layer, ServiceExt, service_fn};

const PAGE: &str = "<!doctype html><title>x</title><body><p>x</p></body>";

fn page(headers: &[(&str, &str)]) -> Response<Full<Bytes>> {
    let mut response = Response::builder().header("content-type", "text/html; charset=utf-8");
    for (name, value) in headers {
        if *name == "content-type" {
            response = Response::builder();
        }
        response = response.header(*name, *value);
    }
    response.body(Full::from(PAGE)).unwrap()
}

/// Returns the events of this target while the layer handles the request.
async fn heard(
    target: &'static str,
    layer: &ConsentLayer,
    request: Request<Full<Bytes>>,
    response: Response<Full<Bytes>>,
) -> Vec<String> {
    let (said, _listening) = Said::listen(target);
    send(layer, request, response).await;
    said.heard()
}

async fn on_page(
    layer: ConsentLayer,
    request: Request<Full<Bytes>>,
    response: Response<Full<Bytes>>,
) -> Vec<String> {
    heard("consent::page", &layer, request, response).await
}

fn here() -> Request<Full<Bytes>> {
    empty(visit("/notes/one?query=secret"))
}

fn loaded_as(destination: &str) -> Request<Full<Bytes>> {
    let mut request = here();
    request.headers_mut().insert("sec-fetch-dest", destination.parse().unwrap());
    let mode = if destination == "iframe" { "navigate" } else { "no-cors" };
    request.headers_mut().insert("sec-fetch-mode", mode.parse().unwrap());
    request
}

fn without_metadata() -> Request<Full<Bytes>> {
    empty(Request::get("/notes/one").header("accept", "text/html"))
}

/// A policy in which everything is exempt.
fn exempt() -> Policy {
    let document = include_str!("policy.toml");
    let (head, rest) = document.split_once("[[storage]]").unwrap();
    let (_, log) = rest.split_once("[[revisions]]").unwrap();
    Policy::from_toml(&format!("{head}[[revisions]]{log}")).unwrap()
}

/// Returns the target and the events of every cause in the guide.
async fn causes() -> Vec<(&'static str, Vec<String>)> {
    let here_only = RequestMatcher::from_path("/notes");
    let zipped = || page(&[("content-encoding", "gzip")]);
    let partial = || {
        let mut response = page(&[("content-range", "bytes 0-9/100")]);
        *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
        response
    };
    let wide = || page(&[("content-type", "text/html; charset=utf-16")]);
    let reports = || layer().with_mode(Mode::ReportOnly);
    let mut all = Vec::new();
    for events in [
        on_page(layer(), with_cookies(here(), GRANTED), page(&[])).await,
        on_page(ConsentLayer::new(exempt()).with_clock(today), here(), page(&[])).await,
        on_page(reports(), here(), page(&[])).await,
        on_page(layer().without_banner(), here(), page(&[])).await,
        on_page(layer().add_excluded(here_only.clone()), here(), page(&[])).await,
        on_page(layer().add_neutral(here_only), here(), page(&[])).await,
        on_page(layer(), loaded_as("empty"), page(&[])).await,
        on_page(layer(), loaded_as("iframe"), page(&[])).await,
        on_page(layer(), loaded_as("image"), page(&[])).await,
        on_page(layer(), without_metadata(), {
            let mut piece = page(&[]);
            *piece.body_mut() = Full::from("<p>a piece");
            piece
        })
        .await,
        on_page(layer(), here(), zipped()).await,
        on_page(layer(), here(), partial()).await,
        on_page(layer(), here(), wide()).await,
        on_page(reports(), here(), zipped()).await,
        on_page(reports(), here(), partial()).await,
        on_page(reports(), here(), wide()).await,
        on_page(
            layer(),
            here(),
            page(&[("content-security-policy", "script-src 'strict-dynamic' 'nonce-x'")]),
        )
        .await,
        on_page(layer(), here(), page(&[])).await,
    ] {
        all.push(("consent::page", events));
    }
    let inner = service_fn(async |_: Request<Full<Bytes>>| Ok::<_, Infallible>(page(&[])));
    let (said, listening) = Said::listen("consent::order");
    layer().layer(layer().layer(inner)).oneshot(here()).await.unwrap();
    drop(listening);
    all.push(("consent::order", said.heard()));
    let decision = |origin: &str| {
        let mut request = form("action=accept");
        request.headers_mut().remove("sec-fetch-site");
        request.headers_mut().insert("origin", origin.parse().unwrap());
        request.headers_mut().insert("referer", format!("{origin}/notes/one?query=secret").parse().unwrap());
        request
    };
    for origin in ["http://site.example", "https://elsewhere.example"] {
        all.push((
            "consent::decision",
            heard("consent::decision", &layer(), decision(origin), application()).await,
        ));
    }
    all
}

/// Returns the rows of the guide's tables of events: target, and beginning of the message.
fn rows() -> Vec<(String, String)> {
    let text = include_str!("../../../consent-tower/guide/no-banner.md");
    let rows = text.lines().filter(|line| line.starts_with("| `consent::"));
    rows.map(|row| {
        let target = row.split('`').nth(1).unwrap();
        let message = row.split('"').nth(1).unwrap();
        (target.to_owned(), message.to_owned())
    })
    .collect()
}

#[tokio::test]
async fn every_cause_in_the_guide_has_its_event_with_the_path_and_every_event_is_in_the_guide() {
    let (causes, rows) = (causes().await, rows());
    assert!(rows.len() >= 19, "{rows:?}");
    let is_of = |(target, message): &(String, String), of: &str, event: &str| {
        target == of && event.split_once(' ').unwrap().1.starts_with(message.as_str())
    };
    for row in &rows {
        let is_heard =
            |(target, events): &(&str, Vec<String>)| events.iter().any(|event| is_of(row, target, event));
        assert!(causes.iter().any(is_heard), "{row:?} is not among {causes:#?}");
    }
    for (target, events) in &causes {
        assert!(!events.is_empty(), "{target}");
        for event in events {
            if event.contains("a decision was made") {
                continue;
            }
            assert!(rows.iter().any(|row| is_of(row, target, event)), "the guide lacks {event}");
            assert!(event.contains("path=\"/notes/one\"") && !event.contains("secret"), "{event}");
        }
    }
}

#[tokio::test]
async fn each_html_response_has_exactly_one_event_about_its_banner() {
    for (request, expected) in [
        (here(), "a page gets the banner"),
        (with_cookies(here(), REFUSED), "this visitor has decided"),
        (loaded_as("empty"), "a script fetched it"),
    ] {
        let heard = on_page(layer(), request, page(&[])).await;
        let [one] = heard.as_slice() else { panic!("not one: {heard:?}") };
        assert!(one.starts_with("DEBUG") && one.contains(expected), "{one}");
    }
    let text = page(&[("content-type", "text/plain")]);
    assert_eq!(on_page(layer(), here(), text).await, [""; 0], "what is not HTML has no event");
}

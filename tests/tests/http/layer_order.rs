//! Where the layer stands among others, and what is seen where it stands wrong: what the guide's chapter on
//! it says.

use crate::support::*;
use axum::Router;
use axum::body::Body;
use axum::response::{AppendHeaders, Html, IntoResponse};
use axum::routing::get;
use consent_core::Category;
use consent_core::consent::RequestConsent;
use http::header::SET_COOKIE;
use http::{HeaderValue, Request, Response, StatusCode};
use std::convert::Infallible;
use tower::{Layer, Service, ServiceBuilder, ServiceExt};
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

const PAGE: &str = "<!doctype html><html><head><title>x</title></head><body><p>text</p></body></html>";

async fn tracked() -> impl IntoResponse {
    AppendHeaders([(SET_COOKIE, "_ga=1")])
}

async fn long_page() -> Html<String> {
    Html(format!("{PAGE}<!-- {} -->", "long ".repeat(200)))
}

async fn open<S, B>(site: S, path: &str) -> Answer
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible>,
    B: http_body::Body<Data = bytes::Bytes, Error: Into<Box<dyn std::error::Error + Send + Sync>>>,
{
    let request = visit(path).header("accept-encoding", "gzip").body(Body::empty()).unwrap();
    Answer::read(site.oneshot(request).await.unwrap()).await
}

#[tokio::test]
async fn around_the_finished_application_every_route_is_covered() {
    let router = Router::new()
        .route("/", get(tracked))
        .nest("/nested", Router::new().route("/deep", get(tracked)))
        .fallback(tracked);
    let site = layer().layer(router);
    for path in ["/", "/nested/deep", "/nested/nowhere", "/nowhere"] {
        let answer = open(site.clone(), path).await;
        assert!(answer.cookies().is_empty(), "{path}");
        assert_eq!(answer.reasons(), [("_ga".to_owned(), "undeclared")], "{path}");
    }
    assert_eq!(open(site, "/consent").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_route_that_is_added_after_routers_own_layer_is_not_covered() {
    let site = Router::new().route("/", get(tracked)).layer(layer()).route("/later", get(tracked));
    assert!(open(site.clone(), "/").await.cookies().is_empty());
    assert!(open(site, "/later").await.sets("_ga"));
}

#[tokio::test]
async fn beside_a_nest_that_is_layered_nothing_is_covered_and_the_settings_are_missing() {
    let nested = Router::new().route("/deep", get(tracked)).layer(layer());
    let site = Router::new().route("/", get(tracked)).nest("/nested", nested);
    assert!(open(site.clone(), "/nested/deep").await.cookies().is_empty());
    assert!(open(site.clone(), "/").await.sets("_ga"));
    assert_eq!(open(site, "/consent").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn as_a_route_layer_only_it_never_hears_of_its_own_routes() {
    let site = Router::new().route("/", get(tracked)).route_layer(layer());
    assert!(open(site.clone(), "/").await.cookies().is_empty());
    assert_eq!(open(site, "/consent").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_cookie_that_is_written_outside_is_not_judged() {
    let writer = SetResponseHeaderLayer::appending(SET_COOKIE, HeaderValue::from_static("_ga=1"));
    let router = Router::new().route("/", get(async || "home"));
    let outside = ServiceBuilder::new().layer(writer.clone()).layer(layer()).service(router.clone());
    let answer = open(outside, "/").await;
    assert!(answer.sets("_ga") && answer.report.is_none());
    let inside = ServiceBuilder::new().layer(layer()).layer(writer).service(router);
    assert!(open(inside, "/").await.cookies().is_empty());
}

#[tokio::test]
async fn layered_twice_the_inner_one_passes_through() {
    let inner = layer().layer(Router::new().route("/", get(long_page)));
    let answer = open(layer().layer(Router::new().fallback_service(inner)), "/").await;
    assert_eq!(answer.text().matches("id=\"consent-banner\"").count(), 1);
}

#[tokio::test]
async fn compression_outside_gets_the_page_with_its_banner() {
    let router = Router::new().route("/", get(long_page));
    let plain = open(layer().layer(router.clone()), "/").await;
    assert!(plain.text().contains("id=\"consent-banner\""));
    let site = ServiceBuilder::new().layer(CompressionLayer::new()).layer(layer()).service(router);
    let answer = open(site, "/").await;
    assert_eq!(answer.header("content-encoding"), "gzip");
    assert!(answer.body.len() < plain.body.len());
    assert!(answer.header("vary").contains("Cookie"));
}

#[tokio::test]
async fn compression_inside_is_asked_for_plain_pages_and_compresses_the_rest() {
    let data = get(async || "data ".repeat(200));
    let router = Router::new().route("/", get(long_page)).route("/data", data).layer(CompressionLayer::new());
    let site = layer().layer(router);
    let answer = open(site.clone(), "/").await;
    assert_eq!(answer.header("content-encoding"), "");
    assert!(answer.text().contains("id=\"consent-banner\""));
    let request = Request::get("/data").header("sec-fetch-dest", "empty").header("accept-encoding", "gzip");
    let answer = Answer::read(site.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn a_policy_that_is_added_outside_is_not_seen() {
    let csp = SetResponseHeaderLayer::overriding(
        http::HeaderName::from_static("content-security-policy"),
        HeaderValue::from_static("style-src 'self'"),
    );
    let router = Router::new().route("/", get(long_page));
    let outside = ServiceBuilder::new().layer(csp.clone()).layer(layer()).service(router.clone());
    assert!(open(outside, "/").await.text().contains("<style"));
    let inside = ServiceBuilder::new().layer(layer()).layer(csp).service(router);
    assert!(!open(inside, "/").await.text().contains("<style"));
}

#[tokio::test]
async fn a_consent_that_somebody_in_front_made_up_neither_counts_nor_switches_the_layer_off() {
    let mut request = empty(visit("/"));
    request.extensions_mut().insert(consent_core::testing::granted(&policy()));
    let answer = send(&layer(), request, setting(&["_ga=1", "theme=dark"])).await;
    assert!(answer.cookies().is_empty(), "{answer:?}");
    let mut request = empty(visit("/"));
    request.extensions_mut().insert(consent_core::testing::granted(&policy()));
    let seen = seen_by_application(&layer(), request).await;
    assert!(!seen.consent().allows(Category::FUNCTIONALITY), "the handler asks the layer's own consent");
}

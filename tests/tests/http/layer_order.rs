//! The claims of the guide's chapter on layer order.

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
async fn a_layer_in_a_nest_covers_no_other_route_and_has_no_settings() {
    let nested = Router::new().route("/deep", get(tracked)).layer(layer());
    let site = Router::new().route("/", get(tracked)).nest("/nested", nested);
    assert!(open(site.clone(), "/nested/deep").await.cookies().is_empty());
    assert!(open(site.clone(), "/").await.sets("_ga"));
    assert_eq!(open(site, "/consent").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_route_layer_never_receives_requests_for_the_settings() {
    let site = Router::new().route("/", get(tracked)).route_layer(layer());
    assert!(open(site.clone(), "/").await.cookies().is_empty());
    assert_eq!(open(site, "/consent").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_cookie_set_outside_the_layer_is_not_judged() {
    let writer = SetResponseHeaderLayer::appending(SET_COOKIE, HeaderValue::from_static("_ga=1"));
    let router = Router::new().route("/", get(async || "home"));
    let outside = ServiceBuilder::new().layer(writer.clone()).layer(layer()).service(router.clone());
    let answer = open(outside, "/").await;
    assert!(answer.sets("_ga") && answer.report.is_none());
    let inside = ServiceBuilder::new().layer(layer()).layer(writer).service(router);
    assert!(open(inside, "/").await.cookies().is_empty());
}

#[tokio::test]
async fn the_inner_of_two_layers_does_nothing() {
    let inner = layer().layer(Router::new().route("/", get(long_page)));
    let answer = open(layer().layer(Router::new().fallback_service(inner)), "/").await;
    assert_eq!(answer.text().matches("id=\"consent-banner\"").count(), 1);
}

#[tokio::test]
async fn compression_outside_compresses_the_page_with_its_banner() {
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
async fn compression_inside_compresses_everything_except_pages() {
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
async fn a_csp_added_outside_is_not_seen() {
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
async fn a_consent_inserted_in_front_of_the_layer_has_no_effect() {
    let mut request = empty(visit("/"));
    request.extensions_mut().insert(consent_core::testing::granted(&policy()));
    let answer = send(&layer(), request, setting(&["_ga=1", "theme=dark"])).await;
    assert!(answer.cookies().is_empty(), "{answer:?}");
    let mut request = empty(visit("/"));
    request.extensions_mut().insert(consent_core::testing::granted(&policy()));
    let seen = seen_by_application(&layer(), request).await;
    assert!(!seen.consent().allows(Category::FUNCTIONALITY), "the handler asks the layer's own consent");
}

//! Code that must compile: types are inferred, and the usual wrappers of tower and http-body accept the
//! service, its response and its body. Most of these tests only have to compile.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use consent_tower::matcher::RequestMatcher;
use consent_tower::report::Inventory;
use consent_tower::require::RequireConsentLayer;
use consent_tower::{Category, ConsentBody, ConsentLayer, ConsentService, Mode};
use http::{Request, Response};
use http_body_util::combinators::{BoxBody, UnsyncBoxBody};
use http_body_util::{BodyExt, Empty, Full};
use std::convert::Infallible;
use tower::util::{BoxCloneService, BoxCloneSyncService, BoxService};
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};

type Body = Full<Bytes>;

fn layer() -> ConsentLayer {
    ConsentLayer::new(consent_core::policy::example().unwrap())
}

async fn application(_: Request<Body>) -> Result<Response<Body>, Infallible> {
    Ok(Response::new(Full::from("home")))
}

async fn status<S, B, R>(service: S, body: B) -> u16
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: std::fmt::Debug,
{
    service.oneshot(Request::new(body)).await.unwrap().status().as_u16()
}

fn is_send_and_sync<T: Send + Sync>(_: &T) {}

#[tokio::test]
async fn a_layered_function_needs_no_annotation() {
    let site = layer().layer(service_fn(application));
    assert_eq!(status(site, Body::default()).await, 200);
}

#[tokio::test]
async fn a_layered_router_needs_no_annotation() {
    let router = Router::new().route("/", get(|| async { "home" }));
    let site = layer().layer(router);
    assert_eq!(status(site, axum::body::Body::empty()).await, 200);
}

#[tokio::test]
async fn a_service_builder_takes_the_layer_among_others() {
    let site = ServiceBuilder::new()
        .map_response(|response: Response<_>| response)
        .layer(layer())
        .layer(RequireConsentLayer::new(Category::FUNCTIONALITY))
        .service_fn(application);
    assert_eq!(status(site, Body::default()).await, 403);
}

#[tokio::test]
async fn an_optional_layer_and_its_absence_have_one_type() {
    type Boxed = UnsyncBoxBody<Bytes, Infallible>;
    for layer in [Some(layer()), None] {
        let boxed =
            |response: Response<ConsentBody<Body>>| response.map(|body| -> Boxed { body.boxed_unsync() });
        let bare = |response: Response<Body>| response.map(|body| -> Boxed { body.boxed_unsync() });
        let layer = layer.map(|layer| ServiceBuilder::new().map_response(boxed).layer(layer));
        let fallback = ServiceBuilder::new().map_response(bare);
        let site = match layer {
            Some(layer) => BoxCloneService::new(layer.service_fn(application)),
            None => BoxCloneService::new(fallback.service_fn(application)),
        };
        assert_eq!(status(site, Body::default()).await, 200);
    }
}

#[tokio::test]
async fn services_can_be_boxed() {
    let site = layer().layer(service_fn(application));
    let boxed: BoxService<Request<Body>, Response<ConsentBody<Body>>, Infallible> =
        BoxService::new(site.clone());
    assert_eq!(status(boxed, Body::default()).await, 200);
    let cloned: BoxCloneService<Request<Body>, Response<ConsentBody<Body>>, Infallible> =
        BoxCloneService::new(site.clone());
    assert_eq!(status(cloned.clone(), Body::default()).await, 200);
    let synced: BoxCloneSyncService<Request<Body>, Response<ConsentBody<Body>>, Infallible> =
        BoxCloneSyncService::new(site);
    is_send_and_sync(&synced);
    assert_eq!(status(synced, Body::default()).await, 200);
}

#[tokio::test]
async fn bodies_can_be_boxed() {
    let site = layer().layer(service_fn(application));
    let response = site.clone().oneshot(Request::new(Body::default())).await.unwrap();
    let boxed: Response<BoxBody<Bytes, Infallible>> = response.map(BodyExt::boxed);
    assert_eq!(boxed.into_body().collect().await.unwrap().to_bytes(), "home");
    let response = site.oneshot(Request::new(Body::default())).await.unwrap();
    let unsynced: Response<UnsyncBoxBody<Bytes, Infallible>> = response.map(BodyExt::boxed_unsync);
    assert_eq!(unsynced.into_body().collect().await.unwrap().to_bytes(), "home");
}

#[test]
fn shared_types_are_send_and_sync() {
    is_send_and_sync(&layer());
    is_send_and_sync(&layer().layer(service_fn(application)));
    is_send_and_sync(&ConsentBody::<Body>::default());
    is_send_and_sync(&ConsentBody::<Empty<Bytes>>::default());
    is_send_and_sync(&Inventory::new());
    is_send_and_sync(&RequestMatcher::from_path("/"));
}

#[tokio::test]
async fn futures_can_be_spawned() {
    let site = layer().layer(service_fn(application));
    let response = tokio::spawn(site.oneshot(Request::new(Body::default()))).await.unwrap().unwrap();
    assert_eq!(response.status(), 200);
}

/// A struct of an application's own names the service in a field.
#[derive(Clone)]
struct Site {
    service: ConsentService<Router>,
}

#[tokio::test]
async fn the_service_can_be_named_in_a_field() {
    let site = Site { service: layer().layer(Router::new()) };
    assert_eq!(status(site.clone().service, axum::body::Body::empty()).await, 404);
}

#[tokio::test]
async fn a_layered_router_is_a_fallback_of_another() {
    let inner = layer().layer(Router::new().route("/", get(|| async { "home" })));
    let outer: Router = Router::new().fallback_service(inner);
    assert_eq!(status(outer, axum::body::Body::empty()).await, 200);
}

#[tokio::test]
async fn a_router_takes_the_layer_itself() {
    let router: Router = Router::new().route("/", get(|| async { "home" })).layer(layer());
    assert_eq!(status(router, axum::body::Body::empty()).await, 200);
}

#[tokio::test]
async fn a_function_builds_the_layer_for_any_mode() {
    fn site(mode: Mode) -> impl Layer<Router, Service = ConsentService<Router>> + Clone + Send + Sync {
        layer().with_mode(mode)
    }
    for mode in [Mode::Enforce, Mode::ReportOnly] {
        assert_eq!(status(site(mode).layer(Router::new()), axum::body::Body::empty()).await, 404);
    }
}

#[tokio::test]
async fn the_server_of_tonic_takes_the_layer() {
    let services = tonic::service::Routes::default();
    let server = tonic::transport::Server::builder().layer(layer()).add_routes(services);
    let shutdown = std::future::ready(());
    server.serve_with_shutdown(([127, 0, 0, 1], 0).into(), shutdown).await.unwrap();
}

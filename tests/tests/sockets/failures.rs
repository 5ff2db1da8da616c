//! Clients that disconnect, and applications that are busy or fail.

use crate::connection::{Connection, Version};
use crate::support::*;
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use consent_tower::matcher::RequestMatcher;
use futures_util::stream;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Barrier, mpsc};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

/// Reports when it is dropped.
struct Dropped(mpsc::UnboundedSender<()>);

impl Drop for Dropped {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[tokio::test]
async fn a_client_that_disconnects_ends_the_body() {
    for content_type in ["text/html", "application/octet-stream"] {
        let (dropped, mut was_dropped) = mpsc::unbounded_channel();
        let application = service_fn(move |_: Request<Incoming>| {
            let held = Dropped(dropped.clone());
            async move {
                let endless = stream::unfold((true, held), |(first, held)| async move {
                    if !first {
                        std::future::pending::<()>().await;
                    }
                    Some((Ok::<_, Infallible>("<!doctype html><body><p>first</p>"), (false, held)))
                });
                let body = Body::from_stream(endless);
                Ok::<_, Infallible>(
                    Response::builder().header("content-type", content_type).body(body).unwrap(),
                )
            }
        });
        let address = serve(layer().layer(application)).await;
        for version in Version::ALL {
            let mut connection = Connection::open(address, version).await;
            let request = visit(version, "/", &[]).body(Full::default()).unwrap();
            let mut body = connection.send(request).await.into_body();
            body.frame().await.unwrap().unwrap();
            assert!(was_dropped.try_recv().is_err(), "not while it is read");
            drop(body);
            connection.abort();
            let ended = tokio::time::timeout(STUCK, was_dropped.recv()).await;
            ended.unwrap_or_else(|_| {
                panic!("the body of {content_type} outlives its reader over {version:?}")
            });
        }
    }
}

#[tokio::test]
async fn a_decision_that_stalls_blocks_nobody_and_decides_nothing() {
    let address = serve(layer().layer(Router::new().route("/", get(|| async { "home" })))).await;
    let mut stalled = TcpStream::connect(address).await.unwrap();
    let half = "POST /consent HTTP/1.1\r\nHost: site.example\r\nContent-Length: 13\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n\r\naction=acc";
    stalled.write_all(half.as_bytes()).await.unwrap();
    each_version(address, async |connection| {
        let request = visit(connection.version, "/", &[]).body(Full::default()).unwrap();
        assert_eq!(connection.ask(request).await.text(), "home");
    })
    .await;
    // The client stops in the middle of the body. It gets an error or no response, and no decision is made.
    stalled.shutdown().await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(STUCK, stalled.read_to_end(&mut answer)).await.expect("stuck");
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    assert!(read.is_err() || answer.is_empty() || answer.starts_with("http/1.1 400"), "{answer}");
    assert!(!answer.contains("set-cookie"), "{answer}");
}

#[tokio::test]
async fn a_timeout_outside_the_layer_ends_a_decision_that_trickles_in() {
    let router = Router::new().route("/", get(|| async { "home" }));
    let timeout = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_millis(200));
    let address = serve(Router::new().fallback_service(layer().layer(router)).layer(timeout)).await;
    let mut slow = TcpStream::connect(address).await.unwrap();
    let half = "POST /consent HTTP/1.1\r\nHost: site.example\r\nContent-Length: 13\r\nConnection: close\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n\r\naction=acc";
    slow.write_all(half.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    tokio::time::timeout(STUCK, slow.read_to_end(&mut response)).await.expect("stuck").unwrap();
    let response = String::from_utf8_lossy(&response).to_lowercase();
    assert!(response.starts_with("http/1.1 408") && !response.contains("set-cookie"), "{response}");
}

/// A busy service. It panics if a caller does not wait until it is ready.
#[tokio::test]
async fn the_layer_waits_for_a_busy_application() {
    for (limit, expected) in [(1, 1), (2, 2)] {
        let busy = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let together = Arc::new(Barrier::new(limit));
        let application = {
            let most = Arc::clone(&most);
            service_fn(move |_: Request<Full<Bytes>>| {
                let (busy, most, together) = (Arc::clone(&busy), Arc::clone(&most), Arc::clone(&together));
                async move {
                    most.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    together.wait().await;
                    busy.fetch_sub(1, Ordering::SeqCst);
                    Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
                }
            })
        };
        let full = tower::limit::ConcurrencyLimit::new(application, limit);
        let site = layer().layer(full);
        let asked = (0..6).map(|_| site.clone().oneshot(Request::new(Full::default())));
        let all = futures_util::future::try_join_all(asked);
        tokio::time::timeout(STUCK, all).await.expect("stuck").unwrap();
        assert_eq!(most.load(Ordering::SeqCst), expected);
    }
}

#[tokio::test]
async fn a_callback_that_panics_breaks_no_connection() {
    let layer = layer()
        .add_excluded(RequestMatcher::from_fn(|parts| {
            assert!(!parts.headers.contains_key("x-broken"), "a fault of the site");
            false
        }))
        .with_decision_limit(|_| panic!("another fault"));
    let application = Router::new().route("/", get(|| async { ([("set-cookie", "visit=1")], "home") }));
    let address = serve(CatchPanicLayer::new().layer(layer.layer(application))).await;
    each_version(address, async |connection| {
        for _ in 0..3 {
            let broken = visit(connection.version, "/", &[GRANTED]).header("x-broken", "1");
            let decision = visit(connection.version, "/consent", &[])
                .method("POST")
                .header("content-type", "application/x-www-form-urlencoded");
            let answer = connection.ask(broken.body(Full::default()).unwrap()).await;
            assert_eq!((answer.status, answer.names()), (StatusCode::OK, vec!["visit".to_owned()]));
            let answer = connection.ask(decision.body(Full::from("action=accept")).unwrap()).await;
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
            assert!(answer.cookies().is_empty());
            let fine = visit(connection.version, "/", &[GRANTED]).body(Full::default()).unwrap();
            assert_eq!(connection.ask(fine).await.names(), ["visit"]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_handler_that_panics_is_caught_outside_and_the_next_request_is_served() {
    async fn broken() -> &'static str {
        panic!("a fault of the application")
    }
    let application = Router::new()
        .route("/broken", get(broken))
        .route("/", get(|| async { ([("set-cookie", "_ga=1")], "home") }));
    let address = serve(CatchPanicLayer::new().layer(layer().layer(application))).await;
    each_version(address, async |connection| {
        for _ in 0..3 {
            let request = visit(connection.version, "/broken", &[GRANTED]).body(Full::default()).unwrap();
            let answer = connection.ask(request).await;
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
            assert!(answer.cookies().is_empty());
            let request = visit(connection.version, "/", &[GRANTED]).body(Full::default()).unwrap();
            let answer = connection.ask(request).await;
            assert_eq!((answer.text(), answer.cookies().len()), ("home", 0));
        }
    })
    .await;
}

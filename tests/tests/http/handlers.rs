//! Extractors and responses of axum handlers.

use crate::support::*;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::get;
use consent_core::{Category, Consent};
use consent_tower::{ConsentLayer, DependsOnConsent, Mode, RequestConsent};
use http::header::COOKIE;
use tower::{Layer, ServiceExt};

/// Sends one request through a layer to an application.
async fn through(layer: &ConsentLayer, application: Router, request: Request) -> Answer {
    Answer::read(layer.layer(application).oneshot(request).await.unwrap()).await
}

/// A request of a script, which may be cached like any other.
fn fetch(cookies: &str) -> Request {
    let request = http::Request::get("/").header("sec-fetch-dest", "empty").header("accept", "*/*");
    request.header(COOKIE, cookies).body(Body::empty()).unwrap()
}

fn word(consent: &Consent) -> &'static str {
    if consent.allows(Category::FUNCTIONALITY) { "allowed" } else { "denied" }
}

fn reading() -> Router {
    Router::new().route("/", get(async |consent: Consent| word(&consent))).layer(
        axum::middleware::map_response(async |mut response: axum::response::Response| {
            response.headers_mut().insert("cache-control", "public, max-age=600".parse().unwrap());
            response
        }),
    )
}

#[tokio::test]
async fn a_handler_that_reads_the_consent_has_a_private_response() {
    for (cookies, expected) in [(GRANTED, "allowed"), (REFUSED, "denied"), ("", "denied")] {
        let answer = through(&layer(), reading(), fetch(cookies)).await;
        assert_eq!(answer.text(), expected);
        assert_eq!(answer.header("cache-control"), "private, max-age=600");
        assert_eq!(answer.header("vary"), "Cookie");
    }
}

#[tokio::test]
async fn the_response_is_private_in_report_only_mode_too() {
    let layer = layer().with_mode(Mode::ReportOnly);
    let answer = through(&layer, reading(), fetch(GRANTED)).await;
    assert_eq!(answer.header("cache-control"), "private, max-age=600");
    assert_eq!(answer.header("vary"), "Cookie");
}

#[tokio::test]
async fn a_response_that_does_not_depend_on_the_visitor_is_unchanged() {
    let untouched = Router::new().route("/", get(async || "the same for all"));
    let answer = through(&layer(), untouched, fetch(GRANTED)).await;
    assert_eq!((answer.header("cache-control"), answer.header("vary")), (String::new(), String::new()));
}

#[tokio::test]
async fn a_read_of_one_request_does_not_mark_the_next() {
    let routes = Router::new()
        .route("/", get(async || "the same for all"))
        .route("/mine", get(async |consent: Consent| word(&consent)));
    let site = layer().layer(routes);
    for _ in 0..2 {
        let mine = http::Request::get("/mine").body(Body::empty()).unwrap();
        let answer = Answer::read(site.clone().oneshot(mine).await.unwrap()).await;
        assert_eq!(answer.header("cache-control"), "private");
        let answer = Answer::read(site.clone().oneshot(fetch(GRANTED)).await.unwrap()).await;
        assert_eq!(answer.header("cache-control"), "");
    }
}

#[tokio::test]
async fn a_read_after_an_await_counts() {
    let waiting = Router::new().route(
        "/",
        get(async |request: Request| {
            tokio::task::yield_now().await;
            let word = word(&request.consent());
            tokio::task::yield_now().await;
            word
        }),
    );
    let answer = through(&layer(), waiting, fetch(GRANTED)).await;
    assert_eq!((answer.text(), answer.header("cache-control").as_str()), ("allowed", "private"));
}

#[tokio::test]
async fn a_marker_covers_reads_that_the_layer_cannot_see() {
    async fn elsewhere(request: Request) -> &'static str {
        tokio::task::spawn_blocking(move || word(&request.consent())).await.unwrap()
    }
    let unseen = elsewhere;
    let said = async |request: Request| (DependsOnConsent, elsewhere(request).await);
    let routes = Router::new().route("/", get(unseen)).route("/said", get(said));
    let answer = through(&layer(), routes.clone(), fetch(GRANTED)).await;
    assert_eq!((answer.text(), answer.header("cache-control").as_str()), ("allowed", ""));
    let request = http::Request::get("/said").header(COOKIE, GRANTED).body(Body::empty()).unwrap();
    let answer = through(&layer(), routes, request).await;
    assert_eq!((answer.text(), answer.header("cache-control").as_str()), ("allowed", "private"));
    assert_eq!(answer.header("vary"), "Cookie");
}

#[tokio::test]
async fn without_the_layer_everything_is_denied_and_nothing_fails() {
    let routes =
        reading().route("/perhaps", get(async |consent: Option<Consent>| format!("{}", consent.is_none())));
    let answer = Answer::read(routes.clone().oneshot(fetch(GRANTED)).await.unwrap()).await;
    assert_eq!(answer.text(), "denied");
    let request = http::Request::get("/perhaps").body(Body::empty()).unwrap();
    assert_eq!(Answer::read(routes.oneshot(request).await.unwrap()).await.text(), "true");
}

#[tokio::test]
async fn axum_serves_it_in_one_line() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = axum::serve(listener, layer().layer(reading()).into_make_service());
    let serving = tokio::spawn(server.into_future());
    let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
    let request =
        format!("GET / HTTP/1.1\r\nhost: localhost\r\ncookie: {GRANTED}\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    serving.abort();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\nallowed"), "{answer}");
    assert!(answer.contains("cache-control: private, max-age=600"), "{answer}");
}

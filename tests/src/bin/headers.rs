//! A site that asks for client hints and a service worker, and shows the headers that a browser sends, for
//! `browser/headers.test.mjs`.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Html;
use axum::routing::get;
use consent_core::Policy;
use consent_tower::ConsentLayer;
use std::error::Error;
use std::net::Ipv4Addr;
use tokio::net::TcpListener;
use tower::Layer;

/// One hint and one worker that need consent. The site also asks for undeclared ones.
const DECLARED: &str = r#"
[[storage]]
name = "Sec-CH-UA-Model"
kind = "client-hint"
category = "functionality"
purpose.en = "Shows pages in a size that fits your device."
lifetime = "session"
provider = "first-party"

[[storage]]
name = "/worker.js"
kind = "service-worker"
category = "functionality"
purpose.en = "Shows pages without a connection."
lifetime = "400d"
provider = "first-party"
"#;

const PAGE: &str = "<!doctype html><title>A page</title><p>A page</p>
<footer><a href=\"/consent\" data-consent-action=\"settings\">Cookie settings</a></footer>";

const ACCEPT_CH: (HeaderName, HeaderValue) = (
    HeaderName::from_static("accept-ch"),
    HeaderValue::from_static("Sec-CH-UA-Model, Sec-CH-UA-Platform-Version, Device-Memory"),
);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::from_toml(&[site::POLICY, DECLARED].concat())?;
    let site = Router::new()
        .route("/", get(|| async { ([ACCEPT_CH], Html(PAGE)) }))
        .route("/sent", get(sent))
        .route("/worker.js", get(worker))
        .route("/stranger.js", get(worker));
    let site = ConsentLayer::new(policy).dangerous_allow_http().without_guard().layer(site);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, Router::new().fallback_service(site)).await?;
    Ok(())
}

/// The names of the headers that the browser sent.
async fn sent(headers: HeaderMap) -> String {
    headers.keys().map(HeaderName::as_str).collect::<Vec<_>>().join(" ")
}

async fn worker() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(CONTENT_TYPE, "text/javascript")], "addEventListener('fetch', () => {})")
}

//! Serves the page in the query through the layer, for `browser/readings.test.mjs`: `/page?html=...`.

use axum::Router;
use axum::extract::Query;
use axum::response::Html;
use axum::routing::get;
use consent_core::Policy;
use consent_tower::ConsentLayer;
use std::collections::HashMap;
use std::error::Error;
use std::net::Ipv4Addr;
use tokio::net::TcpListener;
use tower::Layer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let site = Router::new()
        .route("/page", get(page))
        .route("/sent", get(|| async { Html("<!doctype html><title>Sent</title><h1>Sent</h1>") }))
        .route("/gated/{name}", get(|| async { "loaded" }));
    let covered = ConsentLayer::new(Policy::from_toml(site::POLICY)?).dangerous_allow_http().layer(site);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}", listener.local_addr()?);
    let covered = Router::new().fallback_service(covered);
    axum::serve(listener, covered).await?;
    Ok(())
}

async fn page(Query(mut fields): Query<HashMap<String, String>>) -> Html<String> {
    Html(fields.remove("html").unwrap_or_default())
}

//! Serves the page in the query through the layer, for `browser/readings.test.mjs`: `/page?html=...`, and
//! without the layer: `/bare?html=...`. `/asked` returns the requests below `/gated` since the last call.

use axum::extract::{Path, Query, State};
use axum::response::Html;
use axum::routing::get;
use axum::{Json, Router};
use consent_core::Policy;
use consent_tower::ConsentLayer;
use std::collections::HashMap;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tower::Layer;

type Asked = Arc<Mutex<Vec<String>>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let asked = Asked::default();
    let site = Router::new()
        .route("/page", get(page))
        .route("/sent", get(|| async { Html("<!doctype html><title>Sent</title><h1>Sent</h1>") }))
        .route("/gated/{name}", get(gated))
        .with_state(Arc::clone(&asked));
    let covered = ConsentLayer::new(Policy::from_toml(site::POLICY)?).dangerous_allow_http().layer(site);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}", listener.local_addr()?);
    let app = Router::new()
        .route("/bare", get(page))
        .route("/asked", get(take_asked))
        .with_state(asked)
        .fallback_service(covered);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn page(Query(mut fields): Query<HashMap<String, String>>) -> Html<String> {
    Html(fields.remove("html").unwrap_or_default())
}

async fn gated(State(asked): State<Asked>, Path(name): Path<String>) -> &'static str {
    asked.lock().unwrap_or_else(PoisonError::into_inner).push(name);
    "loaded"
}

async fn take_asked(State(asked): State<Asked>) -> Json<Vec<String>> {
    Json(std::mem::take(&mut *asked.lock().unwrap_or_else(PoisonError::into_inner)))
}

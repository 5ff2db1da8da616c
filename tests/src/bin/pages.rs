//! Serves a page with each set of headers of `corpus/pages.json`, for `browser/corpus/pages.test.mjs`:
//! `/bare/N` without the layer, `/layered/N` behind it.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use consent_core::Policy;
use consent_tower::ConsentLayer;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tower::Layer;

const CORPUS: &str = include_str!("../../corpus/pages.json");

const PAGE: &str =
    "<!doctype html><title>A page</title><body><p>Read as HTML, this is a paragraph.</p></body>";

type Pages = Arc<Vec<HeaderMap>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let corpus: Vec<Vec<(String, String)>> = serde_json::from_str(CORPUS)?;
    let mut pages = Vec::new();
    for headers in corpus {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_bytes(name.as_bytes())?, HeaderValue::from_str(&value)?);
        }
        pages.push(map);
    }
    let pages = Arc::new(pages);
    let layered = Router::new().route("/layered/{page}", get(page)).with_state(Arc::clone(&pages));
    let layered = ConsentLayer::new(Policy::from_toml(site::POLICY)?).dangerous_allow_http().layer(layered);
    let app = Router::new().route("/bare/{page}", get(page)).with_state(pages).fallback_service(layered);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn page(State(pages): State<Pages>, Path(page): Path<usize>) -> Response {
    let Some(headers) = pages.get(page) else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = Response::new(PAGE.into());
    *response.headers_mut() = headers.clone();
    response
}

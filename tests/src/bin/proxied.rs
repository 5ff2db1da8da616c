//! The layer in front of an application that another program serves, for `browser/frameworks.test.mjs`.
//!
//! Every request goes on to `http://127.0.0.1:UPSTREAM`. With `EARLY_BANNER` in the environment, the banner
//! stands first in the body.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::{Router, serve};
use consent_core::Policy;
use consent_tower::ConsentLayer;
use consent_tower::matcher::RequestMatcher;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::{TcpListener, TcpStream};
use tower::Layer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::var("UPSTREAM")?.parse()?;
    let upstream = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let layer = ConsentLayer::new(Policy::from_toml(site::POLICY)?).dangerous_allow_http();
    let layer = if std::env::var_os("EARLY_BANNER").is_some() {
        layer.with_early_banner(RequestMatcher::from_fn(|_| true))
    } else {
        layer
    };
    let covered = layer.layer(Router::new().fallback(forward).with_state(upstream));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}", listener.local_addr()?);
    serve(listener, Router::new().fallback_service(covered)).await?;
    Ok(())
}

/// Sends a request on, over a connection of its own. The response is passed on as it arrives.
async fn forward(State(upstream): State<SocketAddr>, request: Request) -> Result<Response, StatusCode> {
    let response = exchange(upstream, request).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    Ok(response.map(Body::new))
}

async fn exchange(
    upstream: SocketAddr,
    request: Request,
) -> Result<hyper::Response<hyper::body::Incoming>, Box<dyn Error + Send + Sync>> {
    let stream = TcpStream::connect(upstream).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender.send_request(request).await?)
}

//! The layer in front of an application in another language: a proxy with a hyper client upstream. The policy
//! is that of a Django site.
//!
//! ```sh
//! python3 manage.py runserver 8000                 # the application
//! MODE=report-only cargo run -p proxy              # in front of it: http://127.0.0.1:3000
//! curl http://127.0.0.1:3001                       # what its policy lacks
//! cargo run -p proxy                               # and then enforce
//! ```
//!
//! `UPSTREAM` is the application's address (`127.0.0.1:8000`), `PORT` and `INVENTORY_PORT` are the ports of
//! the proxy and of the inventory, and `POLICY` is a file with another policy.

use consent_tower::report::Inventory;
use consent_tower::{ConsentLayer, Mode, Policy};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use proxy::{policy, proxy, serve};
use std::convert::Infallible;
use std::env;
use std::error::Error;
use std::fs;
use tokio::net::TcpListener;
use tower::{Layer, service_fn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let port = |name: &str, default| env::var(name).map_or(Ok(default), |port| port.parse::<u16>());
    let upstream = env::var("UPSTREAM").unwrap_or_else(|_| String::from("127.0.0.1:8000")).parse()?;
    let policy = match env::var("POLICY") {
        Ok(file) => Policy::from_toml(&fs::read_to_string(file)?)?,
        Err(_) => policy()?,
    };
    let mode = match env::var("MODE").as_deref() {
        Ok("report-only") => Mode::ReportOnly,
        Ok("enforce") | Err(_) => Mode::Enforce,
        Ok(other) => return Err(format!("MODE is report-only or enforce, not {other}").into()),
    };
    let inventory = Inventory::new();
    // Over plain http, for a try at home.
    let layer =
        ConsentLayer::new(policy).with_mode(mode).with_inventory(inventory.clone()).dangerous_allow_http();

    let listener = TcpListener::bind(("127.0.0.1", port("INVENTORY_PORT", 3001)?)).await?;
    let print = service_fn(move |_: Request<Incoming>| {
        let text = Full::<Bytes>::from(inventory.to_string());
        async { Ok::<_, Infallible>(Response::new(text)) }
    });
    let printing = tokio::spawn(serve(print, listener));

    let listener = TcpListener::bind(("127.0.0.1", port("PORT", 3000)?)).await?;
    println!("http://{}", listener.local_addr()?);
    tokio::select! {
        ended = serve(layer.layer(proxy(upstream)), listener) => match ended? {},
        ended = printing => match ended?? {},
    }
}

//! The service of this example, [`site`], and [`serve`], which binds it to a port. `main.rs` says how to run
//! it and what to try.

use bytes::Bytes;
use consent_tower::{Category, ConsentBody, ConsentLayer, Policy, PolicyError, RequestConsent};
use cookie::Cookie;
use http_body_util::Full;
use hyper::body::Body;
use hyper::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use hyper::{HeaderMap, Method, Request, Response, StatusCode, http};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::io;
use tokio::net::TcpListener;
use tower::{Service, ServiceBuilder};

/// The policy of this site.
///
/// # Errors
///
/// Returns all mistakes in the document.
pub fn policy() -> Result<Policy, PolicyError> {
    Policy::from_toml(include_str!("../policy.toml"))
}

/// The whole site: one function, wrapped in the consent layer.
pub fn site<B: Body + Send>(
    consent: ConsentLayer,
) -> impl Service<Request<B>, Response = Response<ConsentBody<Full<Bytes>>>, Error = http::Error, Future: Send>
+ Clone {
    ServiceBuilder::new().layer(consent).service_fn(answer)
}

/// Serves the site over HTTP/1.1, and over HTTP/2 to clients that start with it ("prior knowledge"; with TLS,
/// they negotiate it by ALPN).
///
/// # Errors
///
/// Returns an error if no more connections can be accepted.
pub async fn serve(consent: ConsentLayer, listener: TcpListener) -> io::Result<Infallible> {
    let site = TowerToHyperService::new(site(consent));
    loop {
        let (stream, _) = listener.accept().await?;
        let site = site.clone();
        tokio::spawn(async move {
            let server = auto::Builder::new(TokioExecutor::new());
            if let Err(error) = server.serve_connection(TokioIo::new(stream), site).await {
                eprintln!("a connection failed: {error}");
            }
        });
    }
}

async fn answer<B>(request: Request<B>) -> http::Result<Response<Full<Bytes>>> {
    match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/") => {
            let allowed = request.consent().allows(Category::FUNCTIONALITY);
            distance(units(request.headers()), allowed)
        }
        (&Method::POST, "/units/km") => remember("km"),
        (&Method::POST, "/units/miles") => remember("miles"),
        _ => Response::builder().status(StatusCode::NOT_FOUND).body(Full::from("There is no such page.\n")),
    }
}

fn distance(units: &str, allowed: bool) -> http::Result<Response<Full<Bytes>>> {
    let distance = if units == "miles" { "26.2 miles" } else { "42.2 km" };
    let hint = if allowed { "Your choice is remembered." } else { "Your choice is not remembered." };
    let page = format!(include_str!("page.html"), distance = distance, hint = hint);
    Response::builder().header(CONTENT_TYPE, "text/html; charset=utf-8").body(Full::from(page))
}

/// Sets a cookie as any service does, without asking the layer.
fn remember(units: &str) -> http::Result<Response<Full<Bytes>>> {
    Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(LOCATION, "/")
        .header(SET_COOKIE, format!("units={units}; Path=/; Max-Age=31536000; SameSite=Lax"))
        .body(Full::default())
}

/// Over HTTP/2, browsers send each cookie in a field line of its own.
fn units(headers: &HeaderMap) -> &str {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
    let units = cookies.find(|cookie| cookie.name() == "units");
    units.and_then(|cookie| cookie.value_raw()).unwrap_or("km")
}

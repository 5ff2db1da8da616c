//! A server on a loopback socket, and requests of visitors.

use crate::connection::{Connection, Version};
use consent_core::Policy;
use consent_tower::ConsentLayer;
use http::header::COOKIE;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use time::{Date, Month, UtcDateTime};
use tokio::net::TcpListener;
use tower::Service;

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;

pub(crate) const GRANTED: &str = "__Host-consent=1-20261101.functionality:g";
pub(crate) const REFUSED: &str = "__Host-consent=1-20261101.functionality:r";

/// A visitor in each state: the consent cookie, and whether functionality is allowed.
pub(crate) const VISITORS: [(&str, Option<&str>, bool); 3] =
    [("undecided", None, false), ("refusing", Some(REFUSED), false), ("granting", Some(GRANTED), true)];

/// The time after which a test is stuck.
pub(crate) const STUCK: Duration = Duration::from_secs(20);

pub(crate) fn layer() -> ConsentLayer {
    let today = Date::from_calendar_date(2026, Month::November, 23).unwrap().midnight().as_utc();
    let policy = Policy::from_toml(include_str!("../http/policy.toml")).unwrap();
    ConsentLayer::new(policy).with_clock(move || -> UtcDateTime { today })
}

/// Serves on a socket of its own: HTTP/1.1, or HTTP/2 with prior knowledge.
pub(crate) async fn serve<S, B>(service: S) -> SocketAddr
where
    S: Service<Request<Incoming>, Response = Response<B>, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send
        + 'static,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                let server = auto::Builder::new(TokioExecutor::new());
                // Some tests close connections on purpose.
                let _ = server.serve_connection_with_upgrades(TokioIo::new(stream), service).await;
            });
        }
    });
    address
}

/// A request as a browser sends it for a page, with its cookies in the form of the protocol.
pub(crate) fn visit(version: Version, path: &str, cookies: &[&str]) -> http::request::Builder {
    let request = Request::get(path)
        .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
        .header("sec-fetch-dest", "document")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-site", "same-origin");
    with_cookies(request, version, cookies)
}

/// Over HTTP/1.1 browsers join all cookies in one field; over HTTP/2 each has its own.
pub(crate) fn with_cookies(
    request: http::request::Builder,
    version: Version,
    cookies: &[&str],
) -> http::request::Builder {
    match version {
        Version::Http1 if cookies.is_empty() => request,
        Version::Http1 => request.header(COOKIE, cookies.join("; ")),
        Version::Http2 => cookies.iter().fold(request, |request, cookie| request.header(COOKIE, *cookie)),
    }
}

/// Runs a test over each protocol, each time on a connection of its own.
pub(crate) async fn each_version(address: SocketAddr, test: impl AsyncFn(&mut Connection)) {
    for version in Version::ALL {
        let mut connection = Connection::open(address, version).await;
        let run = tokio::time::timeout(STUCK, test(&mut connection)).await;
        run.unwrap_or_else(|_| panic!("stuck over {version:?}"));
    }
}

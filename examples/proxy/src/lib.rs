//! The service of this example, [`proxy`], which sends requests to an upstream, and [`serve`], which binds a
//! service to a port. `main.rs` says how to run it.

use consent_tower::{Policy, PolicyError};
use hyper::body::{Body, Incoming};
use hyper::header::{
    CONNECTION, HeaderName, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use hyper::http::uri::{Authority, Parts, Scheme};
use hyper::{HeaderMap, Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::error::Error;
use std::io;
use tokio::net::TcpListener;
use tower::{Service, service_fn};

/// An error of the upstream or of a body.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// The headers of one connection (RFC 9110, section 7.6.1), besides those that `Connection` names.
const OF_A_CONNECTION: [HeaderName; 9] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The policy of a Django site: its session, its CSRF token and its messages, and a language that needs
/// consent.
///
/// # Errors
///
/// Returns all mistakes in the document.
pub fn policy() -> Result<Policy, PolicyError> {
    Policy::from_toml(include_str!("../policy.toml"))
}

/// A service that sends every request to an upstream over HTTP/1.1, and returns its responses. `Host` stays
/// as the browser sent it.
pub fn proxy<B>(
    upstream: Authority,
) -> impl Service<Request<B>, Response = Response<Incoming>, Error = BoxError, Future: Send> + Clone
where
    B: Body<Data: Send, Error: Into<BoxError>> + Send + Unpin + 'static,
{
    let client = Client::builder(TokioExecutor::new()).build_http();
    service_fn(move |mut request: Request<B>| {
        let (client, upstream) = (client.clone(), upstream.clone());
        async move {
            remove_headers_of_a_connection(request.headers_mut());
            *request.uri_mut() = at(upstream, request.uri())?;
            let mut response = client.request(request).await?;
            remove_headers_of_a_connection(response.headers_mut());
            Ok(response)
        }
    })
}

/// Returns the same path and query at the upstream.
fn at(upstream: Authority, uri: &Uri) -> Result<Uri, BoxError> {
    let mut parts = Parts::default();
    parts.scheme = Some(Scheme::HTTP);
    parts.authority = Some(upstream);
    parts.path_and_query = uri.path_and_query().cloned();
    Ok(Uri::from_parts(parts)?)
}

fn remove_headers_of_a_connection(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&OF_A_CONNECTION) {
        headers.remove(name);
    }
}

/// Serves a service over HTTP/1.1 and HTTP/2.
///
/// # Errors
///
/// Returns an error if no more connections can be accepted.
pub async fn serve<S, B>(service: S, listener: TcpListener) -> io::Result<Infallible>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send
        + 'static,
    B: Body<Data: Send, Error: Into<BoxError>> + Send + 'static,
{
    let service = TowerToHyperService::new(service);
    loop {
        let (stream, _) = listener.accept().await?;
        let service = service.clone();
        tokio::spawn(async move {
            let server = auto::Builder::new(TokioExecutor::new());
            if let Err(error) = server.serve_connection(TokioIo::new(stream), service).await {
                eprintln!("a connection failed: {error}");
            }
        });
    }
}

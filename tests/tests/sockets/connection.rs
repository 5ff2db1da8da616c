//! The connection of a client.

use bytes::Bytes;
use http::header::{HOST, SET_COOKIE};
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    Http1,
    Http2,
}

impl Version {
    pub(crate) const ALL: [Self; 2] = [Self::Http1, Self::Http2];
}

enum Sender {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

/// One connection, which sends one request after the other.
pub(crate) struct Connection {
    pub(crate) version: Version,
    address: SocketAddr,
    sender: Sender,
    driver: JoinHandle<()>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr, version: Version) -> Self {
        let io = TokioIo::new(TcpStream::connect(address).await.unwrap());
        let (sender, driver) = match version {
            Version::Http1 => {
                let (sender, connection) = http1::handshake(io).await.unwrap();
                let driver = tokio::spawn(async move { drop(connection.with_upgrades().await) });
                (Sender::Http1(sender), driver)
            }
            Version::Http2 => {
                let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
                (Sender::Http2(sender), tokio::spawn(async move { drop(connection.await) }))
            }
        };
        Self { version, address, sender, driver }
    }

    /// Sends a request, and returns the response as soon as its headers arrive.
    pub(crate) async fn send(&mut self, request: Request<Full<Bytes>>) -> Response<Incoming> {
        self.try_send(request).await.unwrap()
    }

    pub(crate) async fn try_send(
        &mut self,
        mut request: Request<Full<Bytes>>,
    ) -> hyper::Result<Response<Incoming>> {
        let authority = self.address.to_string();
        match &mut self.sender {
            Sender::Http1(sender) => {
                request.headers_mut().insert(HOST, authority.parse().unwrap());
                sender.ready().await?;
                sender.send_request(request).await
            }
            Sender::Http2(sender) => {
                let path = request.uri().path_and_query().unwrap().clone();
                *request.uri_mut() =
                    Uri::builder().scheme("http").authority(authority).path_and_query(path).build().unwrap();
                sender.ready().await?;
                sender.send_request(request).await
            }
        }
    }

    /// Sends a request and reads the whole response.
    pub(crate) async fn ask(&mut self, request: Request<Full<Bytes>>) -> Answer {
        Answer::read(self.send(request).await).await
    }

    /// Closes the connection at once.
    pub(crate) fn abort(self) {
        self.driver.abort();
    }
}

/// A response, with its whole body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trailers: Option<HeaderMap>,
}

impl Answer {
    pub(crate) async fn read(response: Response<Incoming>) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap();
        let trailers = body.trailers().cloned();
        Self { status: parts.status, headers: parts.headers, body: body.to_bytes(), trailers }
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    /// The `Set-Cookie` headers, in order.
    pub(crate) fn cookies(&self) -> Vec<&[u8]> {
        self.headers.get_all(SET_COOKIE).iter().map(http::HeaderValue::as_bytes).collect()
    }

    /// The cookies of the response, as the browser sends them back: `name=value`.
    pub(crate) fn pairs(&self) -> Vec<String> {
        let pair = |line: &&[u8]| {
            let end = line.iter().position(|byte| *byte == b';').unwrap_or(line.len());
            String::from_utf8(line[..end].to_vec()).unwrap()
        };
        self.cookies().iter().map(pair).collect()
    }

    /// The names of the cookies of the response, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.pairs().iter().map(|pair| pair.split('=').next().unwrap().to_owned()).collect()
    }
}

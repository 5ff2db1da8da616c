//! The layer around a proxy, whose upstream sends headers that no library would.

use crate::connection::{Answer, Connection, Version};
use crate::support::*;
use bytes::Bytes;
use http::header::{CONNECTION, HOST, TE, TRANSFER_ENCODING};
use http::{Request, Response};
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::{Layer, service_fn};

/// The bytes that the upstream sends.
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\n\
    Content-Type: application/octet-stream\r\n\
    set-cookie: theme=dark; Path=/; Max-Age=31536000\r\n\
    SET-COOKIE: theme=light; Expires=Wed, 09 Jun 2027 10:18:14 GMT, _ga=folded; Path=/; Max-Age=60\r\n\
    Set-Cookie: \xc2\xa0theme=look-alike\r\n\
    Set-Cookie: pref_\xff=not-utf-8\r\n\
    Set-Cookie:\t visit = spaced \r\n\
    Set-Cookie: Path=/; theme=dark\r\n\
    Set-Cookie: nothing\r\n\
    Set-Cookie: =nameless\r\n\
    Set-Cookie: theme=a,b=c\r\n\
    Set-Cookie: __Host-consent=1-20261101.functionality:g; Path=/; Secure\r\n\
    Set-Cookie: sid=for-everybody; Path=/; HttpOnly\r\n\
    Transfer-Encoding: chunked\r\n\
    Trailer: x-sum, set-cookie\r\n\
    \r\n\
    5\r\nhello\r\n6\r\n world\r\n0\r\n\
    X-Sum: 11\r\n\
    Set-Cookie: late=1; Path=/\r\n\
    \r\n";

/// The headers that the layer keeps if everything declared is allowed. Two of them end in a space that is not
/// part of the value.
const KEPT: [&[u8]; 3] = [
    b"theme=dark; Path=/; Max-Age=31536000",
    b"theme=light; Expires=Wed, 09 Jun 2027 10:18:14 GMT, _ga=folded; Path=/; Max-Age=60",
    b"visit = spaced",
];

async fn upstream() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(ANSWER).await.unwrap();
        }
    });
    address
}

/// Forwards requests and responses, without the headers of one connection.
async fn forward(upstream: SocketAddr, request: Request<Incoming>) -> Result<Response<Incoming>, BoxError> {
    let stream = TcpStream::connect(upstream).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut forwarded = Request::get(request.uri().path()).body(Empty::<Bytes>::new())?;
    forwarded.headers_mut().clone_from(request.headers());
    forwarded.headers_mut().insert(HOST, "upstream.example".parse()?);
    forwarded.headers_mut().insert(TE, "trailers".parse()?);
    let mut response = sender.send_request(forwarded).await?;
    for name in [CONNECTION, TRANSFER_ENCODING] {
        response.headers_mut().remove(name);
    }
    Ok(response)
}

fn asking(version: Version, cookies: &[&str]) -> Request<Full<Bytes>> {
    let request = visit(version, "/", cookies).header(TE, "trailers");
    request.body(Full::default()).unwrap()
}

#[tokio::test]
async fn an_upstreams_headers_are_judged_one_by_one_and_trailers_are_cleaned() {
    let upstream = upstream().await;
    let address = serve(layer().layer(service_fn(move |request| forward(upstream, request)))).await;
    each_version(address, async |connection| {
        for (state, consent, allowed) in VISITORS {
            let cookies: Vec<&str> = consent.into_iter().collect();
            let answer = connection.ask(asking(connection.version, &cookies)).await;
            let kept: &[&[u8]] = if allowed { &KEPT } else { &[] };
            assert_eq!(answer.cookies(), kept, "{state}, {:?}", connection.version);
            assert_eq!(answer.text(), "hello world");
            let trailers = answer.trailers.expect("trailers pass");
            assert_eq!(trailers["x-sum"], "11");
            assert_eq!(trailers.len(), 1, "without the cookie: {trailers:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn without_the_layer_all_headers_pass() {
    let upstream = upstream().await;
    let address = serve(service_fn(move |request| forward(upstream, request))).await;
    let mut connection = Connection::open(address, Version::Http2).await;
    let answer: Answer = connection.ask(asking(Version::Http2, &[])).await;
    assert_eq!(answer.cookies().len(), 11);
    assert!(answer.trailers.unwrap().contains_key("set-cookie"));
}

#[tokio::test]
async fn an_upstream_that_breaks_off_is_a_connection_error() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let upstream = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\
                          Set-Cookie: _ga=1\r\n\r\n<!doctype html><body><p>cut";
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let address = serve(layer().layer(service_fn(move |request| forward(upstream, request)))).await;
    for version in Version::ALL {
        let mut connection = Connection::open(address, version).await;
        let response = connection.send(asking(version, &[])).await;
        assert!(!response.headers().contains_key("set-cookie"));
        response.into_body().collect().await.expect_err("cut off, and seen to be");
    }
}

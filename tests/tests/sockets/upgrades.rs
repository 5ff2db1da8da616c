//! Upgraded connections.

use crate::connection::{Connection, Version};
use crate::support::*;
use bytes::Bytes;
use http::header::{CONNECTION, SET_COOKIE, UPGRADE};
use http::{Request, Response, StatusCode};
use http_body_util::{Empty, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::{Layer, service_fn};

/// Upgrades to a protocol that echoes, and sets cookies in the response.
async fn echo(request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, Infallible> {
    tokio::spawn(async move {
        let mut upgraded = TokioIo::new(hyper::upgrade::on(request).await.unwrap());
        let mut word = [0; 4];
        while upgraded.read_exact(&mut word).await.is_ok() {
            upgraded.write_all(&word).await.unwrap();
        }
    });
    let response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(CONNECTION, "upgrade")
        .header(UPGRADE, "websocket")
        .header("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        .header(SET_COOKIE, "visit=socket; Path=/")
        .header(SET_COOKIE, "_ga=1; Path=/");
    Ok(response.body(Empty::new()).unwrap())
}

#[tokio::test]
async fn a_socket_is_upgraded_and_its_cookies_are_judged() {
    let address = serve(layer().layer(service_fn(echo))).await;
    for (state, consent, allowed) in VISITORS {
        let mut connection = Connection::open(address, Version::Http1).await;
        let cookies: Vec<&str> = consent.into_iter().collect();
        let request = with_cookies(Request::get("/socket"), Version::Http1, &cookies)
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("sec-websocket-version", "13")
            .header("sec-fetch-dest", "websocket");
        let response = connection.send(request.body(Full::default()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        assert_eq!(response.headers()["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        let lines: Vec<_> = response.headers().get_all(SET_COOKIE).iter().collect();
        let expected: &[&str] = if allowed { &["visit=socket; Path=/"] } else { &[] };
        assert_eq!(lines, expected, "{state}");
        let mut upgraded = TokioIo::new(hyper::upgrade::on(response).await.unwrap());
        for word in [b"ping", b"pong"] {
            upgraded.write_all(word).await.unwrap();
            let mut back = [0; 4];
            upgraded.read_exact(&mut back).await.unwrap();
            assert_eq!(&back, word);
        }
    }
}

//! `100 Continue`: a client that waits for it gets it, or an error.

use crate::support::*;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::{Layer, service_fn};

async fn application(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, BoxError> {
    let body = request.into_body().collect().await?.to_bytes();
    Ok(Response::builder().header("set-cookie", "_ga=1").body(Full::new(body))?)
}

/// Reads the headers of one response.
async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

async fn expecting(address: SocketAddr, path: &str, lines: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: site.example\r\nExpect: 100-continue\r\nContent-Length: 13\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n{lines}\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_client_that_waits_for_100_continue_gets_it() {
    let address = serve(layer().layer(service_fn(application))).await;
    let talk = async {
        for (path, status) in [("/consent", "HTTP/1.1 303"), ("/upload", "HTTP/1.1 200")] {
            let mut stream = expecting(address, path, "").await;
            assert!(head(&mut stream).await.starts_with("HTTP/1.1 100 Continue\r\n"), "{path}");
            stream.write_all(b"action=refuse").await.unwrap();
            let answer = head(&mut stream).await;
            assert!(answer.starts_with(status), "{path}: {answer}");
            assert!(!answer.contains("_ga"), "{answer}");
        }
        // If the headers suffice to refuse a request, the layer refuses it before the body is sent.
        let mut stream = expecting(address, "/consent", "Sec-Fetch-Site: cross-site\r\n").await;
        let answer = head(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    };
    tokio::time::timeout(STUCK, talk).await.expect("stuck");
}

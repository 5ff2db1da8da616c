//! Slow bodies: each part is sent at once.

use crate::connection::Version;
use crate::support::*;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Incoming;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;
use tower::{Layer, service_fn};

type Chunks = mpsc::UnboundedReceiver<&'static str>;

/// Serves one response, whose body comes from the channel until it is closed.
fn answering(
    content_type: &'static str,
    chunks: Chunks,
) -> impl tower::Service<
    Request<Incoming>,
    Response = Response<impl http_body::Body<Data = Bytes, Error = Infallible> + Send>,
    Error = Infallible,
    Future: Send,
> + Clone
+ Send {
    let chunks = Arc::new(Mutex::new(Some(chunks)));
    service_fn(move |_: Request<Incoming>| {
        let chunks = chunks.lock().unwrap().take().expect("asked once");
        let frames = stream::unfold(chunks, |mut chunks| async move {
            let chunk = chunks.recv().await?;
            Some((Ok::<_, Infallible>(Frame::data(Bytes::from_static(chunk.as_bytes()))), chunks))
        });
        async move {
            let answer = Response::builder()
                .header("content-type", content_type)
                .header("set-cookie", "_ga=1; Path=/")
                .body(StreamBody::new(frames.boxed()))
                .unwrap();
            Ok::<_, Infallible>(answer)
        }
    })
}

async fn next(body: &mut Incoming) -> Bytes {
    let frame = tokio::time::timeout(STUCK, body.frame()).await.expect("held back until more is there");
    frame.unwrap().unwrap().into_data().unwrap()
}

/// Reads until a text arrives.
async fn until(body: &mut Incoming, text: &str) -> String {
    let mut read = String::new();
    while !read.contains(text) {
        read.push_str(str::from_utf8(&next(body).await).unwrap());
    }
    read
}

#[tokio::test]
async fn each_piece_is_sent_when_it_is_written() {
    for version in Version::ALL {
        for (content_type, pieces) in [
            ("application/octet-stream", ["first", "second", "third"]),
            ("text/event-stream", ["data: first\n\n", "data: second\n\n", "data: third\n\n"]),
        ] {
            let (pen, chunks) = mpsc::unbounded_channel();
            let address = serve(layer().layer(answering(content_type, chunks))).await;
            let mut connection = crate::connection::Connection::open(address, version).await;
            let request = visit(version, "/", &[]).body(Full::default()).unwrap();
            // The headers arrive before the body begins.
            let response = connection.send(request).await;
            assert!(!response.headers().contains_key("set-cookie"));
            assert!(!response.headers().contains_key("content-length"));
            let mut body = response.into_body();
            for piece in pieces {
                pen.send(piece).unwrap();
                assert_eq!(next(&mut body).await, piece, "{content_type}, {version:?}");
            }
            drop(pen);
            assert!(body.collect().await.unwrap().to_bytes().is_empty());
        }
    }
}

#[tokio::test]
async fn a_page_streams_as_it_is_written_with_the_banner_last() {
    for version in Version::ALL {
        let (pen, chunks) = mpsc::unbounded_channel();
        let address = serve(layer().layer(answering("text/html; charset=utf-8", chunks))).await;
        let mut connection = crate::connection::Connection::open(address, version).await;
        let request = visit(version, "/", &[]).body(Full::default()).unwrap();
        let mut body = connection.send(request).await.into_body();
        pen.send("<!doctype html><html lang=en><head><title>x</title></head><body><h1>first</h1>").unwrap();
        let first = until(&mut body, "<h1>first</h1>").await;
        assert!(!first.contains("id=\"consent-banner\""), "{first}");
        pen.send("<p>second</p>").unwrap();
        assert_eq!(until(&mut body, "second").await, "<p>second</p>");
        pen.send("</body></html>").unwrap();
        drop(pen);
        let rest = body.collect().await.unwrap().to_bytes();
        assert!(rest.ends_with(b"</body></html>"));
        let rest = str::from_utf8(&rest).unwrap();
        assert!(rest.contains("id=\"consent-banner\"") && rest.contains("data-consent-action=\"settings\""));
    }
}

#[tokio::test]
async fn head_has_the_headers_of_get() {
    let application = axum::Router::new()
        .route(
            "/page",
            axum::routing::get(|| async {
                ([("set-cookie", "theme=dark; Path=/")], axum::response::Html("<!doctype html><body><p>x"))
            }),
        )
        .route("/data", axum::routing::get(|| async { ([("set-cookie", "_ga=1")], "data") }));
    let address = serve(layer().layer(application)).await;
    each_version(address, async |connection| {
        for path in ["/page", "/data", "/consent", "/consent/banner", "/consent/assets/consent.js"] {
            for (state, consent, _) in VISITORS {
                let cookies: Vec<&str> = consent.into_iter().collect();
                let mut of = async |method: &str| {
                    let request = visit(connection.version, path, &cookies).method(method);
                    let mut answer = connection.ask(request.body(Full::default()).unwrap()).await;
                    // Ignores the framing of the body and the date.
                    for name in ["date", "transfer-encoding"] {
                        answer.headers.remove(name);
                    }
                    answer
                };
                let (get, head) = (of("GET").await, of("HEAD").await);
                assert_eq!(get.status, head.status, "{path}, {state}");
                assert_eq!(get.headers, head.headers, "{path}, {state}");
                assert!(
                    head.body.is_empty()
                        && get.body.is_empty() == (path == "/consent/banner" && consent.is_some())
                );
            }
        }
    })
    .await;
}

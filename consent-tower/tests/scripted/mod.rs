//! Requests as a server passes them on, each with its response.

use bytes::Bytes;
use http::header::{HeaderName, SET_COOKIE};
use http::{HeaderValue, Request, Response, Uri};
use http_body::{Body, Frame};
use http_body_util::Empty;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use tower::Service;

/// The body of a request, which contains the response, so that the measurement does not include an
/// application.
pub struct Script(Box<Response<Empty<Bytes>>>);

impl Script {
    pub fn answer(self) -> Response<Empty<Bytes>> {
        *self.0
    }
}

impl Body for Script {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }
}

/// The application, which returns the response in the body of the request.
pub async fn application(request: Request<Script>) -> Result<Response<Empty<Bytes>>, Infallible> {
    Ok(request.into_body().answer())
}

/// The kind of client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asks {
    /// A script, for data.
    Data,
    /// A browser, for what may be a page.
    Page,
    /// A client that sends no Fetch Metadata.
    Simple,
}

const COMMON: [(&str, &str); 5] = [
    ("host", "shop.example"),
    (
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "en-GB,en;q=0.9"),
    ("referer", "https://shop.example/"),
];

impl Asks {
    fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Data => &[
                ("accept", "application/json"),
                ("sec-fetch-dest", "empty"),
                ("sec-fetch-mode", "cors"),
                ("sec-fetch-site", "same-origin"),
            ],
            Self::Page => &[
                ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
                ("sec-fetch-dest", "document"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-user", "?1"),
            ],
            Self::Simple => &[("accept", "*/*")],
        }
    }
}

/// A request with these cookies, whose response has these `Set-Cookie` headers.
///
/// The values are parts of one shared buffer, as in a server that reads from a connection.
pub fn request(asks: Asks, cookies: &str, lines: &[HeaderValue]) -> Request<Script> {
    let mut answer = Response::new(Empty::new());
    answer.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
    for line in lines {
        answer.headers_mut().append(SET_COOKIE, line.clone());
    }
    let mut request = Request::new(Script(Box::new(answer)));
    *request.uri_mut() = Uri::from_maybe_shared(received("/articles/17?page=2")).unwrap();
    for (name, value) in COMMON.iter().chain(asks.headers()).chain(&[("cookie", cookies)]) {
        let value = HeaderValue::from_maybe_shared(received(value)).unwrap();
        request.headers_mut().append(HeaderName::from_static(name), value);
    }
    request
}

/// Bytes that already share their memory, so that a clone does not allocate.
pub fn received(text: &str) -> Bytes {
    let bytes = Bytes::copy_from_slice(text.as_bytes());
    drop(bytes.clone());
    bytes
}

/// Calls a service whose response is ready at once.
pub fn call<S, B>(service: &mut S, request: Request<Script>) -> Response<B>
where
    S: Service<Request<Script>, Response = Response<B>, Error = Infallible>,
{
    let answer = pin!(service.call(request));
    match answer.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(answer)) => answer,
        Poll::Pending => panic!("nothing here waits"),
    }
}

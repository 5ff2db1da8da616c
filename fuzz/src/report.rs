use crate::input::first_lines;
use crate::site::{ask, text};
use bytes::Bytes;
use http::{HeaderValue, Request};
use http_body_util::Full;

/// A content type in the first line, and the body of a report: it is read or refused, and the response says
/// nothing of what is in it.
pub fn report(data: &[u8]) {
    let ([content_type], body) = first_lines(data);
    let Ok(content_type) = HeaderValue::from_bytes(content_type) else { return };
    let request = Request::post("/consent/reports")
        .header("host", "site.example")
        .header("content-type", content_type)
        .body(Full::from(Bytes::copy_from_slice(body)))
        .expect("a request");
    let exchange = ask(request, text());
    assert!(exchange.seen.is_none(), "the layer responds itself");
    assert!([204, 400, 413, 415].contains(&exchange.status.as_u16()), "{}", exchange.status);
    assert_eq!(exchange.status == 204, exchange.body.is_empty());
    assert!(!exchange.headers.contains_key("set-cookie"));
}

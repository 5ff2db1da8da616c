use crate::input::{header, lines};
use crate::site::{PAGE, ask, empty, get, page, text};
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{Request, StatusCode};

/// The `Accept` lines of a request: the state as JSON or the settings as a page; a page with a banner or as
/// it is.
pub fn accept(data: &[u8]) {
    let lines: Vec<_> = lines(data).filter_map(header).collect();
    let json = is_json(&lines, "/consent");
    let named = |word: &str| {
        let has =
            |line: &HeaderValue| String::from_utf8_lossy(line.as_bytes()).to_ascii_lowercase().contains(word);
        lines.iter().any(has)
    };
    if json {
        assert!(named("application/json") || named("application/problem+json"), "{lines:?}");
    }
    assert_eq!(is_json(&lines, "/consent/assets/none"), json, "an error is like a page");
    let upper = |line: &HeaderValue| header(&line.as_bytes().to_ascii_uppercase()).expect("a header");
    let upper: Vec<_> = lines.iter().map(upper).collect();
    assert_eq!(is_json(&upper, "/consent"), json, "letters have no case: {lines:?}");
    let joined: Vec<_> = lines.iter().map(HeaderValue::as_bytes).collect();
    let joined = header(&joined.join(&b" , "[..])).expect("a header");
    if joined.to_str().is_ok() {
        assert_eq!(is_json(&[joined], "/consent"), json, "several lines are one list: {lines:?}");
    }
    let shown = ask(with(&lines, "/page"), page());
    let rewritten = shown.body != PAGE.as_bytes();
    assert!(!rewritten || named("text/html"), "a page that is not asked for as one: {lines:?}");
}

fn with(lines: &[HeaderValue], path: &str) -> Request<http_body_util::Full<bytes::Bytes>> {
    let mut request = empty(get(path, 0));
    for line in lines {
        request.headers_mut().append(ACCEPT, line.clone());
    }
    request
}

fn is_json(lines: &[HeaderValue], path: &str) -> bool {
    let exchange = ask(with(lines, path), text());
    let content_type = exchange.headers[CONTENT_TYPE].as_bytes();
    let json = content_type.starts_with(b"application/");
    if json {
        assert!(serde_json::from_slice::<serde_json::Value>(&exchange.body).is_ok());
    } else {
        assert_eq!(content_type, b"text/html; charset=utf-8");
        assert!(exchange.text().to_ascii_lowercase().starts_with("<!doctype html>"));
    }
    assert!(matches!(exchange.status, StatusCode::OK | StatusCode::NOT_FOUND));
    json
}

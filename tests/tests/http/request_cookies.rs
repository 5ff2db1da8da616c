//! The cookies that the application sees.

use crate::support::*;
use consent_core::Category;
use consent_core::consent::RequestConsent;
use http::HeaderValue;
use http::header::COOKIE;

#[tokio::test]
async fn the_application_sees_only_allowed_cookies() {
    let sent = "theme=dark; sid=mine; _ga=2; pref_a=1; visit=9";
    for (state, cookie) in STATES {
        let request = with_cookies(empty(visit("/")), sent);
        let request = match cookie {
            Some(cookie) => with_cookies(request, cookie),
            None => request,
        };
        let seen = seen_by_application(&layer(), request).await;
        let lines = cookie_lines(&seen);
        let expected: &[u8] =
            if state == "granting" { b"theme=dark; sid=mine; pref_a=1; visit=9" } else { b"sid=mine" };
        assert_eq!(lines[0], expected, "{state}");
        assert_eq!(seen.extensions.consent().allows(Category::FUNCTIONALITY), state == "granting");
    }
}

#[tokio::test]
async fn several_cookie_headers_are_read_like_one() {
    let mut request = empty(visit("/"));
    for line in ["theme=dark", "_ga=1", GRANTED, "sid=mine"] {
        request.headers_mut().append(COOKIE, HeaderValue::from_static(line));
    }
    let seen = seen_by_application(&layer(), request).await;
    let lines = cookie_lines(&seen);
    assert!(lines.contains(&&b"theme=dark"[..]) && lines.contains(&&b"sid=mine"[..]), "{lines:?}");
    assert!(!lines.iter().any(|line| line.starts_with(b"_ga")), "{lines:?}");
}

#[tokio::test]
async fn if_no_cookie_is_left_there_is_no_header() {
    let seen = seen_by_application(&layer(), with_cookies(empty(visit("/")), "_ga=1; theme=dark")).await;
    assert!(cookie_lines(&seen).is_empty());
}

#[tokio::test]
async fn bytes_that_are_not_text_affect_no_other_cookie() {
    let mut request = empty(visit("/"));
    request
        .headers_mut()
        .append(COOKIE, HeaderValue::from_bytes(b"\xff\xfe=1; sid=\xe4; \xc2\xa0sid=no").unwrap());
    let seen = seen_by_application(&layer(), request).await;
    assert_eq!(cookie_lines(&seen), [b"sid=\xe4"]);
}

#[tokio::test]
async fn hidden_cookies_are_counted() {
    let request = with_cookies(empty(visit("/")), "theme=dark; _ga=1; _gid=2; sid=mine");
    let answer = send(&layer(), request, setting(&[])).await;
    let report = answer.report.unwrap();
    assert_eq!((report.hidden_undeclared(), report.hidden_not_allowed()), (2, 1));
}

#[tokio::test]
async fn a_consent_cookie_that_cannot_be_parsed_is_hidden() {
    let readable = "__Host-consent=1-20261101.functionality:r";
    for (sent, expected) in [
        (readable.to_owned(), readable),
        (format!("{readable}; consent=TRACKER-ID"), readable),
        ("consent=TRACKER-ID; sid=mine".to_owned(), "sid=mine"),
        ("__Host-consent=TRACKER-ID; sid=mine".to_owned(), "sid=mine"),
        ("__Host-consent=; sid=mine".to_owned(), "sid=mine"),
        (format!("{readable}; {readable}; sid=mine"), "sid=mine"),
        (format!("{readable}; __Host-consent=TRACKER-ID; sid=mine"), "sid=mine"),
    ] {
        let seen = seen_by_application(&layer(), with_cookies(empty(visit("/")), &sent)).await;
        assert_eq!(cookie_lines(&seen), [expected.as_bytes()], "{sent}");
    }
}

//! Report-only mode: the layer reports everything and changes nothing.

use crate::support::*;
use bytes::Bytes;
use consent_tower::Mode;
use consent_tower::report::{Entry, Outcome};
use http::Response;
use http_body_util::Full;

#[tokio::test]
async fn cookies_that_enforcement_would_drop_pass_and_are_reported() {
    let lines: [&[u8]; 5] =
        [b"_ga=1", b"theme=dark; Max-Age=999999999", b"sid=stranger", b"\xffx=1", b"_gid=; Max-Age=0"];
    let layer = layer().with_mode(Mode::ReportOnly);
    let answer = send(&layer, empty(visit("/")), setting_bytes(&lines)).await;
    assert_eq!(answer.cookies(), lines);
    let report = answer.report.as_ref().unwrap();
    assert_eq!(report.entries().len(), lines.len());
    assert!(report.entries().iter().all(|entry| entry.outcome() == Outcome::ReportedOnly));
}

#[tokio::test]
async fn forged_consent_cookies_are_dropped_in_report_only_mode_too() {
    // A forged grant would still be valid when enforcement starts.
    let lines =
        ["__Host-consent=1-20261101.functionality:g; Secure; Path=/", "=__Host-consent=1", "consent=yes"];
    let layer = layer().with_mode(Mode::ReportOnly);
    let answer = send(&layer, empty(visit("/")), setting(&lines)).await;
    assert_eq!(answer.cookies(), [b"consent=yes"], "what another library calls so is only reported");
    let outcomes: Vec<_> = answer.report.as_ref().unwrap().entries().iter().map(Entry::outcome).collect();
    assert_eq!(outcomes, [Outcome::Dropped, Outcome::Dropped, Outcome::ReportedOnly]);
}

#[tokio::test]
async fn request_and_page_are_unchanged_and_browsers_report() {
    let layer = layer().with_mode(Mode::ReportOnly);
    let request = with_cookies(empty(visit("/")), "_ga=1; theme=dark");
    let seen = seen_by_application(&layer, request).await;
    assert_eq!(cookie_lines(&seen), [b"_ga=1; theme=dark"]);

    let page = "<!doctype html><title>x</title><body><p>x";
    let mut response = Response::new(Full::<Bytes>::from(page));
    response.headers_mut().insert("content-type", "text/html".parse().unwrap());
    response.headers_mut().insert("cache-control", "public, max-age=60".parse().unwrap());
    let headers = response.headers().clone();
    let answer = send(&layer, with_cookies(empty(visit("/")), "theme=dark"), response).await;
    assert_eq!(answer.text(), page);
    let mut left = answer.headers;
    let reporting = left.remove("content-security-policy-report-only").unwrap();
    assert!(
        reporting.to_str().unwrap().ends_with("; report-uri /consent/reports; report-to consent-reports")
    );
    assert!(left.remove("reporting-endpoints").is_some());
    assert_eq!(left, headers);
}

#[tokio::test]
async fn pages_that_enforcement_could_not_decorate_are_reported() {
    for (name, value, why) in [
        ("content-encoding", "br", "it is compressed"),
        ("content-type", "text/html; charset=utf-16le", "its charset"),
    ] {
        let (said, guard) = crate::said::Said::listen("consent::page");
        let mut response = Response::new(Full::<Bytes>::from("page"));
        response.headers_mut().insert("content-type", "text/html".parse().unwrap());
        response.headers_mut().insert(name, value.parse().unwrap());
        send(&layer().with_mode(Mode::ReportOnly), empty(visit("/old/page?q=secret")), response).await;
        drop(guard);
        let heard = said.heard();
        let [one] = heard.as_slice() else { panic!("not one: {heard:?}") };
        assert!(one.starts_with("WARN") && one.contains(why) && one.contains("path=\"/old/page\""), "{one}");
        assert!(!one.contains("secret"), "{one}");
    }
}

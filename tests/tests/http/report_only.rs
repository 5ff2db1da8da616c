//! Adopting the layer on a running site: everything is reported, nothing is changed.

use crate::support::*;
use bytes::Bytes;
use consent_tower::Mode;
use consent_tower::report::{Entry, Outcome};
use http::Response;
use http_body_util::Full;

#[tokio::test]
async fn what_would_not_leave_leaves_and_is_reported() {
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
async fn the_consent_cookie_is_the_layers_own_also_there() {
    // A grant that was made up would still stand when enforcing begins.
    let lines =
        ["__Host-consent=1-20261101.functionality:g; Secure; Path=/", "=__Host-consent=1", "consent=yes"];
    let layer = layer().with_mode(Mode::ReportOnly);
    let answer = send(&layer, empty(visit("/")), setting(&lines)).await;
    assert_eq!(answer.cookies(), [b"consent=yes"], "what another library calls so is only reported");
    let outcomes: Vec<_> = answer.report.as_ref().unwrap().entries().iter().map(Entry::outcome).collect();
    assert_eq!(outcomes, [Outcome::Dropped, Outcome::Dropped, Outcome::ReportedOnly]);
}

#[tokio::test]
async fn request_and_page_stay_as_they_were() {
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
    assert_eq!(answer.headers, headers);
}

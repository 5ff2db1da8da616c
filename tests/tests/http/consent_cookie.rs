//! Consent cookies that grant nothing.

use crate::support::*;
use consent_core::Category;
use consent_core::consent::RequestConsent;
use http::HeaderValue;
use http::header::COOKIE;

async fn allows(layer: &consent_tower::ConsentLayer, lines: &[&[u8]]) -> bool {
    let mut request = empty(visit("/"));
    for line in lines {
        request.headers_mut().append(COOKIE, HeaderValue::from_bytes(line).unwrap());
    }
    let seen = seen_by_application(layer, request).await;
    seen.extensions.consent().allows(Category::FUNCTIONALITY)
}

#[tokio::test]
async fn only_cookies_as_the_layer_writes_them_grant() {
    assert!(allows(&layer(), &[GRANTED.as_bytes()]).await, "or nothing below means anything");
    let oversized = format!("{GRANTED}{}", ".functionality:g".repeat(300));
    let padded = format!("{GRANTED}{}", " ".repeat(2000));
    let values: &[&[u8]] = &[
        b"",
        b"__Host-consent=",
        b"__Host-consent",
        b"__Host-consent=yes",
        b"__Host-consent=1-20261101",
        b"__Host-consent=1-20261101.",
        b"__Host-consent=1-20261101.functionality",
        b"__Host-consent=1-20261101.functionality:",
        b"__Host-consent=1-20261101.functionality:G",
        b"__Host-consent=1-20261101.functionality:g ",
        b"__Host-consent= 1-20261101.functionality:g",
        b"__Host-consent=\"1-20261101.functionality:g\"",
        b"__Host-consent=1%2D20261101.functionality:g",
        b"__Host-consent=1-20261101.functionality:g.functionality:g",
        b"__Host-consent=1-20261101.functionality:g.marketing:g",
        b"__Host-consent=1-20261101.functionality:g~",
        b"__Host-consent=0-20261101.functionality:g",
        b"__Host-consent=01-20261101.functionality:g",
        b"__Host-consent=2-20261101.functionality:g",
        b"__Host-consent=4294967297-20261101.functionality:g",
        b"__Host-consent=1-20261301.functionality:g",
        b"__Host-consent=1-20260230.functionality:g",
        b"__Host-consent=1-2026110.functionality:g",
        b"__Host-consent=1-20261125.functionality:g",
        b"__Host-consent=1-20260101.functionality:g",
        b"__Host-consent=\xff\xfe",
        b"__host-consent=1-20261101.functionality:g",
        b"%5F%5FHost-consent=1-20261101.functionality:g",
        b"\xc2\xa0__Host-consent=1-20261101.functionality:g",
        b"consent=1-20261101.functionality:g",
        oversized.as_bytes(),
        padded.as_bytes(),
    ];
    for value in values {
        assert!(!allows(&layer(), &[value]).await, "{}", String::from_utf8_lossy(value));
    }
}

#[tokio::test]
async fn two_consent_cookies_count_as_none() {
    let both = format!("{GRANTED}; {GRANTED}");
    assert!(!allows(&layer(), &[both.as_bytes()]).await);
    assert!(!allows(&layer(), &[GRANTED.as_bytes(), b"sid=1", GRANTED.as_bytes()]).await);
    let tossed = format!("{REFUSED}; {GRANTED}");
    assert!(!allows(&layer(), &[tossed.as_bytes()]).await);
}

#[tokio::test]
async fn each_cookie_name_counts_for_its_own_scheme_only() {
    let http = layer().dangerous_allow_http();
    assert!(allows(&http, &[b"consent=1-20261101.functionality:g"]).await);
    assert!(!allows(&http, &[GRANTED.as_bytes()]).await);
}

#[tokio::test]
async fn a_grant_one_day_ahead_is_valid_and_two_days_ahead_is_not() {
    assert!(allows(&layer(), &[b"__Host-consent=1-20261124.functionality:g"]).await);
    assert!(!allows(&layer(), &[b"__Host-consent=1-20261125.functionality:g"]).await);
}

#[tokio::test]
async fn a_grant_lapses_after_the_interval() {
    // 180 days before 23 November.
    assert!(allows(&layer(), &[b"__Host-consent=1-20260528.functionality:g"]).await);
    assert!(!allows(&layer(), &[b"__Host-consent=1-20260526.functionality:g"]).await);
}

//! The headers for caches.

use crate::support::*;
use bytes::Bytes;
use consent_core::Policy;
use consent_tower::ConsentLayer;
use consent_tower::matcher::RequestMatcher;
use http::header::HeaderName;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;

const PAGE: &str = "<!doctype html><html><head><title>x</title></head><body><p>x</p></body></html>";

fn page(headers: &[(&'static str, &'static str)]) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(PAGE));
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/html; charset=utf-8"));
    for (name, value) in headers {
        response.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

#[tokio::test]
async fn a_page_is_private_and_varies_with_the_cookie() {
    let cases = [
        ("public, max-age=600", false),
        ("s-maxage=600", false),
        ("no-store", true),
        ("max-age=600, stale-while-revalidate=60", false),
    ];
    for (before, no_store) in cases {
        let response = page(&[("cache-control", before), ("vary", "Accept-Encoding")]);
        let answer = send(&layer(), empty(visit("/")), response).await;
        let after = answer.header("cache-control").to_lowercase();
        assert!(after.contains("private") || after.contains("no-store"), "{before} became {after}");
        assert!(!after.contains("public") && !after.contains("s-maxage"), "{before} became {after}");
        assert_eq!(after.contains("no-store"), no_store, "{before} became {after}");
        let vary = answer.header("vary").to_lowercase();
        assert!(vary.contains("cookie") && vary.contains("accept-encoding"), "{vary}");
    }
}

#[tokio::test]
async fn headers_for_caches_in_front_agree() {
    let response = page(&[
        ("cdn-cache-control", "max-age=600"),
        ("surrogate-control", "max-age=600"),
        ("x-accel-expires", "600"),
    ]);
    let answer = send(&layer(), empty(visit("/")), response).await;
    for name in ["cdn-cache-control", "surrogate-control", "x-accel-expires"] {
        assert!(!answer.header(name).contains("600"), "{name}: {}", answer.header(name));
    }
}

#[tokio::test]
async fn a_dropped_cookie_makes_any_response_private() {
    let mut response = setting(&["_ga=1"]);
    response.headers_mut().insert("content-type", "image/gif".parse().unwrap());
    response.headers_mut().insert("cache-control", "public, max-age=600".parse().unwrap());
    let request = http::Request::get("/pixel.gif").header("sec-fetch-dest", "image");
    let answer = send(&layer(), empty(request), response).await;
    assert!(answer.cookies().is_empty());
    assert!(answer.header("cache-control").contains("private"), "{}", answer.header("cache-control"));
}

#[tokio::test]
async fn an_image_without_cookies_stays_public() {
    let mut response = Response::new(Full::from("GIF89a"));
    response.headers_mut().insert("content-type", "image/gif".parse().unwrap());
    response.headers_mut().insert("cache-control", "public, max-age=600".parse().unwrap());
    let headers = response.headers().clone();
    let request = http::Request::get("/logo.gif").header("sec-fetch-dest", "image");
    let answer = send(&layer(), with_cookies(empty(request), GRANTED), response).await;
    assert_eq!(answer.headers, headers);
    assert_eq!(answer.body, "GIF89a");
}

#[tokio::test]
async fn the_etag_of_a_page_covers_the_consent() {
    let tagged = || page(&[("etag", "\"v1\""), ("last-modified", "Sun, 22 Nov 2026 10:00:00 GMT")]);
    let mut tags = Vec::new();
    for (_, cookie) in STATES {
        let request = with_cookies(empty(visit("/")), cookie.unwrap_or("x=1"));
        let answer = send(&layer(), request, tagged()).await;
        let tag = answer.header("etag");
        assert!(tag.starts_with("W/"), "{tag}");
        assert!(answer.headers.get("last-modified").is_none());
        assert!(!tags.contains(&tag), "two states share {tag}");
        tags.push(tag);
    }
}

#[tokio::test]
async fn no_304_shows_a_page_of_another_consent() {
    let tagged = page(&[("etag", "\"v1\"")]);
    let granted = send(&layer(), with_cookies(empty(visit("/")), GRANTED), tagged).await.header("etag");
    let asks = |cookie: &str| {
        let request = visit("/")
            .header("if-none-match", &granted)
            .header("if-modified-since", "Sun, 22 Nov 2026 10:00:00 GMT");
        with_cookies(empty(request), cookie)
    };
    let same = seen_by_application(&layer(), asks(GRANTED)).await;
    assert_eq!(same.headers.get("if-none-match").unwrap(), "\"v1\"", "the application gets its own tag back");
    let other = seen_by_application(&layer(), asks(REFUSED)).await;
    assert!(other.headers.get("if-none-match").is_none());
    assert!(other.headers.get("if-modified-since").is_none());

    let mut unchanged = Response::new(Full::<Bytes>::default());
    *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
    unchanged.headers_mut().insert("etag", "\"v1\"".parse().unwrap());
    let answer = send(&layer(), asks(GRANTED), unchanged).await;
    assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
    assert_eq!(answer.header("etag"), granted, "the same tag as with the page");
}

#[tokio::test]
async fn a_page_is_not_304_after_the_texts_of_the_policy_changed() {
    let tag = async |layer: &ConsentLayer| {
        send(layer, empty(visit("/")), page(&[("etag", "\"v1\"")])).await.header("etag")
    };
    let before = tag(&layer()).await;
    assert_eq!(before, tag(&layer()).await);
    let policy = include_str!("policy.toml").replace("name = \"visit\"", "name = \"trip\"");
    let other_policy = ConsentLayer::new(Policy::from_toml(&policy).unwrap()).with_clock(today);
    // The policy has another text, and the same revision.
    let reworded = include_str!("policy.toml").replacen("purpose.en = \"", "purpose.en = \"Also: ", 1);
    let reworded = ConsentLayer::new(Policy::from_toml(&reworded).unwrap()).with_clock(today);
    let early = layer().with_early_banner(RequestMatcher::from_path("/"));
    for now in [layer().with_prefix("/cookies"), layer().without_guard(), early, other_policy, reworded] {
        assert_ne!(before, tag(&now).await);
        let request = empty(visit("/").header("if-none-match", &before));
        let seen = seen_by_application(&now, request).await;
        assert!(!seen.headers.contains_key("if-none-match"), "it would bring back what is gone");
    }
}

/// Kinds of requests for one address, with the headers that browsers send.
const KINDS: [(&str, &[(&str, &str)]); 8] = [
    ("document", &[("sec-fetch-dest", "document"), ("sec-fetch-mode", "navigate"), ("accept", "text/html")]),
    ("frame", &[("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate"), ("accept", "text/html")]),
    ("fetch", &[("sec-fetch-dest", "empty"), ("sec-fetch-mode", "cors"), ("accept", "*/*")]),
    ("fetch with html", &[("sec-fetch-dest", "empty"), ("sec-fetch-mode", "cors"), ("accept", "text/html")]),
    ("link prefetch", &[("sec-fetch-dest", "empty"), ("sec-purpose", "prefetch"), ("accept", "text/html")]),
    (
        "prerender",
        &[("sec-fetch-dest", "document"), ("sec-purpose", "prefetch;prerender"), ("accept", "text/html")],
    ),
    ("old browser", &[("accept", "text/html")]),
    ("robot", &[("accept", "*/*")]),
];

#[tokio::test]
async fn no_304_for_a_page_of_another_kind_of_request_or_consent() {
    let kinds = KINDS.iter().flat_map(|kind| STATES.map(|(state, cookie)| (kind, state, cookie)));
    let kinds: Vec<_> = kinds.collect();
    let asks = |headers: &[(&str, &str)], cookie: Option<&str>, tag: Option<&str>| {
        let mut request = http::Request::get("/").header("host", "site.example");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        with_cookies(empty(request), cookie.unwrap_or("x=1"))
    };
    let mut stored = Vec::new();
    for ((kind, headers), state, cookie) in &kinds {
        let response = send(&layer(), asks(headers, *cookie, None), page(&[("etag", "\"v1\"")])).await;
        stored.push((format!("{kind}, {state}"), response.header("etag"), response.text().to_owned()));
    }
    let mut revived = 0;
    for ((kind, headers), state, cookie) in &kinds {
        let name = format!("{kind}, {state}");
        let fresh = send(&layer(), asks(headers, *cookie, None), page(&[("etag", "\"v1\"")])).await;
        for (of, tag, text) in &stored {
            let seen = seen_by_application(&layer(), asks(headers, *cookie, Some(tag))).await;
            if seen.headers.get("if-none-match").is_some_and(|own| own == "\"v1\"") {
                revived += 1;
                assert_eq!(text, fresh.text(), "stored for {of}, revived for {name}");
            }
        }
    }
    assert!(revived >= kinds.len(), "each revives at least itself: {revived}");
}

#[tokio::test]
async fn a_304_keeps_the_headers_of_the_stored_page() {
    use consent_tower::CspNonce;
    // A nonce is for one response, so a browser must not show the stored page again.
    let mut response = page(&[("etag", "\"v1\""), ("content-security-policy", "script-src 'nonce-abc'")]);
    response.extensions_mut().insert(CspNonce("abc".to_owned()));
    let response = send(&layer(), empty(visit("/")), response).await;
    assert!(response.text().contains("nonce=\"abc\"") && !response.headers.contains_key("etag"));

    // The stored page has guard and style inline, and another Content-Security-Policy would forbid them.
    let tag = send(&layer(), empty(visit("/")), page(&[("etag", "\"v1\"")])).await.header("etag");
    let mut unchanged = Response::new(Full::<Bytes>::default());
    *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
    unchanged.headers_mut().insert("etag", "\"v1\"".parse().unwrap());
    unchanged.headers_mut().insert("content-security-policy", "script-src 'self'".parse().unwrap());
    let response = send(&layer(), empty(visit("/").header("if-none-match", &tag)), unchanged).await;
    assert_eq!((response.status, response.header("etag")), (StatusCode::NOT_MODIFIED, tag));
    assert!(!response.headers.contains_key("content-security-policy"), "{response:?}");
}

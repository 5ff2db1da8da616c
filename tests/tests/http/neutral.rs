//! Neutral pages, which shared caches may store.

use crate::html::page;
use crate::support::*;
use bytes::Bytes;
use consent_core::Policy;
use consent_core::policy::Jurisdiction;
use consent_tower::matcher::RequestMatcher;
use consent_tower::{ConsentLayer, DependsOnConsent};
use http::{Request, Response, StatusCode};
use http_body_util::Full;

const PAGE: &str = "<!doctype html><html lang=\"en\"><head><title>x</title></head><body><p>x</p>\
    <iframe data-consent=\"functionality\" src=\"/map\"></iframe></body></html>";

fn neutral() -> ConsentLayer {
    layer().add_neutral(RequestMatcher::from_path("/articles"))
}

/// A page that the application lets caches store.
fn public(html: &str) -> Response<Full<Bytes>> {
    let mut response = page(html);
    for (name, value) in [
        ("cache-control", "public, max-age=600"),
        ("x-accel-expires", "600"),
        ("vary", "Accept-Encoding"),
        ("etag", "\"v1\""),
        ("last-modified", "Sun, 22 Nov 2026 10:00:00 GMT"),
    ] {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

fn is_shared(answer: &Answer) -> bool {
    let (cache, vary) = (answer.header("cache-control"), answer.header("vary"));
    let shared = cache == "public, max-age=600" && vary == "Accept-Encoding";
    assert!(shared || (cache.contains("private") && vary.contains("Cookie")), "{answer:?}");
    shared
}

/// Visitors whose requests differ in everything that a page may depend on.
fn visitors(path: &str) -> Vec<Request<Full<Bytes>>> {
    let mut visitors = Vec::new();
    for (_, consent) in STATES {
        for (name, value) in [
            ("accept-language", "de"),
            ("sec-gpc", "1"),
            ("sec-purpose", "prefetch;prerender"),
            ("sec-fetch-dest", "iframe"),
            ("x-place", "GB"),
        ] {
            let mut request = empty(visit(path));
            request.headers_mut().insert(name, value.parse().unwrap());
            visitors.push(match consent {
                Some(consent) => with_cookies(request, consent),
                None => request,
            });
        }
    }
    visitors.push(empty(Request::get(path).header("host", "site.example").header("accept", "text/html")));
    visitors
}

/// A policy with regimes by jurisdiction, and with a signal.
fn places_and_signals() -> ConsentLayer {
    let policy = include_str!("policy.toml").replace(
        "[categories.functionality]",
        "[categories.functionality]\nsignals = [\"gpc\"]\nregimes = { GB = \"objectable\" }",
    );
    ConsentLayer::new(Policy::from_toml(&policy).unwrap())
        .with_clock(today)
        .with_jurisdiction(|parts| Jurisdiction::parse(parts.headers.get("x-place")?.to_str().ok()?).ok())
        .add_neutral(RequestMatcher::from_path("/articles"))
}

#[tokio::test]
async fn a_neutral_page_is_the_same_for_every_visitor_and_stays_public() {
    for layer in [neutral(), places_and_signals()] {
        let mut first: Option<Answer> = None;
        for request in visitors("/articles/1?utm=abc") {
            let what = format!("{request:?}");
            let answer = send(&layer, request, public(PAGE)).await;
            assert!(is_shared(&answer), "{what}: {answer:?}");
            assert_eq!(answer.header("x-accel-expires"), "600");
            assert!(answer.cookies().is_empty(), "{what}");
            assert!(!answer.text().contains("id=\"consent-banner\""), "{what}");
            assert!(!answer.text().contains("utm=abc"), "another address may lead to the same copy");
            let first = first.get_or_insert_with(|| answer.clone());
            assert_eq!((&first.headers, first.text()), (&answer.headers, answer.text()), "{what}");
        }
    }
}

#[tokio::test]
async fn a_neutral_page_has_the_strictest_guard_and_a_link_to_the_settings() {
    let request = || with_cookies(empty(visit("/articles/1")), GRANTED);
    let answer = send(&neutral(), request(), public(PAGE)).await;
    let text = answer.text();
    assert!(
        text.contains("data-consent-rules=\"__Host-consent /consent 1 180 @functionality:g:1 "),
        "{text}"
    );
    assert!(!text.contains("data-consent-neutral"), "these are everybody's rules");
    assert!(text.contains("data-src=\"/map\"") && !text.contains(" src=\"/map\""), "inert: {text}");
    assert!(text.contains("data-consent-action=\"settings\"") && text.contains("href=\"/consent\""));
    assert!(text.contains("name=\"return\" value=\"/articles/1\""), "{text}");

    let request = Request::get("/articles/1").header("x-place", "GB").header("accept", "text/html");
    let answer = send(&places_and_signals(), with_cookies(empty(request), GRANTED), public(PAGE)).await;
    let text = answer.text();
    assert!(text.contains(" @functionality:g:1! "), "what a signal could take away is taken away: {text}");
    assert!(text.contains(" data-consent-neutral"), "the module has to ask: {text}");
}

#[tokio::test]
async fn other_pages_are_ordinary() {
    for path in ["/", "/articlesque", "/consent-free"] {
        let answer = send(&neutral(), empty(visit(path)), public(PAGE)).await;
        assert!(!is_shared(&answer) && answer.text().contains("id=\"consent-banner\""), "{path}");
    }
    let mut posted = empty(visit("/articles/1"));
    *posted.method_mut() = http::Method::POST;
    let answer = send(&neutral(), posted, public(PAGE)).await;
    assert!(!is_shared(&answer) && answer.text().contains("id=\"consent-banner\""));
}

#[tokio::test]
async fn a_page_for_one_visitor_is_not_neutral() {
    let with = |name: &'static str, value: &str| {
        let mut response = public(PAGE);
        response.headers_mut().insert(name, value.parse().unwrap());
        response
    };
    let fresh = || empty(visit("/articles/1"));
    let granting = || with_cookies(fresh(), GRANTED);
    let mut depending = public(PAGE);
    depending.extensions_mut().insert(DependsOnConsent);
    let cases = [
        ("a kept cookie", granting(), with("set-cookie", "theme=dark; Path=/")),
        ("a dropped cookie", fresh(), with("set-cookie", "theme=dark; Path=/")),
        ("a handler that read the consent", fresh(), depending),
        ("the application says so", fresh(), with("cache-control", "private")),
        ("the application says so", fresh(), with("cache-control", "no-store")),
        ("the application was shown a cookie", with_cookies(fresh(), "sid=mine"), public(PAGE)),
        ("the application was shown a preference", with_cookies(granting(), "theme=dark"), public(PAGE)),
    ];
    for (what, request, response) in cases {
        let asks = !request.headers().get_all("cookie").iter().any(|line| line == GRANTED);
        let answer = send(&neutral(), request, response).await;
        let cache = answer.header("cache-control");
        assert!(cache.contains("private"), "{what}: {cache}");
        assert!(answer.header("vary").contains("Cookie"), "{what}");
        assert_eq!(answer.header("x-accel-expires"), "0", "{what}");
        assert_eq!(answer.text().contains("id=\"consent-banner\""), asks, "{what}");
        assert_eq!(answer.text().contains(" src=\"/map\""), !asks, "{what}");
    }
    // An application that sees no cookie cannot write the page for one visitor.
    for hidden in ["_ga=1", "theme=dark", "__Host-consent=junk"] {
        let answer = send(&neutral(), with_cookies(fresh(), hidden), public(PAGE)).await;
        assert!(is_shared(&answer), "{hidden}");
    }
}

#[tokio::test]
async fn refused_cookies_are_deleted_by_responses_that_no_cache_stores() {
    let refusing = |path: &str| with_cookies(empty(visit(path)), &format!("{REFUSED}; theme=dark"));
    let shared = send(&neutral(), refusing("/articles/1"), public(PAGE)).await;
    assert!(is_shared(&shared) && shared.cookies().is_empty(), "a cache would hand the expiry to others");
    for path in ["/consent", "/consent/banner"] {
        let answer = ask(&neutral(), refusing(path)).await;
        assert!(answer.cookie("theme").is_deletion(), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store");
        let mut early = refusing(path);
        early.headers_mut().insert("sec-purpose", "prefetch".parse().unwrap());
        assert!(ask(&neutral(), early).await.cookies().is_empty(), "{path}: nobody has asked for it yet");
    }
    let mut state = refusing("/consent");
    state.headers_mut().insert("accept", "application/json".parse().unwrap());
    assert!(ask(&neutral(), state).await.cookie("theme").is_deletion());
    let private = send(&neutral(), refusing("/"), public(PAGE)).await;
    assert!(private.cookie("theme").is_deletion());
}

#[tokio::test]
async fn one_etag_is_valid_for_every_visitor_until_the_rules_change() {
    let tag = send(&neutral(), empty(visit("/articles/1")), public(PAGE)).await.header("etag");
    assert!(tag.starts_with("W/\"v1."), "{tag}");
    let asks = |mut request: Request<Full<Bytes>>| {
        request.headers_mut().insert("if-none-match", tag.parse().unwrap());
        request.headers_mut().insert("if-modified-since", "Sun, 22 Nov 2026 10:00:00 GMT".parse().unwrap());
        request
    };
    for request in visitors("/articles/1") {
        let seen = seen_by_application(&neutral(), asks(request)).await;
        assert_eq!(seen.headers.get("if-none-match").unwrap(), "\"v1\"", "{seen:?}");
    }
    for request in visitors("/articles/1") {
        let mut unchanged = public("");
        *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
        let answer = send(&neutral(), asks(request), unchanged).await;
        assert_eq!((answer.status, answer.header("etag")), (StatusCode::NOT_MODIFIED, tag.clone()));
        assert!(is_shared(&answer) && !answer.headers.contains_key("last-modified"), "{answer:?}");
    }
    // The `ETag` of a page for one visitor, or under other rules, never matches.
    let own = send(&layer(), empty(visit("/articles/1")), public(PAGE)).await.header("etag");
    let other_rules = neutral().dangerous_allow_http();
    let changed = send(&other_rules, empty(visit("/articles/1")), public(PAGE)).await.header("etag");
    for other in [own, changed] {
        assert_ne!(other, tag);
        let request = empty(visit("/articles/1").header("if-none-match", other));
        let seen = seen_by_application(&neutral(), request).await;
        assert!(!seen.headers.contains_key("if-none-match"), "{seen:?}");
    }
}

#[tokio::test]
async fn fragments_and_other_responses_are_unchanged() {
    let piece = "<p>A piece.</p><img data-consent=\"functionality\" data-src=\"/x.png\">";
    let answer = send(&neutral(), empty(visit("/articles/1")), public(piece)).await;
    assert!(answer.text().ends_with(piece) && !answer.text().contains("<script"), "{}", answer.text());
    // A robot that accepts anything gets the same page as every visitor.
    let robot = empty(Request::get("/articles/1").header("accept", "*/*"));
    let page = send(&neutral(), empty(visit("/articles/1")), public(PAGE)).await;
    let response = send(&neutral(), robot, public(PAGE)).await;
    assert!(is_shared(&response) && response.text() == page.text());
    // A client that does not accept HTML gets the unchanged page, and no cache stores it.
    let robot = empty(Request::get("/articles/1").header("accept", "application/json"));
    let response = send(&neutral(), robot, public(PAGE)).await;
    assert!(!is_shared(&response) && response.text() == PAGE);
    let mut image = Response::new(Full::from("GIF89a"));
    image.headers_mut().insert("content-type", "image/gif".parse().unwrap());
    image.headers_mut().insert("cache-control", "public".parse().unwrap());
    let headers = image.headers().clone();
    let request = Request::get("/articles/logo.gif").header("sec-fetch-dest", "image");
    assert_eq!(send(&neutral(), empty(request), image).await.headers, headers);
}

#[tokio::test]
async fn head_has_the_headers_of_get() {
    let get = send(&neutral(), empty(visit("/articles/1")), public(PAGE)).await;
    let head = send(&neutral(), empty(visit("/articles/1").method("HEAD")), public("")).await;
    assert_eq!(get.headers, head.headers);
}

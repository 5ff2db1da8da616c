//! Requests that the layer handles itself.

use crate::support::*;
use http::{Method, Request, StatusCode};

fn request(method: Method, path: &str) -> Request<http_body_util::Full<bytes::Bytes>> {
    empty(visit(path).method(method))
}

const PAGES: [&str; 7] = [
    "/consent",
    "/consent/",
    "/consent/policy",
    "/consent/policy.json",
    "/consent/policy/1",
    "/consent/banner",
    "/consent/assets/consent.js",
];

#[tokio::test]
async fn another_method_is_405_with_allow() {
    for path in PAGES {
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            let answer = ask(&layer(), request(method.clone(), path)).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            let allow = answer.header("allow");
            assert!(allow.contains("GET") && allow.contains("HEAD"), "{method} {path}: {allow}");
            assert_eq!(allow.contains("POST"), path.trim_end_matches('/') == "/consent", "{path}: {allow}");
            assert!(answer.cookies().is_empty());
        }
    }
    for path in &PAGES[2..] {
        assert_eq!(ask(&layer(), request(Method::POST, path)).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn every_options_goes_to_the_application() {
    for path in PAGES {
        assert!(is_application(&ask(&layer(), request(Method::OPTIONS, path)).await), "{path}");
    }
}

#[tokio::test]
async fn other_paths_go_to_the_application() {
    for path in [
        "/",
        "/consents",
        "/consent/unknown",
        "/consent/policyx",
        "/consent/banner/x",
        "/Consent",
        "//consent",
        "/x/consent",
        "/consent/assets",
    ] {
        assert!(is_application(&ask(&layer(), request(Method::GET, path)).await), "{path}");
        assert!(is_application(&ask(&layer(), request(Method::POST, path)).await), "POST {path}");
    }
}

#[tokio::test]
async fn a_trailing_slash_is_the_same_page() {
    let with = ask(&layer(), request(Method::GET, "/consent/")).await;
    let without = ask(&layer(), request(Method::GET, "/consent")).await;
    assert_eq!(with.status, StatusCode::OK);
    assert_eq!(with.body, without.body);
    let mut decision = form("action=refuse");
    *decision.uri_mut() = "/consent/".parse().unwrap();
    assert_eq!(ask(&layer(), decision).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    for path in PAGES {
        let get = ask(&layer(), request(Method::GET, path)).await;
        let head = ask(&layer(), request(Method::HEAD, path)).await;
        assert_eq!((head.status, &head.headers), (get.status, &get.headers), "{path}");
        assert!(!get.body.is_empty() && head.body.is_empty(), "{path}");
        assert_eq!(head.header("content-length"), get.body.len().to_string(), "{path}");
    }
}

#[tokio::test]
async fn another_prefix_moves_all_routes() {
    let moved = layer().with_prefix("/cookies");
    assert!(is_application(&ask(&moved, request(Method::GET, "/consent")).await));
    let settings = ask(&moved, request(Method::GET, "/cookies")).await;
    assert_eq!(settings.status, StatusCode::OK);
    assert!(settings.text().contains("action=\"/cookies\""), "{}", settings.text());
    assert!(!settings.text().contains("\"/consent"), "{}", settings.text());
}

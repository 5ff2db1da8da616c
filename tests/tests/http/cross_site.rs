//! Decisions that pages of other sites post.

use crate::said::Said;
use crate::support::*;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;

fn deciding(headers: &[(&str, &str)]) -> Request<Full<Bytes>> {
    let mut request = Request::post("/consent")
        .header("host", "site.example")
        .header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Full::from("action=accept")).unwrap()
}

#[tokio::test]
async fn only_pages_of_this_site_can_decide() {
    let own: &[&[(&str, &str)]] = &[
        &[],
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://site.example")],
        &[("origin", "http://site.example")],
    ];
    for headers in own {
        let answer = ask(&layer(), deciding(headers)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{headers:?}");
    }
    let foreign: &[&[(&str, &str)]] = &[
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "Same-Origin")],
        &[("sec-fetch-site", "")],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "https://site.example")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "https://site.example.evil.example")],
        &[("origin", "https://site.example:8443")],
        &[("origin", "https://site.example"), ("origin", "https://evil.example")],
    ];
    for headers in foreign {
        let answer = ask(&layer(), deciding(headers)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(answer.cookies().is_empty(), "{headers:?}");
    }
}

#[tokio::test]
async fn a_configured_origin_replaces_the_host() {
    let proxied = layer().add_public_origin("https://shop.example");
    let answer = ask(&proxied, deciding(&[("origin", "https://shop.example")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let answer = ask(&proxied, deciding(&[("origin", "https://site.example")])).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn sibling_hosts_decide_only_if_permitted_and_look_alikes_never() {
    let sibling = [("sec-fetch-site", "same-site"), ("origin", "https://www.site.example")];
    assert_eq!(ask(&layer(), deciding(&sibling)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        ask(&layer().with_same_site_decisions(), deciding(&sibling)).await.status,
        StatusCode::SEE_OTHER
    );
    let elsewhere = [("sec-fetch-site", "cross-site"), ("origin", "https://www.site.example")];
    assert_eq!(
        ask(&layer().with_same_site_decisions(), deciding(&elsewhere)).await.status,
        StatusCode::FORBIDDEN
    );

    let listed = layer().add_public_origin("https://shop.example/");
    let from = async |origin: &str| {
        ask(&listed, deciding(&[("sec-fetch-site", "cross-site"), ("origin", origin)])).await.status
    };
    assert_eq!(from("https://shop.example").await, StatusCode::SEE_OTHER);
    for look_alike in [
        "https://shop.example.evil.example",
        "https://evil-shop.example",
        "https://shop.example:8443",
        "http://shop.example",
        "https://shop.example@evil.example",
        "https://shop\u{2024}example",
        "null",
        "",
    ] {
        assert_eq!(from(look_alike).await, StatusCode::FORBIDDEN, "{look_alike}");
    }
    let answer = ask(&listed, deciding(&[("origin", "https://shop.example")])).await;
    assert!(
        !answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")),
        "nobody else reads it"
    );
}

#[tokio::test]
async fn headers_that_clients_can_forge_are_not_trusted() {
    for header in ["x-forwarded-host", "x-original-host", "x-host", "forwarded", "x-forwarded-server"] {
        let value = if header == "forwarded" { "host=evil.example;proto=https" } else { "evil.example" };
        let answer = ask(&layer(), deciding(&[("origin", "https://evil.example"), (header, value)])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{header}");
    }
    // The scheme is configured, not guessed.
    let forwarded = [("x-forwarded-proto", "http"), ("origin", "https://site.example")];
    let answer = ask(&layer(), deciding(&forwarded)).await;
    assert!(answer.sets("__Host-consent") && !answer.sets("consent"));
    // The response does not depend on the address of the client.
    let one = ask(&layer(), deciding(&[("x-forwarded-for", "192.0.2.1")])).await;
    let other = ask(&layer(), deciding(&[("x-forwarded-for", "192.0.2.2")])).await;
    assert_eq!(one.headers, other.headers);
}

#[tokio::test]
async fn a_form_in_a_frame_cannot_decide() {
    for dest in ["iframe", "frame", "embed", "object"] {
        let answer =
            ask(&layer(), deciding(&[("sec-fetch-site", "same-origin"), ("sec-fetch-dest", dest)])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{dest}");
        assert!(answer.cookies().is_empty());
    }
    let answer =
        ask(&layer(), deciding(&[("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "document")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_cross_site_post_without_cookies_is_unknown_not_undecided() {
    let page = "<!doctype html><title>x</title><body><p>Signed in.";
    let mut response = http::Response::new(Full::from(page));
    response.headers_mut().insert("content-type", "text/html".parse().unwrap());
    response.headers_mut().append("set-cookie", "theme=dark".parse().unwrap());
    let request = Request::post("/saml")
        .header("host", "site.example")
        .header("accept", "text/html")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-dest", "document")
        .header("origin", "https://login.example")
        .body(Full::<Bytes>::default())
        .unwrap();
    let answer = send(&layer(), with_cookies(request, "theme=dark"), response).await;
    assert!(answer.cookies().is_empty(), "neither set nor swept: {answer:?}");
    assert!(!answer.text().contains("id=\"consent-banner\""), "{}", answer.text());
}

#[tokio::test]
async fn get_requests_change_nothing() {
    for path in [
        "/consent?action=accept",
        "/consent/?action=accept&category=functionality",
        "/consent/banner?action=accept",
    ] {
        let answer = ask(&layer(), empty(visit(path))).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.cookies().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn each_refused_decision_is_logged_with_advice() {
    let (said, _listening) = Said::listen("consent::decision");
    let form = || Request::post("/consent").header("content-type", "application/x-www-form-urlencoded");
    let full = |request: http::request::Builder, body: &'static str| request.body(Full::from(body)).unwrap();
    let proxied = form()
        .header("host", "app:8080")
        .header("origin", "https://shop.example")
        .header("referer", "https://shop.example/basket?item=secret");
    let requests = [
        (full(proxied, "action=accept"), "cross-site", "add_public_origin"),
        (full(form().header("sec-fetch-dest", "iframe"), "action=accept"), "framed", "frame"),
        (
            full(Request::post("/consent").header("content-type", "text/plain"), "x"),
            "unsupported-type",
            "form",
        ),
        (full(form(), "action=accept&category=marketing"), "unknown-category", "declare"),
        (full(form(), "action=allow"), "unknown-action", "action"),
        (full(form().header("content-length", "99999"), "action=accept"), "too-large", "fields"),
    ];
    for (request, code, advice) in requests {
        assert!(ask(&layer(), request).await.status.is_client_error());
        let event = said.heard().pop().unwrap();
        assert!(event.starts_with("WARN a decision was refused"), "{event}");
        assert!(event.contains(&format!("code=\"{code}\"")) && event.contains(advice), "{event}");
    }
    let first = said.heard().swap_remove(0);
    assert!(first.contains("https://shop.example") && first.contains("path=\"/basket\""), "{first}");
    assert!(!first.contains("secret"), "{first}");
}

#[tokio::test]
async fn a_decision_over_plain_http_without_the_option_is_logged() {
    let decide = |origin: &'static str| {
        let form = Request::post("/consent").header("content-type", "application/x-www-form-urlencoded");
        form.header("host", "site.example")
            .header("origin", origin)
            .body(Full::from("action=accept"))
            .unwrap()
    };
    for (layer, origin, expected) in [
        (layer(), "http://site.example", true),
        (layer(), "https://site.example", false),
        (layer().dangerous_allow_http(), "http://site.example", false),
    ] {
        let (said, _listening) = Said::listen("consent::decision");
        ask(&layer, decide(origin)).await;
        assert_eq!(said.heard().iter().any(|event| event.contains("plain http")), expected, "{origin}");
    }
}

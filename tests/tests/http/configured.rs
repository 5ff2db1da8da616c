//! The options of the layer: which requests, undeclared cookies, review and reports.

use crate::html::page;
use crate::said::Said;
use crate::support::*;
use bytes::Bytes;
use consent_core::Reason;
use consent_tower::Undeclared;
use consent_tower::matcher::RequestMatcher;
use consent_tower::report::{Cause, Entry, Inventory, Outcome, ReviewResult, UnfilteredCookies};
use consent_tower::testing::{FailOnUndeclaredLayer, ReportHeaderLayer};
use http::Request;
use http_body_util::Full;
use std::convert::Infallible;
use std::time::Duration;
use tower::{Layer, ServiceExt, service_fn};

const PAGE: &str = "<!doctype html><title>x</title><body><p>x";

#[tokio::test]
async fn an_excluded_page_has_no_banner_but_its_cookies_are_judged() {
    let layer = layer().add_excluded(RequestMatcher::from_path("/admin"));
    let mut answer = page(PAGE);
    answer.headers_mut().append("set-cookie", "_ga=1".parse().unwrap());
    let excluded = send(&layer, empty(visit("/admin/users")), answer).await;
    assert_eq!(excluded.text(), PAGE);
    assert!(!excluded.sets("_ga"));
    assert!(
        send(&layer, empty(visit("/administration")), page(PAGE)).await.text().contains("consent-banner")
    );
}

#[tokio::test]
async fn pages_are_excluded_by_host_or_by_a_function() {
    let layer = layer()
        .add_excluded(RequestMatcher::from_host("static.example"))
        .add_excluded(RequestMatcher::from_fn(|parts| parts.headers.contains_key("x-kiosk")));
    let shown = async |host: &str, header: Option<&str>| {
        let mut request = empty(visit("/"));
        request.headers_mut().insert("host", host.parse().unwrap());
        if let Some(header) = header {
            request.headers_mut().insert(header.parse::<http::HeaderName>().unwrap(), "1".parse().unwrap());
        }
        let mut answer = page(PAGE);
        answer.headers_mut().append("set-cookie", "_ga=1".parse().unwrap());
        let answer = send(&layer, request, answer).await;
        assert!(!answer.sets("_ga"), "judged, whatever is shown");
        answer.text().contains("consent-banner")
    };
    assert!(shown("site.example", None).await);
    assert!(shown("static.example.evil.example", None).await);
    assert!(!shown("STATIC.example:8443", None).await);
    assert!(!shown("site.example", Some("x-kiosk")).await);
}

#[tokio::test]
async fn if_pages_are_included_other_pages_are_not_decorated() {
    let layer = layer()
        .add_included(RequestMatcher::from_path("/shop"))
        .add_excluded(RequestMatcher::from_path("/shop/raw"));
    let shown = async |path: &str| {
        send(&layer, empty(visit(path)), page(PAGE)).await.text().contains("consent-banner")
    };
    assert!(shown("/shop").await && shown("/shop/1").await);
    assert!(!shown("/").await && !shown("/shop/raw").await);
}

#[tokio::test]
async fn unfiltered_requests_pass_unchanged() {
    let layer = layer().dangerous_leave_unfiltered(RequestMatcher::from_host("legacy.example"));
    let of = |host: &str| {
        let mut request = with_cookies(empty(visit("/")), "_ga=1");
        request.headers_mut().insert("host", host.parse().unwrap());
        request
    };
    assert!(send(&layer, of("legacy.example"), setting_bytes(&[b"_ga=2"])).await.sets("_ga"));
    assert!(!send(&layer, of("site.example"), setting_bytes(&[b"_ga=2"])).await.sets("_ga"));
}

#[tokio::test]
async fn undeclared_cookies_can_be_reported_while_declared_ones_are_judged() {
    let layer = layer().with_undeclared(Undeclared::Report);
    let answer = send(&layer, empty(visit("/")), setting_bytes(&[b"_ga=1", b"theme=dark"])).await;
    assert!(answer.sets("_ga") && !answer.sets("theme"));
    let outcomes: Vec<_> = answer.report.as_ref().unwrap().entries().iter().map(Entry::outcome).collect();
    assert_eq!(outcomes, [Outcome::ReportedOnly, Outcome::Dropped]);
}

#[tokio::test]
async fn an_undeclared_session_works_if_undeclared_cookies_are_only_reported() {
    let inventory = Inventory::new();
    let layer = layer().with_undeclared(Undeclared::Report).with_inventory(inventory.clone());
    let request = || with_cookies(empty(visit("/")), "session=1; theme=dark; cart=2");
    let (said, guard) = Said::listen("consent::request");
    let seen = seen_by_application(&layer, request()).await;
    drop(guard);
    assert_eq!(cookie_lines(&seen), [b"session=1; cart=2"], "what is declared and not allowed stays hidden");
    assert_eq!(inventory.names(), [("cart".to_owned(), 0, 1), ("session".to_owned(), 0, 1)]);
    let heard = said.heard();
    let shown = |name| heard.iter().any(|event| event.contains(name) && event.contains("would hide"));
    assert!(shown("name=session") && shown("name=cart") && !shown("name=theme"), "{heard:?}");
    let report = send(&layer, request(), setting(&[])).await.report.unwrap();
    assert_eq!((report.hidden_undeclared(), report.hidden_not_allowed()), (0, 1));
}

#[tokio::test]
async fn in_tests_an_undeclared_cookie_can_fail_the_response() {
    let fail = |lines: &'static [&'static [u8]]| async move {
        let application =
            service_fn(
                move |_: Request<Full<Bytes>>| async move { Ok::<_, Infallible>(setting_bytes(lines)) },
            );
        let site = FailOnUndeclaredLayer.layer(layer().layer(application));
        Answer::read(site.oneshot(empty(visit("/"))).await.unwrap()).await
    };
    let answer = fail(&[b"_ga=1", b"_gid=2"]).await;
    assert_eq!(answer.status, 500);
    assert!(answer.cookies().is_empty());
    assert!(answer.text().contains("_ga, _gid"), "{}", answer.text());
    assert_eq!(fail(&[b"theme=dark"]).await.status, 200);
}

#[tokio::test]
async fn a_review_changes_verdicts_in_both_directions_except_on_the_consent_cookie() {
    let layer = layer().with_review(|review| match (review.name, review.path) {
        (b"_ga" | b"__Host-consent" | b"", "/lab") => ReviewResult::Keep,
        (b"theme", "/lab") => ReviewResult::Drop,
        (b"theme", "/broken") => panic!("a hook with a fault"),
        _ => ReviewResult::Uphold,
    });
    // Browsers send the value of a cookie without a name as it is.
    let lines: [&[u8]; 4] = [
        b"_ga=1",
        b"theme=dark; Path=/",
        b"__Host-consent=forged; Path=/; Secure",
        b"=__Host-consent=forged",
    ];
    let of = |path: &str| with_cookies(empty(visit(path)), GRANTED);
    let lab = send(&layer, of("/lab"), setting_bytes(&lines)).await;
    assert_eq!(lab.cookies(), [b"_ga=1"]);
    let outcomes: Vec<_> =
        lab.report.as_ref().unwrap().entries().iter().map(|entry| (entry.cause(), entry.outcome())).collect();
    assert_eq!(
        outcomes,
        [
            (Cause::Dropped(Reason::Undeclared), Outcome::KeptByReview),
            (Cause::Reviewed, Outcome::Dropped),
            (Cause::Dropped(Reason::Reserved), Outcome::Dropped),
            (Cause::Dropped(Reason::Reserved), Outcome::Dropped),
        ]
    );
    assert_eq!(send(&layer, of("/"), setting_bytes(&lines)).await.cookies(), [b"theme=dark; Path=/"]);
    assert!(
        send(&layer, of("/broken"), setting_bytes(&lines)).await.cookies().is_empty(),
        "a panic drops the cookie"
    );
}

#[tokio::test]
async fn the_inventory_lists_undeclared_cookies() {
    let inventory = Inventory::new();
    let layer = layer().with_inventory(inventory.clone());
    let request = with_cookies(empty(visit("/")), "cart=abc; theme=dark");
    send(&layer, request, setting_bytes(&[b"_ga=secret; Max-Age=60", b"theme=dark"])).await;
    assert_eq!(inventory.names(), [("_ga".to_owned(), 1, 0), ("cart".to_owned(), 0, 1)]);
    let draft = inventory.to_string();
    assert!(draft.contains("name = \"_ga\"") && draft.contains("lifetime = \"60s\""), "{draft}");
    assert!(!draft.contains("secret") && !draft.contains("abc"), "no values: {draft}");
}

#[tokio::test]
async fn the_development_header_lists_what_was_dropped() {
    let report = |lines: &'static [&'static [u8]]| async move {
        let application =
            service_fn(
                move |_: Request<Full<Bytes>>| async move { Ok::<_, Infallible>(setting_bytes(lines)) },
            );
        let site = ReportHeaderLayer.layer(layer().layer(application));
        Answer::read(site.oneshot(empty(visit("/"))).await.unwrap()).await
    };
    let answer = report(&[b"_ga=1"]).await;
    assert_eq!(answer.header("consent-report"), "name=\"_ga\"; outcome=dropped; reason=undeclared");
    let odd = report(&[b"a%\"\xff=1"]).await;
    assert!(odd.header("consent-report").starts_with("name=\"a%25%22%FF\"; "), "{odd:?}");
    let quiet = send(&layer(), empty(visit("/")), setting_bytes(&[b"_ga=1"])).await;
    assert!(!quiet.headers.contains_key("consent-report"));
}

#[tokio::test]
async fn decisions_can_be_limited() {
    let layer = layer().with_decision_limit(|parts| {
        if parts.headers.contains_key("x-flood") { Err(Duration::from_secs(30)) } else { Ok(()) }
    });
    let flood = || {
        let mut request = form("action=accept");
        request.headers_mut().insert("x-flood", "1".parse().unwrap());
        request
    };
    let answer = ask(&layer, flood()).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after").as_str()), (429, "30"));
    assert!(answer.cookies().is_empty());
    assert_eq!(ask(&layer, form("action=accept")).await.status, 303);
}

#[tokio::test]
async fn the_original_cookies_can_be_read_as_unfiltered_cookies() {
    let request = || with_cookies(empty(visit("/")), "_ga=1; theme=dark");
    let seen = seen_by_application(&layer().with_unfiltered_cookies(), request()).await;
    assert!(cookie_lines(&seen).is_empty());
    let original = seen.extensions.get::<UnfilteredCookies>().unwrap();
    assert_eq!(original.lines().collect::<Vec<_>>(), ["_ga=1; theme=dark"]);
    assert!(seen_by_application(&layer(), request()).await.extensions.get::<UnfilteredCookies>().is_none());
}

#[tokio::test]
async fn behind_a_proxy_that_strips_a_path_every_link_has_that_path() {
    let layer = layer().with_public_path("/shop/");
    let shown = send(&layer, empty(visit("/cart?x=1")), page(PAGE)).await;
    assert!(shown.text().contains("action=\"/shop/consent\""), "{}", shown.text());
    assert!(shown.text().contains("name=\"return\" value=\"/shop/cart?x=1\""), "{}", shown.text());
    assert!(!shown.text().contains("\"/consent"), "{}", shown.text());
    let settings = ask(&layer, empty(visit("/consent"))).await;
    assert_eq!(settings.status, 200, "as it arrives here");
    assert!(
        settings.text().contains("href=\"/shop/consent/policy\"") && !settings.text().contains("\"/consent")
    );
}

#[tokio::test]
async fn the_query_of_a_no_store_or_no_referrer_page_is_not_repeated() {
    for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "no-referrer")] {
        let mut answer = page(PAGE);
        answer.headers_mut().insert(name, value.parse().unwrap());
        let shown = send(&layer(), empty(visit("/reset?token=secret")), answer).await;
        assert!(shown.text().contains("name=\"return\" value=\"/reset\""), "{}", shown.text());
        assert!(!shown.text().contains("secret"));
    }
}

#[tokio::test]
async fn visitors_who_are_not_asked_are_notified_by_pages_only() {
    let policy = include_str!("policy.toml").replace(
        "[categories.functionality]",
        "[categories.functionality]\nregimes = { GB = \"objectable\" }",
    );
    let layer = consent_tower::ConsentLayer::new(consent_core::Policy::from_toml(&policy).unwrap())
        .with_clock(today)
        .with_jurisdiction(|_| consent_core::policy::Jurisdiction::parse("GB").ok());
    let told = send(&layer, empty(visit("/")), page(PAGE)).await;
    assert_eq!(told.cookie("__Host-consent").value, "1-20261123.functionality:i");
    let plain = |path: &str, dest: &str| {
        empty(Request::get(path).header("host", "site.example").header("sec-fetch-dest", dest))
    };
    for request in [
        plain("/logo.gif", "image"),
        plain("/app.js", "script"),
        plain("/health", "empty"),
        plain("/consent/assets/consent.js", "script"),
        plain("/consent/policy.json", "empty"),
        empty(Request::get("/health")),
        empty(visit("/").header("sec-purpose", "prefetch")),
    ] {
        let what = format!("{request:?}");
        let answer = send(&layer, request, page(PAGE)).await;
        assert!(answer.cookies().is_empty(), "{what}");
    }
}

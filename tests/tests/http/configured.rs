//! What a site can choose: which requests, what of the undeclared, who may overturn, and what is seen of it.

use crate::html::page;
use crate::support::*;
use consent_core::Reason;
use consent_tower::{Entry, Inventory, Outcome, Requests, Ruling, Undeclared, UnfilteredCookies};
use std::time::Duration;

const PAGE: &str = "<!doctype html><title>x</title><body><p>x";

#[tokio::test]
async fn an_excluded_page_has_no_banner_and_is_judged_all_the_same() {
    let layer = layer().exclude(Requests::to_path("/admin"));
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
async fn where_pages_are_included_others_are_left_alone() {
    let layer = layer().include(Requests::to_path("/shop")).exclude(Requests::to_path("/shop/raw"));
    let shown = async |path: &str| {
        send(&layer, empty(visit(path)), page(PAGE)).await.text().contains("consent-banner")
    };
    assert!(shown("/shop").await && shown("/shop/1").await);
    assert!(!shown("/").await && !shown("/shop/raw").await);
}

#[tokio::test]
async fn what_is_left_unfiltered_is_left() {
    let layer = layer().dangerous_leave_unfiltered(Requests::to_host("legacy.example"));
    let of = |host: &str| {
        let mut request = with_cookies(empty(visit("/")), "_ga=1");
        request.headers_mut().insert("host", host.parse().unwrap());
        request
    };
    assert!(send(&layer, of("legacy.example"), setting_bytes(&[b"_ga=2"])).await.sets("_ga"));
    assert!(!send(&layer, of("site.example"), setting_bytes(&[b"_ga=2"])).await.sets("_ga"));
}

#[tokio::test]
async fn the_undeclared_can_be_reported_only_while_the_declared_is_enforced() {
    let layer = layer().with_undeclared(Undeclared::Report);
    let answer = send(&layer, empty(visit("/")), setting_bytes(&[b"_ga=1", b"theme=dark"])).await;
    assert!(answer.sets("_ga") && !answer.sets("theme"));
    let outcomes: Vec<_> = answer.report.as_ref().unwrap().entries().iter().map(Entry::outcome).collect();
    assert_eq!(outcomes, [Outcome::ReportedOnly, Outcome::Dropped]);
}

#[tokio::test]
async fn in_tests_the_undeclared_can_fail_the_answer() {
    let layer = layer().with_undeclared(Undeclared::Fail);
    let answer = send(&layer, empty(visit("/")), setting_bytes(&[b"_ga=1", b"_gid=2"])).await;
    assert_eq!(answer.status, 500);
    assert!(answer.cookies().is_empty());
    assert!(answer.text().contains("_ga, _gid"), "{}", answer.text());
    assert_eq!(send(&layer, empty(visit("/")), setting_bytes(&[b"theme=dark"])).await.status, 200);
}

#[tokio::test]
async fn a_hook_overturns_either_way_but_not_the_consent_cookie() {
    let layer = layer().with_review(|review| match (review.name, review.path) {
        (b"_ga" | b"__Host-consent", "/lab") => Ruling::Keep,
        (b"theme", "/lab") => Ruling::Drop,
        (b"theme", "/broken") => panic!("a hook with a fault"),
        _ => Ruling::Uphold,
    });
    let lines: [&[u8]; 3] = [b"_ga=1", b"theme=dark; Path=/", b"__Host-consent=forged; Path=/; Secure"];
    let of = |path: &str| with_cookies(empty(visit(path)), GRANTED);
    let lab = send(&layer, of("/lab"), setting_bytes(&lines)).await;
    assert_eq!(lab.cookies(), [b"_ga=1"]);
    let outcomes: Vec<_> = lab
        .report
        .as_ref()
        .unwrap()
        .entries()
        .iter()
        .map(|entry| (entry.reason(), entry.outcome()))
        .collect();
    assert_eq!(
        outcomes,
        [
            (Reason::Undeclared, Outcome::Overruled),
            (Reason::Overruled, Outcome::Dropped),
            (Reason::Reserved, Outcome::Dropped),
        ]
    );
    assert_eq!(send(&layer, of("/"), setting_bytes(&lines)).await.cookies(), [b"theme=dark; Path=/"]);
    assert!(
        send(&layer, of("/broken"), setting_bytes(&lines)).await.cookies().is_empty(),
        "a panic drops the cookie"
    );
}

#[tokio::test]
async fn the_inventory_knows_what_the_policy_does_not() {
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
async fn the_development_header_says_what_was_done() {
    let answer =
        send(&layer().with_development_header(), empty(visit("/")), setting_bytes(&[b"_ga=1"])).await;
    assert_eq!(answer.header("consent-report"), "name=\"%5Fga\"; outcome=dropped; reason=undeclared");
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
async fn the_original_cookies_can_be_kept_under_a_name_that_says_so() {
    let request = || with_cookies(empty(visit("/")), "_ga=1; theme=dark");
    let seen = seen_by_application(&layer().keep_original_cookies(), request()).await;
    assert!(cookie_lines(&seen).is_empty());
    let original = seen.extensions.get::<UnfilteredCookies>().unwrap();
    assert_eq!(original.lines().collect::<Vec<_>>(), ["_ga=1; theme=dark"]);
    assert!(seen_by_application(&layer(), request()).await.extensions.get::<UnfilteredCookies>().is_none());
}

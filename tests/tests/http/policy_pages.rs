//! The policy page and its revisions.

use crate::support::*;
use http::{Request, StatusCode};

#[tokio::test]
async fn the_policy_page_lists_everything_that_is_declared() {
    let answer = ask(&layer(), empty(visit("/consent/policy"))).await;
    assert_eq!(answer.status, StatusCode::OK);
    let page = answer.text();
    for shown in [
        "Example Ltd.",
        "privacy@site.example",
        "Example Authority",
        "theme",
        "pref_",
        "visit",
        "sid",
        "Remembers light or dark.",
        "First version.",
        "__Host-consent",
    ] {
        assert!(page.contains(shown), "{shown} is not on the page");
    }
    assert!(answer.cookies().is_empty());
}

#[tokio::test]
async fn with_plain_http_the_policy_page_lists_the_other_cookie() {
    let answer = ask(&layer().dangerous_allow_http(), empty(visit("/consent/policy"))).await;
    assert!(!answer.text().contains("__Host-consent"), "the cookie is called consent here");
}

#[tokio::test]
async fn the_policy_page_is_the_same_for_every_visitor() {
    let undecided = ask(&layer(), empty(visit("/consent/policy"))).await;
    for cookie in [GRANTED, REFUSED] {
        let other = ask(&layer(), with_cookies(empty(visit("/consent/policy")), cookie)).await;
        assert_eq!(other.body, undecided.body, "{cookie}");
    }
}

#[tokio::test]
async fn an_earlier_revision_stays_and_an_unknown_one_is_404() {
    let answer = ask(&layer(), empty(visit("/consent/policy/1"))).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains("2023"));
    for unknown in ["0", "2", "99", "01", "+1", "1x", "-1", "4294967297", "%31", "1/", "", "../policy"] {
        let answer = ask(&layer(), empty(visit(&format!("/consent/policy/{unknown}")))).await;
        let expected = if unknown.is_empty() { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(answer.status, expected, "{unknown:?}");
    }
}

#[tokio::test]
async fn the_policy_is_served_as_json() {
    let answer = ask(&layer(), empty(Request::get("/consent/policy.json"))).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    let policy = answer.json();
    assert_eq!(policy["controller"]["name"], "Example Ltd.");
    let names: Vec<_> =
        policy["storage"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    for name in ["theme", "pref_*", "visit", "sid"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert_eq!(policy["revisions"][0]["number"], 1);
}

#[tokio::test]
async fn gpc_is_claimed_only_if_the_policy_uses_it() {
    assert!(is_application(&ask(&layer(), empty(visit("/.well-known/gpc.json"))).await));
    let request = visit("/").header("sec-gpc", "1");
    let answer = send(&layer(), with_cookies(empty(request), GRANTED), setting(&["theme=dark"])).await;
    assert_eq!(answer.cookies(), [b"theme=dark"], "functionality is no business of the signal");
}

#[tokio::test]
async fn the_banner_fragment_is_only_for_undecided_visitors() {
    let answer = ask(&layer(), empty(visit("/consent/banner"))).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains("id=\"consent-banner\""));
    assert!(!answer.text().contains("<html"), "a fragment");
    for cookie in [GRANTED, REFUSED] {
        let answer = ask(&layer(), with_cookies(empty(visit("/consent/banner")), cookie)).await;
        assert!(!answer.text().contains("id=\"consent-banner\""), "{cookie}");
    }
    assert_eq!(answer.header("cache-control"), "no-store");
}

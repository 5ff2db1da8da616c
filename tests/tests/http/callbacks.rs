//! Callbacks that panic. The request continues with the strictest outcome, and the layer logs an event.

use crate::said::Said;
use crate::support::*;
use consent_core::Category;
use consent_core::consent::RequestConsent;
use consent_tower::ConsentLayer;
use consent_tower::changes::Changes;
use consent_tower::matcher::RequestMatcher;
use http::StatusCode;
use http::request::Parts;

fn broken<T>(_: &Parts) -> T {
    panic!("on purpose")
}

/// A matcher that panics.
fn matcher() -> RequestMatcher {
    RequestMatcher::from_fn(broken)
}

/// Runs `work` and checks that all events name the function that panicked.
async fn assert_reported<T>(function: &str, work: impl Future<Output = T>) -> T {
    let (said, guard) = Said::listen("consent::callback");
    let result = work.await;
    drop(guard);
    let heard = said.heard();
    assert!(!heard.is_empty(), "{function}: no event");
    let expected = format!("function=\"{function}\"");
    assert!(heard.iter().all(|event| event.starts_with("ERROR") && event.contains(&expected)), "{heard:?}");
    result
}

fn granted_visit() -> http::Request<http_body_util::Full<bytes::Bytes>> {
    with_cookies(empty(visit("/")), GRANTED)
}

#[tokio::test]
async fn a_clock_that_panics_makes_every_grant_invalid() {
    let layer = layer().with_clock(|| -> time::UtcDateTime { panic!("on purpose") });
    let answer =
        assert_reported("clock", send(&layer, granted_visit(), setting(&["theme=dark; Path=/"]))).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.cookies().is_empty(), "{answer:?}");
    let seen =
        seen_by_application(&layer, with_cookies(empty(visit("/")), &format!("{GRANTED}; theme=dark"))).await;
    assert!(!seen.consent().allows(Category::FUNCTIONALITY));
    let refused =
        send(&layer, with_cookies(empty(visit("/")), REFUSED), setting(&["theme=dark; Path=/"])).await;
    assert!(refused.cookies().is_empty(), "a refusal stands whatever the clock says");
}

#[tokio::test]
async fn a_jurisdiction_function_that_panics_means_the_strictest_regime() {
    let located = layer().with_jurisdiction(broken);
    let answer =
        assert_reported("jurisdiction", send(&located, empty(visit("/")), setting(&["theme=dark; Path=/"])))
            .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.cookies().is_empty());
}

#[tokio::test]
async fn a_matcher_that_panics_neither_excludes_nor_makes_neutral() {
    let page = || crate::html::page("<!doctype html><title>Home</title><body>Home");
    let layers: [fn(ConsentLayer) -> ConsentLayer; 4] = [
        |layer| layer.add_excluded(matcher()),
        |layer| layer.add_included(matcher()),
        |layer| layer.add_neutral(matcher()),
        |layer| layer.dangerous_leave_unfiltered(matcher()),
    ];
    for (number, broken) in layers.into_iter().enumerate() {
        let layer = broken(layer());
        let answer = assert_reported("matcher", send(&layer, empty(visit("/")), page())).await;
        assert!(answer.text().contains("consent-banner"), "{number}: a page is decorated");
        assert!(answer.header("cache-control").contains("private"), "{number}: for one visitor");
        let answer = send(&layer, empty(visit("/")), setting(&["_ga=1"])).await;
        assert!(answer.cookies().is_empty(), "{number}: the response is judged");
    }
}

#[tokio::test]
async fn a_decision_limit_that_panics_permits_no_decision() {
    let layer = layer().with_decision_limit(broken);
    let answer = assert_reported("decision-limit", ask(&layer, form("action=accept"))).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "1");
    assert!(answer.cookies().is_empty());
}

#[tokio::test]
async fn a_review_that_panics_drops_the_cookie() {
    let layer = layer().with_review(|_| panic!("on purpose"));
    let answer =
        assert_reported("review", send(&layer, granted_visit(), setting(&["theme=dark; Path=/"]))).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.cookies().is_empty());
}

#[tokio::test]
async fn a_change_listener_that_panics_changes_no_decision() {
    let layer = layer().add_change_listener(|_| panic!("on purpose"));
    let answer = assert_reported("change-listener", ask(&layer, form("action=accept"))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.sets("__Host-consent"));
}

#[tokio::test]
async fn a_key_function_that_panics_returns_no_key() {
    let changes = Changes::by(broken);
    let layer = layer().with_subscriptions(changes.clone());
    let answer = assert_reported("key", ask(&layer, form("action=accept"))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(changes.is_empty());
}

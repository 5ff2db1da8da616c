//! The cookies that each jar sets, and those that the layer keeps.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::Router;
use consent_tower::ConsentLayer;
use consent_tower::report::ConsentReport;
use consent_tower::testing::{Answer, Browser, Clock, Probe, ReportHeader, ReportHeaderLayer};
use cookie_jars::{app, policy};
use tower::Layer;

/// A visitor with this decision, or without one.
async fn visitor(action: Option<&str>) -> Browser<ReportHeader<Router>> {
    let clock = Clock::default();
    let layer = ConsentLayer::new(policy().unwrap()).with_clock(clock.to_fn());
    let mut visitor = Browser::new(ReportHeaderLayer.layer(app(layer))).with_clock(clock);
    if let Some(action) = action {
        visitor.submit("/consent", &[("action", action)]).await;
    }
    visitor
}

/// The reasons why the layer dropped or amended cookies.
fn reasons(answer: &Answer) -> Vec<&'static str> {
    let entries = answer.report().map(ConsentReport::entries).unwrap_or_default();
    entries.iter().map(|entry| entry.cause().as_str()).collect()
}

/// For each route and choice, the cookie that stores it.
const FORMS: [(&str, &str, &str); 3] =
    [("/theme", "dark", "theme"), ("/board", "large", "board"), ("/play", "", "score")];

#[tokio::test]
async fn without_consent_no_jar_can_set_a_cookie() {
    for (decision, reason) in [(None, "undecided"), (Some("refuse"), "refused")] {
        let mut visitor = visitor(decision).await;
        for (path, choice, name) in FORMS {
            let answer = visitor.submit(path, &[("choice", choice)]).await;
            assert!(!visitor.holds(name), "{path}, {reason}");
            assert_eq!(reasons(&answer), [reason], "{path}");
            assert!(answer.header("consent-report").ends_with(reason), "{path}");
        }
    }
}

#[tokio::test]
async fn with_consent_every_jar_sets_its_cookie() {
    let mut visitor = visitor(Some("accept")).await;
    for (path, choice, name) in FORMS {
        visitor.submit(path, &[("choice", choice)]).await;
        assert!(visitor.holds(name), "{path}");
    }
    // Other values, and undeclared cookies, are dropped.
    let answer = visitor.submit("/board", &[("choice", "8f14e45f")]).await;
    assert_eq!(reasons(&answer), ["value-not-declared"]);
    let answer = visitor.open("/").await;
    assert_eq!(reasons(&answer), ["undeclared"]);
    assert!(answer.text().contains("Board: large") && !visitor.holds("visitor"));
}

#[tokio::test]
async fn the_layers_own_jar_returns_a_message_for_the_visitor() {
    for (decision, why) in [(None, "not remembered yet"), (Some("refuse"), "you did not allow")] {
        let mut visitor = visitor(decision).await;
        let answer = visitor.submit("/level", &[("choice", "hard")]).await;
        assert!(answer.text().contains(why) && answer.text().contains("href=\"/consent\""), "{why}");
        // The handler set no cookie, so the layer dropped none.
        assert!(!visitor.holds("level") && reasons(&answer).is_empty(), "{why}");
    }
    let mut visitor = visitor(Some("accept")).await;
    visitor.submit("/level", &[("choice", "hard")]).await;
    assert!(visitor.holds("level"));
}

#[tokio::test]
async fn a_score_counts_only_if_its_signature_is_valid_and_it_is_allowed() {
    let mut visitor = visitor(Some("accept")).await;
    for score in ["Score: 1", "Score: 2"] {
        visitor.submit("/play", &[]).await;
        assert!(visitor.open("/").await.text().contains(score), "{score}");
    }
    let now = Clock::default().now();
    let value = visitor.jar().cookies(now).find(|cookie| cookie.name() == b"score").unwrap().value();
    let signed = String::from_utf8(value.to_vec()).unwrap();
    assert!(signed.ends_with("%3D2"), "{signed}");
    let forged = format!("score={}; Path=/", signed.replace("%3D2", "%3D9"));
    visitor.jar_mut().store(forged.as_bytes(), "/", now);
    assert!(visitor.open("/").await.text().contains("Score: 0"));
    // A signed score counts again, but not after a withdrawal, even if the browser still sends it.
    let genuine = format!("score={signed}; Path=/");
    visitor.jar_mut().store(genuine.as_bytes(), "/", now);
    assert!(visitor.open("/").await.text().contains("Score: 2"));
    visitor.submit("/consent", &[("action", "withdraw")]).await;
    assert!(!visitor.holds("score"));
    visitor.jar_mut().store(genuine.as_bytes(), "/", now);
    assert!(visitor.open("/").await.text().contains("Score: 0"));
}

#[tokio::test]
async fn it_keeps_its_promise_in_every_state_of_consent() {
    let policy = policy().unwrap();
    let site = app(ConsentLayer::new(policy.clone()));
    let forms = FORMS.into_iter().chain([("/level", "hard", "level")]);
    let probe =
        forms.fold(Probe::new(policy), |probe, (path, choice, _)| probe.submit(path, &[("choice", choice)]));
    probe.assert_promise(site).await;
}

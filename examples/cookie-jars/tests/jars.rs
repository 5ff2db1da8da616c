//! What each jar writes, and what of it leaves.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::Router;
use consent_tower::ConsentLayer;
use consent_tower::report::ConsentReport;
use consent_tower::testing::{Answer, Browser, Clock, Probe, ReportHeader, ReportHeaderLayer};
use cookie_jars::{app, policy};
use tower::Layer;

/// A visitor who has decided so, where they have.
async fn visitor(action: Option<&str>) -> Browser<ReportHeader<Router>> {
    let clock = Clock::default();
    let layer = ConsentLayer::new(policy().unwrap()).with_clock(clock.to_fn());
    let mut visitor = Browser::new(ReportHeaderLayer.layer(app(layer))).with_clock(clock);
    if let Some(action) = action {
        visitor.submit("/consent", &[("action", action)]).await;
    }
    visitor
}

/// Why cookies did not leave as they were written.
fn reasons(answer: &Answer) -> Vec<&'static str> {
    let entries = answer.report().map(ConsentReport::entries).unwrap_or_default();
    entries.iter().map(|entry| entry.cause().as_str()).collect()
}

/// By route and choice: the cookie that is to keep it.
const FORMS: [(&str, &str, &str); 3] =
    [("/theme", "dark", "theme"), ("/board", "large", "board"), ("/play", "", "score")];

#[tokio::test]
async fn without_consent_no_jar_gets_a_cookie_out() {
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
async fn with_consent_every_jar_does() {
    let mut visitor = visitor(Some("accept")).await;
    for (path, choice, name) in FORMS {
        visitor.submit(path, &[("choice", choice)]).await;
        assert!(visitor.holds(name), "{path}");
    }
    // Not every value, though, and not what is declared nowhere.
    let answer = visitor.submit("/board", &[("choice", "8f14e45f")]).await;
    assert_eq!(reasons(&answer), ["value-not-declared"]);
    let answer = visitor.open("/").await;
    assert_eq!(reasons(&answer), ["undeclared"]);
    assert!(answer.text().contains("Board: large") && !visitor.holds("visitor"));
}

#[tokio::test]
async fn the_layers_own_jar_tells_the_visitor() {
    for (decision, why) in [(None, "not remembered yet"), (Some("refuse"), "you did not allow")] {
        let mut visitor = visitor(decision).await;
        let answer = visitor.submit("/level", &[("choice", "hard")]).await;
        assert!(answer.text().contains(why) && answer.text().contains("href=\"/consent\""), "{why}");
        // Nothing was tried, so that nothing had to be dropped.
        assert!(!visitor.holds("level") && reasons(&answer).is_empty(), "{why}");
    }
    let mut visitor = visitor(Some("accept")).await;
    visitor.submit("/level", &[("choice", "hard")]).await;
    assert!(visitor.holds("level"));
}

#[tokio::test]
async fn a_score_counts_as_it_was_signed_and_while_it_is_allowed() {
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
    // What was signed counts again; not after a withdrawal, even where a browser keeps it.
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

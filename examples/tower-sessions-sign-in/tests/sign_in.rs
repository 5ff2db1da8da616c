//! Sessions, and the name in the form.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::Router;
use consent_tower::testing::{Browser, Clock, Probe};
use consent_tower::{ConsentLayer, ConsentService};
use tower_sessions_sign_in::{app, policy};

type Visitor = Browser<ConsentService<Router>>;

/// A visitor with this decision, or without one.
async fn visitor(action: Option<&str>) -> Visitor {
    let clock = Clock::default();
    let layer = ConsentLayer::new(policy().unwrap()).with_clock(clock.to_fn());
    let mut visitor = Browser::new(app(&layer, true)).with_clock(clock);
    if let Some(action) = action {
        visitor.submit("/consent", &[("action", action)]).await;
    }
    visitor
}

const DECISIONS: [Option<&str>; 3] = [None, Some("refuse"), Some("accept")];
const ADA: [(&str, &str); 2] = [("user", "ada"), ("password", "demo")];

#[tokio::test]
async fn no_visitor_gets_a_session_without_signing_in() {
    for decision in DECISIONS {
        let mut visitor = visitor(decision).await;
        for _ in 0..2 {
            assert_eq!(visitor.open("/visits").await.text(), "visit 1 of this session\n", "{decision:?}");
            visitor.open("/").await;
        }
        visitor.submit("/sign-in", &[("user", "ada"), ("password", "wrong")]).await;
        assert!(!visitor.holds("sid"), "{decision:?}");
    }
}

#[tokio::test]
async fn signing_in_needs_no_consent_and_signing_out_ends_it() {
    for decision in DECISIONS {
        let mut visitor = visitor(decision).await;
        visitor.submit("/sign-in", &ADA).await;
        assert!(visitor.holds("sid"), "{decision:?}");
        assert!(visitor.open("/").await.text().contains("Signed in as ada"), "{decision:?}");
        assert_eq!(visitor.open("/visits").await.text(), "visit 1 of this session\n");
        assert_eq!(visitor.open("/visits").await.text(), "visit 2 of this session\n");
        // Refusing signs nobody out.
        visitor.submit("/consent", &[("action", "refuse")]).await;
        assert!(visitor.holds("sid"), "{decision:?}");
        visitor.submit("/sign-out", &[]).await;
        assert!(!visitor.holds("sid"), "{decision:?}");
        assert!(!visitor.open("/").await.text().contains("Signed in"), "{decision:?}");
    }
}

#[tokio::test]
async fn the_name_is_filled_in_only_with_consent() {
    const FILLED_IN: &str = "<option selected>ada";
    for decision in DECISIONS {
        let agreed = decision == Some("accept");
        let mut visitor = visitor(decision).await;
        visitor.submit("/sign-in", &ADA).await;
        visitor.submit("/sign-out", &[]).await;
        assert_eq!(visitor.holds("user"), agreed, "{decision:?}");
        assert_eq!(visitor.open("/").await.text().contains(FILLED_IN), agreed, "{decision:?}");
        visitor.submit("/consent", &[("action", "withdraw")]).await;
        assert!(!visitor.holds("user"));
        assert!(!visitor.open("/").await.text().contains(FILLED_IN));
    }
}

#[tokio::test]
async fn it_keeps_its_promise_in_every_state_of_consent() {
    let policy = policy().unwrap();
    let site = app(&ConsentLayer::new(policy.clone()), true);
    let probe = Probe::new(policy).visit("/visits").submit("/sign-in", &ADA).submit("/sign-out", &[]);
    probe.assert_promise(site).await;
}

//! Who gets a session, and who is recognised.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{HeaderValue, Request};
use consent_core::testing::Jar;
use consent_tower::ConsentLayer;
use http_body_util::BodyExt;
use time::UtcDateTime;
use tower::ServiceExt;
use tower_sessions_sign_in::{app, policy};

/// A visitor, with a browser's jar.
struct Visitor {
    site: Router,
    jar: Jar,
}

impl Visitor {
    fn new() -> Self {
        Self { site: app(&ConsentLayer::new(policy().unwrap()), true), jar: Jar::new("shop.example") }
    }

    async fn get(&mut self, path: &str) -> String {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(&mut self, path: &str, form: &'static str) -> String {
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    async fn send(&mut self, mut request: Request<Body>) -> String {
        let (path, now) = (request.uri().path().to_owned(), UtcDateTime::now());
        if let Some(line) = self.jar.cookie_line(&path, now) {
            request.headers_mut().insert(COOKIE, HeaderValue::from_bytes(&line).unwrap());
        }
        let answer = self.site.clone().oneshot(request).await.unwrap();
        for line in answer.headers().get_all(SET_COOKIE) {
            self.jar.store(line.as_bytes(), &path, now);
        }
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    }

    fn holds(&self, name: &str) -> bool {
        self.jar.holds(name, UtcDateTime::now())
    }
}

const ADA: &str = "user=ada&password=demo";

#[tokio::test]
async fn nobody_gets_a_session_who_does_not_ask_for_one() {
    let mut visitor = Visitor::new();
    for action in [None, Some("action=accept"), Some("action=refuse")] {
        if let Some(action) = action {
            visitor.post("/consent", action).await;
        }
        for _ in 0..2 {
            assert_eq!(visitor.get("/visits").await, "visit 1 of this session\n", "{action:?}");
            visitor.get("/").await;
        }
        visitor.post("/sign-in", "user=ada&password=wrong").await;
        assert!(!visitor.holds("sid"), "{action:?}");
    }
}

#[tokio::test]
async fn signing_in_needs_no_consent_and_signing_out_ends_it() {
    for action in ["", "action=refuse", "action=accept"] {
        let mut visitor = Visitor::new();
        visitor.post("/consent", action).await;
        visitor.post("/sign-in", ADA).await;
        assert!(visitor.holds("sid"), "{action}");
        assert!(visitor.get("/").await.contains("Signed in as ada"), "{action}");
        assert_eq!(visitor.get("/visits").await, "visit 1 of this session\n");
        assert_eq!(visitor.get("/visits").await, "visit 2 of this session\n");
        // Refusing does not sign anybody out.
        visitor.post("/consent", "action=refuse").await;
        assert!(visitor.holds("sid"), "{action}");
        visitor.post("/sign-out", "").await;
        assert!(!visitor.holds("sid"), "{action}");
        assert!(!visitor.get("/").await.contains("Signed in"), "{action}");
    }
}

#[tokio::test]
async fn the_name_is_filled_in_only_where_the_visitor_agreed() {
    for (action, remembered) in [("", false), ("action=refuse", false), ("action=accept", true)] {
        let mut visitor = Visitor::new();
        visitor.post("/consent", action).await;
        visitor.post("/sign-in", ADA).await;
        visitor.post("/sign-out", "").await;
        assert_eq!(visitor.holds("user"), remembered, "{action}");
        let is_filled_in =
            async |visitor: &mut Visitor| visitor.get("/").await.contains("<option selected>ada");
        assert_eq!(is_filled_in(&mut visitor).await, remembered, "{action}");
        visitor.post("/consent", "action=withdraw").await;
        assert!(!visitor.holds("user"));
        assert!(!is_filled_in(&mut visitor).await);
    }
}

//! What each jar writes, and what of it leaves.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{HeaderValue, Request, Response};
use axum::response::IntoResponse;
use consent_tower::{ConsentLayer, ConsentReport};
use cookie_jars::{app, policy};
use tower::ServiceExt;

fn site() -> Router {
    app(ConsentLayer::new(policy().unwrap()).with_development_header())
}

/// A form that is posted with these cookies.
async fn post(site: &Router, path: &str, form: &'static str, cookies: &str) -> Response<Body> {
    let request = Request::post(path)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(COOKIE, cookies)
        .body(Body::from(form));
    site.clone().oneshot(request.unwrap()).await.into_response()
}

/// The names and values of what an answer sets, as a `Cookie` line has them.
fn set<B>(answer: &Response<B>) -> String {
    let lines = answer.headers().get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    lines.map(|line| line.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

/// The consent cookie of a visitor who decided so.
async fn decided(site: &Router, action: &'static str) -> String {
    set(&post(site, "/consent", action, "").await)
}

/// Why cookies did not leave as they were written.
fn reasons<B>(answer: &Response<B>) -> Vec<&'static str> {
    let report = answer.extensions().get::<ConsentReport>();
    report.map_or(Vec::new(), |report| report.entries().iter().map(|entry| entry.reason().as_str()).collect())
}

const FORMS: [(&str, &str, &str); 3] = [
    ("/theme", "choice=dark", "theme=dark"),
    ("/board", "choice=large", "board=large"),
    ("/play", "", "score="),
];

#[tokio::test]
async fn without_consent_no_jar_gets_a_cookie_out() {
    let site = site();
    let refused = decided(&site, "action=refuse").await;
    for (path, form, _) in FORMS {
        for (cookies, reason) in [("", "undecided"), (&refused, "refused")] {
            let answer = post(&site, path, form, cookies).await;
            assert_eq!(set(&answer), "", "{path}, {reason}");
            assert_eq!(reasons(&answer), [reason], "{path}");
            let header = answer.headers().get("consent-report").map(HeaderValue::as_bytes).unwrap();
            assert!(header.ends_with(reason.as_bytes()));
        }
    }
}

#[tokio::test]
async fn with_consent_every_jar_does() {
    let site = site();
    let granted = decided(&site, "action=accept").await;
    for (path, form, expected) in FORMS {
        let answer = post(&site, path, form, &granted).await;
        assert!(set(&answer).starts_with(expected), "{path}: {}", set(&answer));
    }
    // Not every value, though, and not what is declared nowhere.
    let answer = post(&site, "/board", "choice=8f14e45f", &granted).await;
    assert_eq!((set(&answer).as_str(), reasons(&answer)), ("", vec!["value-not-declared"]));
    let home = Request::get("/").header(COOKIE, granted).body(Body::empty()).unwrap();
    let answer = site.oneshot(home).await.unwrap();
    assert_eq!((set(&answer).as_str(), reasons(&answer)), ("", vec!["undeclared"]));
}

#[tokio::test]
async fn a_score_counts_as_it_was_signed_and_while_it_is_allowed() {
    let site = site();
    let (granted, refused) = (decided(&site, "action=accept").await, decided(&site, "action=refuse").await);
    let first = set(&post(&site, "/play", "", &granted).await);
    let second = set(&post(&site, "/play", "", &format!("{granted}; {first}")).await);
    assert!(first.ends_with("%3D1") && second.ends_with("%3D2"), "{first}, {second}");
    let forged = second.replace("%3D2", "%3D9");
    let score = async |cookies: String| {
        let request = Request::get("/").header(COOKIE, cookies).body(Body::empty()).unwrap();
        let answer = site.clone().oneshot(request).await.unwrap();
        let page = axum::body::to_bytes(Body::new(answer.into_body()), usize::MAX).await.unwrap();
        let page = String::from_utf8(page.to_vec()).unwrap();
        page.split_once("Score: ").unwrap().1.split_once('<').unwrap().0.to_owned()
    };
    assert_eq!(score(format!("{granted}; {second}")).await, "2");
    assert_eq!(score(format!("{granted}; {forged}")).await, "0");
    assert_eq!(score(format!("{refused}; {second}")).await, "0");
}

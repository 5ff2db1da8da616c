//! Presets for the cookies of frameworks and load balancers.

use crate::support::*;
use bytes::Bytes;
use consent_tower::ConsentLayer;
use http::Request;
use http_body_util::Full;

const PRESETS: &str = r#"
[[storage]]
preset = "tower-sessions"
issued_on = ["POST /log-in"]

[[storage]]
preset = "session"
name = "__Host-app*"
issued_on = ["GET /callback"]

[[storage]]
preset = "axum-csrf"

[[storage]]
preset = "axum-flash"

[[storage]]
preset = "aws-alb"
"#;

/// Cookies as tower-sessions, `axum_csrf` and axum-flash set them.
const SESSION: &str = "id=p2LBeOGLfCWHFkKDmyyFiw; HttpOnly; SameSite=Strict; Secure; Path=/";
const CSRF: &str = "Csrf_Token=abc; HttpOnly; SameSite=Lax; Path=/; Expires=Mon, 23 Nov 2026 06:00:00 GMT";
const FLASH: &str = "axum-flash=%5B%5D; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=600";

fn with_presets() -> ConsentLayer {
    ConsentLayer::new(policy_with(PRESETS)).with_clock(today)
}

fn on(method: &str, path: &str) -> Request<Full<Bytes>> {
    let mut request = empty(visit(path));
    *request.method_mut() = method.parse().unwrap();
    request
}

#[tokio::test]
async fn a_session_begins_only_on_the_sign_in_route() {
    let layer = with_presets();
    let everybody = send(&layer, on("GET", "/"), setting(&[SESSION])).await;
    assert!(everybody.cookies().is_empty());
    assert_eq!(everybody.reasons(), [("id".to_owned(), "not-requested")]);
    let signing_in = send(&layer, on("POST", "/log-in"), setting(&[SESSION])).await;
    assert_eq!(signing_in.cookies(), [SESSION.as_bytes()]);
    let renewed =
        send(&layer, with_cookies(on("GET", "/"), "id=p2LBeOGLfCWHFkKDmyyFiw"), setting(&[SESSION])).await;
    assert_eq!(renewed.cookies(), [SESSION.as_bytes()]);
}

#[tokio::test]
async fn a_refusal_does_not_affect_exempt_presets() {
    let request = with_cookies(on("POST", "/log-in"), REFUSED);
    let answer = send(&with_presets(), request, setting(&[SESSION, CSRF, FLASH])).await;
    assert_eq!(answer.cookies(), [SESSION.as_bytes(), CSRF.as_bytes(), FLASH.as_bytes()]);
}

#[tokio::test]
async fn a_flash_message_is_set_only_by_requests_that_change_something() {
    let layer = with_presets();
    assert!(send(&layer, on("PATCH", "/notes/1"), setting(&[FLASH])).await.sets("axum-flash"));
    assert!(!send(&layer, on("GET", "/notes/1"), setting(&[FLASH])).await.sets("axum-flash"));
}

#[tokio::test]
async fn the_parts_of_a_session_get_the_same_verdict() {
    let layer = with_presets();
    let chunks = [
        "__Host-app=2; Path=/; Secure; HttpOnly",
        "__Host-app-0=x; Path=/; Secure; HttpOnly",
        "__Host-appC1=y; Path=/; Secure; HttpOnly",
    ];
    assert!(send(&layer, on("GET", "/"), setting(&chunks)).await.cookies().is_empty());
    assert_eq!(send(&layer, on("GET", "/callback"), setting(&chunks)).await.cookies().len(), 3);
    let renewed = with_cookies(on("GET", "/"), "__Host-app-0=x");
    assert_eq!(send(&layer, renewed, setting(&chunks)).await.cookies().len(), 3, "one of them is enough");
}

#[tokio::test]
async fn the_application_sees_what_a_load_balancer_set() {
    let cookies = "AWSALB=a; AWSALBCORS=b; AWSALBAPP-0=c";
    let seen = seen_by_application(&with_presets(), with_cookies(on("GET", "/"), cookies)).await;
    assert_eq!(cookie_lines(&seen), [cookies.as_bytes()]);
}

#[tokio::test]
async fn the_policy_page_shows_purpose_and_exemption_of_presets() {
    let layer = with_presets();
    let mut german = on("GET", "/consent/policy");
    german.headers_mut().insert("accept-language", "de".parse().unwrap());
    let page = ask(&layer, german).await;
    for words in
        ["Csrf_Token", "wirklich von Ihnen kommt", "Es schützt Sie und diese Website.", "AWSALB", "6 Stunden"]
    {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let data = ask(&layer, on("GET", "/consent/policy.json")).await.json();
    let storage = data["storage"].as_array().unwrap();
    let balancer = storage.iter().find(|stored| stored["name"] == "AWSALB*").unwrap();
    assert_eq!((&balancer["exempt"], &balancer["lifetime"]), (&"load-balancing".into(), &604_800.into()));
}

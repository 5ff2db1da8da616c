//! Names as frameworks write them: more than tokens, and patterns with two ends.

use crate::support::*;
use axum::Router;
use axum::routing::any;
use consent_core::Policy;
use consent_tower::ConsentLayer;
use consent_tower::jar::ConsentJar;
use consent_tower::jar::cookie::Cookie;
use tower::{Layer, ServiceExt};

const TABLES: &str = r#"
[[storage]]
name = "cart[items]"
kind = "cookie"
category = "functionality"
purpose.en = "Keeps your basket."
lifetime = "1d"
provider = "first-party"

[[storage]]
name = "_pk_id.*.1fff"
kind = "cookie"
category = "functionality"
purpose.en = "Counts visits."
lifetime = "30d"
provider = "first-party"

[[storage]]
name = "koa:sess*"
kind = "cookie"
category = "functionality"
purpose.en = "Keeps a draft."
lifetime = "session"
provider = "first-party"
"#;

const DECLARED: [&str; 6] =
    ["cart[items]", "_pk_id.7.1fff", "_pk_id..1fff", "_pk_id.[7].1fff", "koa:sess", "koa:sess.sig"];

const UNDECLARED: [&str; 9] = [
    "cart[item]",
    "cart",
    "cart%5Bitems%5D",
    "_pk_id.1fff",
    "_pk_id.7.2fff",
    "_pk_id.7.1fffx",
    "x_pk_id.7.1fff",
    "_pk_id.,.1fff",
    "koa:sess\\",
];

fn layer() -> ConsentLayer {
    ConsentLayer::new(policy_with(TABLES)).with_clock(today)
}

#[tokio::test]
async fn such_cookies_leave_when_they_are_allowed_and_never_before() {
    for name in DECLARED {
        let line = format!("{name}=1; Path=/");
        for (state, cookie) in STATES {
            let request =
                cookie.map_or_else(|| empty(visit("/")), |cookie| with_cookies(empty(visit("/")), cookie));
            let answer = send(&layer(), request, setting(&[&line])).await;
            assert_eq!(answer.sets(name), state == "granting", "{name}, {state}");
        }
    }
    for name in UNDECLARED {
        let answer =
            send(&layer(), with_cookies(empty(visit("/")), GRANTED), setting(&[&format!("{name}=1")])).await;
        assert!(answer.cookies().is_empty(), "{name}");
        assert_eq!(answer.reasons()[0].1, "undeclared", "{name}");
    }
}

#[tokio::test]
async fn the_application_sees_them_when_they_are_allowed_and_a_refusal_expires_them() {
    let all =
        DECLARED.iter().chain(&UNDECLARED).map(|name| format!("{name}=1")).collect::<Vec<_>>().join("; ");
    let granted = with_cookies(empty(visit("/")), &format!("{GRANTED}; {all}"));
    let seen = seen_by_application(&layer(), granted).await;
    let seen = String::from_utf8(cookie_lines(&seen).join(&b"; "[..])).unwrap();
    for name in DECLARED {
        assert!(seen.split("; ").any(|pair| pair == format!("{name}=1")), "{name}: {seen}");
    }
    for name in UNDECLARED {
        assert!(!seen.split("; ").any(|pair| pair == format!("{name}=1")), "{name}: {seen}");
    }
    let answer = ask(&layer(), with_cookies(form("action=refuse"), &all)).await;
    for name in DECLARED {
        assert!(answer.cookie(name).is_deletion(), "{name}");
    }
    for name in UNDECLARED {
        assert!(!answer.sets(name), "{name}");
    }
}

#[tokio::test]
async fn the_policy_page_shows_both_ends() {
    let answer = ask(&layer(), empty(visit("/consent/policy"))).await;
    for part in ["cart[items]", "_pk_id.</code> and ends with <code dir=\"ltr\">.1fff", "koa:sess"] {
        assert!(answer.text().contains(part), "{part}");
    }
    let data = ask(&layer(), empty(visit("/consent/policy.json"))).await;
    assert!(data.text().contains("\"_pk_id.*.1fff\""), "{}", data.text());
}

async fn jar_writes(policy: Policy, name: &'static str) -> Option<String> {
    let handler = async move |mut jar: ConsentJar| {
        let _ = jar.add(Cookie::build((name, "a b")).path("/").build());
        jar
    };
    let site = ConsentLayer::new(policy).with_clock(today).layer(Router::new().route("/", any(handler)));
    let request = visit("/").header("cookie", GRANTED).body(axum::body::Body::empty()).unwrap();
    let answer = Answer::read(site.oneshot(request).await.unwrap()).await;
    answer.cookies().first().map(|line| String::from_utf8(line.to_vec()).unwrap())
}

#[tokio::test]
async fn the_jar_writes_a_name_as_the_policy_declares_it() {
    let plain = jar_writes(policy_with(TABLES), "cart[items]").await;
    assert_eq!(plain.as_deref(), Some("cart[items]=a%20b; Path=/"));
    let encoded = TABLES.replace("cart[items]", "cart%5Bitems%5D");
    let line = jar_writes(policy_with(&encoded), "cart[items]").await.expect("the encoded name is declared");
    assert!(line.starts_with("cart") && line.ends_with("=a%20b; Path=/"), "{line}");
    assert_eq!(jar_writes(policy_with(TABLES), "cart[other]").await, None);
}

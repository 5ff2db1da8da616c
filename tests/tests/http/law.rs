//! What the chapter on the law claims of responses and no other file tests.

use crate::support::*;
use consent_core::Policy;
use consent_tower::ConsentLayer;
use http::{Method, StatusCode};

const STATISTICS: &str = r#"
[categories.statistics]
label.en = "Statistics"
label.de = "Statistik"
purpose.en = "To count visits."
purpose.de = "Um Besuche zu zählen."
regime = "objectable"
signals = ["gpc"]

[[storage]]
name = "_pk_id.*.1fff"
kind = "cookie"
category = "statistics"
purpose.en = "Counts visits."
purpose.de = "Zählt Besuche."
lifetime = "30d"
provider = "first-party"
"#;

fn honouring() -> ConsentLayer {
    ConsentLayer::new(policy_with(STATISTICS)).with_clock(today)
}

/// Global Privacy Control, section 4: an object with the members `gpc` and `lastUpdate`, a date (RFC 3339).
#[tokio::test]
async fn the_signal_is_claimed_where_the_policy_honours_it() {
    let answer = ask(&honouring(), empty(visit("/.well-known/gpc.json"))).await;
    assert_eq!((answer.status, answer.header("content-type").as_str()), (StatusCode::OK, "application/json"));
    let claimed = answer.json();
    assert_eq!(claimed, serde_json::json!({ "gpc": true, "lastUpdate": "2023-02-09" }));
    assert!(answer.cookies().is_empty());

    let mut head = empty(visit("/.well-known/gpc.json"));
    *head.method_mut() = Method::HEAD;
    let head = ask(&honouring(), head).await;
    assert_eq!((head.status, head.text()), (StatusCode::OK, ""));
    let mut post = empty(visit("/.well-known/gpc.json"));
    *post.method_mut() = Method::POST;
    assert_eq!(ask(&honouring(), post).await.status, StatusCode::METHOD_NOT_ALLOWED);
    // And the claim is true: with the signal, nothing of the category is stored.
    let granted = "__Host-consent=1-20261101.functionality:g.statistics:g";
    for (signal, kept) in [(None, true), (Some("1"), false)] {
        let mut request = with_cookies(empty(visit("/")), granted);
        if let Some(signal) = signal {
            request.headers_mut().insert("sec-gpc", signal.parse().unwrap());
        }
        let answer = send(&honouring(), request, setting(&["_pk_id.7.1fff=1; Path=/"])).await;
        assert_eq!(answer.sets("_pk_id.7.1fff"), kept, "{signal:?}: {answer:?}");
    }
}

/// A policy with an earlier revision, whose text is part of the document.
fn revised() -> Policy {
    let document = [
        include_str!("policy.toml"),
        r#"
document.en = "What the first version said, word for word."
document.de = "Was die erste Fassung sagte, Wort für Wort."

[[revisions]]
number = 2
effective = 2026-10-01
summary.en = "Second version."
summary.de = "Zweite Fassung."
document.en = "What the second version says."
document.de = "Was die zweite Fassung sagt."
"#,
    ]
    .concat();
    Policy::from_toml(&document).unwrap()
}

#[tokio::test]
async fn each_revision_has_a_page_of_its_own_with_its_text_and_the_log_has_all() {
    let layer = ConsentLayer::new(revised()).with_clock(today);
    let page = async |path: &str| ask(&layer, empty(visit(path))).await;
    let first = page("/consent/policy/1").await;
    assert_eq!(first.status, StatusCode::OK);
    assert!(first.text().contains("What the first version said, word for word."), "{}", first.text());
    assert!(!first.text().contains("What the second version says."));
    let second = page("/consent/policy/2").await;
    assert!(second.text().contains("2026-10-01") && !second.text().contains("word for word"));
    let log = page("/consent/policy").await;
    for part in ["First version.", "Second version.", "/consent/policy/1", "2023", "2026"] {
        assert!(log.text().contains(part), "{part}: {}", log.text());
    }
    assert_eq!(page("/consent/policy/3").await.status, StatusCode::NOT_FOUND);
}

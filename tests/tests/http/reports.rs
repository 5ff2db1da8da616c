//! What browsers report, and what the inventory makes of it.

use crate::html::page;
use crate::support::*;
use consent_tower::report::Inventory;
use consent_tower::{ConsentLayer, Policy};
use http::{Request, StatusCode};
use http_body_util::Full;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use time::{Duration, UtcDateTime};

const REPORT: &str = r#"[{"type":"csp-violation","age":9,"url":"https://site.example/secret?a=1","user_agent":"Mosaic",
    "body":{"blockedURL":"https://font.example/a.woff2?token=1","effectiveDirective":"font-src","documentURL":"https://site.example/secret"}}]"#;

fn report(content_type: &str, body: &str) -> Request<Full<bytes::Bytes>> {
    let request = Request::post("/consent/reports").header("host", "site.example");
    request.header("content-type", content_type).body(Full::from(body.to_owned())).unwrap()
}

fn with(inventory: &Inventory) -> ConsentLayer {
    layer().with_inventory(inventory.clone())
}

#[tokio::test]
async fn origin_and_directive_of_a_report_are_kept_and_nothing_else() {
    let inventory = Inventory::new();
    let answer = send(&with(&inventory), report("application/reports+json", REPORT), page("")).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::NO_CONTENT, 0));
    let one = r#"{"csp-report":{"blocked-uri":"https://font.example/b","violated-directive":"font-src","document-uri":"https://site.example/secret"}}"#;
    assert_eq!(send(&with(&inventory), report("application/csp-report", one), page("")).await.status, 204);
    assert_eq!(inventory.origins(), [("https://font.example".to_owned(), 2)]);
    let draft = inventory.to_string();
    for kept in ["woff2", "token", "secret", "Mosaic"] {
        assert!(!draft.contains(kept) && !format!("{inventory:?}").contains(kept), "{draft}");
    }
    assert!(draft.contains("font-src") && draft.contains("origins = [\"https://font.example\"]"), "{draft}");
}

#[tokio::test]
async fn a_draft_completes_a_policy() {
    let inventory = Inventory::new();
    send(&with(&inventory), report("application/reports+json", REPORT), page("")).await;
    let html = "<!doctype html><body><script src=\"https://cdn.example/a.js\"></script></body>";
    send(&with(&inventory), empty(visit("/notes")), page(html)).await;
    let draft = inventory.to_string();
    let completed = draft.replace("provider = \"\"", "provider = \"Some Ltd.\"").replace(
        "purpose.en = \"\"",
        "label.de = \"Dienst\"\npurpose.en = \"Helps.\"\npurpose.de = \"Hilft.\"",
    );
    let policy = Policy::from_toml(&[include_str!("policy.toml"), &completed].concat()).unwrap();
    let ids: Vec<_> = policy.services().iter().map(|service| service.id().to_owned()).collect();
    assert_eq!(ids, ["cdn-example", "font-example"], "{draft}");
}

#[tokio::test]
async fn a_malformed_report_is_refused_and_nothing_is_kept() {
    let inventory = Inventory::new();
    let layer = with(&inventory);
    let cut = &REPORT[..REPORT.len() - 1];
    let second = REPORT.replacen("}}]", "}},{\"type\":\"csp-violation\",\"body\":{}}]", 1);
    let cases = [
        ("application/reports+json", "", 400),
        ("application/reports+json", cut, 400),
        ("application/reports+json", &second, 400),
        ("application/reports+json", "{}", 400),
        ("application/csp-report", REPORT, 400),
        ("application/json", REPORT, 415),
        ("text/plain", REPORT, 415),
        ("application/x-www-form-urlencoded", "a=b", 415),
    ];
    for (content_type, body, status) in cases {
        let answer = send(&layer, report(content_type, body), page("")).await;
        assert_eq!(answer.status, status, "{content_type}: {body}");
        assert_eq!(answer.json()["status"], status, "a program reads the response");
    }
    let large = format!("[{}]", " ".repeat(70_000));
    assert_eq!(send(&layer, report("application/reports+json", &large), page("")).await.status, 413);
    for method in ["GET", "PUT", "DELETE"] {
        let request =
            Request::builder().method(method).uri("/consent/reports").header("host", "site.example");
        let answer = send(&layer, empty(request), page("")).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST".to_owned()), "{method}");
    }
    assert_eq!(inventory.origins(), []);
}

#[tokio::test]
async fn reports_about_declared_services_are_no_news() {
    let inventory = Inventory::new();
    let declared = r#"
[[services]]
id = "font"
label = { en = "Font", de = "Schrift" }
provider = "Font Ltd."
category = "functionality"
purpose = { en = "Font.", de = "Schrift." }
origins = ["https://font.example"]
"#;
    let layer = ConsentLayer::new(policy_with(declared)).with_inventory(inventory.clone());
    assert_eq!(send(&layer, report("application/reports+json", REPORT), page("")).await.status, 204);
    assert_eq!(inventory.origins(), []);
}

#[tokio::test]
async fn a_flood_of_reports_is_not_read() {
    let inventory = Inventory::new();
    let seconds = Arc::new(AtomicI64::new(0));
    let clock = Arc::clone(&seconds);
    let now = move || UtcDateTime::UNIX_EPOCH + Duration::seconds(clock.load(Ordering::Relaxed));
    let layer = layer().with_clock(now).with_inventory(inventory.clone());
    let counted = || inventory.origins().first().map_or(0, |(_, count)| *count);
    for _ in 0..400 {
        let answer = send(&layer, report("application/reports+json", REPORT), page("")).await;
        assert_eq!(answer.status, 204);
    }
    assert!((100..150).contains(&counted()), "{}", counted());
    let before = counted();
    seconds.store(60, Ordering::Relaxed);
    send(&layer, report("application/reports+json", REPORT), page("")).await;
    assert_eq!(counted(), before + 1);
}

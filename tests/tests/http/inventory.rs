//! The names of what scripts store, which the script for the inventory sends.

use crate::support::*;
use bytes::Bytes;
use consent_core::policy::Kind;
use consent_tower::Mode;
use consent_tower::report::Inventory;
use http::{Request, StatusCode};
use http_body_util::Full;

fn names(body: &str) -> Request<Full<Bytes>> {
    Request::post("/consent/inventory")
        .header("host", "site.example")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded;charset=UTF-8")
        .body(Full::from(body.to_owned()))
        .unwrap()
}

#[tokio::test]
async fn it_collects_what_scripts_store_and_the_policy_does_not_declare() {
    for mode in [Mode::ReportOnly, Mode::Enforce] {
        let inventory = Inventory::new();
        let layer = layer().with_mode(mode).with_inventory(inventory.clone());
        let body = "local-storage=ajs%5Banonymous%5D&local-storage=ajs%5Banonymous%5D&session-storage=tab&\
                    indexed-db=tracker&cache-storage=v1&service-worker=%2Fworker.js&cookie=_ga&\
                    cookie=theme&other=getDirectory&embed=x";
        let answer = ask(&layer, names(body)).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::NO_CONTENT, ""));
        assert!(answer.header("cache-control").contains("no-store") && answer.cookies().is_empty());
        let found = inventory.stored_by_scripts();
        let expected = [
            (Kind::Cookie, "_ga", 1),
            (Kind::LocalStorage, "ajs[anonymous]", 2),
            (Kind::SessionStorage, "tab", 1),
            (Kind::IndexedDb, "tracker", 1),
            (Kind::CacheStorage, "v1", 1),
            (Kind::ServiceWorker, "/worker.js", 1),
        ];
        assert_eq!(found, expected.map(|(kind, name, count)| (kind, name.to_owned(), count)));
        let draft = inventory.to_string();
        for part in [
            "name = \"ajs[anonymous]\"\nkind = \"local-storage\"",
            "name = \"tab\"\nkind = \"session-storage\"\n",
            "lifetime = \"session\"",
            "# Stored by scripts, as 2 pages reported.",
        ] {
            assert!(draft.contains(part), "{part}: {draft}");
        }
    }
}

#[tokio::test]
async fn only_pages_of_this_site_add_names() {
    let inventory = Inventory::new();
    let layer = layer().with_inventory(inventory.clone());
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
    ] {
        let mut request = names("local-storage=x");
        request.headers_mut().remove("sec-fetch-site");
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(ask(&layer, request).await.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert_eq!(ask(&layer, empty(visit("/consent/inventory"))).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(inventory.stored_by_scripts(), []);
}

#[tokio::test]
async fn what_pages_send_is_bounded() {
    let inventory = Inventory::new();
    let layer = layer().with_inventory(inventory.clone());
    let answer = ask(&layer, names(&"local-storage=x&".repeat(600))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let many = (0..600).map(|number| format!("cookie={number}")).collect::<Vec<_>>().join("&");
    assert_eq!(ask(&layer, names(&many)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(inventory.stored_by_scripts().len(), 128);
    ask(&layer, names(&format!("local-storage={}", "n".repeat(300)))).await;
    assert!(!inventory.to_string().contains("nnn"));
    // A name that a response set stays, whatever pages send.
    send(&layer, empty(visit("/")), setting(&["_ga=1"])).await;
    for round in 0..10 {
        let many =
            (0..128).map(|number| format!("local-storage={round}-{number}")).collect::<Vec<_>>().join("&");
        ask(&layer, names(&many)).await;
    }
    assert_eq!(inventory.stored_by_scripts().len(), 255);
    assert!(inventory.names().contains(&("_ga".to_owned(), 1, 0)));
}

#[tokio::test]
async fn without_an_inventory_the_path_belongs_to_the_application() {
    assert!(is_application(&ask(&layer(), names("local-storage=x")).await));
}

//! `GET /consent`.

use crate::support::*;
use http::{Request, StatusCode};

async fn state(cookie: Option<&str>) -> Answer {
    let request = empty(Request::get("/consent").header("accept", "application/json"));
    let request = match cookie {
        Some(cookie) => with_cookies(request, cookie),
        None => request,
    };
    ask(&layer(), request).await
}

fn expected(prompt: bool, state: &str, allowed: bool) -> String {
    format!(
        r#"{{"revision":1,"day":"2026-11-23","prompt":{prompt},"categories":{{"functionality":{{"state":"{state}","allowed":{allowed},"regime":"opt-in"}}}}}}"#
    )
}

#[tokio::test]
async fn the_state_as_json_is_exact() {
    let cases = [
        (None, true, "undecided", false),
        (Some("__Host-consent=junk"), true, "undecided", false),
        (Some(GRANTED), false, "granted", true),
        (Some(REFUSED), false, "refused", false),
    ];
    for (cookie, prompt, word, allowed) in cases {
        let answer = state(cookie).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.text(), expected(prompt, word, allowed), "{cookie:?}");
    }
}

#[tokio::test]
async fn the_settings_are_neither_stored_nor_framed() {
    for accept in ["application/json", "text/html"] {
        let answer = ask(&layer(), empty(Request::get("/consent").header("accept", accept))).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert!(answer.header("vary").to_lowercase().contains("cookie"));
        assert!(answer.cookies().is_empty(), "looking decides nothing");
    }
}

#[tokio::test]
async fn the_settings_are_a_page_without_a_script() {
    for (state, cookie) in STATES {
        let request = empty(visit("/consent?return=%2Fnotes"));
        let request = match cookie {
            Some(cookie) => with_cookies(request, cookie),
            None => request,
        };
        let answer = ask(&layer(), request).await;
        let page = answer.text();
        assert!(page.to_ascii_lowercase().starts_with("<!doctype html>"));
        assert!(page.contains("method=\"post\"") && page.contains("action=\"/consent\""), "{page}");
        assert!(page.contains("name=\"category\""), "{state}");
        assert!(page.contains("value=\"functionality\""), "{state}");
        assert_eq!(page.contains("value=\"withdraw\""), state == "granting", "one-press withdrawal: {state}");
        assert!(page.contains("value=\"/notes\""), "it leads back: {state}");
        assert!(!page.contains("<script>") && !page.contains("style=\""), "nothing inline: {state}");
        let lower = page.to_lowercase();
        assert!(!lower.contains("by using this website you consent"));
    }
}

#[tokio::test]
async fn a_box_is_ticked_only_for_a_grant() {
    for (state, cookie) in STATES {
        let request = with_cookies(empty(visit("/consent")), cookie.unwrap_or("x=1"));
        let answer = ask(&layer(), request).await;
        let page = answer.text();
        let start = page.find("name=\"category\"").unwrap();
        let open = page[..start].rfind('<').unwrap();
        let tag = &page[open..open + page[open..].find('>').unwrap()];
        assert_eq!(tag.contains("checked"), state == "granting", "{state}: {tag}");
    }
}

#[tokio::test]
async fn a_return_path_to_another_site_is_not_in_the_page() {
    for path in [
        "//evil.example",
        "https://evil.example",
        "/%5Cevil.example",
        "%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    ] {
        let answer = ask(&layer(), empty(visit(&format!("/consent?return={path}")))).await;
        assert!(!answer.text().contains("evil.example"), "{path}");
        assert!(!answer.text().contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn the_settings_are_in_the_visitors_language() {
    let german = visit("/consent").header("accept-language", "fr;q=0.9, de-AT, en;q=0.1");
    let answer = ask(&layer(), empty(german)).await;
    assert!(answer.text().contains("<html lang=\"de\""), "{}", &answer.text()[..200]);
    assert!(answer.header("vary").to_lowercase().contains("accept-language"));
    let other = ask(&layer(), empty(visit("/consent").header("accept-language", "xx, \u{fffd}"))).await;
    assert!(other.text().contains("<html lang=\"en\""));
}

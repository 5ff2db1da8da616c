//! `POST /consent`.

use crate::support::*;
use http::StatusCode;
use http::header::COOKIE;

#[tokio::test]
async fn a_form_that_accepts_redirects_back_and_sets_one_cookie() {
    let answer = ask(&layer(), form("action=accept&return=%2Fnotes%3Fpage%3D2")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/notes?page=2#consent-saved");
    assert_eq!(answer.cookies().len(), 1);
    let cookie = answer.cookie("__Host-consent");
    assert_eq!(cookie.value, "1-20261123.functionality:g");
    assert_eq!(cookie.attribute("max-age"), Some("15552000"));
    assert_eq!(cookie.attribute("path"), Some("/"));
    assert_eq!(cookie.attribute("samesite"), Some("Lax"));
    assert!(cookie.attribute("secure").is_some());
    assert_eq!((cookie.attribute("domain"), cookie.attribute("httponly")), (None, None));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn over_plain_http_the_cookie_has_another_name_and_no_secure() {
    let answer = ask(&layer().dangerous_allow_http(), form("action=accept")).await;
    assert_eq!(answer.cookies().len(), 1);
    let cookie = answer.cookie("consent");
    assert_eq!(cookie.attribute("secure"), None);
    assert_eq!(cookie.attribute("path"), Some("/"));
}

#[tokio::test]
async fn each_action_leads_to_its_state() {
    let cases = [
        ("action=accept", "functionality:g"),
        ("action=refuse", "functionality:r"),
        ("action=withdraw", "functionality:r"),
        ("action=object", "functionality:r"),
        ("action=save", "functionality:r"),
        ("action=save&category=functionality", "functionality:g"),
        ("action=save&category=functionality&category=functionality", "functionality:g"),
        // Browsers send the boxes of the settings with every button of the form.
        ("action=refuse&category=functionality", "functionality:r"),
    ];
    for (fields, state) in cases {
        for before in [None, Some(GRANTED), Some(REFUSED)] {
            let request = match before {
                Some(cookie) => with_cookies(form(fields), cookie),
                None => form(fields),
            };
            let answer = ask(&layer(), request).await;
            let cookie = answer.cookie("__Host-consent");
            assert_eq!(cookie.value, format!("1-20261123.{state}"), "{fields} after {before:?}");
        }
    }
}

#[tokio::test]
async fn refusals_of_two_visitors_are_equal() {
    let one = ask(&layer(), form("action=refuse")).await;
    let other = with_cookies(form("action=refuse"), "sid=somebody; theme=x; __Host-consent=junk");
    let other = ask(&layer(), other).await;
    assert_eq!(one.cookies()[0], other.cookies()[0]);
}

#[tokio::test]
async fn a_withdrawal_deletes_cookies_with_the_same_response() {
    let sent = format!("{GRANTED}; theme=dark; pref_a=1; pref_b=2; visit=3; sid=mine; _ga=foreign");
    for fields in ["action=withdraw", "action=refuse", "action=save"] {
        let answer = ask(&layer(), with_cookies(form(fields), &sent)).await;
        for name in ["theme", "pref_a", "pref_b", "visit"] {
            let cookie = answer.cookie(name);
            assert!(cookie.is_deletion(), "{name} after {fields}: {cookie:?}");
            assert_eq!((cookie.attribute("path"), cookie.attribute("domain")), (Some("/"), None));
        }
        assert!(!answer.sets("sid"), "a session is the visitor's own");
        assert!(!answer.sets("_ga"), "what is not declared may stand beside us");
        assert!(answer.headers.get("clear-site-data").is_none());
    }
}

#[tokio::test]
async fn accepting_deletes_nothing() {
    let answer = ask(&layer(), with_cookies(form("action=accept"), "theme=dark; pref_a=1")).await;
    assert_eq!(answer.cookies().len(), 1);
}

#[tokio::test]
async fn erasing_deletes_the_decision_too() {
    let sent = format!("{GRANTED}; theme=dark; pref_a=1");
    let answer = ask(&layer(), with_cookies(form("action=erase"), &sent)).await;
    for name in ["__Host-consent", "theme", "pref_a"] {
        assert!(answer.cookie(name).is_deletion(), "{name}: {answer:?}");
    }
    assert!(answer.cookie("__Host-consent").attribute("secure").is_some(), "or the prefix forbids it");
}

#[tokio::test]
async fn a_script_gets_the_new_state() {
    let answer = ask(&layer(), json(r#"{"action":"save","category":["functionality"]}"#)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(
        answer.text(),
        r#"{"revision":1,"day":"2026-11-23","prompt":false,"categories":{"functionality":{"state":"granted","allowed":true,"regime":"opt-in"}}}"#
    );
    assert_eq!(answer.cookie("__Host-consent").value, "1-20261123.functionality:g");
    let answer = ask(&layer(), json(r#"{"action":"withdraw","return":"/x"}"#)).await;
    assert_eq!(answer.json()["categories"]["functionality"]["state"], "refused");
}

#[tokio::test]
async fn an_accept_header_selects_the_format_of_the_response() {
    let mut request = form("action=refuse");
    request.headers_mut().insert("accept", "application/json".parse().unwrap());
    assert_eq!(ask(&layer(), request).await.status, StatusCode::OK);
    let mut request = form("action=refuse");
    request.headers_mut().insert("accept", "*/*".parse().unwrap());
    assert_eq!(ask(&layer(), request).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_decision_does_not_reach_the_application() {
    let request = with_cookies(form("action=accept"), "sid=1");
    assert!(request.headers().contains_key(COOKIE));
    assert!(!is_application(&ask(&layer(), request).await));
    assert!(!is_application(&ask(&layer(), form("action=nonsense")).await));
}

#[tokio::test]
async fn the_same_decision_twice_gets_the_same_response() {
    for fields in ["action=accept", "action=refuse", "action=withdraw", "action=erase", "action=save"] {
        let first = ask(&layer(), form(fields)).await;
        let cookie = first.cookie("__Host-consent");
        let kept = format!("__Host-consent={}; theme=dark", cookie.value);
        let again = with_cookies(form(fields), if cookie.is_deletion() { "theme=dark" } else { &kept });
        let again = ask(&layer(), again).await;
        assert_eq!(again.cookie("__Host-consent").value, cookie.value, "{fields}");
        assert_eq!((again.status, again.location()), (first.status, first.location()), "{fields}");
    }
}

#[tokio::test]
async fn a_form_of_a_cached_page_works_for_every_visitor() {
    // The form contains no secret that a cache could give to another visitor, or store for too long.
    let banner = async |cookies: &str| {
        let request = with_cookies(empty(visit("/consent/banner?return=%2Fnotes")), cookies);
        ask(&layer(), request).await.text().to_owned()
    };
    assert_eq!(banner("sid=one").await, banner("sid=another; theme=dark").await);
    for (_, consent) in STATES {
        let request = with_cookies(form("return=%2Fnotes&action=accept"), consent.unwrap_or("sid=other"));
        let answer = ask(&layer(), request).await;
        assert_eq!(answer.cookie("__Host-consent").value, "1-20261123.functionality:g");
    }
}

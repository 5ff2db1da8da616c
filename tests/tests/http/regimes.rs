//! Jurisdictions and signals: notice, objection and Global Privacy Control.

use crate::html::page;
use crate::support::*;
use consent_core::Policy;
use consent_core::policy::Jurisdiction;
use consent_tower::ConsentLayer;
use http::{Method, Request};

const PAGE: &str = "<!doctype html><html><head><title>x</title></head><body><p>text</p></body></html>";

/// The policy of these tests, with another first line in its category.
fn policy_with(line: &str) -> Policy {
    let document = include_str!("policy.toml");
    Policy::from_toml(
        &document.replace("[categories.functionality]", &format!("[categories.functionality]\n{line}")),
    )
    .unwrap()
}

/// A layer that trusts `x-country`. Under its policy, visitors from Great Britain are notified and can
/// object.
fn by_country() -> ConsentLayer {
    let policy = policy_with("regimes = { GB = \"objectable\" }");
    ConsentLayer::new(policy).with_clock(today).with_jurisdiction(|request| {
        Jurisdiction::parse(request.headers.get("x-country")?.to_str().ok()?).ok()
    })
}

#[tokio::test]
async fn an_objectable_category_is_off_until_the_visitor_is_notified() {
    let layer = by_country();
    let visit = || visit("/").header("x-country", "gb");
    let told = send(&layer, empty(visit()), page(PAGE)).await;
    assert!(told.text().contains("id=\"consent-banner\"") && !told.text().contains("value=\"accept\""));
    let informed = told.cookie("__Host-consent").value;
    assert_eq!(informed, "1-20261123.functionality:i", "it says that one was told, and not that one agreed");
    let first = send(&layer, empty(visit()), setting(&["theme=dark"])).await;
    assert!(first.cookies().is_empty(), "nothing before one is told");

    let cookie = format!("__Host-consent={informed}");
    let next = send(&layer, with_cookies(empty(visit()), &cookie), setting(&["theme=dark"])).await;
    assert_eq!(next.cookies(), [b"theme=dark"]);
    let shown = send(&layer, with_cookies(empty(visit()), &cookie), page(PAGE)).await;
    assert!(!shown.text().contains("id=\"consent-banner\""), "one is told once");

    let mut object = with_cookies(form("action=object"), &cookie);
    object.headers_mut().insert("x-country", "gb".parse().unwrap());
    let objected = ask(&layer, object).await.cookie("__Host-consent").value;
    assert_eq!(objected, "1-20261123.functionality:o");
    let cookie = format!("__Host-consent={objected}");
    let after = send(&layer, with_cookies(empty(visit()), &cookie), setting(&["theme=dark"])).await;
    assert_eq!(after.reasons(), [("theme".to_owned(), "objected")]);
}

#[tokio::test]
async fn a_response_that_nobody_sees_does_not_notify() {
    let layer = by_country();
    let visit = || visit("/").header("x-country", "gb");
    let unseen = |status: u16| {
        let mut response = page(PAGE);
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        response.headers_mut().insert("location", "/elsewhere".parse().unwrap());
        response
    };
    for status in [301, 302, 303, 307, 308, 401, 204, 205] {
        let answer = send(&layer, empty(visit()), unseen(status)).await;
        assert!(!answer.sets("__Host-consent"), "{status}: {answer:?}");
    }
    assert!(send(&layer, empty(visit()), unseen(404)).await.sets("__Host-consent"));
    for (name, value) in [("sec-purpose", "prefetch"), ("x-purpose", "preview"), ("purpose", "preview")] {
        let early = empty(visit().header(name, value));
        assert!(!send(&layer, early, page(PAGE)).await.sets("__Host-consent"), "{name}: {value}");
    }
    let head = empty(visit().method(Method::HEAD));
    assert!(!send(&layer, head, page(PAGE)).await.sets("__Host-consent"), "a HEAD shows nothing");
    for (method, dest) in [(Method::HEAD, "document"), (Method::GET, "image"), (Method::GET, "iframe")] {
        let banner = Request::builder()
            .method(&method)
            .uri("/consent/banner")
            .header("x-country", "gb")
            .header("sec-fetch-dest", dest);
        assert!(!ask(&layer, empty(banner)).await.sets("__Host-consent"), "{method} {dest}");
    }
    // If another host fetches a page, no visitor sees it.
    for (site, notified) in [("same-origin", true), ("same-site", false), ("cross-site", false)] {
        let banner = Request::get("/consent/banner")
            .header("x-country", "gb")
            .header("sec-fetch-dest", "empty")
            .header("sec-fetch-site", site);
        assert_eq!(ask(&layer, empty(banner)).await.sets("__Host-consent"), notified, "{site}");
    }
}

#[tokio::test]
async fn an_unknown_jurisdiction_has_the_strictest_regime() {
    let informed = "__Host-consent=1-20261101.functionality:i";
    let layers = [by_country(), ConsentLayer::new(policy_with("regime = \"objectable\"")).with_clock(today)];
    for layer in layers {
        for place in [None, Some(""), Some("nowhere"), Some("G"), Some("gb-")] {
            let mut request = visit("/");
            if let Some(place) = place {
                request = request.header("x-country", place);
            }
            let answer = send(&layer, with_cookies(empty(request), informed), setting(&["theme=dark"])).await;
            assert_eq!(answer.reasons(), [("theme".to_owned(), "undecided")], "{place:?}");
        }
    }
    let elsewhere = with_cookies(empty(visit("/").header("x-country", "FR")), informed);
    assert!(send(&by_country(), elsewhere, setting(&["theme=dark"])).await.cookies().is_empty());
}

#[tokio::test]
async fn only_the_value_1_is_the_signal() {
    let listening = ConsentLayer::new(policy_with("signals = [\"gpc\"]")).with_clock(today);
    let cases: [(&[&str], bool); 9] = [
        (&[], false),
        (&["1"], true),
        (&["0", "1"], true),
        (&["0"], false),
        (&[""], false),
        (&["1, 1"], false),
        (&["1;x"], false),
        (&["true"], false),
        (&["11"], false),
    ];
    for (values, counts) in cases {
        let mut request = visit("/");
        for value in values {
            request = request.header("sec-gpc", *value);
        }
        let granted = with_cookies(empty(request), GRANTED);
        let answer = send(&listening, granted, setting(&["theme=dark"])).await;
        assert_eq!(answer.cookies().is_empty(), counts, "{values:?}");
        assert!(answer.header("vary").contains("Sec-GPC"), "{values:?}");
        if counts {
            assert_eq!(answer.reasons(), [("theme".to_owned(), "signal")]);
        }
    }
    let signalling = |cookie: &str| with_cookies(empty(visit("/").header("sec-gpc", "1")), cookie);
    for cookie in ["x=1", REFUSED] {
        let answer = send(&listening, signalling(cookie), setting(&["theme=dark"])).await;
        assert!(answer.cookies().is_empty(), "it never grants: {cookie}");
    }
    let deaf = send(&layer(), signalling(GRANTED), setting(&["theme=dark"])).await;
    assert_eq!(deaf.cookies(), [b"theme=dark"], "a policy that does not listen is not moved");
}

#[tokio::test]
async fn do_not_track_counts_only_if_the_policy_names_it() {
    let of = async |signals: &str, value: &str, cookie: &str| {
        let layer = ConsentLayer::new(policy_with(signals)).with_clock(today);
        let request = with_cookies(empty(visit("/").header("dnt", value)), cookie);
        send(&layer, request, setting(&["theme=dark"])).await
    };
    let named = "signals = [\"gpc\", \"dnt\"]";
    let taken = of(named, "1", GRANTED).await;
    assert_eq!(taken.reasons(), [("theme".to_owned(), "signal")]);
    assert!(taken.header("vary").contains("DNT"));
    for (signals, value) in [("", "1"), ("signals = [\"gpc\"]", "1"), (named, "0"), (named, "unspecified")] {
        let answer = of(signals, value, GRANTED).await;
        assert_eq!(answer.cookies(), [b"theme=dark"], "{signals} {value}");
        assert_eq!(answer.header("vary").contains("DNT"), signals == named);
    }
    assert!(of(named, "1", REFUSED).await.cookies().is_empty(), "it never grants");

    let layer = ConsentLayer::new(policy_with("signals = [\"dnt\"]")).with_clock(today);
    let settings = ask(&layer, with_cookies(empty(visit("/consent").header("dnt", "1")), GRANTED)).await;
    assert!(settings.text().contains("“Do Not Track”"), "{}", settings.text());
    let gpc = ask(&layer, empty(visit("/.well-known/gpc.json"))).await;
    assert!(is_application(&gpc), "it is another signal");
}

//! The floor: minimum attributes of kept cookies.

use crate::support::*;
use consent_core::Amendment;
use consent_core::cookies::SameSite;
use consent_core::verdict::Floor;
use consent_tower::Mode;
use consent_tower::report::{Cause, Outcome};

const LINES: [&str; 2] = ["theme=dark; Path=/", "visit=1; Path=/; Secure; HttpOnly; SameSite=Strict"];

#[tokio::test]
async fn kept_cookies_get_missing_attributes_and_the_change_is_reported() {
    let layer = layer().with_floor(Floor::new().with_secure().with_http_only().with_same_site(SameSite::Lax));
    let answer = send(&layer, with_cookies(empty(visit("/")), GRANTED), setting(&LINES)).await;
    let expected = ["theme=dark; Path=/; Secure; HttpOnly; SameSite=Lax", LINES[1]];
    assert_eq!(answer.cookies(), expected.map(str::as_bytes));
    let [entry] = answer.report.as_ref().unwrap().entries() else { panic!("one entry: {answer:?}") };
    assert_eq!(
        (entry.name(), entry.cause(), entry.outcome()),
        (&b"theme"[..], Cause::Amended(Amendment::AttributesRaised), Outcome::Amended)
    );
}

#[tokio::test]
async fn a_cookie_declared_http_only_gets_http_only() {
    let mut signing_in = with_cookies(empty(visit("/sign-in")), GRANTED);
    *signing_in.method_mut() = "POST".parse().unwrap();
    let answer =
        send(&layer().with_floor(Floor::new()), signing_in, setting(&["sid=1; Path=/", LINES[0]])).await;
    assert_eq!(answer.cookies(), [&b"sid=1; Path=/; HttpOnly"[..], LINES[0].as_bytes()]);
}

#[tokio::test]
async fn a_floor_keeps_no_cookie_and_without_a_floor_nothing_changes() {
    let floor = Floor::new().with_secure().with_http_only().with_same_site(SameSite::Strict);
    assert!(send(&layer().with_floor(floor), empty(visit("/")), setting(&LINES)).await.cookies().is_empty());
    let granted = || with_cookies(empty(visit("/")), GRANTED);
    assert_eq!(send(&layer(), granted(), setting(&LINES)).await.cookies(), LINES.map(str::as_bytes));
    let reported =
        send(&layer().with_floor(floor).with_mode(Mode::ReportOnly), granted(), setting(&LINES)).await;
    assert_eq!(reported.cookies(), LINES.map(str::as_bytes));
    assert_eq!(reported.reasons(), [("theme".to_owned(), "attributes-raised")]);
}

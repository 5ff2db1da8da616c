//! The review of verdicts.
#![allow(unreachable_pub, missing_debug_implementations, dead_code, reason = "shared with the bench")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod scripted;

use consent_core::policy;
use consent_tower::ConsentLayer;
use consent_tower::report::ReviewResult;
use http::HeaderValue;
use http::header::SET_COOKIE;
use scripted::{Asks, application, call, request};
use std::sync::{Arc, Mutex};
use tower::{Layer, service_fn};

#[test]
fn the_review_is_called_once_for_each_header() {
    let policy = policy::example().unwrap();
    let day = time::Date::from_calendar_date(2026, time::Month::November, 23).unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let names = Arc::clone(&asked);
    let layer =
        ConsentLayer::new(policy).with_clock(move || day.midnight().as_utc()).with_review(move |review| {
            names.lock().unwrap().push(String::from_utf8_lossy(review.name).into_owned());
            ReviewResult::Uphold
        });
    let lines =
        ["theme=dark; Path=/", "_ga=1", "language=en; Path=/", "_gid=1"].map(HeaderValue::from_static);
    let request = request(Asks::Data, "__Host-consent=1-20261101.functionality:g", &lines);
    let answer = call(&mut layer.layer(service_fn(application)), request);
    assert_eq!(*asked.lock().unwrap(), ["theme", "_ga", "language", "_gid"]);
    let kept: Vec<_> = answer.headers().get_all(SET_COOKIE).iter().collect();
    assert_eq!(kept, ["theme=dark; Path=/", "language=en; Path=/"]);
}

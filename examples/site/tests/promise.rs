//! The whole site in every state of consent, with pages that misbehave.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::http::StatusCode;
use consent_core::Policy;
use consent_tower::testing::Probe;

use site::{Config, POLICY, app};

const PAGES: [&str; 9] = [
    "/notes",
    "/notes/one-press",
    "/preferences",
    "/sign-in",
    "/account",
    "/embed/office-map",
    "/misbehaviour",
    "/misbehaviour/302",
    "/static/site.css",
];

#[tokio::test]
async fn it_keeps_its_promise_in_every_state_of_consent() {
    let probe = Probe::new(Policy::from_toml(POLICY).unwrap()).over_http();
    let probe = PAGES.into_iter().fold(probe, Probe::visit);
    let probe = probe
        .visit("/misbehaviour/404")
        .expecting(StatusCode::NOT_FOUND)
        .visit("/misbehaviour/500")
        .expecting(StatusCode::INTERNAL_SERVER_ERROR)
        .submit("/preferences", &[("theme", "dark"), ("lang", "de")])
        .submit("/sign-in", &[("name", "ada"), ("password", "demo")])
        .submit("/sign-out", &[]);
    probe.assert_promise(app(&Config::default()).unwrap()).await;
}

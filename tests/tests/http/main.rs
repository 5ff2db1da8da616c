//! Requests and responses, header by header, through a bare service and through the demo.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod assets;
mod caching;
mod callbacks;
mod changes;
mod configured;
mod consent_cookie;
mod cross_site;
mod decisions;
mod demo;
mod errors;
mod events;
mod floor;
mod guard;
mod handler_decisions;
mod handlers;
mod headers;
mod html;
mod inventory;
mod jar;
mod languages;
mod law;
mod layer_order;
mod methods;
mod names;
mod neutral;
mod no_banner;
mod order;
mod policy_pages;
mod presets;
mod probe;
mod regimes;
mod report_only;
mod reports;
mod request_cookies;
mod return_path;
mod said;
mod set_cookie;
mod state;
mod state_table;
mod support;
mod third_parties;

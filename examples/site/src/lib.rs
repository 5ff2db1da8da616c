//! The demo: a small company site that keeps the promise of its cookie policy (`policy.toml`), with scripts and without.
//!
//! [`app`] is the whole site as one service; `main.rs` only puts it on a port. The pages know nothing of the rules:
//! they set cookies as any application does, some of them badly on purpose, and the layer around them decides what
//! leaves.

mod account;
mod config;
mod headers;
mod home;
mod language;
mod layout;
mod ledger;
mod misbehaviour;
mod notes;
mod office_map;
mod preferences;
mod static_files;
mod theme;
mod visit;

pub use config::Config;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use consent_core::Policy;
use ledger::Ledger;
use tower_sessions::cookie::SameSite;
use tower_sessions::{MemoryStore, SessionManagerLayer};
use visit::Visit;

/// The policy of this site: what it declares to store, in English and German, with its log.
pub const POLICY: &str = include_str!("../policy.toml");

/// What the pages share.
#[derive(Clone, Debug)]
struct Site {
    policy: Policy,
    ledger: Ledger,
}

/// The whole site.
pub fn app(config: &Config) -> Router {
    let ledger = Ledger::default();
    pages(config, ledger.clone()).layer(map_response(move |response: Response| {
        let ledger = ledger.clone();
        async move { ledger.record(response) }
    }))
}

fn pages(config: &Config, ledger: Ledger) -> Router {
    let sessions = SessionManagerLayer::new(MemoryStore::default())
        .with_name("sid")
        .with_same_site(SameSite::Lax)
        .with_secure(config.secure);
    Router::new()
        .route("/", get(home::show))
        .route("/notes", get(notes::list))
        .route("/notes/{slug}", get(notes::show))
        .route("/preferences", get(preferences::show).post(preferences::choose))
        .route("/sign-in", get(account::ask).post(account::sign_in))
        .route("/sign-out", post(account::sign_out))
        .route("/account", get(account::show))
        .route("/embed/office-map", get(office_map::show))
        .route("/misbehaviour", get(misbehaviour::show))
        .route("/misbehaviour/frame", get(misbehaviour::frame))
        .route("/misbehaviour/{status}", get(misbehaviour::with_status))
        .route("/static/{file}", get(static_files::serve))
        .fallback(missing)
        .layer(sessions)
        .layer(map_response(headers::harden))
        .with_state(Site { policy: config.policy.clone(), ledger })
}

async fn missing(visit: Visit) -> Response {
    (StatusCode::NOT_FOUND, layout::missing(&visit)).into_response()
}

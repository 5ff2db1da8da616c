//! The demo: a small company site with a cookie policy (`policy.toml`), which works with scripts and without.
//!
//! [`app`] is the whole site as one service. `main.rs` only binds it to a port. The pages know nothing of the
//! rules: they set cookies as any application does, some of them badly on purpose, and the layer around them
//! decides which cookies leave.

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
use consent_core::{Policy, PolicyError};
use consent_tower::ConsentLayer;
use ledger::Ledger;
use tower::ServiceBuilder;
use tower_sessions::cookie::SameSite;
use tower_sessions::{MemoryStore, SessionManagerLayer};
use visit::Visit;

/// The policy of this site, in English and German, with its revisions.
pub const POLICY: &str = include_str!("../policy.toml");

/// The state that the pages share.
#[derive(Clone, Debug)]
struct Site {
    policy: Policy,
    ledger: Ledger,
}

/// The whole site: the pages, the layer around them, and outside the layer the ledger, which reads the
/// reports.
///
/// # Errors
///
/// Returns all mistakes in the policy.
pub fn app(config: &Config) -> Result<Router, PolicyError> {
    let policy = Policy::from_toml(&config.policy)?;
    let ledger = Ledger::default();
    let pages = pages(Site { policy: policy.clone(), ledger: ledger.clone() }, config.secure);
    let site = ServiceBuilder::new()
        .map_response(move |response: Response| ledger.record(response))
        .map_response(IntoResponse::into_response)
        .layer(consent(policy, config))
        .service(pages);
    Ok(Router::new().fallback_service(site).layer(map_response(headers::harden)))
}

fn consent(policy: Policy, config: &Config) -> ConsentLayer {
    let layer = ConsentLayer::new(policy);
    let layer = if config.guard { layer } else { layer.without_guard() };
    if config.secure { layer } else { layer.dangerous_allow_http() }
}

fn pages(site: Site, secure: bool) -> Router {
    let sessions = SessionManagerLayer::new(MemoryStore::default())
        .with_name("sid")
        .with_same_site(SameSite::Lax)
        .with_secure(secure);
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
        .route("/favicon.ico", get(static_files::icon))
        .fallback(missing)
        .layer(sessions)
        .layer(map_response(headers::harden))
        .with_state(site)
}

async fn missing(visit: Visit) -> Response {
    (StatusCode::NOT_FOUND, layout::missing(&visit)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_starts_under_its_own_policy() {
        assert!(app(&Config::default()).is_ok());
    }

    #[test]
    fn a_site_with_a_malformed_policy_does_not_start() {
        let error = app(&Config::default().with_policy("languages = []".to_owned())).unwrap_err();
        assert!(error.mistakes().len() > 1);
    }
}

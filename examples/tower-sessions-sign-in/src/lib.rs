//! The application of this example, [`app`]. `main.rs` says how to run it and what to try.

use axum::Router;
use axum::extract::Form;
use axum::http::StatusCode;
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use consent_tower::{ConsentLayer, ConsentService, Policy, PolicyError};
use serde::Deserialize;
use tower::Layer;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::session::Error;
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};

const USERS: [&str; 2] = ["ada", "grace"];
const PASSWORD: &str = "demo";

/// The key in the session under which a signed-in visitor's name is kept.
const USER: &str = "user";

/// The policy of this site.
///
/// # Errors
///
/// Returns all mistakes in the document.
pub fn policy() -> Result<Policy, PolicyError> {
    Policy::from_toml(include_str!("../policy.toml"))
}

/// The whole site: the pages, wrapped in the session layer, wrapped in the consent layer.
///
/// If `secure` is set, the session cookie is sent over https only. Set it if the site has https.
pub fn app(consent: &ConsentLayer, secure: bool) -> ConsentService<Router> {
    let sessions = SessionManagerLayer::new(MemoryStore::default())
        .with_name("sid")
        .with_same_site(SameSite::Lax)
        .with_secure(secure);
    let pages = Router::new()
        .route("/", get(home))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/visits", get(visits))
        .layer(sessions);
    // The consent layer is outside the session layer, so that it judges the session cookie.
    consent.layer(pages)
}

async fn home(session: Session, jar: CookieJar) -> Result<Html<String>, StatusCode> {
    let main = match session.get::<String>(USER).await.map_err(unavailable)? {
        Some(user) => format!(include_str!("signed_in.html"), user = user),
        None => format!(include_str!("sign_in.html"), users = options(jar.get("user").map(Cookie::value))),
    };
    Ok(Html(format!(include_str!("page.html"), main = main)))
}

#[derive(Debug, Deserialize)]
struct Credentials {
    user: String,
    password: String,
}

/// The only route where a session begins.
async fn sign_in(
    session: Session,
    jar: CookieJar,
    Form(credentials): Form<Credentials>,
) -> Result<(CookieJar, Redirect), StatusCode> {
    let known = USERS.into_iter().find(|user| *user == credentials.user);
    let user = known.filter(|_| credentials.password == PASSWORD).ok_or(StatusCode::UNAUTHORIZED)?;
    // A new identifier, so that nobody can prepare a session into which another visitor signs in.
    session.cycle_id().await.map_err(unavailable)?;
    session.insert(USER, user).await.map_err(unavailable)?;
    // The layer keeps this cookie only with consent. It keeps the session cookie in any case.
    let remembered = Cookie::build((USER, user)).path("/").max_age(Duration::days(30)).http_only(true);
    Ok((jar.add(remembered), Redirect::to("/")))
}

async fn sign_out(session: Session) -> Result<Redirect, StatusCode> {
    session.flush().await.map_err(unavailable)?;
    Ok(Redirect::to("/"))
}

/// Counts in the session, as introductions to sessions do, and so begins one for every visitor. If a visitor
/// is not signed in, the layer drops the cookie, and each visit is the first. (The session stays in the store
/// until it expires, so a real application should check who is signed in.)
async fn visits(session: Session) -> Result<String, StatusCode> {
    let count = session.get("visits").await.map_err(unavailable)?.unwrap_or(0) + 1;
    session.insert("visits", count).await.map_err(unavailable)?;
    Ok(format!("visit {count} of this session\n"))
}

fn options(remembered: Option<&str>) -> String {
    let option = |user: &str| {
        let selected = if remembered == Some(user) { " selected" } else { "" };
        format!("<option{selected}>{user}</option>")
    };
    USERS.map(option).concat()
}

fn unavailable(_: Error) -> StatusCode {
    StatusCode::SERVICE_UNAVAILABLE
}

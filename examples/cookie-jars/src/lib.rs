//! The application of this example, [`app`]. `main.rs` says how to run it and what to try.

use axum::Router;
use axum::extract::Form;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::cookie::{Cookie, Key};
use axum_extra::extract::{CookieJar, SignedCookieJar};
use consent_tower::jar::ConsentJar;
use consent_tower::report::ConsentReport;
use consent_tower::{ConsentLayer, Policy, PolicyError};
use serde::Deserialize;
use tower::ServiceBuilder;
use tower_cookies::{CookieManagerLayer, Cookies};

/// The policy of this site.
///
/// # Errors
///
/// Returns all mistakes in the document.
pub fn policy() -> Result<Policy, PolicyError> {
    Policy::from_toml(include_str!("../policy.toml"))
}

/// The whole site: the pages, wrapped in tower-cookies, wrapped in the consent layer.
pub fn app(consent: ConsentLayer) -> Router {
    let pages = Router::new()
        .route("/", get(home))
        .route("/theme", post(choose_theme))
        .route("/board", post(choose_board))
        .route("/level", post(choose_level))
        .route("/play", post(play))
        // This layer writes the cookies that handlers added to `Cookies`, so it must be inside the consent
        // layer.
        .layer(CookieManagerLayer::new())
        // A new key for each run, so scores of an earlier run are invalid. A real application keeps its key.
        .with_state(Key::generate());
    Router::new().fallback_service(ServiceBuilder::new().map_response(log).layer(consent).service(pages))
}

async fn home(cookies: Cookies, jar: CookieJar, scores: SignedCookieJar) -> Html<String> {
    // A cookie that a developer added and forgot to declare.
    cookies.add(Cookie::new("visitor", "8f14e45f"));
    let theme = cookies.get("theme");
    Html(format!(
        include_str!("home.html"),
        theme = theme.as_ref().map_or("light dark", Cookie::value),
        board = jar.get("board").map_or("small", Cookie::value),
        level = jar.get("level").map_or("easy", Cookie::value),
        score = score(&scores),
    ))
}

#[derive(Debug, Deserialize)]
struct Chosen {
    choice: String,
}

/// tower-cookies: the handler adds the cookie to a jar that it shares with the layer.
async fn choose_theme(cookies: Cookies, Form(chosen): Form<Chosen>) -> Redirect {
    cookies.add(Cookie::build(("theme", chosen.choice)).path("/").permanent().build());
    Redirect::to("/")
}

/// axum-extra: the jar is part of the response.
async fn choose_board(jar: CookieJar, Form(chosen): Form<Chosen>) -> (CookieJar, Redirect) {
    (jar.add(Cookie::build(("board", chosen.choice)).path("/").permanent()), Redirect::to("/"))
}

/// The layer's own jar: if a cookie may not be stored, it returns the reason, with a text for the visitor.
async fn choose_level(mut jar: ConsentJar, Form(chosen): Form<Chosen>) -> Response {
    match jar.add(Cookie::build(("level", chosen.choice)).path("/").permanent()) {
        Ok(()) => (jar, Redirect::to("/")).into_response(),
        Err(refusal) => Html(format!(include_str!("refused.html"), why = refusal.html())).into_response(),
    }
}

/// A signed jar: it accepts from the browser only values that it signed.
async fn play(scores: SignedCookieJar) -> (SignedCookieJar, Redirect) {
    let score = (score(&scores) + 1).to_string();
    (scores.add(Cookie::build(("score", score)).path("/").http_only(true)), Redirect::to("/"))
}

fn score(scores: &SignedCookieJar) -> u32 {
    scores.get("score").and_then(|cookie| cookie.value().parse().ok()).unwrap_or(0)
}

/// Prints what the layer did with each cookie. It runs outside the layer, where the report is complete.
fn log<B>(response: Response<B>) -> Response<B> {
    let report = response.extensions().get::<ConsentReport>();
    for entry in report.map(ConsentReport::entries).unwrap_or_default() {
        let name = String::from_utf8_lossy(entry.name());
        eprintln!("{name}: {}, {}", entry.outcome().as_str(), entry.cause());
    }
    response
}

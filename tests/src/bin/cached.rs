//! A site behind shared caches, for `caches/` and `browser/neutral.test.mjs`. It has neutral pages, and an
//! application that lets caches store everything, as applications do by mistake.
//!
//! Every response contains a number, which increases. A response for one visitor also contains the visitor,
//! who is named in `X-Visitor`. `/made` returns the last number. If the environment has `WITHOUT_LAYER`, the
//! application runs alone. If it has `WITHOUT_BANNER`, the layer shows no banner.

use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, COOKIE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH, SET_COOKIE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use consent_core::{Consent, Policy, PolicyError};
use consent_tower::ConsentLayer;
use consent_tower::matcher::RequestMatcher;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpListener;
use tower::Layer;

/// The number of responses.
type Made = Arc<AtomicU64>;

const MADE: HeaderName = HeaderName::from_static("x-made");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let made = Made::default();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}", listener.local_addr()?);
    if std::env::var_os("WITHOUT_LAYER").is_some() {
        axum::serve(listener, application(made)).await?;
        return Ok(());
    }
    let layer = ConsentLayer::new(policy()?)
        .dangerous_allow_http()
        .add_neutral(RequestMatcher::from_path("/articles"));
    let has_banner = std::env::var_os("WITHOUT_BANNER").is_none();
    let layer = if has_banner { layer } else { layer.without_banner() };
    axum::serve(listener, Router::new().fallback_service(layer.layer(application(made)))).await?;
    Ok(())
}

/// The policy of the HTTP tests, with the signal that switches functionality off.
fn policy() -> Result<Policy, PolicyError> {
    let policy = include_str!("../../tests/http/policy.toml");
    Policy::from_toml(
        &policy.replace("[categories.functionality]", "[categories.functionality]\nsignals = [\"gpc\"]"),
    )
}

fn application(made: Made) -> Router {
    Router::new()
        .route("/articles/{article}", get(article))
        .route("/account", get(account))
        .route("/page", get(page))
        .route("/data", get(data))
        .route("/set", get(set))
        .route("/site.css", get(|| async { ([(CONTENT_TYPE, "text/css")], "main { max-width: 40em }\n") }))
        .route("/awake.js", get(|| async { script("document.documentElement.dataset.awake = 'yes'\n") }))
        .route("/write.js", get(|| async { script("document.cookie = 'pref_script=1; path=/'\n") }))
        .layer(from_fn_with_state(Arc::clone(&made), let_caches_keep))
        .route(
            "/made",
            get(|State(made): State<Made>| async move { made.load(Ordering::SeqCst).to_string() }),
        )
        .with_state(made)
}

/// Lets caches store every response, with every header that they understand.
async fn let_caches_keep(State(made): State<Made>, request: Request, next: Next) -> Response {
    let number = made.fetch_add(1, Ordering::SeqCst) + 1;
    let short = request.uri().path().contains("/short");
    let mut response = next.run(request).await;
    let seconds = if short { "1" } else { "600" };
    let headers = response.headers_mut();
    headers.insert(MADE, HeaderValue::from(number));
    for (name, value) in [
        (CACHE_CONTROL, format!("public, max-age={seconds}, s-maxage={seconds}")),
        (HeaderName::from_static("x-accel-expires"), seconds.to_owned()),
        (HeaderName::from_static("surrogate-control"), format!("max-age={seconds}")),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    response
}

fn document(title: &str, content: &str) -> Html<String> {
    Html(format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/site.css\"></head>\n<body><main><h1>{title}</h1>\n{content}\
         <script type=\"text/plain\" data-consent=\"functionality\" src=\"/awake.js\"></script>\
         <script src=\"/write.js\"></script>\n</main></body></html>\n"
    ))
}

fn script(text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript")], text)
}

/// A page that is the same for every visitor. It responds with 304 to a cache that has it.
async fn article(Path(article): Path<String>, State(made): State<Made>, headers: HeaderMap) -> Response {
    let tag = HeaderValue::from_static("\"v1\"");
    if headers.get(IF_NONE_MATCH) == Some(&tag) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    let number = made.load(Ordering::SeqCst);
    let greeting = match cookie(&headers, "sid") {
        Some(name) if article == "greeting" => format!("<p>for {name}</p>"),
        _ => String::new(),
    };
    ([(ETAG, tag)], document("An article", &format!("<p id=\"made\">{number}</p>{greeting}"))).into_response()
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split("; ")).filter_map(|pair| pair.split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
}

fn visitor(headers: &HeaderMap) -> &str {
    headers.get("x-visitor").and_then(|visitor| visitor.to_str().ok()).unwrap_or("nobody")
}

/// An ordinary page.
async fn page(headers: HeaderMap) -> Html<String> {
    document("A page", &format!("<p>for {}</p>", visitor(&headers)))
}

/// A page with the name of the visitor who is signed in.
async fn account(headers: HeaderMap) -> Html<String> {
    let name = cookie(&headers, "sid").unwrap_or_else(|| "nobody".to_owned());
    document("Account", &format!("<p>for {name}</p>"))
}

/// Data for a script that depends on the consent.
async fn data(consent: Option<Consent>, headers: HeaderMap) -> Json<serde_json::Value> {
    let allowed = consent.is_some_and(|consent| consent.allows(consent_core::Category::FUNCTIONALITY));
    Json(serde_json::json!({ "allowed": allowed, "visitor": visitor(&headers) }))
}

/// Sets a cookie that needs consent, and an undeclared one.
async fn set(headers: HeaderMap) -> Response {
    let mut response = format!("for {}", visitor(&headers)).into_response();
    for name in ["visit", "_ga"] {
        if let Ok(line) = HeaderValue::try_from(format!("{name}={}; Path=/", visitor(&headers))) {
            response.headers_mut().append(SET_COOKIE, line);
        }
    }
    response
}

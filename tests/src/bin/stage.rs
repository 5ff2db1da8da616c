//! Four forms of one page, for `browser/measure.mjs`: with the banner of the layer, and with the same banner
//! and style as a part of the page; each with the style inline and linked.

use axum::extract::Path;
use axum::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use consent_core::consent::{Circumstances, Consent};
use consent_core::page::{Links, View, banner};
use consent_core::{Policy, PolicyError};
use consent_tower::ConsentLayer;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;
use time::UtcDateTime;
use tokio::net::TcpListener;
use tower::Layer;

/// The Content-Security-Policy of pages that link their style.
const CSP: HeaderValue = HeaderValue::from_static("script-src 'self' 'wasm-unsafe-eval'; style-src 'self'");

/// The script of the page without a layer. It handles a press and does nothing else.
const BY_HAND: &str = r"for (const form of document.querySelectorAll('#consent-banner form')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    fetch('/consent', { method: 'POST', body: fields });
    document.getElementById('consent-banner').remove();
  });
}
";

/// The parts of the page without a layer.
struct ByHand {
    banner: String,
    style: &'static str,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let policy = policy()?;
    let by_hand = Arc::new(by_hand(&policy)?);
    let own = Router::new().route("/ours/{style}", get(ours));
    let covered = ConsentLayer::new(policy).dangerous_allow_http().layer(own);
    let site = Router::new()
        .route("/hand/{style}", get(hand))
        .route("/hand.css", get(hand_style))
        .route("/hand.js", get(|| async { ([(CONTENT_TYPE, "text/javascript")], BY_HAND) }))
        .layer(Extension(by_hand))
        .fallback_service(covered);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, site).await?;
    Ok(())
}

fn policy() -> Result<Policy, PolicyError> {
    Policy::from_toml(site::POLICY)
}

fn by_hand(policy: &Policy) -> Result<ByHand, Box<dyn Error>> {
    let consent = Consent::undecided(policy, Circumstances::new(UtcDateTime::now().date()));
    let links = Links::new("/consent");
    let language = policy.language_for(None);
    let banner = banner(&View::new(&consent, language, &links).with_return_path("/hand"));
    let style = str::from_utf8(consent_wasm::asset("consent.css").ok_or("no style")?.bytes)?;
    Ok(ByHand { banner, style })
}

/// As much text as in a page of a small site.
fn text() -> String {
    "<p>A paragraph of ordinary length, so that the page is neither empty nor long: it says nothing, and says it \
     in about as many letters as a person reads without a pause.</p>\n"
        .repeat(40)
}

fn html(head: &str, top: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>A page</title>\n{head}\
         </head>\n<body>\n{top}<main>\n<h1>A page</h1>\n{}</main>\n</body>\n</html>\n",
        text()
    )
}

fn page(html: String, style: &str) -> Response {
    let mut response = ([(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    match style {
        "inline" => {}
        "linked" => drop(response.headers_mut().insert(CONTENT_SECURITY_POLICY, CSP)),
        _ => return StatusCode::NOT_FOUND.into_response(),
    }
    response
}

async fn ours(Path(style): Path<String>) -> Response {
    page(html("", ""), &style)
}

async fn hand(Path(style): Path<String>, Extension(by_hand): Extension<Arc<ByHand>>) -> Response {
    let script = "<script type=\"module\" src=\"/hand.js\"></script>\n";
    let sheet = match style.as_str() {
        "inline" => format!("<style>{}</style>\n", by_hand.style),
        _ => String::from("<link rel=\"stylesheet\" href=\"/hand.css\">\n"),
    };
    page(html(&format!("{sheet}{script}"), &by_hand.banner), &style)
}

async fn hand_style() -> Response {
    let bytes = consent_wasm::asset("consent.css").map_or(&[][..], |asset| asset.brotli);
    let headers: [(HeaderName, &str); 2] = [(CONTENT_TYPE, "text/css"), (CONTENT_ENCODING, "br")];
    (headers, bytes).into_response()
}

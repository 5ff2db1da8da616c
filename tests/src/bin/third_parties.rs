//! A site whose policy declares third parties, for `tests/browser/third-parties.test.mjs`.
//!
//! Environment: `PAGES` is a JSON object with the HTML and the headers of each page, by path. `DECLARED` and
//! `EXEMPT` are the origins of a service that needs functionality and of one that is exempt. `MODE` is a mode
//! of third parties. The same pages are below `/bare` without the layer.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use consent_tower::report::Inventory;
use consent_tower::{ConsentLayer, CspNonce, Policy, ThirdParties};
use std::env::var;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tower::Layer;

type Pages = Arc<serde_json::Value>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let pages: Pages = Arc::new(serde_json::from_str(&var("PAGES")?)?);
    let inventory = Inventory::new();
    let mode = match var("MODE").as_deref() {
        Ok("exact") => ThirdParties::Exact,
        Ok("report") => ThirdParties::Report,
        Ok("allow") => ThirdParties::Allow,
        _ => ThirdParties::Block,
    };
    let application = Router::new().fallback(page).with_state(Arc::clone(&pages));
    let layered = ConsentLayer::new(policy(&var("DECLARED")?, &var("EXEMPT")?)?)
        .dangerous_allow_http()
        .with_third_parties(mode)
        .with_inventory(inventory.clone())
        .layer(application.clone());
    let drafts = axum::routing::get(move || async move { inventory.to_string() });
    let site = Router::new().nest("/bare", application).route("/inventory", drafts).fallback_service(layered);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, site).await?;
    Ok(())
}

fn policy(declared: &str, exempt: &str) -> Result<Policy, Box<dyn Error>> {
    let services = format!(
        r#"
[[services]]
id = "declared"
label = {{ en = "Declared", de = "Angegeben" }}
provider = "Declared Ltd."
category = "functionality"
purpose = {{ en = "Shows things.", de = "Zeigt Dinge." }}
origins = ["{declared}"]
[[services]]
id = "exempt"
label = {{ en = "Exempt", de = "Ausgenommen" }}
provider = "Exempt Ltd."
exempt = "transmission"
purpose = {{ en = "Delivers things.", de = "Liefert Dinge." }}
origins = ["{exempt}"]
"#
    );
    Ok(Policy::from_toml(&[include_str!("../../tests/http/policy.toml"), &services].concat())?)
}

async fn page(State(pages): State<Pages>, request: Request<Body>) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/html; charset=utf-8"));
    let Some(page) = pages.get(request.uri().path()) else {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let headers = page["headers"].as_object().into_iter().flatten();
    for (name, value) in headers {
        let value = value.as_str().map(HeaderValue::try_from);
        if let (Ok(name), Some(Ok(value))) = (HeaderName::try_from(name), value) {
            response.headers_mut().insert(name, value);
        }
    }
    if let Some(nonce) = page["nonce"].as_str() {
        response.extensions_mut().insert(CspNonce(nonce.to_owned()));
    }
    *response.body_mut() = Body::from(page["body"].as_str().unwrap_or_default().to_owned());
    response
}

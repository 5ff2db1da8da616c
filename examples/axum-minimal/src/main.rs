//! Consent for an axum application in 20 lines: a policy, a page, a cookie that needs consent, and the layer
//! around them.
//!
//! ```sh
//! cargo run -p axum-minimal           # or: PORT=3001 cargo run -p axum-minimal
//! ```
//!
//! Open <http://127.0.0.1:3000> and press “Make it dark”. The page stays light and says why. Accept and press
//! again: the page is dark, and stays dark after you close the browser. Press “Cookie settings”, a link that
//! the layer adds to pages without one, and withdraw: the cookie is deleted, and the page is light. Then let
//! `dark` set another cookie with a plain `set-cookie` header. It does not reach the browser until you
//! declare it in `policy.toml`.
//!
//! The same without a browser, in a directory where the file `jar` may be written:
//!
//! ```console
//! $ curl -si -X POST localhost:3000/dark | grep -o -e set-cookie -e 'This is not remembered yet'
//! This is not remembered yet
//! $ curl -s -c jar -d action=accept localhost:3000/consent
//! $ curl -si -c jar -b jar -X POST localhost:3000/dark | grep set-cookie
//! set-cookie: theme=dark; Path=/; Max-Age=31536000
//! $ curl -s -b jar localhost:3000 | grep h1
//! <h1>This page is dark</h1>
//! $ curl -si -c jar -b jar -d action=withdraw localhost:3000/consent | grep 'set-cookie: theme'
//! set-cookie: theme=; Max-Age=0; Path=/
//! ```

use axum::response::{Html, Redirect};
use axum::{Router, routing::get, routing::post};
use consent_tower::jar::{ConsentJar, cookie::Cookie};
use consent_tower::{ConsentLayer, ConsentService, Policy};
use std::{env, error::Error};
use tokio::net::TcpListener;
use tower::Layer;

fn page(theme: &str, note: &str) -> Html<String> {
    Html(format!(include_str!("page.html"), theme = theme, note = note))
}

/// “Permanent” means 20 years. The policy declares 365 days, so the layer cuts the lifetime to that.
async fn dark(mut jar: ConsentJar) -> Result<(ConsentJar, Redirect), Html<String>> {
    let added = jar.add(Cookie::build(("theme", "dark")).path("/").permanent());
    added.map(|()| (jar, Redirect::to("/"))).map_err(|refusal| page("light", &refusal.html()))
}

/// The layer wraps the finished application, so that it covers every route.
fn site(consent: &ConsentLayer) -> ConsentService<Router> {
    let home = get(async |jar: ConsentJar| page(jar.get("theme").map_or("light", Cookie::value), ""));
    consent.layer(Router::new().route("/", home).route("/dark", post(dark)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::from_toml(include_str!("../policy.toml"))?;
    // For plain http on your own machine. If the site has https, leave `dangerous_allow_http` out.
    let site = site(&ConsentLayer::new(policy).dangerous_allow_http());
    let port = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, site.into_make_service()).await?)
}

#[cfg(test)]
mod tests;

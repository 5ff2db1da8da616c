//! Consent for an axum application, in 20 lines: a policy, a page, a cookie that needs consent, and the layer around them.
//!
//! ```sh
//! cargo run -p axum-minimal           # or: PORT=3001 cargo run -p axum-minimal
//! ```
//!
//! Open <http://127.0.0.1:3000> and press “Make it dark”: it stays light, and the page says why. Accept, press again: it is
//! dark, also after you closed the browser. Withdraw under “Cookie settings” (the layer adds that link to pages without
//! one): the cookie goes, and the page is light. Then let `dark` set another cookie, by a bare `set-cookie` header if you
//! like, and see that it takes an entry in `policy.toml` to get it out.
//!
//! The same without a browser, in a directory that may hold the file `jar`:
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

/// “Permanent” is 20 years. The policy says 365 days, and so it will be.
async fn dark(mut jar: ConsentJar) -> Result<(ConsentJar, Redirect), Html<String>> {
    let added = jar.add(Cookie::build(("theme", "dark")).path("/").permanent());
    added.map(|()| (jar, Redirect::to("/"))).map_err(|refusal| page("light", &refusal.html()))
}

/// The layer stands around the finished application, so that no route is outside.
fn site(consent: &ConsentLayer) -> ConsentService<Router> {
    let home = get(async |jar: ConsentJar| page(jar.get("theme").map_or("light", Cookie::value), ""));
    consent.layer(Router::new().route("/", home).route("/dark", post(dark)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::from_toml(include_str!("../policy.toml"))?;
    // Over plain http, for a try at home. Over https: without `dangerous_allow_http`.
    let site = site(&ConsentLayer::new(policy).dangerous_allow_http());
    let port = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, site.into_make_service()).await?)
}

#[cfg(test)]
mod tests;

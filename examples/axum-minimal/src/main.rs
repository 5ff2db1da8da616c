//! Consent for an axum application, in 20 lines: a policy, a page, a cookie that needs consent, and the layer around them.
//!
//! ```sh
//! cargo run -p axum-minimal           # or: PORT=3001 cargo run -p axum-minimal
//! ```
//!
//! Open <http://127.0.0.1:3000> and press “Make it dark”: it stays light, for the cookie does not leave the server. Accept,
//! press again: it is dark, also after you closed the browser. Withdraw under “Cookie settings”: the cookie goes, and the
//! page is light. Then try to set another cookie in `dark`, and see that it takes a line in `policy.toml` to get it out.
//!
//! The same without a browser, in a directory that may hold the file `jar`:
//!
//! ```console
//! $ curl -si -X POST localhost:3000/dark | grep set-cookie || echo nothing leaves
//! nothing leaves
//! $ curl -s -c jar -d action=accept localhost:3000/consent
//! $ curl -si -c jar -b jar -X POST localhost:3000/dark | grep set-cookie
//! set-cookie: theme=dark; Path=/; Max-Age=31536000
//! $ curl -s -b jar localhost:3000 | grep h1
//! <h1>This page is dark</h1>
//! $ curl -si -c jar -b jar -d action=withdraw localhost:3000/consent | grep 'set-cookie: theme'
//! set-cookie: theme=; Max-Age=0; Path=/
//! ```

use axum::{Router, response::Html, response::Redirect, routing::get, routing::post};
use axum_extra::extract::{CookieJar, cookie::Cookie};
use consent_tower::{Category, Consent, ConsentLayer, Policy};
use std::{env, error::Error};
use tokio::net::TcpListener;
use tower::Layer;

/// Where functionality is not allowed, the cookie is not in the request either.
async fn home(consent: Consent, jar: CookieJar) -> Html<String> {
    let theme = jar.get("theme").map_or("light", Cookie::value);
    let allowed = consent.allows(Category::FUNCTIONALITY);
    let hint = if allowed { "Your choice is remembered." } else { "Your choice is not remembered." };
    Html(format!(include_str!("home.html"), theme = theme, hint = hint))
}

/// Sets a cookie as any application does, without asking. “Permanent” is 20 years; the policy says 365 days.
async fn dark(jar: CookieJar) -> (CookieJar, Redirect) {
    (jar.add(Cookie::build(("theme", "dark")).path("/").permanent()), Redirect::to("/"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::from_toml(include_str!("../policy.toml"))?;
    let pages = Router::new().route("/", get(home)).route("/dark", post(dark));
    // Around the finished application, so that no route stands outside. Over https: without `dangerous_allow_http`.
    let site = ConsentLayer::new(policy).dangerous_allow_http().layer(pages);

    let port = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, site.into_make_service()).await?)
}

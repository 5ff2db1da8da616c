//! tower-cookies and the jars of axum-extra. They know nothing of the layer, which judges their cookies
//! nevertheless.

use crate::support::*;
use axum::extract::FromRef;
use axum::routing::get;
use axum::{Extension, Router};
use axum_extra::extract::cookie::{Cookie, CookieJar, Key, PrivateCookieJar, SignedCookieJar};
use http_body_util::Full;
use tower::Layer;
use tower_cookies::{CookieManagerLayer, Cookies};

#[derive(Clone)]
struct Keys(Key);

impl FromRef<Keys> for Key {
    fn from_ref(keys: &Keys) -> Self {
        keys.0.clone()
    }
}

fn shown(cookie: Option<&str>) -> String {
    cookie.unwrap_or("nothing").to_owned()
}

async fn through_tower_cookies(cookies: Cookies) -> String {
    let seen = shown(cookies.get("visit").map(|cookie| cookie.value().to_owned()).as_deref());
    cookies.add(Cookie::new("visit", "page-7"));
    cookies.add(Cookie::new("_ga", "GA1.1.1"));
    seen
}

async fn through_a_jar(jar: CookieJar) -> (CookieJar, String) {
    let seen = shown(jar.get("visit").map(Cookie::value));
    (jar.add(Cookie::new("visit", "page-7")).add(Cookie::new("_ga", "GA1.1.1")), seen)
}

async fn through_a_signed_jar(jar: SignedCookieJar) -> (SignedCookieJar, String) {
    let seen = shown(jar.get("visit").as_ref().map(Cookie::value));
    (jar.add(Cookie::new("visit", "page-7")).add(Cookie::new("_ga", "GA1.1.1")), seen)
}

async fn through_a_private_jar(jar: PrivateCookieJar) -> (PrivateCookieJar, String) {
    let seen = shown(jar.get("visit").as_ref().map(Cookie::value));
    (jar.add(Cookie::new("visit", "page-7")).add(Cookie::new("_ga", "GA1.1.1")), seen)
}

/// An extension is enough for handlers without an extractor.
async fn through_an_extension(Extension(cookies): Extension<Cookies>) -> String {
    through_tower_cookies(cookies).await
}

#[tokio::test]
async fn every_jar_is_judged_in_every_state() {
    let router = Router::new()
        .route("/tower-cookies", get(through_tower_cookies))
        .route("/extension", get(through_an_extension))
        .layer(CookieManagerLayer::new())
        .route("/jar", get(through_a_jar))
        .route("/signed", get(through_a_signed_jar))
        .route("/private", get(through_a_private_jar))
        .with_state(Keys(Key::generate()));
    let address = serve(layer().layer(router)).await;
    each_version(address, async |connection| {
        for path in ["/tower-cookies", "/extension", "/jar", "/signed", "/private"] {
            for (state, consent, allowed) in VISITORS {
                let at = format!("{path}, {state}, {:?}", connection.version);
                let mut sent: Vec<&str> = consent.into_iter().collect();
                let request = visit(connection.version, path, &sent).body(Full::default()).unwrap();
                let first = connection.ask(request).await;
                assert_eq!(first.text(), "nothing", "{at}");
                let expected: &[&str] = if allowed { &["visit"] } else { &[] };
                assert_eq!(first.names(), expected, "{at}");

                // The application sees earlier cookies only while they are allowed. Over HTTP/2, each cookie
                // arrives in its own field line.
                let earlier = first.pairs();
                let earlier = earlier.first().map_or("visit=forged", String::as_str);
                sent.extend(["_ga=GA1.1.1", earlier]);
                let request = visit(connection.version, path, &sent).body(Full::default()).unwrap();
                let second = connection.ask(request).await;
                assert_eq!(second.text(), if allowed { "page-7" } else { "nothing" }, "{at}");
            }
        }
    })
    .await;
}

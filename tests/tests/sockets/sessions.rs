//! tower-sessions: no visitor gets a session by opening a page, and signing in needs no consent.

use crate::connection::{Answer, Connection};
use crate::support::*;
use axum::Router;
use axum::routing::{get, post};
use http::Request;
use http_body_util::Full;
use tower::Layer;
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};

async fn look(session: Session) -> String {
    // The fault that the layer corrects: a session for every visitor.
    session.insert("seen", true).await.unwrap();
    session.get::<String>("name").await.unwrap().unwrap_or_else(|| "nobody".to_owned())
}

async fn sign_in(session: Session) -> &'static str {
    session.cycle_id().await.unwrap();
    session.insert("name", "Ada").await.unwrap();
    "welcome"
}

async fn sign_out(session: Session) -> &'static str {
    session.flush().await.unwrap();
    "good-bye"
}

async fn ask(connection: &mut Connection, method: &str, path: &str, cookies: &[&str]) -> Answer {
    let request = with_cookies(Request::builder().method(method).uri(path), connection.version, cookies);
    connection.ask(request.body(Full::default()).unwrap()).await
}

#[tokio::test]
async fn a_session_begins_with_signing_in_in_every_state() {
    let sessions = SessionManagerLayer::new(MemoryStore::default()).with_name("sid");
    let router = Router::new()
        .route("/", get(look))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .layer(sessions);
    let address = serve(layer().layer(router)).await;
    each_version(address, async |connection| {
        for (state, consent, _) in VISITORS {
            let at = format!("{state}, {:?}", connection.version);
            let mut sent: Vec<&str> = consent.into_iter().collect();
            let looking = ask(connection, "GET", "/", &sent).await;
            assert!(looking.names().is_empty(), "a session for having looked: {at}");

            let signed_in = ask(connection, "POST", "/sign-in", &sent).await;
            assert_eq!(signed_in.names(), ["sid"], "{at}");
            let line = String::from_utf8(signed_in.cookies()[0].to_vec()).unwrap();
            assert!(
                line.contains("HttpOnly") && line.contains("Secure"),
                "as tower-sessions wrote it: {line}"
            );

            let pairs = signed_in.pairs();
            sent.push(&pairs[0]);
            let back = ask(connection, "GET", "/", &sent).await;
            assert_eq!(back.text(), "Ada", "{at}");
            let signed_out = ask(connection, "POST", "/sign-out", &sent).await;
            assert_eq!(signed_out.pairs(), ["sid="], "{at}");
            let line = String::from_utf8(signed_out.cookies()[0].to_vec()).unwrap();
            assert!(line.contains("Max-Age=0"), "{line}");
            assert_eq!(ask(connection, "GET", "/", &sent).await.text(), "nobody", "{at}");
        }
    })
    .await;
}

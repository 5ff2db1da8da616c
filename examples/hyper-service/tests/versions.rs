//! The service over real connections, in both versions of HTTP.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use consent_tower::ConsentLayer;
use consent_tower::testing::Probe;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use hyper::{Method, Request, Response, Version};
use hyper_service::{policy, serve, site};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// A visitor who speaks one version of HTTP.
struct Visitor {
    client: Client<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
    version: Version,
}

impl Visitor {
    async fn ask(&self, method: Method, path: &str, form: &'static str, cookies: &str) -> Response<Incoming> {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, cookies)
            .body(Full::from(form));
        let answer = self.client.request(request.unwrap()).await.unwrap();
        assert_eq!(answer.version(), self.version);
        answer
    }

    async fn post(&self, path: &str, form: &'static str, cookies: &str) -> String {
        let answer = self.ask(Method::POST, path, form, cookies).await;
        let lines = answer.headers().get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap());
        lines.collect::<Vec<_>>().join("\n")
    }

    async fn page(&self, cookies: &str) -> String {
        let body = self.ask(Method::GET, "/", "", cookies).await.into_body();
        String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }
}

/// One visitor for each version, of one server.
async fn visitors() -> [Visitor; 2] {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(ConsentLayer::new(policy().unwrap()), listener));
    [Version::HTTP_11, Version::HTTP_2].map(|version| {
        let mut client = Client::builder(TokioExecutor::new());
        let client = client.http2_only(version == Version::HTTP_2).build_http();
        Visitor { client, address, version }
    })
}

const UNITS: &str = "units=miles; Path=/; Max-Age=31536000; SameSite=Lax";

#[tokio::test]
async fn units_are_stored_after_consent_and_not_before() {
    for visitor in visitors().await {
        assert_eq!(visitor.post("/units/miles", "", "").await, "");
        let refused = visitor.post("/consent", "action=refuse", "").await;
        assert_eq!(visitor.post("/units/miles", "", pair(&refused)).await, "");
        let granted = visitor.post("/consent", "action=accept", "").await;
        assert_eq!(visitor.post("/units/miles", "", pair(&granted)).await, UNITS);
    }
}

#[tokio::test]
async fn units_count_while_they_are_allowed() {
    for visitor in visitors().await {
        let granted = visitor.post("/consent", "action=accept", "").await;
        let granted = format!("{}; units=miles", pair(&granted));
        let page = visitor.page(&granted).await;
        assert!(page.contains("26.2 miles") && page.contains("is remembered"), "{page}");
        let withdrawn = visitor.post("/consent", "action=withdraw", &granted).await;
        assert!(withdrawn.contains("units=; Max-Age=0"), "{withdrawn}");
        let page = visitor.page(&format!("{}; units=miles", pair(&withdrawn))).await;
        assert!(page.contains("42.2 km") && page.contains("is not remembered"), "{page}");
    }
}

#[tokio::test]
async fn it_keeps_its_promise_in_every_state_of_consent() {
    let policy = policy().unwrap();
    let site = site(ConsentLayer::new(policy.clone()));
    Probe::new(policy).submit("/units/miles", &[]).assert_promise(site).await;
}

/// Returns the cookie that a browser sends back for a `Set-Cookie` header.
fn pair(line: &str) -> &str {
    line.split(';').next().unwrap()
}

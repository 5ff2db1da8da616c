//! The program as it is started, and what a visitor of it gets.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{Method, Request, Response};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The running program; it ends with the test.
struct Program {
    child: Child,
    address: String,
}

impl Program {
    /// Starts it on a port that is free.
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_axum-minimal"));
        let mut child = command.env("PORT", "0").stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { child, address: address.trim_end().to_owned() }
    }

    async fn ask(&self, method: Method, path: &str, form: &'static str, cookies: &str) -> Response<Body> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, cookies)
            .body(Body::from(form));
        let client = Client::builder(TokioExecutor::new()).build_http();
        client.request(request.unwrap()).await.unwrap().map(Body::new)
    }

    /// Posts a form, and gives what is set by it.
    async fn post(&self, path: &str, form: &'static str, cookies: &str) -> String {
        let answer = self.ask(Method::POST, path, form, cookies).await;
        let lines = answer.headers().get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap());
        lines.collect::<Vec<_>>().join("\n")
    }

    async fn page(&self, cookies: &str) -> String {
        let body = self.ask(Method::GET, "/", "", cookies).await.into_body();
        String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_theme_is_kept_after_consent_and_not_before() {
    let program = Program::start();
    assert_eq!(program.post("/dark", "", "").await, "");
    let refused = program.post("/consent", "action=refuse", "").await;
    assert_eq!(program.post("/dark", "", pair(&refused)).await, "");
    let granted = program.post("/consent", "action=accept", "").await;
    assert_eq!(program.post("/dark", "", pair(&granted)).await, "theme=dark; Path=/; Max-Age=31536000");
}

#[tokio::test]
async fn the_page_knows_what_it_may_know() {
    let program = Program::start();
    let [granted, refused] = [
        program.post("/consent", "action=accept", "").await,
        program.post("/consent", "action=refuse", "").await,
    ];
    let page = program.page(&format!("{}; theme=dark", pair(&granted))).await;
    assert!(page.contains("This page is dark") && page.contains("is remembered"), "{page}");
    let page = program.page(&format!("{}; theme=dark", pair(&refused))).await;
    assert!(page.contains("This page is light") && page.contains("is not remembered"), "{page}");
}

/// What a browser sends back of a `Set-Cookie` line.
fn pair(line: &str) -> &str {
    line.split(';').next().unwrap()
}

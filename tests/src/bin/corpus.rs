//! Serves every response of the corpus, for `browser/corpus/`: behind the layer to a visitor who granted and
//! to one who refused, and without the layer. The host selects one of these three and a lane:
//! `www.a7.granted.localhost`. Each lane has its own domain and policy, so that the test knows which response
//! set a cookie of the jar.
//!
//! On these hosts, `/set/N` is a response of the corpus. On every other host, `/` is a page to fetch from,
//! and `/corpus` lists the responses.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, COOKIE, HOST, ORIGIN,
    SET_COOKIE,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use consent_core::Policy;
use consent_tower::ConsentLayer;
use fuzz::browser::pair;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tests::corpus::{Answer, answers, policy};
use tokio::net::TcpListener;
use tower::util::BoxCloneSyncService;
use tower::{Layer, ServiceExt};

/// The number of responses in one jar at a time. Browsers store 180 cookies of a site.
const LANES: usize = 20;

type Site = BoxCloneSyncService<Request, Response, Infallible>;

/// The sites by their hosts, and the data that all of them share.
struct Stage {
    sites: HashMap<String, Site>,
    common: Router,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut sites = HashMap::new();
    for lane in 0..LANES {
        let [granted, refused, bare] =
            ["granted", "refused", "bare"].map(|visitor| format!("a{lane}.{visitor}.localhost"));
        sites.insert(format!("www.{granted}"), covered(&granted, "accept").await?);
        sites.insert(format!("www.{refused}"), covered(&refused, "refuse").await?);
        sites.insert(format!("www.{bare}"), BoxCloneSyncService::new(application(&bare)?));
    }
    let page = || async { ([(CONTENT_TYPE, "text/plain")], "A page to fetch from.\n") };
    let common = Router::new()
        .route("/", get(page))
        .route("/corpus", get(list))
        .with_state(Arc::new(answers("site.example")?));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}", listener.local_addr()?);
    let stage = Arc::new(Stage { sites, common });
    axum::serve(listener, Router::new().fallback(answer).with_state(stage)).await?;
    Ok(())
}

async fn answer(State(stage): State<Arc<Stage>>, request: Request) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let answer = match stage.sites.get(host) {
        Some(site) => site.clone().oneshot(request).await,
        None => stage.common.clone().oneshot(request).await,
    };
    let mut answer = answer.unwrap_or_else(|never| match never {});
    // One page of the visitor fetches from all lanes.
    if let Some(origin) = origin {
        answer.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        answer.headers_mut().insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    answer
}

/// The application behind the layer, for a visitor with a fixed consent cookie, so that the browser's jar
/// holds only cookies of the corpus.
async fn covered(domain: &str, decision: &str) -> Result<Site, Box<dyn Error>> {
    let covered = ConsentLayer::new(Policy::from_toml(&policy(domain))?).layer(application(domain)?);
    let form = Request::post("/consent")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("action={decision}")))?;
    let answer = covered.clone().oneshot(form).await.unwrap_or_else(|never| match never {});
    let line = answer.headers().get(SET_COOKIE).ok_or("the decision was not stored")?.to_str()?;
    let cookie = HeaderValue::from_str(line.split(';').next().unwrap_or_default())?;
    let decided = covered
        .map_request(move |mut request: Request| {
            request.headers_mut().append(COOKIE, cookie.clone());
            request
        })
        .map_response(|response| response.map(Body::new));
    Ok(BoxCloneSyncService::new(decided))
}

fn application(domain: &str) -> Result<Router, Box<dyn Error>> {
    Ok(Router::new().route("/set/{answer}", get(set)).with_state(Arc::new(answers(domain)?)))
}

async fn set(State(corpus): State<Arc<Vec<Answer>>>, Path(answer): Path<usize>) -> Response {
    let Some(answer) = corpus.get(answer) else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = StatusCode::NO_CONTENT.into_response();
    for line in &answer.lines {
        let Ok(line) = HeaderValue::from_bytes(&line.bytes) else {
            return (StatusCode::UNPROCESSABLE_ENTITY, "no header holds this line\n").into_response();
        };
        response.headers_mut().append(SET_COOKIE, line);
    }
    response
}

async fn list(State(corpus): State<Arc<Vec<Answer>>>) -> Json<Value> {
    let listed = corpus.iter().map(|answer| {
        let lines = answer.lines.iter().map(|line| {
            let (name, value) = pair(&line.bytes).unzip();
            let fits = HeaderValue::from_bytes(&line.bytes).is_ok();
            json!({ "expected": line.expected.as_str(), "name": name, "value": value, "fits": fits })
        });
        json!({ "source": answer.source, "lines": lines.collect::<Vec<_>>() })
    });
    Json(listed.collect())
}

//! Other headers that store something, or that make the browser send more.

use crate::support::*;
use bytes::Bytes;
use consent_core::policy::Kind;
use consent_tower::report::{Entry, Outcome, ReviewResult};
use consent_tower::testing::{FailOnUndeclaredLayer, ReportHeaderLayer};
use consent_tower::{ConsentLayer, Mode, Undeclared};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use std::convert::Infallible;
use tower::{Layer, ServiceExt, service_fn};

const TABLES: &str = r#"
[[storage]]
name = "Sec-CH-UA-Model"
kind = "client-hint"
category = "functionality"
purpose.en = "Shows the page in a size that fits your device."
lifetime = "session"
provider = "first-party"

[[storage]]
name = "errors"
kind = "network-report"
category = "functionality"
exempt = "security"
purpose.en = "Tells us of connections that fail."
lifetime = "30d"
provider = "first-party"

[[storage]]
name = "/worker.js"
kind = "service-worker"
category = "functionality"
purpose.en = "Shows pages without a connection."
lifetime = "400d"
provider = "first-party"

[[services]]
id = "video"
label.en = "Example Video"
category = "functionality"
purpose.en = "Shows a film."
provider = "Video Ltd."
origins = ["https://video.example"]
"#;

fn layer() -> ConsentLayer {
    ConsentLayer::new(policy_with(TABLES)).with_clock(today)
}

/// A response of the application with these headers added.
fn with_headers(headers: &[(&'static str, &str)]) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("hello"));
    for (name, value) in headers {
        response.headers_mut().append(*name, HeaderValue::from_str(value).unwrap());
    }
    response
}

/// Each header that can store something, with undeclared content.
const UNDECLARED: [(&str, &str); 9] = [
    ("accept-ch", "Device-Memory"),
    ("critical-ch", "Device-Memory"),
    ("use-as-dictionary", "match=\"/*\""),
    ("nel", "{\"report_to\":\"default\",\"max_age\":60}"),
    ("report-to", "{\"max_age\":60,\"endpoints\":[{\"url\":\"https://r.example/\"}]}"),
    ("service-worker-allowed", "/"),
    ("set-login", "logged-in"),
    ("link", "<https://video.example>; rel=preconnect"),
    ("clear-site-data", "\"cookies\""),
];

#[tokio::test]
async fn undeclared_parts_of_headers_are_removed() {
    let mut answers = Vec::new();
    for (_, cookie) in STATES {
        for status in [200, 204, 302, 304, 404, 500] {
            let mut request = empty(visit("/"));
            if let Some(cookie) = cookie {
                request = with_cookies(request, cookie);
            }
            // The origin of the link is declared, so the header depends on the visitor.
            let headers: Vec<_> = UNDECLARED.into_iter().filter(|(name, _)| *name != "link").collect();
            let mut response = with_headers(&headers);
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            answers.push((send(&layer(), request, response).await, headers));
        }
    }
    for (answer, headers) in answers {
        for (name, _) in headers {
            assert!(!answer.headers.contains_key(name), "{name} left with {}", answer.status);
        }
        assert_eq!(answer.report.unwrap().entries().len(), 8);
    }
}

#[tokio::test]
async fn members_are_judged_one_by_one_and_the_rest_stays_unchanged() {
    let response = || {
        with_headers(&[
            ("accept-ch", "DPR,  Sec-CH-UA-Model"),
            ("accept-ch", "sec-ch-ua-model;x=1 , Downlink"),
            ("link", "</a.css>; rel=preload; as=style, <https://video.example/x,y>; rel=\"preconnect\""),
            ("link", "<https://cdn.example>; rel=preconnect"),
            ("nel", "{ \"report_to\" : \"errors\", \"max_age\": 60 }"),
            ("reporting-endpoints", "errors=\"/reports\""),
            ("etag", "\"x\""),
        ])
    };
    let of = async |cookie: &str| {
        send(&layer(), with_cookies(empty(posting("text/plain").uri("/data")), cookie), response()).await
    };
    let lines = |answer: &Answer, name: &str| -> Vec<String> {
        answer.headers.get_all(name).iter().map(|line| line.to_str().unwrap().to_owned()).collect()
    };
    let granted = of(GRANTED).await;
    assert_eq!(lines(&granted, "accept-ch"), ["Sec-CH-UA-Model", "sec-ch-ua-model;x=1 "]);
    assert_eq!(lines(&granted, "link").len(), 1, "no service declares the second one");
    assert!(lines(&granted, "link")[0].contains("video.example"));
    let refused = of(REFUSED).await;
    assert_eq!(lines(&refused, "link"), ["</a.css>; rel=preload; as=style"]);
    assert!(lines(&refused, "accept-ch").iter().all(String::is_empty));
    for answer in [granted, refused] {
        assert_eq!(lines(&answer, "nel"), ["{ \"report_to\" : \"errors\", \"max_age\": 60 }"]);
        assert_eq!(answer.header("reporting-endpoints"), "errors=\"/reports\"");
        assert_eq!(answer.header("etag"), "\"x\"");
    }
}

#[tokio::test]
async fn the_report_has_name_and_reason() {
    let answer = send(&layer(), empty(visit("/")), with_headers(&UNDECLARED)).await;
    let entries = answer.report.as_ref().unwrap().entries();
    let found: Vec<_> = entries
        .iter()
        .map(|entry| (entry.kind(), str::from_utf8(entry.name()).unwrap(), entry.cause().as_str()))
        .collect();
    for expected in [
        (Kind::ClientHint, "Device-Memory", "undeclared"),
        (Kind::Dictionary, "/*", "undeclared"),
        (Kind::NetworkReport, "default", "undeclared"),
        (Kind::LoginStatus, "Set-Login", "undeclared"),
        (Kind::Service, "https://video.example", "undecided"),
        (Kind::Cookie, "Clear-Site-Data", "reserved"),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
    }
    assert!(entries.iter().all(|entry| entry.outcome() == Outcome::Dropped));
    let application = service_fn(|_: Request<Full<Bytes>>| async {
        Ok::<_, Infallible>(with_headers(&[("set-login", "logged-in")]))
    });
    let site = ReportHeaderLayer.layer(layer().layer(application));
    let developed = Answer::read(site.oneshot(empty(visit("/"))).await.unwrap()).await;
    let line = "name=\"Set-Login\"; kind=login-status; outcome=dropped; reason=undeclared";
    assert_eq!(developed.header("consent-report"), line);
}

#[tokio::test]
async fn responses_that_depend_on_the_visitor_are_private() {
    let of = async |cookie: &str, headers: &[(&'static str, &str)]| {
        let mut response = with_headers(headers);
        response.headers_mut().insert("cache-control", HeaderValue::from_static("public, max-age=60"));
        let answer =
            send(&layer(), with_cookies(empty(posting("text/plain").uri("/data")), cookie), response).await;
        (answer.header("cache-control"), answer.header("vary"))
    };
    let private = ("private, max-age=60".to_owned(), "Cookie".to_owned());
    let public = ("public, max-age=60".to_owned(), String::new());
    for cookie in [GRANTED, REFUSED] {
        assert_eq!(of(cookie, &[("accept-ch", "Sec-CH-UA-Model")]).await, private);
        assert_eq!(of(cookie, &[("link", "<https://video.example>; rel=preload")]).await, private);
        // If it is undeclared or exempt, it is the same for every visitor.
        assert_eq!(of(cookie, &[("accept-ch", "DPR"), ("nel", "{\"report_to\":\"errors\"}")]).await, public);
        assert_eq!(of(cookie, &[("link", "<https://cdn.example>; rel=preload")]).await, public);
    }
}

#[tokio::test]
async fn report_only_mode_changes_nothing() {
    let layer = layer().with_mode(Mode::ReportOnly);
    let answer = send(&layer, worker("/stranger.js"), with_headers(&UNDECLARED)).await;
    assert_eq!(answer.status, 200);
    for (name, value) in UNDECLARED {
        assert_eq!(answer.header(name), value);
    }
    assert!(!answer.headers.contains_key("cache-control"));
    let entries = answer.report.as_ref().unwrap().entries();
    assert_eq!(entries.len(), UNDECLARED.len() + 1, "and the worker");
    assert!(entries.iter().all(|entry| entry.outcome() == Outcome::ReportedOnly));
}

#[tokio::test]
async fn the_sites_options_apply_to_headers_too() {
    let response =
        || with_headers(&[("set-login", "logged-in"), ("link", "<https://video.example>; rel=preload")]);
    let reported = send(&layer().with_undeclared(Undeclared::Report), empty(visit("/")), response()).await;
    assert!(reported.headers.contains_key("set-login") && !reported.headers.contains_key("link"));
    let application = service_fn(|_: Request<Full<Bytes>>| async { Ok::<_, Infallible>(response()) });
    let site = FailOnUndeclaredLayer.layer(layer().layer(application));
    let failed = Answer::read(site.oneshot(empty(visit("/"))).await.unwrap()).await;
    assert_eq!(failed.status, 500);
    assert!(failed.text().contains("Set-Login"), "{}", failed.text());
    let overturned = layer().with_review(|review| match (review.kind, review.name) {
        (Kind::LoginStatus, b"Set-Login") => ReviewResult::Keep,
        _ => ReviewResult::Uphold,
    });
    let overturned = send(&overturned, empty(visit("/")), response()).await;
    assert!(overturned.headers.contains_key("set-login") && !overturned.headers.contains_key("link"));
    let outcomes: Vec<_> = overturned.report.as_ref().unwrap().entries().iter().map(Entry::outcome).collect();
    assert!(outcomes.contains(&Outcome::KeptByReview));
}

/// The request of a browser for the script of a worker.
fn worker(path: &str) -> Request<Full<Bytes>> {
    let request = Request::get(path)
        .header("host", "site.example")
        .header("accept", "*/*")
        .header("service-worker", "script")
        .header("sec-fetch-dest", "serviceworker")
        .header("sec-fetch-mode", "same-origin")
        .header("sec-fetch-site", "same-origin");
    empty(request)
}

#[tokio::test]
async fn a_workers_script_is_sent_if_declared_and_allowed() {
    let of = async |layer: &ConsentLayer, path: &str, cookie: &str| {
        let response = with_headers(&[("content-type", "text/javascript"), ("service-worker-allowed", "/")]);
        send(layer, with_cookies(worker(path), cookie), response).await
    };
    let granted = of(&layer(), "/worker.js", GRANTED).await;
    assert_eq!((granted.status.as_u16(), granted.text()), (200, "hello"));
    assert_eq!(granted.header("service-worker-allowed"), "/");
    assert_eq!(
        (granted.header("cache-control"), granted.header("vary")),
        ("private".into(), "Cookie".into())
    );

    for (path, cookie, reason) in [
        ("/worker.js", REFUSED, "refused"),
        ("/worker.js", "a=1", "undecided"),
        ("/other.js", GRANTED, "undeclared"),
    ] {
        let answer = of(&layer(), path, cookie).await;
        assert_eq!(answer.status, 403, "{path}");
        assert!(!answer.text().contains("hello") && !answer.headers.contains_key("service-worker-allowed"));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.reasons().contains(&(path.to_owned(), reason)), "{:?}", answer.reasons());
    }

    // If the request is not for a worker, the same file is an ordinary script.
    let mut plain = worker("/other.js");
    plain.headers_mut().remove("service-worker");
    plain.headers_mut().insert("sec-fetch-dest", HeaderValue::from_static("script"));
    assert_eq!(send(&layer(), plain, with_headers(&[])).await.status, 200);
}

#[tokio::test]
async fn a_worker_is_matched_by_the_path_that_the_browser_sees() {
    let layer = layer().with_public_path("/shop");
    let answer = send(&layer, with_cookies(worker("/worker.js"), GRANTED), with_headers(&[])).await;
    assert_eq!(answer.status, 403, "it is /shop/worker.js");
}

#[tokio::test]
async fn the_policy_page_lists_these_kinds() {
    let page = ask(&layer(), empty(visit("/consent/policy"))).await;
    for words in [
        "Sec-CH-UA-Model",
        "Information that we ask the browser for",
        "Error reports of the browser",
        "Service worker",
    ] {
        assert!(page.text().contains(words), "{words}");
    }
}

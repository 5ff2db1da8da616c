//! Responses to decisions that cannot be parsed (RFC 9457).

use crate::support::*;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{Full, StreamBody};
use std::convert::Infallible;
use tower::{Layer, ServiceExt, service_fn};

async fn refused(request: Request<Full<Bytes>>, status: StatusCode, code: &str) {
    let label = format!("{request:?}");
    let mut request = request;
    let wants_json = request.headers().get("accept").is_some_and(|accept| accept == "application/json")
        || request.headers()["content-type"] == "application/json";
    request.headers_mut().append("cookie", format!("{REFUSED}; theme=dark").parse().unwrap());
    let answer = ask(&layer(), request).await;
    assert_eq!(answer.status, status, "{label}: {}", answer.text());
    assert!(answer.cookies().is_empty(), "an error changes nothing: {label}");
    assert_eq!(answer.header("cache-control"), "no-store");
    if wants_json {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{label}");
        let problem = answer.json();
        assert_eq!(problem["code"], code, "{label}: {problem}");
        assert_eq!(problem["status"], status.as_u16());
        assert!(problem["title"].is_string() && problem["type"].is_string(), "{problem}");
    } else {
        assert!(answer.header("content-type").starts_with("text/html"), "{label}");
        assert!(answer.text().starts_with("<!doctype html>") || answer.text().starts_with("<!DOCTYPE html>"));
    }
}

#[tokio::test]
async fn unknown_words_are_422() {
    let unknown = StatusCode::UNPROCESSABLE_ENTITY;
    for fields in ["action=maybe", "action=", "action=Accept", "category=functionality", ""] {
        refused(form(fields), unknown, "unknown-action").await;
    }
    for body in [r#"{"action":"maybe"}"#, "{}", r#"{"action":null}"#] {
        refused(json(body), unknown, "unknown-action").await;
    }
    for fields in [
        "action=save&category=marketing",
        "action=save&category=functionality&category=marketing",
        "action=save&category=",
        "action=save&category=Functionality",
        "action=accept&category=marketing",
    ] {
        refused(form(fields), unknown, "unknown-category").await;
    }
    for body in
        [r#"{"action":"save","category":["marketing"]}"#, r#"{"action":"save","category":"marketing"}"#]
    {
        refused(json(body), unknown, "unknown-category").await;
    }
    refused(form("action=accept&track=me"), unknown, "unknown-key").await;
    refused(json(r#"{"action":"accept","track":"me"}"#), unknown, "unknown-key").await;
}

#[tokio::test]
async fn a_body_that_cannot_be_parsed_is_400() {
    for body in [
        "",
        "{",
        "accept",
        "[",
        "[1,",
        "{\"action\":1,",
        "{\"track\":\"me\"",
        "{\"action\":\"accept\"",
        "{\"action\":\"accept\"} x",
        "\u{0}",
    ] {
        refused(json(body), StatusCode::BAD_REQUEST, "malformed").await;
    }
    refused(form("action=accept&action=refuse"), StatusCode::BAD_REQUEST, "malformed").await;
}

#[tokio::test]
async fn json_of_another_shape_is_refused() {
    for body in [
        r#"["accept"]"#,
        // The fields, in the order of the struct.
        r#"["accept",[],null]"#,
        r#""accept""#,
        "1",
        "null",
        r#"{"action":["accept"]}"#,
        r#"{"action":"save","category":{"functionality":true}}"#,
    ] {
        refused(json(body), StatusCode::UNPROCESSABLE_ENTITY, "unknown-key").await;
    }
}

#[tokio::test]
async fn another_content_type_is_415() {
    for kind in
        ["text/plain", "multipart/form-data; boundary=x", "application/xml", "application/jsonp", "json", ""]
    {
        refused(
            posting(kind).body(Full::from("action=accept")).unwrap(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-type",
        )
        .await;
    }
    let mut untyped = form("action=accept");
    untyped.headers_mut().remove("content-type");
    assert_eq!(ask(&layer(), untyped).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for kind in ["application/x-www-form-urlencoded;charset=UTF-8", "Application/X-WWW-Form-Urlencoded"] {
        let answer = ask(&layer(), posting(kind).body(Full::from("action=accept")).unwrap()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{kind}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413_whatever_its_content_length() {
    let large = format!("action=accept&return=/{}", "x".repeat(64 * 1024));
    refused(form(&large), StatusCode::PAYLOAD_TOO_LARGE, "too-large").await;
    let mut honest = form(&large);
    honest.headers_mut().insert("content-length", large.len().to_string().parse().unwrap());
    refused(honest, StatusCode::PAYLOAD_TOO_LARGE, "too-large").await;
    let mut lying = form(&large);
    lying.headers_mut().insert("content-length", "13".parse().unwrap());
    refused(lying, StatusCode::PAYLOAD_TOO_LARGE, "too-large").await;
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let endless =
        (0..).map(|_| Ok::<_, Infallible>(http_body::Frame::data(Bytes::from_static(&[b'x'; 4096]))));
    let body = StreamBody::new(futures_util::stream::iter(endless));
    let request = posting("application/x-www-form-urlencoded").body(body).unwrap();
    let inner = service_fn(|_| async { Ok::<_, Infallible>(application()) });
    let response = layer().layer(inner).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_accept_header_selects_the_format_of_errors() {
    let mut by_form = form("action=maybe");
    by_form.headers_mut().insert("accept", "application/json".parse().unwrap());
    refused(by_form, StatusCode::UNPROCESSABLE_ENTITY, "unknown-action").await;
    let mut by_script = json(r#"{"action":"maybe"}"#);
    by_script.headers_mut().insert("accept", "text/html".parse().unwrap());
    let answer = ask(&layer(), by_script).await;
    assert!(answer.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn text_from_a_request_is_never_markup() {
    let answer =
        ask(&layer(), form("action=%3Cscript%3Ealert(1)%3C%2Fscript%3E&return=%22%3E%3Cimg%3E")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.text().contains("<script>alert"), "{}", answer.text());
    let answer = ask(&layer(), form("action=save&category=%3Cimg%20src%3Dx%3E")).await;
    assert!(!answer.text().contains("<img src=x"), "{}", answer.text());
}

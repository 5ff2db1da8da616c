//! Routes that need a category, and the responses to visitors who do not allow it.

use crate::support::*;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::{get, post};
use consent_core::Category;
use consent_tower::matcher::RequestMatcher;
use consent_tower::require::{Allowed, Functionality, RequireConsentLayer, RequiredCategory};
use consent_tower::{ConsentLayer, Mode};
use http::Method;
use http::header::COOKIE;
use tower::{Layer, ServiceExt};

struct Statistics;

impl RequiredCategory for Statistics {
    const NAME: &'static str = "statistics";
}

/// The same page behind `RequireConsentLayer` and with the extractor `Allowed`.
fn routes() -> Router {
    let extracted = async |allowed: Allowed<Functionality>| {
        assert!(allowed.consent.allows(Category::FUNCTIONALITY));
        "your notes"
    };
    Router::new()
        .route("/layer", get(async || "your notes").post(async || "noted"))
        .route_layer(RequireConsentLayer::new(Category::FUNCTIONALITY))
        .route("/extractor", get(extracted).post(async |_: Allowed<Functionality>| "noted"))
        .route("/unknown", get(async |_: Allowed<Statistics>| "never"))
}

async fn answer(layer: &ConsentLayer, request: Request) -> Answer {
    Answer::read(layer.layer(routes()).oneshot(request).await.unwrap()).await
}

fn page(path: &str, cookies: &str) -> Request {
    visit(path).header(COOKIE, cookies).body(Body::empty()).unwrap()
}

fn data(path: &str, cookies: &str) -> Request {
    let request = http::Request::get(path).header("sec-fetch-dest", "empty").header("accept", "*/*");
    request.header(COOKIE, cookies).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_visitor_who_allows_the_category_gets_the_page() {
    for path in ["/layer", "/extractor"] {
        for request in [page(path, GRANTED), data(path, GRANTED)] {
            let answer = answer(&layer(), request).await;
            assert_eq!((answer.status.as_u16(), answer.text()), (200, "your notes"));
            assert_eq!(answer.header("cache-control"), "private", "the next visitor may not see it");
            assert_eq!(answer.header("vary"), "Cookie");
        }
    }
}

#[tokio::test]
async fn another_visitor_gets_a_page_that_offers_the_category() {
    for path in ["/layer?page=2", "/extractor?page=2"] {
        for cookies in ["", REFUSED] {
            let answer = answer(&layer(), page(path, cookies)).await;
            assert_eq!(answer.status.as_u16(), 403);
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
            assert_eq!(answer.header("content-length"), answer.body.len().to_string());
            let html = answer.text();
            for part in [
                "To remember what you chose.",
                "<form method=\"post\" action=\"/consent\">",
                "value=\"save\"",
                "Go to the home page instead",
                "href=\"/consent\"",
                &format!("name=\"return\" value=\"{path}\""),
            ] {
                assert!(html.contains(part), "{part}: {html}");
            }
            assert!(answer.header("cache-control").contains("no-store"), "{answer:?}");
            assert!(answer.header("vary").contains("Cookie"));
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        }
    }
}

#[tokio::test]
async fn the_form_of_that_page_leads_to_the_requested_page() {
    let asked = answer(&layer(), page("/layer", "")).await;
    let html = asked.text();
    let (_, rest) = html.split_once("<form method=\"post\"").unwrap();
    let (fields, _) = rest.split_once("</form>").unwrap();
    let value = |name: &str| {
        let (_, rest) = fields.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let body =
        format!("action={}&category={}&return={}", value("action"), value("category"), value("return"));
    let decided = ask(&layer(), form(&body)).await;
    assert_eq!(decided.location(), "/layer#consent-saved");
    let consent = format!("__Host-consent={}", decided.cookie("__Host-consent").value);
    assert_eq!(answer(&layer(), page("/layer", &consent)).await.text(), "your notes");
}

#[tokio::test]
async fn a_client_that_asks_for_data_gets_a_problem() {
    let json = |path| {
        let request = visit(path).header("accept", "application/json").header("accept", "text/html;q=0.1");
        let mut request = request.body(Body::empty()).unwrap();
        request.headers_mut().insert("accept", "application/json, text/html;q=0.1".parse().unwrap());
        request
    };
    for path in ["/layer", "/extractor"] {
        for request in [data(path, REFUSED), json(path)] {
            let answer = answer(&layer(), request).await;
            assert_eq!(answer.status.as_u16(), 403);
            assert_eq!(answer.header("content-type"), "application/problem+json");
            let problem = answer.json();
            assert_eq!(problem["code"], "consent-required");
            assert_eq!((&problem["status"], &problem["category"]), (&403.into(), &"functionality".into()));
            assert_eq!(problem["settings"], "/consent");
        }
    }
    assert_eq!(answer(&layer(), data("/layer", REFUSED)).await.json()["reason"], "refused");
    assert_eq!(answer(&layer(), data("/layer", "")).await.json()["reason"], "undecided");
}

#[tokio::test]
async fn a_category_that_the_policy_does_not_declare_is_never_allowed() {
    let answer_page = answer(&layer(), page("/unknown", GRANTED)).await;
    assert_eq!(answer_page.status.as_u16(), 403);
    assert!(
        answer_page.text().contains("does not declare") && !answer_page.text().contains("value=\"save\"")
    );
    let problem = answer(&layer(), data("/unknown", GRANTED)).await.json();
    assert!(problem["category"].is_null());
}

#[tokio::test]
async fn a_post_returns_to_the_page_of_its_form() {
    for path in ["/layer", "/extractor"] {
        let request =
            visit(path).method(Method::POST).header("referer", "https://site.example/write?draft=1");
        let answer = answer(&layer(), request.body(Body::empty()).unwrap()).await;
        assert!(answer.text().contains("name=\"return\" value=\"/write?draft=1\""), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_nested_route_returns_to_its_whole_path() {
    let nested = Router::new().nest("/account", routes());
    let site = layer().layer(nested);
    let answer = Answer::read(site.oneshot(page("/account/layer", "")).await.unwrap()).await;
    assert!(answer.text().contains("name=\"return\" value=\"/account/layer\""), "{}", answer.text());
}

#[tokio::test]
async fn head_gets_no_body() {
    let asked = answer(&layer(), page("/layer", "")).await;
    let head = visit("/layer").method(Method::HEAD).body(Body::empty()).unwrap();
    let head = answer(&layer(), head).await;
    assert_eq!((head.status, head.body.len()), (asked.status, 0));
    assert_eq!(head.header("content-length"), asked.header("content-length"));
}

#[tokio::test]
async fn it_works_for_excluded_pages_and_in_report_only_mode() {
    for layer in [layer().with_mode(Mode::ReportOnly), layer().add_excluded(RequestMatcher::from_path("/"))] {
        let answer = answer(&layer, page("/layer", "")).await;
        assert_eq!(answer.status.as_u16(), 403);
        assert!(answer.text().contains("name=\"return\" value=\"/layer\""), "{}", answer.text());
    }
}

#[tokio::test]
async fn without_a_consent_layer_the_response_is_a_line_of_text() {
    for path in ["/layer", "/extractor"] {
        let answer = Answer::read(routes().oneshot(page(path, GRANTED)).await.unwrap()).await;
        assert_eq!(answer.status.as_u16(), 403);
        assert!(answer.text().contains("no consent layer has read"), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_decision_in_the_same_response_counts() {
    use consent_core::consent::{Action, Decision};
    use consent_tower::require::ConsentRequired;
    let handler = async |request: Request| {
        let (parts, _) = request.into_parts();
        let required = ConsentRequired::of(Category::FUNCTIONALITY, &parts);
        (Decision::new(Action::Refuse), required)
    };
    let routes = Router::new().route(
        "/",
        post(async move |request| {
            let (decision, required) = handler(request).await;
            (decision, required.unwrap())
        }),
    );
    let request = visit("/").method(Method::POST).header("origin", "https://site.example");
    let site = layer().layer(routes);
    let answer = Answer::read(site.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()).await;
    assert_eq!(answer.cookie("__Host-consent").value, "1-20261123.functionality:r");
    assert!(answer.text().contains("which you did not allow"), "{}", answer.text());
}

//! Decisions that a handler inserts into its response.

use crate::support::*;
use bytes::Bytes;
use consent_core::Category;
use consent_core::consent::{Action, Decision};
use consent_tower::changes::{DecisionOutcome, DecisionRefusal};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;

/// A form of this site.
fn post(cookies: &str) -> Request<Full<Bytes>> {
    let request = visit("/sign-in").method(Method::POST).header("origin", "https://site.example");
    with_cookies(empty(request), cookies)
}

/// The response of a handler that decides and sets these cookies.
fn deciding(decision: Decision, lines: &[&str]) -> Response<Full<Bytes>> {
    let mut response = setting(lines);
    response.extensions_mut().insert(decision);
    response
}

fn outcome(answer: &Answer) -> Option<DecisionOutcome> {
    answer.report.as_ref().and_then(|report| Some(report.decision()?.1))
}

const THEME: &str = "theme=dark; Path=/; Max-Age=31536000";

#[tokio::test]
async fn a_grant_takes_effect_in_its_own_response() {
    let accept = || Decision::new(Action::Accept);
    let answer = send(&layer(), post(REFUSED), deciding(accept(), &[THEME])).await;
    assert_eq!(outcome(&answer), Some(DecisionOutcome::Taken));
    assert_eq!(answer.cookie("theme").value, "dark");
    assert_eq!(answer.cookie("__Host-consent").value, "1-20261123.functionality:g");
    assert_eq!(answer.cookies().len(), 2);
    assert_eq!((answer.header("cache-control"), answer.header("vary")), ("private".into(), "Cookie".into()));
}

#[tokio::test]
async fn a_withdrawal_drops_and_deletes_cookies_in_its_own_response() {
    let sent = format!("{GRANTED}; theme=dark; pref_a=1; sid=mine");
    for decision in [Action::Withdraw, Action::Refuse, Action::Erase].map(Decision::new) {
        let action = decision.action();
        let answer = send(&layer(), post(&sent), deciding(decision, &[THEME])).await;
        assert_eq!(answer.reasons().len(), 1, "{action}: {answer:?}");
        for name in ["theme", "pref_a", "visit"] {
            assert!(answer.cookie(name).is_deletion(), "{name} after {action}");
        }
        assert!(!answer.sets("sid"));
        let consent = answer.cookie("__Host-consent");
        if action == Action::Erase {
            assert!(consent.is_deletion());
        } else {
            assert_eq!(consent.value, "1-20261123.functionality:r");
        }
    }
}

#[tokio::test]
async fn the_page_of_that_response_has_the_new_consent() {
    let page = |decision: Option<Decision>| {
        let mut response = Response::builder()
            .header("content-type", "text/html")
            .body(Full::from(
                "<!doctype html><body><iframe data-consent=functionality data-src=/map></iframe>",
            ))
            .unwrap();
        if let Some(decision) = decision {
            response.extensions_mut().insert(decision);
        }
        response
    };
    let before = send(&layer(), post(""), page(None)).await;
    assert!(before.text().contains("consent-banner") && !before.text().contains(" src=\"/map\""));
    let accepted = send(&layer(), post(""), page(Some(Decision::new(Action::Accept)))).await;
    assert!(!accepted.text().contains("consent-banner"), "{}", accepted.text());
    assert!(accepted.text().contains(" src=\"/map\""), "{}", accepted.text());
    let withdrawn = send(&layer(), post(GRANTED), page(Some(Decision::new(Action::Withdraw)))).await;
    assert!(!withdrawn.text().contains(" src=\"/map\""), "{}", withdrawn.text());
    // The decision is erased, and the same page asks again. The cookie is set once.
    let erased = send(&layer(), post(GRANTED), page(Some(Decision::new(Action::Erase)))).await;
    assert!(erased.text().contains("consent-banner"));
    assert!(erased.cookie("__Host-consent").is_deletion());
}

#[tokio::test]
async fn an_unchanged_decision_is_not_written_again() {
    let again = [
        (GRANTED, Decision::new(Action::Accept)),
        (GRANTED, Decision::save([Category::FUNCTIONALITY])),
        (REFUSED, Decision::new(Action::Withdraw)),
        (REFUSED, Decision::new(Action::Refuse)),
        ("", Decision::new(Action::Erase)),
    ];
    for (cookies, decision) in again {
        let action = decision.action();
        let answer = send(&layer(), post(cookies), deciding(decision, &[])).await;
        assert_eq!(outcome(&answer), Some(DecisionOutcome::Unchanged), "{action} after {cookies:?}");
        assert!(answer.cookies().is_empty(), "{answer:?}");
    }
    // A grant that is no longer valid is given again.
    let old = "__Host-consent=1-20260101.functionality:g";
    let answer = send(&layer(), post(old), deciding(Decision::new(Action::Accept), &[])).await;
    assert_eq!(outcome(&answer), Some(DecisionOutcome::Taken));
}

#[tokio::test]
async fn the_last_of_several_decisions_counts_and_one_cookie_is_set() {
    let mut response = deciding(Decision::new(Action::Accept), &[THEME]);
    response.extensions_mut().insert(Decision::new(Action::Refuse));
    let answer = send(&layer(), post(""), response).await;
    assert_eq!(answer.cookie("__Host-consent").value, "1-20261123.functionality:r");
    assert!(answer.cookie("theme").is_deletion());
}

#[tokio::test]
async fn safe_methods_cannot_grant() {
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        for (cookies, decision) in
            [("", Decision::new(Action::Accept)), (REFUSED, Decision::save([Category::FUNCTIONALITY]))]
        {
            let request = with_cookies(empty(visit("/").method(method.clone())), cookies);
            let answer = send(&layer(), request, deciding(decision, &[THEME])).await;
            let refused = DecisionOutcome::Refused(DecisionRefusal::SafeMethod);
            assert_eq!(outcome(&answer), Some(refused), "{method}");
            assert!(!answer.sets("__Host-consent") && !answer.sets("theme"), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_link_can_withdraw_and_an_image_cannot() {
    let withdraw = || Decision::new(Action::Withdraw);
    let followed = with_cookies(empty(visit("/stop")), GRANTED);
    let answer = send(&layer(), followed, deciding(withdraw(), &[])).await;
    assert_eq!(outcome(&answer), Some(DecisionOutcome::Taken));
    assert!(answer.cookie("theme").is_deletion());

    let image =
        Request::get("/stop").header("sec-fetch-dest", "image").header("sec-fetch-site", "cross-site");
    let answer = send(&layer(), with_cookies(empty(image), GRANTED), deciding(withdraw(), &[])).await;
    assert_eq!(outcome(&answer), Some(DecisionOutcome::Refused(DecisionRefusal::SafeMethod)));
    // A request of `<link rel=prefetch>`.
    let link = Request::get("/stop")
        .header("sec-fetch-dest", "empty")
        .header("accept", "*/*")
        .header("sec-purpose", "prefetch");
    let answer = send(&layer(), with_cookies(empty(link), GRANTED), deciding(withdraw(), &[])).await;
    assert_eq!(outcome(&answer), Some(DecisionOutcome::Refused(DecisionRefusal::Speculative)));
    assert!(answer.cookies().is_empty());
}

#[tokio::test]
async fn a_link_cannot_erase_an_objection() {
    let document = include_str!("policy.toml")
        .replace("[categories.functionality]", "[categories.functionality]\nregime = \"objectable\"");
    let policy = consent_core::Policy::from_toml(&document).unwrap();
    let layer = consent_tower::ConsentLayer::new(policy)
        .with_clock(today)
        .with_jurisdiction(|_| consent_core::policy::Jurisdiction::parse("GB").ok());
    let objected = "__Host-consent=1-20261101.functionality:o";
    let erase = || deciding(Decision::new(Action::Erase), &[]);
    let link = with_cookies(empty(visit("/forget")), objected);
    let answer = send(&layer, link, erase()).await;
    assert_eq!(outcome(&answer), Some(DecisionOutcome::Refused(DecisionRefusal::SafeMethod)));
    assert!(answer.cookies().is_empty(), "{answer:?}");
    let answer = send(&layer, post(objected), erase()).await;
    assert_eq!(outcome(&answer), Some(DecisionOutcome::Taken), "the visitor's own form does");
}

#[tokio::test]
async fn a_form_in_a_frame_can_withdraw_but_not_grant() {
    let framed = |cookies: &str| {
        let mut request = post(cookies);
        request.headers_mut().insert("sec-fetch-dest", "iframe".parse().unwrap());
        request
    };
    let answer = send(&layer(), framed(REFUSED), deciding(Decision::new(Action::Accept), &[THEME])).await;
    assert_eq!(outcome(&answer), Some(DecisionOutcome::Refused(DecisionRefusal::Framed)));
    assert!(answer.cookies().is_empty(), "{answer:?}");
    let answer = send(&layer(), framed(GRANTED), deciding(Decision::new(Action::Withdraw), &[])).await;
    assert_eq!(outcome(&answer), Some(DecisionOutcome::Taken));
}

#[tokio::test]
async fn a_prefetched_page_cannot_decide() {
    for decision in [Action::Accept, Action::Withdraw].map(Decision::new) {
        let request = empty(visit("/stop").header("sec-purpose", "prefetch;prerender"));
        let answer = send(&layer(), with_cookies(request, GRANTED), deciding(decision.clone(), &[])).await;
        let expected = match decision.action() {
            Action::Accept => DecisionOutcome::Unchanged,
            _ => DecisionOutcome::Refused(DecisionRefusal::Speculative),
        };
        assert_eq!(outcome(&answer), Some(expected));
        assert!(answer.cookies().is_empty());
    }
}

#[tokio::test]
async fn another_site_cannot_decide() {
    let forms: [&[(&str, &str)]; 3] = [
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("host", "site.example"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "same-site"), ("origin", "https://www.site.example")],
    ];
    for form in forms {
        for decision in [Action::Accept, Action::Withdraw, Action::Erase].map(Decision::new) {
            let form = form.iter().fold(Request::post("/"), |form, (name, value)| form.header(*name, *value));
            let cookies = if decision.action() == Action::Accept { "" } else { GRANTED };
            let answer = send(&layer(), with_cookies(empty(form), cookies), deciding(decision, &[])).await;
            assert_eq!(outcome(&answer), Some(DecisionOutcome::Refused(DecisionRefusal::CrossSite)));
            assert!(answer.cookies().is_empty(), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn the_decision_does_not_stay_in_the_response() {
    use tower::{Layer, ServiceExt, service_fn};
    let inner = service_fn(async |_: Request<Full<Bytes>>| {
        Ok::<_, std::convert::Infallible>(deciding(Decision::new(Action::Accept), &[]))
    });
    let answer = layer().layer(inner).oneshot(post("")).await.unwrap();
    assert!(answer.extensions().get::<Decision>().is_none(), "a layer further out would take it again");
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_axum_handler_returns_a_decision() {
    use axum::Router;
    use axum::response::IntoResponse;
    use axum::routing::post;
    use tower::{Layer, ServiceExt};
    let accept = async || (Decision::new(Action::Accept), [("set-cookie", THEME)], "welcome");
    let refuse = async || Decision::new(Action::Refuse).into_response();
    let routes = Router::new().route("/in", post(accept)).route("/out", post(refuse));
    let site = layer().layer(routes);
    let ask = |path| Request::post(path).body(axum::body::Body::empty()).unwrap();
    let answer = Answer::read(site.clone().oneshot(ask("/in")).await.unwrap()).await;
    assert_eq!(answer.cookie("theme").value, "dark");
    let answer = Answer::read(site.oneshot(ask("/out")).await.unwrap()).await;
    assert_eq!(answer.cookie("__Host-consent").value, "1-20261123.functionality:r");
}

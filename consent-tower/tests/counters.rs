//! The counters and their labels.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use bytes::Bytes;
use consent_core::consent::{Action, Decision};
use consent_tower::report::{Inventory, Review, ReviewResult};
use consent_tower::{ConsentLayer, Mode};
use http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use std::convert::Infallible;
use tower::{Layer, ServiceExt, service_fn};

const GRANTED: &str = "__Host-consent=1-20261101.functionality:g";
const REFUSED: &str = "__Host-consent=1-20261101.functionality:r";

fn layer() -> ConsentLayer {
    let policy = consent_core::policy::example().unwrap();
    let day = time::Date::from_calendar_date(2026, time::Month::November, 23).unwrap();
    ConsentLayer::new(policy).with_clock(move || day.midnight().as_utc())
}

/// Runs `work` and returns each counter with its labels and its value, in order.
fn counted(work: impl AsyncFn()) -> Vec<String> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    metrics::with_local_recorder(&recorder, || runtime.block_on(work()));
    let counters = snapshotter.snapshot().into_vec().into_iter();
    let mut lines: Vec<String> = counters
        .map(|(key, _, _, value)| {
            let labels: Vec<_> =
                key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            let DebugValue::Counter(value) = value else { panic!("{} is no counter", key.key()) };
            format!("{}{{{}}} {value}", key.key().name(), labels.join(","))
        })
        .collect();
    lines.sort();
    lines
}

async fn send(
    layer: ConsentLayer,
    request: Request<Full<Bytes>>,
    lines: &[&str],
    decision: Option<Decision>,
) {
    let inner = service_fn(async |_: Request<Full<Bytes>>| {
        let mut response = Response::new(Full::<Bytes>::default());
        for line in lines {
            response.headers_mut().append(SET_COOKIE, line.parse().unwrap());
        }
        if let Some(decision) = decision.clone() {
            response.extensions_mut().insert(decision);
        }
        Ok::<_, Infallible>(response)
    });
    layer.layer(inner).oneshot(request).await.unwrap();
}

fn get(cookies: &str) -> Request<Full<Bytes>> {
    Request::get("/").header(COOKIE, cookies).body(Full::default()).unwrap()
}

fn post(fields: &'static str) -> Request<Full<Bytes>> {
    let request = Request::post("/consent").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Full::from(fields)).unwrap()
}

const LINES: [&str; 4] =
    ["theme=dark; Path=/", "theme=dark; Path=/; Max-Age=99999999999", "_ga=secret", "_gid=secret"];

#[test]
fn headers_are_counted_by_outcome_and_reason() {
    let counters = counted(async || {
        send(layer(), get(GRANTED), &LINES, None).await;
        send(layer(), get(REFUSED), &LINES, None).await;
        send(layer().with_mode(Mode::ReportOnly), get(REFUSED), &LINES[..1], None).await;
        let keep = layer().with_review(|_: &Review<'_>| ReviewResult::Keep);
        send(keep, get(REFUSED), &LINES[..1], None).await;
    });
    assert_eq!(
        counters,
        [
            "consent_cookies_total{outcome=amended,reason=lifetime-cut,category=functionality} 1",
            "consent_cookies_total{outcome=dropped,reason=refused,category=functionality} 2",
            "consent_cookies_total{outcome=dropped,reason=undeclared,category=none} 4",
            "consent_cookies_total{outcome=kept-by-review,reason=refused,category=functionality} 1",
            "consent_cookies_total{outcome=reported-only,reason=refused,category=functionality} 1",
        ]
    );
}

#[test]
fn every_reason_is_counted_as_itself() {
    use consent_core::Reason;
    let counters = counted(async || {
        let lines = ["consent=1", "=nameless", "sid=1; Path=/", "theme=dark; Path=/; Domain=a.example"];
        send(layer(), get(GRANTED), &lines, None).await;
    });
    for reason in [Reason::Reserved, Reason::Nameless, Reason::NotRequested, Reason::ScopeWiderThanDeclared] {
        let label = format!("reason={reason},");
        assert!(counters.iter().any(|line| line.contains(&label)), "{reason}: {counters:?}");
    }
}

#[test]
fn hidden_cookies_and_names_left_out_of_the_inventory_are_counted() {
    let counters = counted(async || {
        send(layer(), get(&format!("{REFUSED}; theme=dark; _ga=1; sid=2")), &[], None).await;
        let many: Vec<String> = (0..260).map(|number| format!("n{number}=1")).collect();
        send(layer().with_inventory(Inventory::new()), get(&many.join("; ")), &[], None).await;
    });
    assert_eq!(
        counters,
        [
            "consent_hidden_cookies_total{reason=refused} 1",
            "consent_hidden_cookies_total{reason=undeclared} 261",
            "consent_inventory_left_out_total{} 4",
        ]
    );
}

#[test]
fn decisions_are_counted_by_action_and_a_refusal_is_no_acceptance() {
    let counters = counted(async || {
        send(layer(), post("action=accept"), &[], None).await;
        send(layer(), post("action=refuse"), &[], None).await;
        send(layer(), post("action=save"), &[], None).await;
        send(layer(), post("action=nonsense"), &[], None).await;
        let mut foreign = post("action=accept");
        foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        send(layer(), foreign, &[], None).await;
        let form = || Request::post("/").header(COOKIE, GRANTED).body(Full::default()).unwrap();
        send(layer(), form(), &[], Some(Decision::new(Action::Withdraw))).await;
        send(layer(), form(), &[], Some(Decision::new(Action::Accept))).await;
        send(layer(), get(""), &[], Some(Decision::new(Action::Accept))).await;
    });
    assert_eq!(
        counters,
        [
            "consent_decisions_total{action=accept,source=route} 1",
            "consent_decisions_total{action=refuse,source=route} 1",
            "consent_decisions_total{action=save,source=route} 1",
            "consent_decisions_total{action=withdraw,source=handler} 1",
            "consent_refused_decisions_total{reason=cross-site,source=route} 1",
            "consent_refused_decisions_total{reason=safe-method,source=handler} 1",
            "consent_refused_decisions_total{reason=unknown-action,source=route} 1",
        ]
    );
}

#[test]
fn a_cookie_in_a_trailer_is_counted_as_any_other() {
    let counters = counted(async || {
        for mode in [Mode::Enforce, Mode::ReportOnly] {
            let inner = service_fn(async |_: Request<Full<Bytes>>| {
                let trailers = [(SET_COOKIE, "theme=dark".parse().unwrap())].into_iter().collect();
                let body = Full::<Bytes>::default().with_trailers(async { Some(Ok(trailers)) });
                Ok::<_, Infallible>(Response::new(body))
            });
            let response = layer().with_mode(mode).layer(inner).oneshot(get(GRANTED)).await.unwrap();
            let body = response.into_body().collect().await.unwrap();
            assert_eq!(body.trailers().unwrap().contains_key(SET_COOKIE), mode == Mode::ReportOnly);
        }
    });
    assert_eq!(
        counters,
        [
            "consent_cookies_total{outcome=dropped,reason=too-late,category=none} 1",
            "consent_cookies_total{outcome=reported-only,reason=too-late,category=none} 1",
        ]
    );
}

#[test]
fn a_callback_that_panics_is_counted() {
    let counters = counted(async || {
        let layer = layer().with_jurisdiction(|_| panic!("on purpose"));
        send(layer, get(GRANTED), &[], None).await;
    });
    assert_eq!(counters, ["consent_callback_panics_total{function=jurisdiction} 1"]);
}

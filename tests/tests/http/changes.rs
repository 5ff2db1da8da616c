//! Notifications of changes: listeners, and long-lived responses.

use crate::support::*;
use bytes::Bytes;
use consent_core::Category;
use consent_core::consent::{Action, Decision, RequestConsent};
use consent_tower::ConsentLayer;
use consent_tower::changes::{Change, ChangeSource, Changes, DecisionRefusal, SubscribeError, Subscription};
use http::header::COOKIE;
use http::request::Parts;
use http::{Method, Request, Response};
use http_body_util::Full;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::{Layer, ServiceExt, service_fn};

type Heard = Arc<Mutex<Vec<(Action, ChangeSource, Vec<Category>, Vec<Category>)>>>;

/// A layer, and the changes that its listener receives.
fn listening() -> (ConsentLayer, Heard) {
    let heard = Heard::default();
    let kept = Arc::clone(&heard);
    let layer = layer().add_change_listener(move |change: &Change| {
        let (granted, lost) = (change.granted().collect(), change.lost().collect());
        kept.lock().unwrap().push((change.action, change.source, granted, lost));
    });
    (layer, heard)
}

const FUNCTIONALITY: [Category; 1] = [Category::FUNCTIONALITY];

/// The response of a handler that decides, to a form of this site.
async fn by_handler(layer: &ConsentLayer, cookies: &str, decision: Decision) -> Answer {
    let request = visit("/").method(Method::POST).header("origin", "https://site.example");
    let mut response = application();
    response.extensions_mut().insert(decision);
    send(layer, with_cookies(empty(request), cookies), response).await
}

#[tokio::test]
async fn a_listener_receives_what_was_granted_and_lost_and_the_source() {
    let (layer, heard) = listening();
    ask(&layer, form("action=accept")).await;
    ask(&layer, with_cookies(form("action=withdraw"), GRANTED)).await;
    by_handler(&layer, REFUSED, Decision::new(Action::Accept)).await;
    by_handler(&layer, GRANTED, Decision::new(Action::Erase)).await;
    ask(&layer, form("action=refuse")).await;
    let (granted, nothing) = (FUNCTIONALITY.to_vec(), Vec::new());
    assert_eq!(
        *heard.lock().unwrap(),
        [
            (Action::Accept, ChangeSource::Route, granted.clone(), nothing.clone()),
            (Action::Withdraw, ChangeSource::Route, nothing.clone(), granted.clone()),
            (Action::Accept, ChangeSource::Handler, granted.clone(), nothing.clone()),
            (Action::Erase, ChangeSource::Handler, nothing.clone(), granted),
            (Action::Refuse, ChangeSource::Route, nothing.clone(), nothing),
        ]
    );
}

#[tokio::test]
async fn a_decision_without_effect_is_no_change() {
    let (layer, heard) = listening();
    ask(&layer, with_cookies(form("action=accept"), GRANTED)).await;
    ask(&layer, form("action=nonsense")).await;
    by_handler(&layer, REFUSED, Decision::new(Action::Withdraw)).await;
    // A grant that the request does not permit.
    let mut response = application();
    response.extensions_mut().insert(Decision::new(Action::Accept));
    send(&layer, empty(visit("/")), response).await;
    assert!(heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_listener_that_panics_does_not_affect_the_others() {
    let (layer, heard) = listening();
    let layer = layer.add_change_listener(|_| panic!("on purpose"));
    let after = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&after);
    let layer = layer.add_change_listener(move |_| *counted.lock().unwrap() += 1);
    for decision in [form("action=accept"), form("action=refuse")] {
        let answer = ask(&layer, decision).await;
        assert_eq!(answer.status, 303);
        assert!(answer.sets("__Host-consent"));
    }
    assert_eq!((heard.lock().unwrap().len(), *after.lock().unwrap()), (2, 2));
}

/// Identifies visitors by their session.
fn session(parts: &Parts) -> Option<String> {
    let cookies = parts.headers.get(COOKIE)?.to_str().ok()?;
    Some(cookies.split("; ").find_map(|pair| pair.strip_prefix("sid="))?.to_owned())
}

/// Creates a subscription as a long-lived stream does, and returns it.
async fn subscribe(
    layer: &ConsentLayer,
    changes: &Changes,
    cookies: &str,
) -> Result<Subscription, SubscribeError> {
    let kept = Arc::new(Mutex::new(None));
    let inner = {
        let (changes, kept) = (changes.clone(), Arc::clone(&kept));
        service_fn(move |request: Request<Full<Bytes>>| {
            let (parts, _) = request.into_parts();
            *kept.lock().unwrap() = Some(changes.subscribe(&parts));
            async { Ok::<_, Infallible>(Response::new(Full::<Bytes>::default())) }
        })
    };
    layer.layer(inner).oneshot(with_cookies(empty(visit("/stream")), cookies)).await.unwrap();
    let subscription = kept.lock().unwrap().take();
    subscription.expect("the handler was asked")
}

/// Returns whether functionality is allowed after a change, or `None` if no change arrives soon.
async fn soon(subscription: &mut Subscription) -> Option<bool> {
    let changed = tokio::time::timeout(Duration::from_millis(50), subscription.changed()).await;
    changed.ok().map(|consent| consent.allows(Category::FUNCTIONALITY))
}

#[tokio::test]
async fn a_stream_is_notified_of_its_own_visitors_withdrawal_only() {
    let changes = Changes::by(session);
    let layer = layer().with_subscriptions(changes.clone());
    let mut mine = subscribe(&layer, &changes, &format!("{GRANTED}; sid=mine")).await.unwrap();
    let mut also_mine = subscribe(&layer, &changes, &format!("{GRANTED}; sid=mine")).await.unwrap();
    let mut theirs = subscribe(&layer, &changes, &format!("{GRANTED}; sid=theirs")).await.unwrap();
    assert!(mine.consent().allows(Category::FUNCTIONALITY));

    ask(&layer, with_cookies(form("action=withdraw"), &format!("{GRANTED}; sid=mine"))).await;
    assert_eq!(soon(&mut mine).await, Some(false));
    assert_eq!(soon(&mut also_mine).await, Some(false));
    assert_eq!(soon(&mut theirs).await, None);
    assert_eq!(soon(&mut mine).await, None, "it is told once");

    by_handler(&layer, &format!("{REFUSED}; sid=mine"), Decision::new(Action::Accept)).await;
    assert_eq!(soon(&mut mine).await, Some(true));
    assert!(theirs.consent().allows(Category::FUNCTIONALITY));
}

#[tokio::test]
async fn a_waiting_task_is_woken_and_receives_the_last_change() {
    let changes = Changes::by(session);
    let layer = layer().with_subscriptions(changes.clone());
    let mut subscription = subscribe(&layer, &changes, &format!("{GRANTED}; sid=1")).await.unwrap();
    let waiting = tokio::spawn(async move {
        subscription.changed().await;
        subscription
    });
    tokio::task::yield_now().await;
    let decide = async |fields: &str, before: &str| {
        ask(&layer, with_cookies(form(fields), &format!("{before}; sid=1"))).await
    };
    decide("action=refuse", GRANTED).await;
    let mut subscription = tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap();
    assert!(!subscription.consent().allows(Category::FUNCTIONALITY));
    decide("action=accept", REFUSED).await;
    decide("action=refuse", GRANTED).await;
    assert_eq!(soon(&mut subscription).await, Some(false));
    assert_eq!(soon(&mut subscription).await, None);
}

#[tokio::test]
async fn subscriptions_are_limited_and_freed() {
    let changes = Changes::by(session).with_capacity(2);
    let layer = layer().with_subscriptions(changes.clone());
    let first = subscribe(&layer, &changes, "sid=1").await.unwrap();
    let second = subscribe(&layer, &changes, "sid=1").await.unwrap();
    assert_eq!(subscribe(&layer, &changes, "sid=2").await.unwrap_err(), SubscribeError::Full);
    drop(first);
    assert_eq!(changes.len(), 1);
    let third = subscribe(&layer, &changes, "sid=2").await.unwrap();
    assert_eq!(subscribe(&layer, &changes, "").await.unwrap_err(), SubscribeError::Unknown);
    drop((second, third));
    assert!(changes.is_empty());
}

#[tokio::test]
async fn the_key_function_sees_the_cookies_that_the_application_sees() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let changes = Changes::by(move |parts: &Parts| {
        let cookies = parts.headers.get(COOKIE).map(|line| line.to_str().unwrap().to_owned());
        kept.lock().unwrap().push(cookies.unwrap_or_default());
        None
    });
    let layer = layer().with_subscriptions(changes);
    let sent = format!("{REFUSED}; theme=dark; sid=1; _ga=2");
    ask(&layer, with_cookies(form("action=accept"), &sent)).await;
    ask(&layer, with_cookies(empty(visit("/")), &sent)).await;
    let shown = format!("{REFUSED}; sid=1");
    assert_eq!(*seen.lock().unwrap(), [shown.clone(), shown]);
}

#[tokio::test]
async fn subscribing_fails_if_the_key_function_panics() {
    let changes = Changes::by(|_: &Parts| -> Option<String> { panic!("on purpose") });
    let layer = layer().with_subscriptions(changes.clone());
    assert_eq!(subscribe(&layer, &changes, "sid=1").await.unwrap_err(), SubscribeError::Unknown);
    assert_eq!(ask(&layer, form("action=accept")).await.status, 303);
}

#[tokio::test]
async fn a_decision_in_a_stream_is_too_late_but_a_withdrawal_ends_its_consent() {
    let changes = Changes::by(session);
    let layer = layer().with_subscriptions(changes.clone());
    let mut granted = subscribe(&layer, &changes, &format!("{GRANTED}; sid=1")).await.unwrap();
    assert_eq!(granted.decide(&Decision::new(Action::Accept)), Ok(()), "so it is already");
    assert_eq!(granted.decide(&Decision::new(Action::Withdraw)), Err(DecisionRefusal::TooLate));
    assert!(!granted.consent().allows(Category::FUNCTIONALITY));
    let mut refused = subscribe(&layer, &changes, &format!("{REFUSED}; sid=1")).await.unwrap();
    assert_eq!(refused.decide(&Decision::new(Action::Accept)), Err(DecisionRefusal::TooLate));
    assert!(!refused.consent().allows(Category::FUNCTIONALITY));
}

#[tokio::test]
async fn an_axum_event_stream_ends_when_the_consent_is_withdrawn() {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::State;
    use axum::routing::get;
    let changes = Changes::by(session);
    let stream = async |State(changes): State<Changes>, request: axum::extract::Request| {
        let (parts, _) = request.into_parts();
        assert!(parts.consent().allows(Category::FUNCTIONALITY));
        let subscription = changes.subscribe(&parts).unwrap();
        Body::from_stream(futures_util::stream::unfold(subscription, async |mut subscription| {
            let allowed = subscription.changed().await.allows(Category::FUNCTIONALITY);
            let next = if allowed { "still\n" } else { "over\n" };
            Some((Ok::<_, Infallible>(next), subscription)).filter(|_| allowed)
        }))
    };
    let layer = layer().with_subscriptions(changes.clone());
    let routes = Router::new().route("/", get(stream)).with_state(changes.clone());
    let request = with_cookies(empty(visit("/")), &format!("{GRANTED}; sid=1")).map(Body::new);
    let answer = layer.layer(routes).oneshot(request).await.unwrap();
    assert_eq!(changes.len(), 1);
    let reading = tokio::spawn(Answer::read(answer));
    tokio::task::yield_now().await;
    ask(&layer, with_cookies(form("action=withdraw"), &format!("{GRANTED}; sid=1"))).await;
    let answer = tokio::time::timeout(Duration::from_secs(5), reading).await.unwrap().unwrap();
    assert_eq!(answer.text(), "");
    assert!(changes.is_empty(), "the place is freed with the stream");
}

/// A task that only its waker keeps alive, with everything that the task holds.
struct Kept(Mutex<Option<Subscription>>);

impl std::task::Wake for Kept {
    fn wake(self: Arc<Self>) {
        drop(self.0.lock().unwrap().take());
    }
}

#[tokio::test]
async fn dropping_a_waker_may_drop_a_subscription() {
    let changes = Changes::by(|_: &Parts| Some("visitor".to_owned()));
    let (parts, ()) = Request::new(()).into_parts();
    let (mut listening, other) = (changes.subscribe(&parts).unwrap(), changes.subscribe(&parts).unwrap());
    let waker = std::task::Waker::from(Arc::new(Kept(Mutex::new(Some(other)))));
    assert!(listening.poll_changed(&mut std::task::Context::from_waker(&waker)).is_pending());
    drop(waker);
    let (done, is_done) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        // From here on another task polls. The old waker is dropped, and the subscription with it.
        let mut noop = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(listening.poll_changed(&mut noop).is_pending());
        done.send(listening).unwrap();
    });
    let listening = is_done.recv_timeout(Duration::from_secs(10)).expect("nobody waits for themselves");
    assert_eq!(changes.len(), 1);
    drop(listening);
    assert!(changes.is_empty());
}

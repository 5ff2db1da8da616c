//! `ConsentJar` returns the verdict that the layer then reaches.

use crate::said::Said;
use crate::support::*;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{any, get, post};
use axum_extra::extract::cookie as extra;
use consent_core::consent::{Action, Decision};
use consent_core::{Category, Consent, Policy, Reason};
use consent_tower::changes::DecisionRefusal;
use consent_tower::jar::cookie::{Cookie, Key};
use consent_tower::jar::{ConsentJar, Refusal};
use consent_tower::report::{Cause, Inventory, Review, ReviewResult};
use consent_tower::{ConsentLayer, Mode, Undeclared};
use http::Method;
use http::header::COOKIE;
use std::sync::{Arc, Mutex};
use tower::{Layer, ServiceExt};

fn ask(method: Method, path: &str, cookies: &str) -> Request {
    let request = http::Request::builder().method(method).uri(path).header("host", "site.example");
    request.header(COOKIE, cookies).body(Body::empty()).unwrap()
}

async fn answer(layer: &ConsentLayer, routes: Router, request: Request) -> Answer {
    Answer::read(layer.layer(routes).oneshot(request).await.unwrap()).await
}

/// Runs `work` on the jar of a `POST /`. Returns its result, and the response with the changes of the jar.
async fn with_jar<T: Send + 'static>(
    layer: &ConsentLayer,
    cookies: &str,
    work: impl Fn(&mut ConsentJar) -> T + Clone + Send + Sync + 'static,
) -> (T, Answer) {
    let result = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&result);
    let handler = async move |mut jar: ConsentJar| {
        *kept.lock().unwrap() = Some(work(&mut jar));
        jar
    };
    let answer = answer(layer, Router::new().route("/", any(handler)), ask(Method::POST, "/", cookies)).await;
    let result = result.lock().unwrap().take().unwrap();
    (result, answer)
}

fn theme() -> Cookie<'static> {
    Cookie::build(("theme", "dark")).path("/").into()
}

fn reason(result: Result<(), Refusal>) -> Option<Cause> {
    result.err().map(|refusal| refusal.cause())
}

#[tokio::test]
async fn add_returns_the_reason_if_a_cookie_may_not_be_stored() {
    let expired = "__Host-consent=1-20250101.functionality:g";
    let future = "__Host-consent=1-20271101.functionality:g";
    let newer = "__Host-consent=9-20261101.functionality:g";
    let cases = [
        (GRANTED, theme(), None),
        ("", theme(), Some(Cause::Dropped(Reason::Undecided))),
        (REFUSED, theme(), Some(Cause::Dropped(Reason::Refused))),
        (expired, theme(), Some(Cause::Dropped(Reason::Expired))),
        (future, theme(), Some(Cause::Dropped(Reason::FutureDate))),
        (newer, theme(), Some(Cause::Dropped(Reason::NewerRevision))),
        (GRANTED, Cookie::new("_ga", "1"), Some(Cause::Dropped(Reason::Undeclared))),
        (GRANTED, Cookie::new("theme", "blue"), Some(Cause::Dropped(Reason::ValueNotDeclared))),
        (
            GRANTED,
            Cookie::build(("theme", "dark")).domain("site.example").into(),
            Some(Cause::Dropped(Reason::ScopeWiderThanDeclared)),
        ),
        (GRANTED, Cookie::new("sid", "1"), Some(Cause::Dropped(Reason::NotRequested))),
        (GRANTED, Cookie::new("pref_a", "0123456789abcdefg"), Some(Cause::Dropped(Reason::ValueNotDeclared))),
        (
            GRANTED,
            Cookie::new("__Host-consent", "1-20261123.functionality:g"),
            Some(Cause::Dropped(Reason::Reserved)),
        ),
        (
            GRANTED,
            Cookie::build(("theme", "dark")).path("/\r\nset-cookie: x").into(),
            Some(Cause::Dropped(Reason::Malformed)),
        ),
    ];
    for (cookies, cookie, expected) in cases {
        let name = cookie.name().to_owned();
        let (result, answer) = with_jar(&layer(), cookies, move |jar| jar.add(cookie.clone())).await;
        assert_eq!(answer.sets(&name), expected.is_none(), "{name} with {cookies:?}: {answer:?}");
        assert_eq!(reason(result), expected, "{name} with {cookies:?}");
        assert!(answer.reasons().is_empty(), "what is refused is not written at all");
    }
}

#[tokio::test]
async fn a_lifetime_that_is_too_long_is_shortened_without_an_error() {
    let (result, answer) =
        with_jar(&layer(), GRANTED, |jar| jar.add(Cookie::build(("theme", "dark")).path("/").permanent()))
            .await;
    assert!(result.is_ok());
    assert_eq!(answer.cookie("theme").attribute("max-age"), Some("31536000"));
    assert_eq!(answer.reasons(), [("theme".to_owned(), "lifetime-cut")]);
}

#[tokio::test]
async fn get_returns_only_cookies_that_the_application_may_see() {
    let read = |jar: &mut ConsentJar| {
        ["theme", "sid", "_ga", "pref_a"].map(|name| jar.get(name).map(|cookie| cookie.value().to_owned()))
    };
    let sent = |consent: &str| format!("{consent}; theme=dark; sid=mine; _ga=1; pref_a=a%20b");
    let some = |value: &str| Some(value.to_owned());
    let (seen, _) = with_jar(&layer(), &sent(GRANTED), read).await;
    assert_eq!(seen, [some("dark"), some("mine"), None, some("a b")]);
    let (seen, _) = with_jar(&layer(), &sent(REFUSED), read).await;
    assert_eq!(seen, [None, some("mine"), None, None]);
    let reporting = layer().with_mode(Mode::ReportOnly);
    let (seen, _) = with_jar(&reporting, &sent(REFUSED), read).await;
    assert_eq!(seen, [some("dark"), some("mine"), some("1"), some("a b")]);
    // Without a layer around it.
    let handler =
        async move |mut jar: ConsentJar| format!("{:?} {:?}", read(&mut jar), reason(jar.add(theme())));
    let bare = Router::new().route("/", get(handler));
    let answer = Answer::read(bare.oneshot(ask(Method::GET, "/", &sent(GRANTED))).await.unwrap()).await;
    assert_eq!(answer.text(), "[None, None, None, None] Some(Dropped(Undeclared))");
}

#[tokio::test]
async fn an_added_cookie_is_returned_and_can_be_replaced() {
    let (seen, answer) = with_jar(&layer(), GRANTED, |jar| {
        jar.add(Cookie::build(("theme", "light")).path("/")).unwrap();
        jar.add(theme()).unwrap();
        jar.add(("pref_a", "a;b")).unwrap();
        let seen = jar.get("theme").map(|cookie| cookie.value().to_owned());
        jar.remove("visit").unwrap();
        (seen, jar.get("visit").is_none())
    })
    .await;
    assert_eq!(seen, (Some("dark".to_owned()), true));
    assert_eq!(answer.cookies()[..2], [&b"theme=dark; Path=/"[..], b"pref_a=a%3Bb"]);
    assert!(answer.cookie("visit").is_deletion());
}

#[tokio::test]
async fn a_cookie_can_always_be_deleted_in_its_own_scope() {
    for cookies in ["", REFUSED, GRANTED] {
        let (result, answer) = with_jar(&layer(), cookies, |jar| {
            (jar.remove("theme").is_ok(), jar.remove("_ga").is_ok(), reason(jar.remove("consent")))
        })
        .await;
        assert_eq!(result, (true, true, Some(Cause::Dropped(Reason::Reserved))));
        for name in ["theme", "_ga"] {
            let deletion = answer.cookie(name);
            assert_eq!((deletion.value.as_str(), deletion.attribute("path")), ("", Some("/")), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn deleting_reaches_every_declared_domain_and_path() {
    let storage = "[[storage]]\nname = \"lang\"\nkind = \"cookie\"\ncategory = \"functionality\"\n\
        purpose.en = \"Your language.\"\nlifetime = \"session\"\nprovider = \"first-party\"\n\
        domain = [\"\", \"site.example\"]\npath = [\"/\", \"/app\"]\n[[revisions]]";
    let document = format!(
        "scope = [\"site.example\"]\n{}",
        include_str!("policy.toml").replacen("[[revisions]]", storage, 1)
    );
    let layer = ConsentLayer::new(Policy::from_toml(&document).unwrap()).with_clock(today);
    let (removed, answer) =
        with_jar(&layer, GRANTED, |jar| (jar.remove("lang").is_ok(), jar.get("lang").is_none())).await;
    assert_eq!(removed, (true, true));
    let deleted: Vec<_> = answer
        .cookies()
        .into_iter()
        .map(|line| String::from_utf8(line.to_vec()).unwrap())
        .filter(|line| line.starts_with("lang="))
        .collect();
    for place in ["Path=/", "Path=/app", "Path=/; Domain=site.example", "Path=/app; Domain=site.example"] {
        let attributes: Vec<_> = place.split("; ").collect();
        let count = deleted
            .iter()
            .filter(|line| {
                let parts: Vec<_> = line.split("; ").collect();
                attributes.iter().all(|attribute| parts.contains(attribute))
                    && (attributes.len() == 2 || !line.contains("Domain"))
            })
            .count();
        assert_eq!(count, 1, "{place}: {deleted:?}");
    }
}

#[tokio::test]
async fn issued_on_uses_the_path_that_the_layer_sees() {
    let sign_in = async |mut jar: ConsentJar| {
        let result = jar.add(Cookie::build(("sid", "1")).path("/"));
        (jar, format!("{:?}", reason(result)))
    };
    let policy = include_str!("policy.toml").replace("POST /sign-in", "POST /account/sign-in");
    let layer = ConsentLayer::new(Policy::from_toml(&policy).unwrap()).with_clock(today);
    let routes = Router::new()
        .nest("/account", Router::new().route("/sign-in", post(sign_in)))
        .route("/sign-in", post(sign_in));
    let within = answer(&layer, routes.clone(), ask(Method::POST, "/account/sign-in", "")).await;
    assert_eq!((within.text(), within.sets("sid")), ("None", true));
    let elsewhere = answer(&layer, routes.clone(), ask(Method::POST, "/sign-in", "")).await;
    assert_eq!((elsewhere.text(), elsewhere.sets("sid")), ("Some(Dropped(NotRequested))", false));
    let renewed = answer(&layer, routes, ask(Method::POST, "/sign-in", "sid=0")).await;
    assert_eq!((renewed.text(), renewed.sets("sid")), ("None", true));
}

#[tokio::test]
async fn a_decision_takes_effect_in_the_jar_and_the_response() {
    let accept = |jar: &mut ConsentJar| {
        let before = reason(jar.add(theme()));
        jar.decide(Decision::new(Action::Accept)).unwrap();
        (before, reason(jar.add(theme())), jar.allows(Category::FUNCTIONALITY))
    };
    let (results, answer) = with_jar(&layer(), REFUSED, accept).await;
    assert_eq!(results, (Some(Cause::Dropped(Reason::Refused)), None, true));
    assert_eq!(answer.cookie("theme").value, "dark");
    assert_eq!(answer.cookie("__Host-consent").value, "1-20261123.functionality:g");

    let withdraw = |jar: &mut ConsentJar| {
        let before = jar.get("theme").is_some();
        jar.decide(Decision::new(Action::Withdraw)).unwrap();
        (before, jar.get("theme").is_some(), reason(jar.add(theme())))
    };
    let (results, answer) = with_jar(&layer(), &format!("{GRANTED}; theme=dark"), withdraw).await;
    assert_eq!(results, (true, false, Some(Cause::Dropped(Reason::Refused))));
    assert!(answer.cookie("theme").is_deletion());
    assert_eq!(answer.cookie("__Host-consent").value, "1-20261123.functionality:r");

    let again = |jar: &mut ConsentJar| jar.decide(Decision::new(Action::Accept)).is_ok();
    let (taken, answer) = with_jar(&layer(), GRANTED, again).await;
    assert!(taken && answer.cookies().is_empty(), "an unchanged consent is not written again");
}

#[tokio::test]
async fn the_jar_refuses_a_decision_that_the_layer_would_refuse() {
    let decide = async |mut jar: ConsentJar| {
        let result = jar.decide(Decision::new(Action::Accept));
        (jar, format!("{result:?}"))
    };
    let routes = Router::new().route("/", any(decide));
    let asked = answer(&layer(), routes.clone(), ask(Method::GET, "/", "")).await;
    assert_eq!(asked.text(), format!("{:?}", Err::<(), _>(DecisionRefusal::SafeMethod)));
    let mut foreign = ask(Method::POST, "/", "");
    foreign.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
    let asked = answer(&layer(), routes, foreign).await;
    assert_eq!(asked.text(), format!("{:?}", Err::<(), _>(DecisionRefusal::CrossSite)));
    assert!(asked.cookies().is_empty());
}

#[tokio::test]
async fn after_the_response_headers_are_sent_it_is_too_late() {
    let late = Arc::new(Mutex::new(None));
    let handler = {
        let late = Arc::clone(&late);
        async move |mut jar: ConsentJar| {
            let late = Arc::clone(&late);
            Body::from_stream(futures_util::stream::once(async move {
                let refused = jar.add(theme());
                let decided = jar.decide(Decision::new(Action::Accept));
                *late.lock().unwrap() = Some((reason(refused), decided));
                Ok::<_, std::convert::Infallible>("streamed")
            }))
        }
    };
    let answer =
        answer(&layer(), Router::new().route("/", post(handler)), ask(Method::POST, "/", GRANTED)).await;
    assert_eq!(answer.text(), "streamed");
    assert_eq!(*late.lock().unwrap(), Some((Some(Cause::TooLate), Err(DecisionRefusal::TooLate))));
}

#[tokio::test]
async fn sealed_cookies_equal_those_of_axum_extra() {
    let key = Key::generate();
    let policy = include_str!("policy.toml").replace("max_bytes = 16", "");
    let layer = ConsentLayer::new(Policy::from_toml(&policy).unwrap()).with_clock(today);
    let cookies = {
        let key = key.clone();
        let (results, answer) = with_jar(&layer, GRANTED, move |jar| {
            let signed = jar.signed_mut(&key).add(("pref_signed", "a b"));
            let private = jar.private_mut(&key).add(("pref_private", "c;d"));
            assert_eq!(jar.signed(&key).get("pref_signed").unwrap().value(), "a b");
            (signed.is_ok(), private.is_ok())
        })
        .await;
        assert_eq!(results, (true, true));
        let pairs =
            ["pref_signed", "pref_private"].map(|name| format!("{name}={}", answer.cookie(name).value));
        assert!(pairs[0].contains("a%20b") && !pairs[1].contains("c%3Bd"));
        pairs.join("; ")
    };
    let mut headers = http::HeaderMap::new();
    headers.insert(COOKIE, cookies.parse().unwrap());
    let extra_key = key.clone();
    let signed = extra::SignedCookieJar::from_headers(&headers, extra_key.clone());
    assert_eq!(signed.get("pref_signed").unwrap().value(), "a b");
    let private = extra::PrivateCookieJar::from_headers(&headers, extra_key.clone());
    assert_eq!(private.get("pref_private").unwrap().value(), "c;d");
    // The other direction.
    let theirs = private.add(Cookie::new("pref_private", "e f")).into_response();
    let line = theirs.headers()["set-cookie"].to_str().unwrap().to_owned();
    let sent = format!("{GRANTED}; {}; {cookies}x", line.split(';').next().unwrap());
    let (seen, _) = with_jar(&layer, &sent, move |jar| {
        let read = |cookie: Option<Cookie<'static>>| cookie.map(|cookie| cookie.value().to_owned());
        (read(jar.signed(&key).get("pref_signed")), jar.get("pref_private").is_some())
    })
    .await;
    assert_eq!(seen, (Some("a b".to_owned()), true));
}

#[tokio::test]
async fn a_sealed_value_is_judged_as_it_is_stored() {
    let (result, _) =
        with_jar(&layer(), GRANTED, |jar| reason(jar.signed_mut(&Key::generate()).add(theme()))).await;
    assert_eq!(result, Some(Cause::Dropped(Reason::ValueNotDeclared)));
}

#[tokio::test]
async fn in_report_only_mode_the_jar_refuses_nothing() {
    let reporting = layer().with_mode(Mode::ReportOnly);
    let (result, answer) = with_jar(&reporting, "", |jar| reason(jar.add(theme()))).await;
    assert_eq!((result, answer.sets("theme")), (None, true));
    assert_eq!(answer.reasons(), [("theme".to_owned(), "undecided")]);
    let undeclared = layer().with_undeclared(Undeclared::Report);
    let (result, answer) = with_jar(&undeclared, "", |jar| reason(jar.add(("_ga", "1")))).await;
    assert_eq!((result, answer.sets("_ga")), (None, true));
    let carried = |jar: &mut ConsentJar| (jar.get("_ga").is_some(), jar.get("theme").is_some());
    assert_eq!(with_jar(&undeclared, "_ga=1; theme=dark", carried).await.0, (true, false));
}

#[tokio::test]
async fn the_jar_respects_the_review() {
    let hook = layer().with_review(|review: &Review<'_>| match review.name {
        b"theme" => ReviewResult::Drop,
        b"_ga" => ReviewResult::Keep,
        _ => ReviewResult::Uphold,
    });
    let (results, answer) =
        with_jar(&hook, GRANTED, |jar| (reason(jar.add(theme())), reason(jar.add(("_ga", "1"))))).await;
    assert_eq!(results, (Some(Cause::Reviewed), None));
    assert!(answer.sets("_ga") && !answer.sets("theme"));
}

#[tokio::test]
async fn a_refusal_is_in_the_visitors_language() {
    let handler = async |mut jar: ConsentJar| {
        let refusal = jar.add(theme()).unwrap_err();
        assert_eq!(refusal.to_string(), "the cookie \"theme\" may not be stored: refused (functionality)");
        assert_eq!((refusal.settings(), refusal.category()), ("/privacy", Some(Category::FUNCTIONALITY)));
        (jar, format!("{}|{}|{}", refusal.message(), refusal.settings_label(), refusal.html()))
    };
    let layer = layer().with_prefix("/privacy");
    let mut request = ask(Method::GET, "/", REFUSED);
    request.headers_mut().insert("accept-language", "de".parse().unwrap());
    let german = answer(&layer, Router::new().route("/", get(handler)), request).await;
    let (message, rest) = german.text().split_once('|').unwrap();
    let (label, html) = rest.split_once('|').unwrap();
    assert!(message.contains("nicht erlaubt") && !message.contains('<'), "{message}");
    assert!(html.contains(message) && html.contains(label) && html.contains("href=\"/privacy\""), "{html}");
}

#[tokio::test]
async fn an_ignored_refusal_is_logged_and_in_the_inventory() {
    let inventory = Inventory::new();
    let layer = layer().with_inventory(inventory.clone());
    let (said, guard) = Said::listen("consent::response");
    with_jar(&layer, "", |jar| {
        let _ = jar.add(Cookie::build(("theme", "secret")).path("/"));
        let _ = jar.add(("_ga", "secret"));
    })
    .await;
    drop(guard);
    let heard = said.heard();
    let [theme, tracker] = heard.as_slice() else { panic!("one for each refusal: {heard:?}") };
    for part in ["WARN", "name=theme", "category=\"functionality\"", "path=\"/\""] {
        assert!(theme.contains(part), "{part}: {theme}");
    }
    assert!(tracker.contains("name=_ga") && tracker.contains("reason=undeclared"), "{tracker}");
    assert!(!heard.concat().contains("secret"), "{heard:?}");
    assert_eq!(inventory.names(), [("_ga".to_owned(), 1, 0)]);
}

#[tokio::test]
async fn the_display_of_a_refusal_says_what_is_declared() {
    let cases = [
        (Cookie::new("theme", "blue"), "the values [\"light\", \"dark\"]"),
        (Cookie::new("pref_a", "0123456789abcdefg"), "at most 16 bytes"),
        (Cookie::build(("theme", "dark")).domain("site.example").into(), "the path \"/\" of this host only"),
    ];
    for (cookie, expected) in cases {
        let (said, _) =
            with_jar(&layer(), GRANTED, move |jar| jar.add(cookie.clone()).unwrap_err().to_string()).await;
        assert!(said.contains(expected), "{said}");
        assert!(!said.contains("blue") && !said.contains("0123"), "{said}");
    }
}

#[tokio::test]
async fn a_refusal_as_a_response_is_a_problem() {
    let handler = async |mut jar: ConsentJar| jar.add(theme()).map(|()| jar);
    let refused = answer(&layer(), Router::new().route("/", get(handler)), ask(Method::GET, "/", "")).await;
    assert_eq!(
        (refused.status.as_u16(), refused.header("content-type").as_str()),
        (403, "application/problem+json")
    );
    let problem = refused.json();
    assert_eq!(problem["code"], "cookie-refused");
    assert_eq!(
        (&problem["cookie"]["name"], &problem["cookie"]["reason"]),
        (&"theme".into(), &"undecided".into())
    );
    assert_eq!(problem["cookie"]["settings"], "/consent");
}

#[tokio::test]
async fn other_frameworks_create_and_write_the_jar() {
    use bytes::Bytes;
    use http_body_util::Full;
    let inner = tower::service_fn(async |request: http::Request<Full<Bytes>>| {
        let (parts, _) = request.into_parts();
        let mut jar = ConsentJar::of(&parts);
        let mut response = http::Response::new(Full::<Bytes>::default());
        jar.decide(Decision::new(Action::Accept)).unwrap();
        jar.add(theme()).unwrap();
        jar.write_to(&mut response);
        Ok::<_, std::convert::Infallible>(response)
    });
    let request = empty(http::Request::post("/"));
    let answer = Answer::read(layer().layer(inner).oneshot(request).await.unwrap()).await;
    assert_eq!(answer.cookies().len(), 2);
    assert_eq!(answer.header("cache-control"), "private");
}

#[tokio::test]
async fn an_inserted_consent_is_enough_for_a_unit_test() {
    use consent_core::consent::{Circumstances, Source};
    let consent = Consent::undecided(&policy(), Circumstances::new(today().date()));
    let granted = consent.decide(&Decision::new(Action::Accept));
    assert_eq!(granted.source(), Source::Decided);
    let (mut parts, ()) = http::Request::new(()).into_parts();
    consent_core::engine::put_consent(&mut parts.extensions, granted);
    let mut jar = ConsentJar::of(&parts);
    assert!(jar.add(theme()).is_ok());
    let mut response = http::Response::new(());
    jar.write_to(&mut response);
    assert_eq!(response.headers()["set-cookie"], "theme=dark; Path=/");
}

mod what_it_says_is_what_happens {
    use super::*;
    use proptest::arbitrary::any;
    use proptest::prelude::*;

    fn any_cookie() -> impl Strategy<Value = Cookie<'static>> {
        let name = prop_oneof![
            Just("theme".to_owned()),
            Just("sid".to_owned()),
            Just("visit".to_owned()),
            Just("consent".to_owned()),
            Just("__Secure-x".to_owned()),
            "pref_[a-z ;=]{0,3}",
            "[\\PC]{0,4}",
        ];
        let value = prop_oneof![Just("dark".to_owned()), "[\\PC]{0,20}", "[ -~]{0,8}"];
        let path = prop::option::of(prop_oneof![Just("/".to_owned()), "/?[ -~\\n]{0,6}"]);
        let domain = prop::option::weighted(0.2, "[a-z.; =]{0,12}");
        let age = prop::option::of(-5_i64..400_000_000);
        (name, value, path, domain, age, any::<(bool, bool)>()).prop_map(
            |(name, value, path, domain, age, (secure, partitioned))| {
                let mut cookie = Cookie::new(name, value);
                if let Some(path) = path {
                    cookie.set_path(path);
                }
                if let Some(domain) = domain {
                    cookie.set_domain(domain);
                }
                if let Some(age) = age {
                    cookie.set_max_age(time::Duration::seconds(age));
                }
                cookie.set_secure(secure);
                cookie.set_partitioned(partitioned);
                cookie
            },
        )
    }

    proptest! {
        #[test]
        fn the_layer_keeps_added_cookies_and_would_drop_refused_ones(
            cookie in any_cookie(),
            cookies in prop::sample::select(&["", REFUSED, GRANTED, "sid=1"][..]),
            path in prop::sample::select(&["/", "/sign-in", "/a/b"][..]),
            post in any::<bool>(),
            decision in prop::option::of(prop::sample::select(&[Action::Accept, Action::Withdraw, Action::Erase][..])),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let method = if post { Method::POST } else { Method::GET };
                let said = Arc::new(Mutex::new(None));
                let handler = {
                    let (said, cookie) = (Arc::clone(&said), cookie.clone());
                    async move |mut jar: ConsentJar| {
                        let decided = decision.map(Decision::new).is_some_and(|decision| jar.decide(decision).is_ok());
                        let refused = reason(jar.add(cookie.clone()));
                        *said.lock().unwrap() = Some((decided, refused));
                        // The same cookie as a plain header, to see the verdict of the layer.
                        let mut response = jar.into_response();
                        if let (Some(_), Ok(line)) = (refused, cookie.encoded().to_string().parse()) {
                            response.headers_mut().append("set-cookie", line);
                        }
                        response
                    }
                };
                let routes = Router::new().fallback(handler);
                let answer = answer(&layer(), routes, ask(method, path, cookies)).await;
                let (_, refused) = said.lock().unwrap().take().unwrap();
                let dropped = answer.report.as_ref().is_some_and(|report| {
                    report.entries().iter().any(|entry| entry.outcome() == consent_tower::report::Outcome::Dropped)
                });
                let writable = http::HeaderValue::try_from(cookie.encoded().to_string()).is_ok();
                match refused {
                    None => prop_assert!(!dropped, "{cookie:?} {answer:?}"),
                    Some(reason) => {
                        prop_assert_eq!(dropped, writable, "{:?} {:?}", reason, answer);
                        if writable {
                            prop_assert_eq!(answer.report.unwrap().entries()[0].cause(), reason);
                        }
                    }
                }
                Ok(())
            })?;
        }
    }
}

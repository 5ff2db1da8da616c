//! Each test plants a fault. The probe finds it, with its own kind and no other. Without a fault, it finds
//! nothing.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use bytes::Bytes;
use consent_core::Policy;
use consent_core::testing::{FULL_POLICY, full_policy};
use consent_tower::matcher::RequestMatcher;
use consent_tower::require::{Allowed, Functionality, RequireConsentLayer};
use consent_tower::testing::{FindingKind, Probe, ProbeReport, TestRequest};
use consent_tower::{ConsentLayer, Mode, ThirdParties};
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use std::convert::Infallible;
use tower::{Layer, service_fn};
use tower_http::compression::CompressionLayer;

const PAGE: &str = "<!doctype html><html lang=en><title>Shop</title><body><h1>Shop</h1>\
    <iframe title=Film data-consent=media data-src=https://video.example/1></iframe>";

fn html(body: impl Into<String>) -> Response {
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], body.into()).into_response()
}

fn with_cookies(mut response: Response, lines: &[&str]) -> Response {
    for line in lines {
        response.headers_mut().append(SET_COOKIE, HeaderValue::from_str(line).unwrap());
    }
    response
}

/// An application that ignores consent. The layer enforces the policy for it.
fn application() -> Router {
    let statistics = full_policy().category("statistics").unwrap();
    let home = || async {
        let lines = [
            "theme=dark; Path=/; Max-Age=31536000",
            "visits=1; Domain=shop.example; Path=/; Max-Age=60",
            "_ga=1",
        ];
        with_cookies(html(PAGE), &lines)
    };
    let data = || async {
        with_cookies(
            ([(CONTENT_TYPE, "application/json")], "{}").into_response(),
            &["pref_sort=price; Path=/"],
        )
    };
    let sign_in = || async { with_cookies(Redirect::to("/").into_response(), &["sid=1; Path=/; HttpOnly"]) };
    // An undecided visitor gets the page that asks.
    let notes = get(|_: Allowed<Functionality>| async { html(PAGE) });
    let figures = get(|| async { html(PAGE) });
    let robots = || async { ([(CACHE_CONTROL, "public, max-age=3600")], "User-agent: *\n") };
    Router::new()
        .route("/", get(home))
        .route("/data", get(data))
        .route("/sign-in", post(sign_in))
        .route("/robots.txt", get(robots))
        .route("/notes", notes)
        .route("/figures", figures.route_layer(RequireConsentLayer::new(statistics)))
        .fallback(|| async {
            (StatusCode::NOT_FOUND, html("<!doctype html><title>Missing</title><p>Missing"))
        })
}

fn layer() -> ConsentLayer {
    ConsentLayer::new(full_policy())
}

/// The finished site.
fn site(layer: &ConsentLayer, application: Router) -> Router {
    Router::new().fallback_service(layer.layer(application))
}

fn sound() -> Router {
    site(&layer(), application())
}

fn probe() -> Probe {
    Probe::new(full_policy())
        .fetch("/data")
        .submit("/sign-in", &[("name", "ada")])
        .fetch("/robots.txt")
        .visit("/notes")
        .visit("/figures")
}

/// Asserts that only the expected kind is found.
#[track_caller]
fn assert_found(report: &ProbeReport, kind: FindingKind) {
    assert_eq!(report.kinds(), [kind], "{report}");
    assert!(report.to_string().contains(kind.as_str()), "{report}");
}

/// A middleware around the layer that changes responses.
fn changing(site: Router, change: impl Fn(&mut Response) + Clone + Send + Sync + 'static) -> Router {
    site.layer(axum::middleware::map_response(move |mut response: Response| {
        change(&mut response);
        async { response }
    }))
}

fn is_page(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// Changes each `Set-Cookie` header of a response. If the function returns `None`, the header is removed.
fn change_cookies(response: &mut Response, change: impl Fn(&str) -> Option<String>) {
    let lines: Vec<String> = response
        .headers()
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|line| change(line.to_str().unwrap()))
        .collect();
    response.headers_mut().remove(SET_COOKIE);
    for line in lines {
        response.headers_mut().append(SET_COOKIE, line.parse().unwrap());
    }
}

#[tokio::test]
async fn nothing_is_found_if_the_promise_holds() {
    let report = probe().run(sound()).await;
    assert!(report.is_kept(), "{report}");
    assert!(report.answers() > 150);
    assert!(report.to_string().starts_with("The promise is kept in "));
    probe().assert_promise(sound()).await;
}

#[tokio::test]
async fn nothing_is_found_however_the_layer_is_set_up() {
    let place = |headers: &mut HeaderMap, place: consent_core::policy::Jurisdiction| {
        headers.insert("x-country", place.to_string().parse().unwrap());
    };
    let told = layer().with_jurisdiction(|parts| {
        consent_core::policy::Jurisdiction::parse(parts.headers.get("x-country")?.to_str().ok()?).ok()
    });
    probe().with_jurisdiction(place).assert_promise(site(&told, application())).await;
    probe().over_http().assert_promise(site(&layer().dangerous_allow_http(), application())).await;
    probe()
        .with_prefix("privacy")
        .assert_promise(site(&layer().with_prefix("/privacy"), application()))
        .await;
    probe().without_banner().assert_promise(site(&layer().without_banner(), application())).await;
    probe().assert_promise(site(&layer().without_guard().with_undeclared_sweep(), application())).await;
    let neutral = layer().add_neutral(RequestMatcher::from_path("/for-all"));
    let page = || async { ([(CACHE_CONTROL, "public, max-age=60")], html(PAGE)) };
    let for_all = site(&neutral, application().route("/for-all", get(page)));
    probe().visit_neutral("/for-all").assert_promise(for_all).await;
    let founding = consent_core::testing::founding_policy();
    let service = ConsentLayer::new(founding.clone())
        .layer(service_fn(|_: http::Request<Body>| async { Ok::<_, Infallible>(html("<p>no doctype")) }));
    Probe::new(founding)
        .sending::<Body>()
        .send(TestRequest::prefetch("/next"))
        .send(TestRequest::frame("/frame"))
        .assert_promise(service)
        .await;
}

#[tokio::test]
async fn compression_around_the_layer_is_no_fault() {
    let shop =
        application().route("/long", get(|| async { html(format!("{PAGE}<p>{}", "For sale. ".repeat(99))) }));
    let compressed = site(&layer(), shop).layer(CompressionLayer::new());
    probe().visit("/long").assert_promise(compressed).await;
}

#[tokio::test]
async fn a_page_that_looks_like_one_that_asks_still_needs_the_banner() {
    let asking =
        "<!doctype html><body id=consent-page><a href=/consent data-consent-action=settings>Cookies</a>";
    let looking = application().route("/asking", get(|| async { (StatusCode::FORBIDDEN, html(PAGE)) }));
    let looking = changing(site(&layer(), looking), move |response| {
        if is_page(response) && response.status() == StatusCode::FORBIDDEN {
            *response.body_mut() = Body::from(asking);
        }
    });
    assert_found(&probe().visit("/asking").run(looking).await, FindingKind::BannerMissing);
}

#[tokio::test]
async fn the_other_name_of_the_consent_cookie_is_the_only_finding() {
    let plain = site(&layer().dangerous_allow_http(), application());
    let report = probe().run(plain).await;
    assert_found(&report, FindingKind::OtherCookieName);
    assert!(report.to_string().starts_with("The promise is broken in 1 way ("), "{report}");
    assert!(report.to_string().contains("call `.over_http()` on the probe"), "{report}");
    let report = probe().over_http().run(sound()).await;
    assert_found(&report, FindingKind::OtherCookieName);
    assert!(report.to_string().contains("remove `.over_http()` from the probe"), "{report}");
}

#[tokio::test]
async fn a_route_around_the_layer_is_found_with_its_cookies() {
    let tracking = get(|| async { with_cookies(html(PAGE), &["_ga=1; Path=/"]) });
    let report = probe().visit("/late").run(sound().route("/late", tracking)).await;
    assert_eq!(report.kinds(), [FindingKind::NotCovered, FindingKind::Undeclared], "{report}");
    assert!(report.to_string().contains("all "), "{report}");
}

#[tokio::test]
async fn the_states_are_listed_in_full() {
    let report = probe().run(setting_theme("theme=visitor-7; Path=/")).await;
    let [finding] = report.findings() else { panic!("{report}") };
    assert!(finding.visitors.len() > 3, "{report}");
    assert!(finding.visitors.iter().all(|visitor| report.to_string().contains(visitor)), "{report}");
}

#[tokio::test]
async fn the_demo_keeps_its_promise() {
    let config = site::Config::default();
    let policy = Policy::from_toml(site::POLICY).unwrap();
    let probe =
        Probe::new(policy).visit("/notes").visit("/preferences").visit("/sign-in").visit("/misbehaviour");
    probe.over_http().assert_promise(site::app(&config).unwrap()).await;
}

#[tokio::test]
async fn a_route_that_was_added_after_the_layer_is_found() {
    let late = application().layer(layer()).route("/late", get(|| async { html(PAGE) }));
    let report = probe().visit("/late").run(late).await;
    assert_found(&report, FindingKind::NotCovered);
    assert!(report.findings().iter().all(|finding| finding.request == "GET /late"), "{report}");
}

#[tokio::test]
async fn a_layer_inside_a_nest_is_found() {
    let nested =
        Router::new().nest_service("/shop", layer().layer(application())).fallback(|| async { "outside" });
    assert_found(&probe().visit("/shop/").run(nested).await, FindingKind::NotCovered);
}

#[tokio::test]
async fn a_layer_route_that_something_else_serves_is_found() {
    let taken =
        Router::new().route("/consent/policy", get(|| async { StatusCode::GONE })).fallback_service(sound());
    assert_found(&probe().run(taken).await, FindingKind::NotCovered);
}

#[tokio::test]
async fn requests_that_are_left_unfiltered_are_found() {
    let open = layer().dangerous_leave_unfiltered(RequestMatcher::from_path("/data"));
    assert_found(&probe().run(site(&open, application())).await, FindingKind::NotCovered);
}

#[tokio::test]
async fn two_layers_are_found() {
    let twice = site(&layer(), site(&layer(), application()));
    assert_found(&probe().run(twice).await, FindingKind::LayeredTwice);
}

#[tokio::test]
async fn an_undeclared_cookie_from_outside_is_found() {
    let tracked = changing(sound(), |response| {
        if is_page(response) {
            response.headers_mut().append(SET_COOKIE, HeaderValue::from_static("_ga=GA1.1.1; Path=/"));
        }
    });
    let report = probe().run(tracked).await;
    assert_found(&report, FindingKind::Undeclared);
    assert!(report.to_string().contains("sets _ga: undeclared"), "{report}");
}

#[tokio::test]
async fn a_cookie_without_consent_is_found() {
    let eager = changing(sound(), |response| {
        if is_page(response) {
            response.headers_mut().append(SET_COOKIE, HeaderValue::from_static("theme=dark; Path=/"));
        }
    });
    let report = probe().run(eager).await;
    assert_found(&report, FindingKind::NotConsented);
    let visitors: Vec<_> = report.findings().iter().flat_map(|finding| &finding.visitors).collect();
    assert!(
        visitors.iter().any(|name| *name == "refused") && !visitors.iter().any(|name| *name == "granted")
    );
}

/// The site, with another `Set-Cookie` header for the theme.
fn setting_theme(other: &'static str) -> Router {
    changing(sound(), move |response| {
        change_cookies(response, |line| {
            Some(if line.starts_with("theme=dark") { other.to_owned() } else { line.to_owned() })
        });
    })
}

#[tokio::test]
async fn a_value_and_a_lifetime_other_than_declared_are_found() {
    for other in ["theme=visitor-7; Path=/", "theme=dark; Path=/; Max-Age=34560000"] {
        assert_found(&probe().run(setting_theme(other)).await, FindingKind::OtherThanDeclared);
    }
}

#[tokio::test]
async fn a_cookie_of_the_whole_scope_is_found_and_deleted() {
    let report = probe().run(setting_theme("theme=dark; Path=/; Domain=shop.example")).await;
    assert_found(&report, FindingKind::OtherThanDeclared);
}

#[tokio::test]
async fn a_consent_cookie_that_was_changed_is_found() {
    for (from, to) in [("; Secure", ""), ("15552000", "34560000"), ("SameSite=Lax", "SameSite=None")] {
        let changed = changing(sound(), move |response| {
            change_cookies(response, |line| {
                Some(if line.starts_with("__Host-consent") {
                    line.replace(from, to)
                } else {
                    line.to_owned()
                })
            });
        });
        assert_found(&probe().run(changed).await, FindingKind::ConsentCookie);
    }
}

#[tokio::test]
async fn a_cookie_in_trailers_is_found() {
    let trailing = sound().layer(axum::middleware::map_response(|response: Response| async {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let trailers = HeaderMap::from_iter([(SET_COOKIE, HeaderValue::from_static("_ga=1"))]);
        let frames = [Ok::<_, Infallible>(Frame::data(body)), Ok(Frame::trailers(trailers))];
        Response::from_parts(parts, Body::new(StreamBody::new(futures_util::stream::iter(frames))))
    }));
    assert_found(&probe().run(trailing).await, FindingKind::CookieInTrailers);
}

#[tokio::test]
async fn an_application_that_sees_hidden_cookies_is_found() {
    let echo = application().route(
        "/echo",
        get(|headers: HeaderMap| async move {
            html(format!("<!doctype html><title>{:?}</title>", headers.get("x-copied-cookies")))
        }),
    );
    let copying = site(&layer(), echo).layer(from_fn(|mut request: Request, next: Next| async {
        let all = request
            .headers()
            .get_all(COOKIE)
            .iter()
            .map(HeaderValue::as_bytes)
            .collect::<Vec<_>>()
            .join(&b"; "[..]);
        request.headers_mut().insert("x-copied-cookies", HeaderValue::from_bytes(&all).unwrap());
        next.run(request).await
    }));
    assert_found(&probe().visit("/echo").run(copying).await, FindingKind::HiddenCookieSeen);
}

#[tokio::test]
async fn a_withdrawal_that_expires_nothing_is_found() {
    let swallowing = changing(sound(), |response| {
        change_cookies(response, |line| (!line.contains("Max-Age=0")).then(|| line.to_owned()));
    });
    let report = probe().run(swallowing).await;
    assert_found(&report, FindingKind::NotExpired);
    for name in ["theme", "visits", "pref_sort", "recommended"] {
        assert!(report.to_string().contains(&format!("{name} at /")), "{name}: {report}");
    }
}

#[tokio::test]
async fn a_missing_vary_is_found() {
    let varied = changing(sound(), |response| {
        response.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    });
    let report = probe().run(varied).await;
    assert_found(&report, FindingKind::VaryMissing);
    assert!(report.to_string().contains("Sec-GPC"), "{report}");
}

#[tokio::test]
async fn a_page_that_caches_may_store_is_found() {
    for (name, value) in [
        ("cache-control", "public, max-age=60"),
        ("cdn-cache-control", "max-age=60"),
        ("x-accel-expires", "60"),
    ] {
        let cached = changing(sound(), move |response| {
            if is_page(response) {
                response.headers_mut().insert(name, HeaderValue::from_static(value));
            }
        });
        assert_found(&probe().run(cached).await, FindingKind::Cacheable);
    }
}

#[tokio::test]
async fn a_head_response_that_differs_is_found() {
    let other =
        application().route("/both", get(|| async { "text" }).head(|| async { StatusCode::NO_CONTENT }));
    assert_found(&probe().fetch("/both").run(site(&layer(), other)).await, FindingKind::HeadDiffers);
}

#[tokio::test]
async fn a_page_without_a_link_to_the_settings_is_found() {
    let page = "<!doctype html><title>Shop</title><button data-consent-action=settings>Cookies</button>";
    let stuck = application().route("/stuck", get(move || async move { html(page) }));
    let report = probe().visit("/stuck").run(site(&layer(), stuck)).await;
    assert_found(&report, FindingKind::NoWayBack);
}

#[tokio::test]
async fn a_missing_banner_is_found() {
    assert_found(
        &probe().run(site(&layer().without_banner(), application())).await,
        FindingKind::BannerMissing,
    );
}

#[tokio::test]
async fn a_banner_after_a_decision_is_found() {
    let page = "<!doctype html><title>Shop</title><section id=consent-banner>Cookies?</section>\
        <a href=/consent data-consent-action=settings>Cookies</a>";
    let nagging = application().route("/nagging", get(move || async move { html(page) }));
    let report = probe().visit("/nagging").run(site(&layer(), nagging)).await;
    assert_found(&report, FindingKind::BannerUnwanted);
}

#[tokio::test]
async fn an_element_that_loads_without_consent_is_found() {
    for live in [
        "<iframe src=https://video.example/1></iframe>",
        "<img srcset='/small.png 1x, https://video.example/large.png 2x'>",
        "<script src=//VIDEO.example/player.js></script>",
    ] {
        let page = format!("<!doctype html><title>Film</title>{live}");
        let film = application().route("/film", get(move || async move { html(page) }));
        // By default, the gate makes them inert.
        let layer = layer().with_third_parties(ThirdParties::Allow);
        assert_found(&probe().visit("/film").run(site(&layer, film)).await, FindingKind::LiveEmbed);
    }
    let late = changing(sound(), |response| {
        if is_page(response) {
            *response.body_mut() = Body::from(format!("{PAGE}<section id=consent-banner></section>"));
        }
    });
    assert!(
        !probe().run(late).await.kinds().contains(&FindingKind::LiveEmbed),
        "what is inert loads nothing"
    );
}

/// The site, with a page of this markup at `/film`, and without the gate for origins.
fn showing(markup: &'static str) -> Router {
    let page = move || async move { html(format!("<!doctype html><title>Film</title>{markup}")) };
    site(&layer().with_third_parties(ThirdParties::Allow), application().route("/film", get(page)))
}

#[tokio::test]
async fn an_undeclared_third_party_is_found() {
    for live in [
        "<iframe src=https://www.elsewhere.example/embed/1></iframe>",
        "<script src=//www.elsewhere.example/tag.js></script>",
        "<img src=/own.png srcset='https://www.elsewhere.example/pixel.gif 2x'>",
        "<link rel=stylesheet href=https://www.elsewhere.example/font.css>",
    ] {
        let report = probe().visit("/film").run(showing(live)).await;
        assert_found(&report, FindingKind::ThirdParty);
        assert!(report.to_string().contains("https://www.elsewhere.example"), "{report}");
        let told = probe().visit("/film").allow_origin("https://www.elsewhere.example");
        told.assert_promise(showing(live)).await;
        let another = probe().visit("/film").allow_origin("https://elsewhere.example");
        assert_found(&another.run(showing(live)).await, FindingKind::ThirdParty);
    }
}

#[tokio::test]
async fn gated_elements_own_files_and_links_are_no_third_parties() {
    for sound in [
        "<iframe title=Film data-consent=media data-src=https://www.elsewhere.example/1></iframe>",
        "<script type=text/plain data-consent=media src=https://www.elsewhere.example/1.js></script>",
        "<img src=https://static.shop.example/a.png><img src=/a.png>",
        "<a href=https://www.elsewhere.example/>there</a><form action=https://www.elsewhere.example/></form>",
        "<link rel=canonical href=https://www.elsewhere.example/film>",
    ] {
        probe().visit("/film").assert_promise(showing(sound)).await;
    }
}

#[tokio::test]
async fn a_path_with_a_mistake_in_it_is_found() {
    let report = probe().visit("/chekout").run(sound()).await;
    assert_found(&report, FindingKind::Status);
    assert!(report.to_string().contains("404 Not Found in every state"), "{report}");
    assert_found(&probe().submit("/data", &[]).run(sound()).await, FindingKind::Status);
    let broken = application().route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }));
    assert_found(&probe().visit("/broken").run(site(&layer(), broken)).await, FindingKind::Status);
}

#[tokio::test]
async fn a_status_that_is_expected_is_no_fault_and_another_one_is() {
    let expecting = |status| probe().visit("/gone").expecting(status);
    expecting(StatusCode::NOT_FOUND).assert_promise(sound()).await;
    assert_found(&expecting(StatusCode::GONE).run(sound()).await, FindingKind::Status);
}

#[tokio::test]
async fn a_script_that_runs_without_consent_is_found() {
    let page = "<!doctype html><title>Shop</title><script data-consent=statistics>count()</script>";
    let running = application().route("/running", get(move || async move { html(page) }));
    assert!(
        probe().visit("/running").run(site(&layer(), running.clone())).await.is_kept(),
        "the gate makes it inert"
    );
    let excluded = layer().add_excluded(RequestMatcher::from_path("/running"));
    let report = probe().visit("/running").run(site(&excluded, running)).await;
    assert!(report.kinds().contains(&FindingKind::LiveEmbed), "{report}");
}

#[tokio::test]
async fn a_page_that_is_always_compressed_is_found() {
    let packed = application().route(
        "/packed",
        get(|| async {
            let mut response = html("\u{1f}...");
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            response
        }),
    );
    assert_found(&probe().visit("/packed").run(site(&layer(), packed)).await, FindingKind::Compressed);
}

#[tokio::test]
async fn a_decision_by_a_link_is_found() {
    let linked = application().route("/agree", get(|| async { html(PAGE) }));
    let linked = site(&layer(), linked).layer(from_fn(|request: Request, next: Next| async {
        let agrees = request.uri().path() == "/agree";
        let response = next.run(request).await;
        let consent = consent_core::testing::granted(&full_policy());
        let line = consent.set_cookie(consent_core::consent::CookieName::Host);
        if agrees { with_cookies(response, &[&line]) } else { response }
    }));
    assert_found(&probe().visit("/agree").run(linked).await, FindingKind::DecisionByGet);
}

#[tokio::test]
async fn a_decision_from_another_site_is_found() {
    let stripped = sound().layer(from_fn(|mut request: Request, next: Next| async {
        request.headers_mut().remove("sec-fetch-site");
        request.headers_mut().remove(ORIGIN);
        next.run(request).await
    }));
    assert_found(&probe().run(stripped).await, FindingKind::CrossSiteDecision);
}

#[tokio::test]
async fn an_open_redirect_is_found() {
    let open = sound().layer(from_fn(|request: Request, next: Next| async {
        let (parts, body) = request.into_parts();
        let body: Bytes = to_bytes(body, 1 << 16).await.unwrap();
        let back = body
            .split(|byte| *byte == b'&')
            .find_map(|pair| pair.strip_prefix(b"return="))
            .map(<[u8]>::to_vec);
        let mut response = next.run(Request::from_parts(parts, Body::from(body))).await;
        if let Some(back) = back {
            let back = String::from_utf8(back).unwrap().replace("%2F", "/").replace("%3A", ":");
            response.headers_mut().insert(LOCATION, back.parse().unwrap());
        }
        response
    }));
    assert_found(&probe().run(open).await, FindingKind::OpenRedirect);
}

#[tokio::test]
async fn another_policy_is_found() {
    let more = FULL_POLICY.replacen(
        "[[retired]]",
        "[[storage]]\nname = \"route\"\nkind = \"cookie\"\ncategory = \"functionality\"\nexempt = \"load-balancing\"\n\
         purpose.en = \"Leads to the same machine.\"\nlifetime = \"session\"\nprovider = \"first-party\"\n\n[[retired]]",
        1,
    );
    let probe = Probe::new(Policy::from_toml(&more).unwrap());
    assert_found(&probe.run(sound()).await, FindingKind::OtherPolicy);
}

#[tokio::test]
async fn a_site_that_fails_is_found() {
    let failing = layer().layer(service_fn(|request: http::Request<Body>| async move {
        if request.uri().path() == "/broken" { Err("no connection") } else { Ok(html(PAGE)) }
    }));
    let report = Probe::new(full_policy()).sending::<Body>().visit("/broken").run(failing).await;
    assert_found(&report, FindingKind::Failed);
}

#[tokio::test]
async fn report_only_mode_is_found() {
    let report = probe().run(site(&layer().with_mode(Mode::ReportOnly), application())).await;
    for kind in
        [FindingKind::Undeclared, FindingKind::NotConsented, FindingKind::NoWayBack, FindingKind::NotExpired]
    {
        assert!(report.kinds().contains(&kind), "{kind}: {report}");
    }
}

#[tokio::test]
#[should_panic(expected = "not covered by the layer")]
async fn the_promise_of_a_bare_application_is_broken() {
    Probe::new(full_policy())
        .assert_promise(application().route("/consent", any(|_: Method| async {})))
        .await;
}

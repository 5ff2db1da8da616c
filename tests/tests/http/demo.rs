//! Visitors in the whole demo.

use crate::support::Answer;
use axum::body::Body;
use bytes::Bytes;
use consent_core::testing::Jar;
use http::header::COOKIE;
use http::{HeaderValue, Request, Response, StatusCode};
use site::Config;
use std::convert::Infallible;
use time::UtcDateTime;
use tower::{Service, ServiceExt};

const PAGES: [&str; 13] = [
    "/",
    "/notes",
    "/notes/one-press",
    "/notes/what-a-theme-needs",
    "/preferences",
    "/sign-in",
    "/account",
    "/embed/office-map",
    "/misbehaviour",
    "/misbehaviour/302",
    "/misbehaviour/404",
    "/misbehaviour/500",
    "/nowhere",
];

/// A visitor whose browser keeps cookies.
struct Visitor<S> {
    site: S,
    jar: Jar,
}

fn visitor() -> Visitor<
    impl Service<
        Request<Body>,
        Response = Response<impl http_body::Body<Data = Bytes, Error = axum::Error>>,
        Error = Infallible,
    > + Clone,
> {
    Visitor { site: site::app(&Config::default()).unwrap(), jar: Jar::new("127.0.0.1").over_http() }
}

impl<S, B> Visitor<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone,
    B: http_body::Body<Data = Bytes, Error = axum::Error>,
{
    async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let path = request.uri().path().to_owned();
        if let Some(line) = self.jar.cookie_line(&path, UtcDateTime::now()) {
            request.headers_mut().insert(COOKIE, HeaderValue::from_bytes(&line).unwrap());
        }
        let answer = Answer::read(self.site.clone().oneshot(request).await.unwrap()).await;
        for line in answer.cookies() {
            self.jar.store(line, &path, UtcDateTime::now());
        }
        answer
    }

    async fn open(&mut self, path: &str) -> Answer {
        let request = Request::get(path)
            .header("host", "127.0.0.1:3000")
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-dest", "document");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn submit(&mut self, path: &str, fields: &str) -> Answer {
        let request = Request::post(path)
            .header("host", "127.0.0.1:3000")
            .header("origin", "http://127.0.0.1:3000")
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-dest", "document")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(fields.to_owned())).unwrap()).await
    }

    fn names(&self) -> Vec<&str> {
        let now = UtcDateTime::now();
        self.jar.cookies(now).map(|cookie| str::from_utf8(cookie.name()).unwrap()).collect()
    }

    fn holds(&self, name: &str) -> bool {
        self.jar.holds(name, UtcDateTime::now())
    }
}

#[tokio::test]
async fn no_page_sets_cookies_before_a_decision_or_after_a_refusal() {
    let mut visitor = visitor();
    for decided in [false, true] {
        if decided {
            visitor.submit("/consent", "action=refuse").await;
        }
        for page in PAGES {
            let answer = visitor.open(page).await;
            assert!(answer.cookies().is_empty(), "{page}: {:?}", answer.header("set-cookie"));
        }
    }
    assert_eq!(visitor.names(), ["consent"]);
}

#[tokio::test]
async fn a_theme_is_stored_after_accepting_and_deleted_by_the_withdrawal() {
    let mut visitor = visitor();
    visitor.submit("/preferences", "theme=dark&lang=de").await;
    assert!(visitor.names().is_empty(), "nothing is remembered without consent: {:?}", visitor.jar);
    visitor.submit("/consent", "action=accept&return=/preferences").await;
    let answer = visitor.submit("/preferences", "theme=dark&lang=").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(visitor.names(), ["consent", "theme"]);
    assert!(visitor.open("/").await.text().contains("data-theme=\"dark\""));
    visitor.submit("/consent", "action=withdraw").await;
    assert_eq!(visitor.names(), ["consent"]);
    assert!(!visitor.open("/").await.text().contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn visitors_who_are_undecided_or_refused_can_sign_in() {
    for decision in [None, Some("action=refuse"), Some("action=accept")] {
        let mut visitor = visitor();
        if let Some(decision) = decision {
            visitor.submit("/consent", decision).await;
        }
        let failed = visitor.submit("/sign-in", "name=Ada&password=wrong").await;
        assert_eq!(failed.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!visitor.holds("sid"), "nobody signed in: {decision:?}");
        let answer = visitor.submit("/sign-in", "name=Ada&password=demo").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{decision:?}");
        assert!(visitor.holds("sid"), "{decision:?}: {:?}", answer.header("set-cookie"));
        assert!(answer.cookie("sid").attribute("httponly").is_some());
        assert!(visitor.open("/account").await.text().contains("Ada"), "{decision:?}");
        visitor.open("/misbehaviour").await;
        assert!(visitor.open("/account").await.text().contains("Ada"), "still: {decision:?}");
        visitor.submit("/sign-out", "").await;
        assert!(!visitor.holds("sid"), "{decision:?}");
    }
}

#[tokio::test]
async fn after_a_grant_the_misbehaving_page_still_sets_nothing() {
    let mut visitor = visitor();
    visitor.submit("/consent", "action=accept").await;
    for page in ["/misbehaviour", "/misbehaviour/302", "/misbehaviour/404", "/misbehaviour/500"] {
        let answer = visitor.open(page).await;
        assert!(answer.cookies().is_empty(), "{page}: {}", answer.header("set-cookie"));
        let report = answer.reasons();
        for (name, reason) in [
            ("_ga", "undeclared"),
            ("_pk_id.1.1fff", "undeclared"),
            ("__Host-consent", "reserved"),
            ("consent", "reserved"),
            ("sid", "not-requested"),
            ("theme", "value-not-declared"),
        ] {
            assert!(report.contains(&(name.to_owned(), reason)), "{page}: {name} in {report:?}");
        }
    }
    assert_eq!(visitor.names(), ["consent"]);
}

#[tokio::test]
async fn every_page_has_a_strict_csp_and_a_link_to_the_settings() {
    for decision in [None, Some("action=refuse"), Some("action=accept")] {
        let mut visitor = visitor();
        if let Some(decision) = decision {
            visitor.submit("/consent", decision).await;
        }
        for page in PAGES.into_iter().chain(["/consent", "/consent/policy", "/consent/policy/1"]) {
            let answer = visitor.open(page).await;
            // The application's own policy. The layer's own restricts origins only.
            let policy = answer.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("require-trusted-types-for 'script'"), "{page}: {policy}");
            assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval'"), "{page}: {policy}");
            assert!(
                policy.contains("style-src 'self'") && !policy.contains("unsafe-inline"),
                "{page}: {policy}"
            );
            if answer.header("content-type").starts_with("text/html") && page != "/embed/office-map" {
                let back = answer.text().contains("data-consent-action=\"settings\"")
                    || answer.text().contains("data-consent-settings");
                assert!(back, "{page} has no way to the settings");
            }
        }
    }
}

#[tokio::test]
async fn the_main_content_is_the_same_for_every_visitor() {
    for page in ["/", "/notes", "/notes/one-press", "/sign-in", "/preferences"] {
        let undecided = visitor().open(page).await;
        let expected = readable(undecided.text());
        assert!(expected.len() > 3, "{page}: {expected:?}");
        for decision in ["action=refuse", "action=accept"] {
            let mut other = visitor();
            other.submit("/consent", decision).await;
            let answer = other.open(page).await;
            assert_eq!(answer.status, undecided.status, "{page} after {decision}");
            assert_eq!(readable(answer.text()), expected, "{page} after {decision}");
        }
    }
}

/// Returns the texts in `<main>`, without those of placeholders, which stand where an embed waits.
fn readable(page: &str) -> Vec<String> {
    let (_, rest) = page.split_once("<main").expect("a page with main content");
    let (main, _) = rest.split_once("</main>").expect("an end of the main content");
    let pieces = match main.split_once("data-consent-placeholder") {
        Some((before, after)) => {
            let start = before.rfind('<').expect("the tag of the placeholder");
            let end = after.find("<iframe").expect("the frame that waits");
            [&before[..start], &after[end..]].concat()
        }
        None => main.to_owned(),
    };
    let texts = pieces.split('<').filter_map(|piece| piece.split_once('>'));
    texts.map(|(_, text)| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

#[tokio::test]
async fn the_policy_page_shows_the_controller_and_the_log() {
    let answer = visitor().open("/consent/policy").await;
    for shown in ["JUXT Ltd.", "info@juxt.pro", "Information Commissioner", "2023", "theme", "sid"] {
        assert!(answer.text().contains(shown), "{shown}");
    }
    let earlier = visitor().open("/consent/policy/1").await;
    assert_eq!(earlier.status, StatusCode::OK);
    assert_eq!(visitor().open("/consent/policy/99").await.status, StatusCode::NOT_FOUND);
}

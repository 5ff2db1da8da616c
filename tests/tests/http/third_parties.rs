//! What pages may load from other origins, as the response says it.

use crate::html::page;
use crate::support::*;
use consent_tower::matcher::RequestMatcher;
use consent_tower::{ConsentLayer, CspNonce, Mode, Policy, ThirdParties};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

const SERVICES: &str = r#"
[[services]]
id = "cdn"
label = { en = "Our CDN", de = "Unser CDN" }
provider = "CDN Ltd."
exempt = "transmission"
purpose = { en = "Delivers our pictures.", de = "Liefert unsere Bilder." }
origins = ["https://cdn.example"]
[[services]]
id = "film"
label = { en = "Film", de = "Film" }
provider = "Film Ltd."
category = "functionality"
purpose = { en = "Shows films.", de = "Zeigt Filme." }
origins = ["https://film.example"]
"#;

const PAGE: &str = "<!doctype html><html><head><title>x</title></head><body>\
    <script src=\"https://evil.example/a.js\"></script><iframe src=\"https://film.example/1\"></iframe>\
    <img src=\"https://cdn.example/1.png\"><img src=\"/own.png\"></body></html>";

fn site() -> ConsentLayer {
    ConsentLayer::new(policy_with(SERVICES)).with_clock(today)
}

/// The header of the layer: the last one.
fn csp(headers: &HeaderMap) -> &str {
    headers.get_all("content-security-policy").iter().next_back().unwrap().to_str().unwrap()
}

fn frames(csp: &str) -> Option<&str> {
    csp.split("; ").find(|directive| directive.starts_with("frame-src"))
}

async fn visited(layer: &ConsentLayer, cookie: Option<&str>) -> Answer {
    let request = empty(visit("/notes"));
    let request = match cookie {
        Some(cookie) => with_cookies(request, cookie),
        None => request,
    };
    send(layer, request, page(PAGE)).await
}

#[tokio::test]
async fn a_page_may_load_from_what_its_visitor_allows() {
    let everywhere = |csp: &str| csp.split("; ").next().unwrap().to_owned();
    for (cookie, all, framed) in
        [(None, false, true), (Some(REFUSED), false, false), (Some(GRANTED), true, true)]
    {
        let answer = visited(&site(), cookie).await;
        let csp = csp(&answer.headers);
        assert!(
            csp.starts_with(
                "default-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' 'self' blob: data:"
            )
        );
        assert!(everywhere(csp).contains("https://cdn.example"), "exempt: {csp}");
        assert_eq!(everywhere(csp).contains("https://film.example"), all, "{cookie:?}: {csp}");
        let frames = frames(csp).map_or(all, |frames| frames.contains("https://film.example"));
        assert_eq!(frames, framed, "{cookie:?}: {csp}");
        assert!(!csp.contains("evil"));
        assert_eq!(answer.header("reporting-endpoints"), "consent-reports=\"/consent/reports\"");
        let text = answer.text();
        assert!(
            text.contains("<script src=\"https://evil.example/a.js\" data-consent=\"\" type=\"text/plain\">")
        );
        assert_eq!(
            text.contains("<iframe src=\"https://film.example/1\">"),
            cookie == Some(GRANTED),
            "{text}"
        );
        assert!(text.contains("<img src=\"https://cdn.example/1.png\"><img src=\"/own.png\">"), "{text}");
    }
}

#[tokio::test]
async fn the_application_keeps_its_own_policy() {
    let mut response = page(PAGE);
    response
        .headers_mut()
        .append("content-security-policy", HeaderValue::from_static("script-src 'nonce-a' 'strict-dynamic'"));
    response.headers_mut().append("content-security-policy", HeaderValue::from_static("base-uri 'none'"));
    response.extensions_mut().insert(CspNonce("a".into()));
    let answer = send(&site(), empty(visit("/notes")), response).await;
    let lines: Vec<_> = answer.headers.get_all("content-security-policy").iter().collect();
    assert_eq!(lines[..2], ["script-src 'nonce-a' 'strict-dynamic'", "base-uri 'none'"]);
    assert!(lines.len() == 3 && lines[2].to_str().unwrap().starts_with("default-src "));
    let inline = visited(&site(), None).await;
    assert!(inline.text().contains("<style"), "a page without a policy of its own has the style inline");
}

#[tokio::test]
async fn every_html_response_is_held() {
    let site = site();
    for status in [200, 404, 500, 403] {
        let mut response = page(PAGE);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        let answer = send(&site, empty(visit("/notes")), response).await;
        assert!(csp(&answer.headers).starts_with("default-src "), "{status}");
    }
    // Compressed, fetched by a script, in a frame.
    let mut compressed = page(PAGE);
    compressed.headers_mut().insert("content-encoding", HeaderValue::from_static("br"));
    assert!(csp(&send(&site, empty(visit("/notes")), compressed).await.headers).contains("cdn.example"));
    for destination in ["iframe", "empty"] {
        let request = empty(visit("/notes").header("sec-fetch-dest", destination));
        assert!(
            csp(&send(&site, request, page(PAGE)).await.headers).contains("cdn.example"),
            "{destination}"
        );
    }
    for path in ["/consent", "/consent/policy", "/consent/banner", "/consent/policy/99"] {
        let answer = send(&site, empty(visit(path)), page("")).await;
        assert!(csp(&answer.headers).starts_with("default-src 'unsafe-inline'"), "{path}");
    }
    // A script may run as a worker, which has the policy of its script. Caches keep it for everybody.
    let mut script = page("");
    script.headers_mut().insert("content-type", HeaderValue::from_static("Text/JavaScript; charset=utf-8"));
    script.headers_mut().insert("cache-control", HeaderValue::from_static("public, max-age=60"));
    let request = with_cookies(empty(visit("/worker.js").header("sec-fetch-dest", "worker")), GRANTED);
    let answer = send(&site, request, script).await;
    assert!(
        csp(&answer.headers).starts_with("default-src ")
            && !csp(&answer.headers).contains("wss://film.example")
    );
    assert_eq!(
        (answer.header("cache-control").as_str(), answer.header("vary").as_str()),
        ("public, max-age=60", "")
    );
    // Browsers show XML documents with their scripts, and the gate does not read them.
    for media_type in ["application/xhtml+xml; charset=utf-8", "image/svg+xml", "text/xml", "Application/XML"]
    {
        let mut document = page("");
        document.headers_mut().insert("content-type", HeaderValue::from_static(media_type));
        let answer = send(&site, with_cookies(empty(visit("/a")), GRANTED), document).await;
        assert!(csp(&answer.headers).starts_with("default-src "), "{media_type}");
        assert!(!csp(&answer.headers).contains("wss://film.example"), "{media_type}");
        assert_eq!(answer.header("cache-control"), "", "{media_type}");
    }
    // Data is not.
    let mut data = Response::new(http_body_util::Full::from("{}"));
    data.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
    let answer = send(&site, empty(visit("/data")), data).await;
    assert!(!answer.headers.contains_key("content-security-policy"));
    // Nor is what the site excluded.
    let excluded = site.add_excluded(RequestMatcher::from_path("/notes"));
    assert!(!visited(&excluded, None).await.headers.contains_key("content-security-policy"));
}

#[tokio::test]
async fn what_caches_keep_for_everybody_has_the_strictest_policy() {
    let neutral = site().add_neutral(RequestMatcher::from_path("/notes"));
    let of = |answer: &Answer| csp(&answer.headers).to_owned();
    let expected = of(&visited(&neutral, None).await);
    assert_eq!(of(&visited(&neutral, Some(GRANTED)).await), expected);
    assert_eq!(of(&visited(&neutral, Some(REFUSED)).await), expected);
    assert!(!expected.split("; ").next().unwrap().contains("film.example"));
    let policy = send(&site(), with_cookies(empty(visit("/consent/policy")), GRANTED), page("")).await;
    assert!(!csp(&policy.headers).split("; ").next().unwrap().contains("film.example"));
    // A page for one visitor is kept from caches.
    let answer = visited(&site(), Some(GRANTED)).await;
    assert!(answer.header("cache-control").contains("private"));
    assert!(answer.header("vary").contains("Cookie"));
}

#[tokio::test]
async fn a_page_that_has_not_changed_keeps_its_policy() {
    let mut response = page(PAGE);
    response.headers_mut().insert("etag", HeaderValue::from_static("\"a\""));
    let tag = send(&site(), empty(visit("/notes")), response).await.header("etag");
    let mut unchanged = page("");
    *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
    unchanged.headers_mut().insert("etag", HeaderValue::from_static("\"a\""));
    let answer = send(&site(), empty(visit("/notes").header("if-none-match", &tag)), unchanged).await;
    assert_eq!((answer.status, answer.header("etag")), (StatusCode::NOT_MODIFIED, tag));
    assert!(!answer.headers.contains_key("content-security-policy"));
}

#[tokio::test]
async fn the_entity_tag_covers_mode_and_services() {
    let tagged = |third_parties, cookie: Option<&'static str>| async move {
        let mut response = page(PAGE);
        response.headers_mut().insert("etag", HeaderValue::from_static("\"a\""));
        let request = with_cookies(empty(visit("/notes")), cookie.unwrap_or_default());
        let answer = send(&site().with_third_parties(third_parties), request, response).await;
        answer.header("etag")
    };
    let mut tags = Vec::new();
    for third_parties in [ThirdParties::Block, ThirdParties::Exact, ThirdParties::Report, ThirdParties::Allow]
    {
        for cookie in [None, Some(GRANTED), Some(REFUSED)] {
            tags.push(tagged(third_parties, cookie).await);
        }
    }
    let count = tags.len();
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), count);
}

#[tokio::test]
async fn modes_differ() {
    let exact = visited(&site().with_third_parties(ThirdParties::Exact), None).await;
    assert_eq!(frames(csp(&exact.headers)), None);
    assert!(!csp(&exact.headers).contains("film.example"));

    let report = visited(&site().with_third_parties(ThirdParties::Report), None).await;
    assert!(!report.headers.contains_key("content-security-policy"));
    assert!(report.header("content-security-policy-report-only").starts_with("default-src "));
    assert!(report.text().contains("<script src=\"https://evil.example/a.js\">"));

    let allow = visited(&site().with_third_parties(ThirdParties::Allow), None).await;
    for name in ["content-security-policy", "content-security-policy-report-only", "reporting-endpoints"] {
        assert!(!allow.headers.contains_key(name), "{name}");
    }
    assert!(allow.text().contains("<script src=\"https://evil.example/a.js\">"));

    // A layer that changes nothing reports what no service declares, in the same way for everybody.
    let layer = site().with_mode(Mode::ReportOnly);
    let report_only = visited(&layer, None).await;
    let header = |answer: &Answer| answer.header("content-security-policy-report-only");
    assert!(header(&report_only).contains("https://film.example") && report_only.text() == PAGE);
    assert_eq!(header(&visited(&layer, Some(GRANTED)).await), header(&report_only));
}

#[tokio::test]
async fn over_plain_http_browsers_report_to_the_address_alone() {
    let layer = site().dangerous_allow_http();
    let answer = visited(&layer, None).await;
    assert!(csp(&answer.headers).ends_with("; report-uri /consent/reports"));
    assert!(!answer.headers.contains_key("reporting-endpoints"));
    let moved = visited(&site().with_prefix("/privacy").with_public_path("/shop;,"), None).await;
    assert!(csp(&moved.headers).contains("; report-uri /shop%3B%2C/privacy/reports; report-to "));
}

#[tokio::test]
async fn origins_of_the_site_are_its_own() {
    let document =
        include_str!("policy.toml").replacen("languages", "scope = [\"shop.example\"]\nlanguages", 1);
    let html = "<!doctype html><body><img src=\"https://static.example/1\"><img src=\"//site.example:8443/1\"></body>";
    let layer = ConsentLayer::new(Policy::from_toml(&document).unwrap())
        .with_clock(today)
        .add_public_origin("https://static.example");
    let request = visit("/notes").header("host", "site.example:8443");
    let answer = send(&layer, empty(request), page(html)).await;
    assert!(csp(&answer.headers).contains(" https://static.example wss://static.example"));
    assert!(csp(&answer.headers).contains(" shop.example:* *.shop.example:*"));
    assert!(answer.text().contains("<img src=\"https://static.example/1\">"));
    let subdomain = "<!doctype html><body><img src=\"https://img.shop.example/1\"></body>";
    let answer = send(&layer, empty(visit("/notes")), page(subdomain)).await;
    assert!(answer.text().contains("<img src=\"https://img.shop.example/1\">"));
}

#[tokio::test]
async fn links_in_headers_are_held_like_elements() {
    let linked = |layer: ConsentLayer, cookie: Option<&'static str>, link: &'static str| async move {
        let mut response = page("<!doctype html>");
        response.headers_mut().insert("link", HeaderValue::from_static(link));
        let request = with_cookies(empty(visit("/notes")), cookie.unwrap_or_default());
        send(&layer, request, response).await.header("link")
    };
    for link in [
        "<https://evil.example>; rel=preconnect",
        "<//evil.example/a>; rel=preload; as=script",
        "<\\\\evil.example>; rel=prefetch",
        "<https:evil.example>; rel=preload",
        "<https://%65vil.example>; rel=dns-prefetch",
        "</own>; rel=preload; as=image; imagesrcset=\"/own 1x, https://evil.example/a 2x\"",
    ] {
        assert_eq!(linked(site(), Some(GRANTED), link).await, "", "{link}");
        assert_eq!(linked(site().with_third_parties(ThirdParties::Report), None, link).await, link);
    }
    let link = "<https://evil.example>; rel=preconnect";
    assert_eq!(linked(site().with_third_parties(ThirdParties::Allow), None, link).await, link);
    for link in [
        "</own>; rel=preload",
        "<https://site.example/own>; rel=preload; as=style",
        "<//site.example>; rel=preconnect",
        "<https://cdn.example>; rel=preconnect",
        "<https://evil.example>; rel=canonical",
        "<https://evil.example/terms>; rel=\"license\"",
    ] {
        assert_eq!(linked(site(), None, link).await, link);
    }
    let film = "<https://film.example>; rel=preconnect";
    for (cookie, expected) in [(None, ""), (Some(REFUSED), ""), (Some(GRANTED), film)] {
        assert_eq!(linked(site(), cookie, film).await, expected, "{cookie:?}");
    }
}

//! Pages that the layer rewrites.

use crate::support::*;
use bytes::Bytes;
use consent_tower::CspNonce;
use consent_tower::matcher::RequestMatcher;
use http::{HeaderValue, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody};
use std::convert::Infallible;
use std::pin::pin;
use std::task::Poll;
use tower::{Layer, ServiceExt, service_fn};

const PAGE: &str =
    "<!doctype html><html lang=en><head><title>x</title></head><body class=a><p>text</p></body></html>";

pub(crate) fn page(html: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(html.to_owned()));
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().insert("content-length", html.len().into());
    response
}

async fn shown(cookie: Option<&str>, html: &str) -> Answer {
    let request = empty(visit("/notes?x=1"));
    let request = match cookie {
        Some(cookie) => with_cookies(request, cookie),
        None => request,
    };
    send(&layer(), request, page(html)).await
}

fn has_banner(answer: &Answer) -> bool {
    answer.text().contains("id=\"consent-banner\"")
}

#[tokio::test]
async fn the_banner_is_last_in_the_body_if_a_decision_is_due() {
    let answer = shown(None, PAGE).await;
    assert!(has_banner(&answer), "{}", answer.text());
    assert!(answer.text().contains("<body class=a><p>text</p><section"), "{}", answer.text());
    for cookie in [GRANTED, REFUSED] {
        let answer = shown(Some(cookie), PAGE).await;
        assert!(!has_banner(&answer), "{cookie}: {}", answer.text());
    }
    assert!(has_banner(&shown(Some("__Host-consent=junk"), PAGE).await));
}

#[tokio::test]
async fn the_banner_is_first_in_the_body_with_early_banner() {
    let layer = layer().with_early_banner(RequestMatcher::from_path("/notes"));
    let early = send(&layer, empty(visit("/notes")), page(PAGE)).await;
    assert!(early.text().contains("<body class=a><section id=\"consent-banner\""), "{}", early.text());
    assert!(early.text().contains("</section><p>text</p>"), "{}", early.text());
    let late = send(&layer, empty(visit("/other")), page(PAGE)).await;
    assert!(late.text().contains("<body class=a><p>text</p><section"), "{}", late.text());
}

#[tokio::test]
async fn the_original_page_is_complete_and_has_no_content_length() {
    for (_, cookie) in STATES {
        let answer = shown(cookie, PAGE).await;
        assert!(answer.text().contains("<p>text</p>") && answer.text().contains("<title>x</title>"));
        let length = answer.header("content-length");
        assert!(length.is_empty() || length == answer.body.len().to_string());
    }
}

#[tokio::test]
async fn the_banner_leads_back_to_the_page() {
    let answer = shown(None, PAGE).await;
    assert!(answer.text().contains("value=\"/notes?x=1\""), "{}", answer.text());
}

#[tokio::test]
async fn the_banner_consists_of_forms_and_links() {
    let answer = shown(None, PAGE).await;
    for part in [
        "method=\"post\"",
        "action=\"/consent\"",
        "value=\"accept\"",
        "value=\"refuse\"",
        "data-consent-action=\"settings\"",
        "href=\"/consent",
    ] {
        assert!(answer.text().contains(part), "{part}: {}", answer.text());
    }
    assert!(!answer.text().to_lowercase().contains("by using this website you consent"));
}

#[tokio::test]
async fn only_pages_get_the_banner() {
    let headers: &[&[(&str, &str)]] = &[
        &[("sec-fetch-dest", "iframe")],
        &[("sec-fetch-dest", "empty")],
        &[("sec-fetch-dest", "image")],
        &[("sec-fetch-dest", "empty"), ("hx-request", "true")],
        &[("sec-fetch-dest", "document"), ("sec-fetch-mode", "cors")],
        &[("accept", "text/html"), ("x-requested-with", "XMLHttpRequest")],
        &[("accept", "text/html"), ("turbo-frame", "x")],
        &[("accept", "application/json")],
        &[("accept", "*/*")],
    ];
    for headers in headers {
        let mut request = Request::get("/").header("host", "site.example");
        for (name, value) in *headers {
            request = request.header(*name, *value);
        }
        let answer = send(&layer(), empty(request), page(PAGE)).await;
        assert!(!has_banner(&answer), "{headers:?}");
    }
    let pages: &[&[(&str, &str)]] = &[
        &[("accept", "text/html")],
        &[("accept", "text/html"), ("x-requested-with", "com.example.reader")],
        &[("accept", "text/html"), ("hx-request", "false"), ("turbo-frame", "")],
        &[
            ("sec-fetch-dest", "document"),
            ("sec-fetch-mode", "navigate"),
            ("x-requested-with", "com.example.reader"),
        ],
        &[("sec-fetch-dest", "document"), ("x-requested-with", "XMLHttpRequest"), ("hx-request", "true")],
    ];
    for headers in pages {
        let mut request = Request::get("/");
        for (name, value) in *headers {
            request = request.header(*name, *value);
        }
        let response = send(&layer(), empty(request), page(PAGE)).await;
        assert!(has_banner(&response) && response.text().contains("data-consent-rules"), "{headers:?}");
    }
    let request = Request::get("/").header("accept", "text/html");
    let fragment = send(&layer(), empty(request), page("<li>one more</li>")).await;
    assert_eq!(fragment.text(), "<li>one more</li>", "a piece of a page has no doctype");
}

#[tokio::test]
async fn html_that_a_script_fetches_is_gated_whatever_its_accept_header() {
    let piece =
        "<img data-consent=functionality src=/x.png><script data-consent=functionality src=/x.js></script>";
    let requests: &[&[(&str, &str)]] = &[
        &[("sec-fetch-dest", "empty"), ("accept", "*/*")],
        &[("sec-fetch-dest", "empty"), ("accept", "application/json, text/plain, */*")],
        &[("sec-fetch-dest", "empty"), ("accept", "*/*"), ("hx-request", "true")],
        &[("accept", "*/*"), ("x-requested-with", "XMLHttpRequest")],
        &[("accept", "text/*;q=0.5")],
    ];
    for headers in requests {
        let mut request = Request::get("/");
        for (name, value) in *headers {
            request = request.header(*name, *value);
        }
        let text = send(&layer(), empty(request), page(piece)).await.text().to_owned();
        assert!(text.contains("data-src=\"/x.png\"") && text.contains("text/plain"), "{headers:?}: {text}");
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_rewritten_is_private() {
    for (name, value) in [("content-encoding", "br"), ("content-type", "text/html; charset=utf-16")] {
        let mut response = page(PAGE);
        response.headers_mut().insert("cache-control", "public, max-age=60".parse().unwrap());
        response.headers_mut().insert(name, value.parse().unwrap());
        let response = send(&layer(), empty(visit("/")), response).await;
        assert_eq!(response.text(), PAGE);
        assert!(response.header("cache-control").starts_with("private"), "{response:?}");
    }
}

/// The response to a request for a page, if the application names this type and sends pieces of this size.
async fn streamed(content_type: Option<&'static str>, body: &str, size: usize) -> Answer {
    let pieces: Vec<Result<_, Infallible>> =
        body.as_bytes().chunks(size).map(|piece| Ok(Frame::data(Bytes::copy_from_slice(piece)))).collect();
    let mut response = Response::new(StreamBody::new(futures_util::stream::iter(pieces)));
    if let Some(content_type) = content_type {
        response.headers_mut().insert("content-type", HeaderValue::from_static(content_type));
    }
    let mut response = Some(response);
    let inner = service_fn(move |_: Request<Full<Bytes>>| {
        let response = response.take().unwrap();
        async move { Ok::<_, Infallible>(response) }
    });
    Answer::read(layer().layer(inner).oneshot(empty(visit("/"))).await.unwrap()).await
}

fn untyped(body: &str) -> Response<Full<Bytes>> {
    Response::new(Full::from(body.to_owned()))
}

#[tokio::test]
async fn html_without_a_content_type_is_a_page_in_pieces_of_any_size() {
    let html = format!("\r\n  {PAGE}<img data-consent=\"functionality\" src=\"https://t.example/x\">");
    for size in [1, 2, 7, 4096] {
        let answer = streamed(None, &html, size).await;
        let typed = streamed(Some("text/html"), &html, size).await;
        assert_eq!(answer.text(), typed.text(), "in pieces of {size} bytes");
        assert!(answer.header("cache-control").contains("private"), "{:?}", answer.headers);
        assert!(
            has_banner(&answer) && !answer.text().contains(" src=\"https://t.example"),
            "{}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn a_body_without_a_content_type_that_is_not_html_stays_as_it_is() {
    for body in
        ["", " ", "<", "<s", "plain text <p>", "{\"a\": \"<p>\"}", "<?xml version=\"1.0\"?><a/>", "<svg/>"]
    {
        for size in [1, 4096] {
            let answer = streamed(None, body, size).await;
            assert_eq!(answer.text(), body, "in pieces of {size} bytes");
        }
        assert_eq!(send(&layer(), empty(visit("/")), untyped(body)).await.text(), body);
    }
}

#[tokio::test]
async fn a_type_is_guessed_only_where_browsers_guess() {
    let mut data = empty(visit("/"));
    data.headers_mut().insert("sec-fetch-dest", HeaderValue::from_static("empty"));
    assert_eq!(send(&layer(), data, untyped(PAGE)).await.text(), PAGE, "a script reads the body");
    let mut nosniff = untyped(PAGE);
    nosniff.headers_mut().insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    assert_eq!(send(&layer(), empty(visit("/")), nosniff).await.text(), PAGE);
    let mut redirect = untyped(PAGE);
    *redirect.status_mut() = http::StatusCode::FOUND;
    redirect.headers_mut().insert("location", HeaderValue::from_static("/other"));
    assert_eq!(send(&layer(), empty(visit("/")), redirect).await.header("cache-control"), "");
}

#[tokio::test]
async fn other_content_is_unchanged() {
    for kind in ["text/plain", "application/json", "application/xhtml+xml2", "text/htmlx", "image/svg+xml"] {
        let mut response = page(PAGE);
        response.headers_mut().insert("content-type", HeaderValue::from_str(kind).unwrap());
        let answer = send(&layer(), empty(visit("/")), response).await;
        assert_eq!(answer.text(), PAGE, "{kind}");
        assert_eq!(answer.header("content-length"), PAGE.len().to_string());
    }
    let mut download = page(PAGE);
    download.headers_mut().insert("content-range", HeaderValue::from_static("bytes 0-9/100"));
    *download.status_mut() = http::StatusCode::PARTIAL_CONTENT;
    assert_eq!(send(&layer(), empty(visit("/")), download).await.text(), PAGE, "a part of a page");
}

#[tokio::test]
async fn an_encoded_page_is_not_rewritten() {
    let mut response = Response::new(Full::from(&b"\x1f\x8b\x08\x00binary"[..]));
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/html"));
    response.headers_mut().insert("content-encoding", HeaderValue::from_static("gzip"));
    let answer = send(&layer(), empty(visit("/")), response).await;
    assert_eq!(answer.body, &b"\x1f\x8b\x08\x00binary"[..]);
    assert_eq!(answer.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn the_application_is_asked_for_uncompressed_pages() {
    let seen = seen_by_application(&layer(), empty(visit("/").header("accept-encoding", "gzip, br"))).await;
    let accepted: Vec<_> = seen.headers.get_all("accept-encoding").iter().collect();
    assert!(accepted.is_empty() || accepted == ["identity"], "{accepted:?}");
}

#[tokio::test]
async fn range_headers_are_removed_from_requests_for_pages() {
    let request = visit("/").header("range", "bytes=10-").header("if-range", "\"a\"");
    let seen = seen_by_application(&layer(), empty(request)).await;
    assert!(
        !seen.headers.contains_key("range") && !seen.headers.contains_key("if-range"),
        "{:?}",
        seen.headers
    );
    let of_a_file = Request::get("/film").header("sec-fetch-dest", "video").header("range", "bytes=10-");
    let seen = seen_by_application(&layer(), empty(of_a_file)).await;
    assert_eq!(seen.headers["range"], "bytes=10-");
}

#[tokio::test]
async fn digests_of_the_original_page_are_removed() {
    const DIGESTS: [&str; 4] = ["content-md5", "digest", "content-digest", "repr-digest"];
    let with_digests = |mut response: Response<Full<Bytes>>| {
        for name in DIGESTS {
            response.headers_mut().insert(name, HeaderValue::from_static("of the original"));
        }
        response
    };
    let rewritten = send(&layer(), empty(visit("/")), with_digests(page(PAGE))).await;
    let mut file = with_digests(page(PAGE));
    file.headers_mut().insert("content-type", HeaderValue::from_static("text/plain"));
    let untouched = send(&layer(), empty(visit("/")), file).await;
    for name in DIGESTS {
        assert!(!rewritten.headers.contains_key(name), "{name}");
        assert!(untouched.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn gated_elements_are_inert_until_granted() {
    let gated = concat!(
        "<!doctype html><html><body>",
        "<script type=\"text/plain\" data-consent=\"functionality\" src=\"/a.js\"></script>",
        "<script type=\"text/plain\" data-type=\"module\" data-consent=\"functionality\" src=\"/m.js\"></script>",
        "<iframe data-consent=\"functionality\" data-src=\"/map\"></iframe>",
        "<img data-consent=\"functionality\" data-src=\"/pixel.gif\" data-srcset=\"/big.gif 2x\" alt=\"\">",
        "</body></html>",
    );
    for cookie in [None, Some(REFUSED), Some("__Host-consent=junk")] {
        let answer = shown(cookie, gated).await;
        let text = answer.text();
        assert_eq!(text.matches("type=\"text/plain\"").count(), 2, "{cookie:?}: {text}");
        assert!(
            !text.contains(" src=\"/map\"") && !text.contains(" src=\"/pixel.gif\""),
            "{cookie:?}: {text}"
        );
        assert!(!text.contains(" srcset="), "{cookie:?}: {text}");
    }
    let answer = shown(Some(GRANTED), gated).await;
    let text = answer.text();
    assert!(!text.contains("text/plain"), "{text}");
    assert!(text.contains("type=\"module\""), "{text}");
    for live in [" src=\"/map\"", " src=\"/pixel.gif\"", " srcset=\"/big.gif 2x\""] {
        assert!(text.contains(live), "{live} in {text}");
    }
}

#[tokio::test]
async fn an_element_of_an_unknown_category_stays_inert() {
    let gated = "<!doctype html><body><iframe data-consent=\"marketing\" data-src=\"/map\"></iframe><iframe data-consent=\"\" data-src=\"/map\"></iframe></body>";
    let answer = shown(Some(GRANTED), gated).await;
    assert!(!answer.text().contains(" src=\"/map\""), "{}", answer.text());
}

#[tokio::test]
async fn every_page_has_one_link_to_the_settings() {
    let own = "<!doctype html><body><p>x</p><a href=\"/consent\" data-consent-action=\"settings\">Cookies</a></body>";
    for cookie in [GRANTED, REFUSED] {
        let added = shown(Some(cookie), PAGE).await;
        assert_eq!(added.text().matches("data-consent-action=\"settings\"").count(), 1, "{}", added.text());
        let kept = shown(Some(cookie), own).await;
        assert_eq!(kept.text().matches("data-consent-action=\"settings\"").count(), 1, "{}", kept.text());
    }
}

#[tokio::test]
async fn the_guard_is_the_first_script_of_the_page() {
    let html = "<!doctype html><html><head><meta charset=utf-8><script src=/first.js></script></head><body></body></html>";
    for (state, cookie) in STATES {
        let mut response = page(html);
        response.headers_mut().insert(
            "content-security-policy",
            HeaderValue::from_static("script-src 'self' 'wasm-unsafe-eval'"),
        );
        let request = with_cookies(empty(visit("/")), cookie.unwrap_or("x=1"));
        let answer = send(&layer(), request, response).await;
        let guard = answer.text().find("guard-").unwrap_or_else(|| panic!("{state}: {}", answer.text()));
        assert!(guard < answer.text().find("/first.js").unwrap(), "{state}: {}", answer.text());
        assert!(
            answer.text().contains("data-consent-rules=\"__Host-consent /consent 1 180 "),
            "{state}: {}",
            answer.text()
        );
        assert!(answer.text().contains("type=\"module\""), "{state}");
    }
}

#[tokio::test]
async fn without_the_guard_no_text_claims_it() {
    let layer = layer().without_guard();
    let answer = send(&layer, empty(visit("/")), page(PAGE)).await;
    assert!(!answer.text().contains("guard-"), "{}", answer.text());
    assert!(has_banner(&answer));
    let with = ask(&crate::support::layer(), empty(visit("/consent/policy"))).await;
    let without = ask(&layer, empty(visit("/consent/policy"))).await;
    assert_ne!(with.body, without.body, "the policy page says less");
}

#[tokio::test]
async fn with_a_content_security_policy_nothing_is_inline() {
    let mut response = page(PAGE);
    response.headers_mut().insert(
        "content-security-policy",
        HeaderValue::from_static("script-src 'self' 'wasm-unsafe-eval'; style-src 'self'"),
    );
    let answer = send(&layer(), empty(visit("/")), response).await;
    assert!(!answer.text().contains("<style"), "{}", answer.text());
    assert!(!answer.text().contains("style=\""), "{}", answer.text());
    for (at, _) in answer.text().match_indices("<script") {
        let tag = &answer.text()[at..at + answer.text()[at..].find('>').unwrap()];
        assert!(tag.contains("src="), "{tag}");
    }
    let free = send(&layer(), empty(visit("/")), page(PAGE)).await;
    assert!(free.text().contains("<style"), "without one, the style saves a round trip");
}

#[tokio::test]
async fn a_nonce_of_the_application_is_on_everything_that_is_added() {
    let mut response = page(PAGE);
    response.headers_mut().insert(
        "content-security-policy",
        HeaderValue::from_static("script-src 'nonce-abc123'; style-src 'nonce-abc123'"),
    );
    response.extensions_mut().insert(CspNonce("abc123".to_owned()));
    let answer = send(&layer(), empty(visit("/")), response).await;
    let text = answer.text();
    for tag in ["<script", "<style"] {
        for (at, _) in text.match_indices(tag) {
            let tag = &text[at..at + text[at..].find('>').unwrap()];
            assert!(tag.contains("nonce=\"abc123\""), "{tag}");
        }
    }
    assert!(text.contains("<style"), "{text}");
}

#[tokio::test]
async fn a_stream_is_not_delayed() {
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel::<&'static str>();
    let body = StreamBody::new(futures_util::stream::poll_fn(move |cx| {
        receiver
            .poll_recv(cx)
            .map(|text| text.map(|text| Ok::<_, Infallible>(Frame::data(Bytes::from(text)))))
    }));
    let mut response = Response::new(body);
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/html"));
    let mut response = Some(response);
    let inner = service_fn(move |_: Request<Full<Bytes>>| {
        let response = response.take().unwrap();
        async move { Ok::<_, Infallible>(response) }
    });
    let answer = layer()
        .with_early_banner(RequestMatcher::from_path("/"))
        .layer(inner)
        .oneshot(empty(visit("/")))
        .await
        .unwrap();
    let mut body = pin!(answer.into_body());
    sender.send("<!doctype html><html><head><title>x</title></head><body><p>first</p>").unwrap();
    let mut seen = String::new();
    while !seen.contains("first") {
        let frame = futures_util::poll!(body.as_mut().frame());
        let Poll::Ready(Some(Ok(frame))) = frame else { panic!("held back after {seen:?}") };
        seen.push_str(str::from_utf8(&frame.into_data().unwrap()).unwrap());
    }
    assert!(seen.contains("id=\"consent-banner\""), "an early banner does not wait for the end: {seen}");
    assert!(futures_util::poll!(body.as_mut().frame()).is_pending(), "the page has not ended");
    sender.send("<p>last</p></body></html>").unwrap();
    drop(sender);
    let rest = body.collect().await.unwrap().to_bytes();
    assert!(str::from_utf8(&rest).unwrap().contains("<p>last</p>"));
}

#[tokio::test]
async fn a_prefetched_page_sets_and_deletes_no_cookie() {
    let request = visit("/").header("sec-purpose", "prefetch;prerender");
    let answer = send(&layer(), with_cookies(empty(request), "theme=dark"), page(PAGE)).await;
    assert!(answer.cookies().is_empty(), "{answer:?}");
    assert!(has_banner(&answer));
}

#[tokio::test]
async fn a_page_deletes_remaining_cookies_of_a_visitor_who_refused() {
    let request =
        with_cookies(empty(visit("/")), &format!("{REFUSED}; theme=dark; pref_x=1; _ga=1; sid=mine"));
    let answer = send(&layer(), request, page(PAGE)).await;
    assert!(answer.cookie("theme").is_deletion() && answer.cookie("pref_x").is_deletion(), "{answer:?}");
    assert!(!answer.sets("_ga") && !answer.sets("sid"), "{answer:?}");
}

#[tokio::test]
async fn deletions_fit_into_the_header_buffers_of_proxies() {
    let many: Vec<String> = (0..200).map(|number| format!("pref_{number}=1")).collect();
    let request = with_cookies(empty(visit("/")), &format!("{REFUSED}; {}", many.join("; ")));
    let answer = send(&layer(), request, page(PAGE)).await;
    let lines = answer.cookies();
    assert!(!lines.is_empty() && lines.len() <= 20, "{} lines", lines.len());
    assert!(lines.iter().map(|line| line.len()).sum::<usize>() <= 2048);
}

#[tokio::test]
async fn strict_dynamic_is_recognised_in_any_letter_case() {
    for keyword in ["'strict-dynamic'", "'Strict-Dynamic'"] {
        let mut response = page("<!doctype html><html><head></head><body><p>x</p></body></html>");
        let policy = format!("script-src 'nonce-x' {keyword}");
        response.headers_mut().insert("content-security-policy", policy.parse().unwrap());
        let answer = send(&layer(), empty(visit("/")), response).await;
        assert!(!answer.text().contains("<script"), "{keyword}: a script that is blocked");
        assert!(answer.text().contains("id=\"consent-banner\""), "{keyword}");
    }
}

const IN_GERMAN: &str = "<!doctype html><html lang=de-AT><title>x</title><body><p>text</p></body></html>";

#[tokio::test]
async fn links_to_our_pages_carry_the_language_of_the_page() {
    let asking = |path: &str, accept: &str| empty(visit(path).header("accept-language", accept));
    let answer = send(&layer(), asking("/notes", "en"), page(IN_GERMAN)).await;
    let text = answer.text();
    for part in [
        "action=\"/consent?lang=de\"",
        "href=\"/consent?lang=de\"",
        "href=\"/consent/policy?lang=de\"",
        "Alle ablehnen",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // The linked pages are German, and so are their own links.
    for path in [
        "/consent?lang=de",
        "/consent/policy?lang=de",
        "/consent/policy/1?lang=de",
        "/consent/banner?lang=de-CH",
    ] {
        let answer = ask(&layer(), asking(path, "en")).await;
        assert!(answer.text().contains("lang=\"de\""), "{path}: {}", answer.text());
        assert!(!answer.text().contains("href=\"/consent\""), "{path}: {}", answer.text());
    }
    // The page for a refused decision is German too.
    let mut refused = form("action=shrug");
    *refused.uri_mut() = "/consent?lang=de".parse().unwrap();
    refused.headers_mut().insert("accept", HeaderValue::from_static("text/html"));
    refused.headers_mut().insert("accept-language", HeaderValue::from_static("en"));
    let answer = ask(&layer(), refused).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("<html lang=\"de\""), "{}", answer.text());
}

#[tokio::test]
async fn links_carry_no_language_if_accept_language_selects_it() {
    for (html, accept) in [(IN_GERMAN, "de-CH, en;q=0.5"), (PAGE, "en-GB"), (PAGE, "fr, en")] {
        let request = empty(visit("/notes").header("accept-language", accept));
        let answer = send(&layer(), request, page(html)).await;
        assert!(answer.text().contains("href=\"/consent\""), "{accept}: {}", answer.text());
        assert!(!answer.text().contains("?lang="), "{accept}: {}", answer.text());
    }
    // If the page has no language, or one that the policy lacks, `Accept-Language` decides.
    for html in [
        IN_GERMAN.replace("de-AT", "tlh"),
        IN_GERMAN.replace(" lang=de-AT", ""),
        IN_GERMAN.replace("de-AT", "'*'"),
    ] {
        let request = empty(visit("/notes").header("accept-language", "de"));
        let answer = send(&layer(), request, page(&html)).await;
        assert!(answer.text().contains("Alle ablehnen"), "{html}");
    }
    // The layer ignores unknown languages in an address.
    for query in ["?lang=tlh", "?lang=", "?lang=*", "?lang=%22%3E"] {
        let request = empty(visit(&format!("/consent{query}")).header("accept-language", "de"));
        let answer = ask(&layer(), request).await;
        assert!(answer.text().contains("<html lang=\"de\""), "{query}: {}", answer.text());
        assert!(!answer.text().contains("?lang="), "{query}: {}", answer.text());
    }
}

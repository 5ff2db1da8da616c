use crate::input::{first_lines, optional_header};
use crate::site::{VISITORS, ask, empty, get, page, text};
use http::header::{CACHE_CONTROL, ETAG, HeaderValue, IF_NONE_MATCH, VARY};
use http::{HeaderName, StatusCode};

/// What stands between an application's tag and ours.
const MARK: &[u8] = b".consent-";

/// `If-None-Match` of a request; `ETag`, `Cache-Control`, `Vary` and `CDN-Cache-Control` of its answer.
pub fn caching(data: &[u8]) {
    let ([asked, tag, control, vary, cdn], _) = first_lines(data);
    let cdn_name = HeaderName::from_static("cdn-cache-control");
    let mut marked = Vec::new();
    for visitor in 0..VISITORS.len() {
        let mut answer = page();
        for (name, line) in [(ETAG, tag), (CACHE_CONTROL, control), (VARY, vary), (cdn_name.clone(), cdn)] {
            if let Some(value) = optional_header(line) {
                answer.headers_mut().insert(name, value);
            }
        }
        let exchange = ask(page_request(visitor, optional_header(asked)), answer);
        for line in exchange.seen_lines(IF_NONE_MATCH) {
            is_what_was_asked(line, asked);
        }
        is_private(&exchange.lines(CACHE_CONTROL));
        assert!(exchange.lines(cdn_name.clone()).iter().all(|line| *line == b"no-store"));
        let varies = exchange.lines(VARY).join(&b',').to_ascii_lowercase();
        let varies: Vec<_> = varies.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).collect();
        assert!(varies.contains(&&b"*"[..]) || varies.contains(&&b"cookie"[..]), "Vary: {varies:?}");
        marked.push(exchange.headers.get(ETAG).cloned());
    }
    for (of, marked) in marked.iter().enumerate() {
        let Some(marked) = marked else { continue };
        assert!(marked.as_bytes().starts_with(b"W/\"") && find(marked.as_bytes(), MARK).is_some());
        for visitor in 0..VISITORS.len() {
            let exchange = ask(page_request(visitor, Some(marked.clone())), page());
            let seen = exchange.seen_lines(IF_NONE_MATCH);
            let expected = if visitor == of { vec![tag] } else { Vec::new() };
            assert_eq!(seen, expected, "{marked:?}");
        }
    }
    of_an_asset(optional_header(asked));
}

fn page_request(
    visitor: usize,
    asked: Option<HeaderValue>,
) -> http::Request<http_body_util::Full<bytes::Bytes>> {
    let mut request =
        empty(get("/page", visitor).header("accept", "text/html").header("sec-fetch-dest", "document"));
    if let Some(asked) = asked {
        request.headers_mut().insert(IF_NONE_MATCH, asked);
    }
    request
}

/// Each tag that the application sees stands, marked, in what the browser asked.
fn is_what_was_asked(seen: &[u8], asked: &[u8]) {
    assert!(!seen.is_empty());
    let start = seen.iter().position(|byte| *byte == b'"').expect("a tag");
    let opaque = &seen[start + 1..];
    let opaque = &opaque[..opaque.iter().position(|byte| *byte == b'"').unwrap_or(opaque.len())];
    assert!(
        find(asked, &[opaque, MARK].concat()).is_some(),
        "{} of {}",
        seen.escape_ascii(),
        asked.escape_ascii()
    );
}

/// Read as a cache reads it: outside of quotes.
fn is_private(lines: &[&[u8]]) {
    let mut quoted = false;
    let mut words = vec![Vec::new()];
    for byte in lines.join(&b',') {
        quoted ^= byte == b'"';
        match byte {
            b',' if !quoted => words.push(Vec::new()),
            byte => words.last_mut().expect("a word").push(byte.to_ascii_lowercase()),
        }
    }
    let words: Vec<_> = words.iter().map(|word| word.trim_ascii()).collect();
    assert!(words.contains(&&b"private"[..]) || words.contains(&&b"no-store"[..]), "{lines:?}");
    for word in words {
        let name = word.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
        assert!(name != b"public" && name != b"s-maxage", "{lines:?}");
    }
}

/// A file of ours has a tag; only the same one means that nothing has changed.
fn of_an_asset(asked: Option<HeaderValue>) {
    let request = || empty(get("/consent/assets/consent.js", 0));
    let tag = ask(request(), text()).headers[ETAG].clone();
    let mut conditional = request();
    let Some(asked) = asked else { return };
    conditional.headers_mut().insert(IF_NONE_MATCH, asked.clone());
    let status = ask(conditional, text()).status;
    let may_match = asked.as_bytes().contains(&b'*') || find(asked.as_bytes(), tag.as_bytes()).is_some();
    assert!(
        status == StatusCode::OK || (status == StatusCode::NOT_MODIFIED && may_match),
        "{status} {asked:?}"
    );
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

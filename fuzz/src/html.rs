use crate::input::first_lines;
use crate::mutate::Mutator;
use crate::site::{VISITORS, ask, empty, get};
use bytes::Bytes;
use http::Response;
use http_body::{Body, Frame};
use http_body_util::Full;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};

/// Longer pages are not streamed byte by byte.
const MAX_BYTES: usize = 2048;

/// The element by which the gate learns whether a page is finished.
const PROBE: &str = "<consent-end";

/// A line of options, and a page: neither how it is cut nor whether it arrives whole changes anything, and
/// what is not gated stays as it is.
///
/// Of the first line, the first letter chooses the visitor, the second the `Sec-Fetch-Dest`; behind them is
/// the charset.
pub fn html(data: &[u8]) {
    let ([options], page) = first_lines(data);
    let [visitor, destination, charset @ ..] = options else { return };
    let visitor = usize::from(*visitor) % VISITORS.len();
    let destination = ["document", "empty", "iframe", ""][usize::from(*destination) % 4];
    let charset = if charset.is_empty() { &b"utf-8"[..] } else { charset };
    let content_type = [b"text/html; charset=", charset].concat();
    let Ok(content_type) = http::HeaderValue::from_bytes(&content_type) else { return };

    let request = || {
        let request = get("/page", visitor).header("accept", "text/html");
        empty(if destination.is_empty() { request } else { request.header("sec-fetch-dest", destination) })
    };
    let stream = |pieces: Vec<Bytes>| {
        let mut answer = Response::new(Pieces(pieces.into()));
        answer.headers_mut().insert("content-type", content_type.clone());
        ask(request(), answer).body
    };
    let whole = stream(vec![Bytes::copy_from_slice(page)]);
    assert!(contains(page, PROBE) || !contains(&whole, PROBE), "a trace of how the end was found");
    // A body that says that nothing follows need not be streamed.
    let mut at_once = Response::new(Full::new(Bytes::copy_from_slice(page)));
    at_once.headers_mut().insert("content-type", content_type.clone());
    same(&ask(request(), at_once).body, &whole, page);
    let mut random = Mutator::new(page.len() as u64, &[]);
    for _ in 0..3 {
        let cut = stream(pieces(page, || 1 + random.below(40)));
        same(&cut, &whole, page);
    }
    if page.len() <= MAX_BYTES {
        same(&stream(pieces(page, || 1)), &whole, page);
    }
    if !contains(page, "data-consent") && !contains(page, "<noscript") && !may_lead_elsewhere(page) {
        let utf_8 = charset.eq_ignore_ascii_case(b"utf-8");
        if destination == "empty" {
            same(&whole, page, page);
        } else if destination == "document"
            && utf_8
            && !contains(page, "<base")
            && !contains(page, "<template")
        {
            same(&without_ours(visitor, &whole), page, page);
        }
    }
}

/// Whether the page may have an address of another origin.
fn may_lead_elsewhere(page: &[u8]) -> bool {
    // Browsers remove these from addresses.
    let plain: Vec<u8> = page.iter().copied().filter(|byte| !matches!(byte, b'\t' | b'\n' | b'\r')).collect();
    plain.iter().any(|byte| matches!(byte, b':' | b'&' | b'\\')) || contains(&plain, "//")
}

fn same(one: &[u8], other: &[u8], page: &[u8]) {
    assert!(
        one == other,
        "{}\n\nbecomes\n\n{}\n\nand\n\n{}",
        page.escape_ascii(),
        one.escape_ascii(),
        other.escape_ascii()
    );
}

fn pieces(page: &[u8], mut length: impl FnMut() -> usize) -> Vec<Bytes> {
    let mut rest = page;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(length().min(rest.len()));
        pieces.push(Bytes::copy_from_slice(piece));
        rest = behind;
    }
    pieces
}

/// What we put into the page of each visitor: head, banner and link.
static OURS: LazyLock<[[Vec<u8>; 3]; 4]> = LazyLock::new(|| {
    [0, 1, 2, 3].map(|visitor| {
        let marks = ["<!doctype html><head>", "</head><body>", "<p></p>", "</body>"];
        let mut answer = Response::new(Pieces([Bytes::from(marks.concat())].into()));
        answer
            .headers_mut()
            .insert("content-type", http::HeaderValue::from_static("text/html; charset=utf-8"));
        let request =
            get("/page", visitor).header("sec-fetch-dest", "document").header("accept", "text/html");
        let page = String::from_utf8(ask(empty(request), answer).body).expect("UTF-8");
        let [head, start, tail] = [0, 1, 2].map(|at| {
            let (_, behind) = page.split_once(marks[at]).expect("the mark before it");
            let (ours, _) = behind.split_once(marks[at + 1]).expect("the mark behind it");
            ours
        });
        // The banner is last in the body, beside the link.
        let banner = tail.find("<section").zip(tail.find("</section>"));
        let banner = banner.map_or("", |(from, to)| &tail[from..to + "</section>".len()]);
        let link = tail.replacen(banner, "", 1);
        assert!(!head.is_empty() && start.is_empty() && !link.is_empty());
        assert_eq!(banner.is_empty(), visitor != 0);
        [head.as_bytes().to_vec(), banner.as_bytes().to_vec(), link.into_bytes()]
    })
});

/// The page without what we put in, each once at most.
fn without_ours(visitor: usize, page: &[u8]) -> Vec<u8> {
    let mut page = page.to_vec();
    for ours in OURS[visitor].iter().filter(|ours| !ours.is_empty()) {
        if let Some(at) = page.windows(ours.len()).position(|window| window == &ours[..]) {
            page.drain(at..at + ours.len());
        }
    }
    page
}

fn contains(page: &[u8], word: &str) -> bool {
    page.to_ascii_lowercase().windows(word.len()).any(|window| window == word.as_bytes())
}

/// A body in these pieces.
struct Pieces(VecDeque<Bytes>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

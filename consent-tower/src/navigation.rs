use http::header::{ACCEPT, HeaderName};
use http::{HeaderMap, Method};

/// What an answer will become in the browser, as far as the request tells (Fetch Metadata, W3C).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// A page of its own.
    Document,
    /// A page inside another.
    Frame,
    /// Perhaps a page: the client sends no Fetch Metadata. A doctype decides.
    Perhaps,
    /// Something a script asked for: data, or a piece of a page.
    Fragment,
    /// An image, a script, a style sheet.
    Subresource,
}

/// What the head of a request tells about its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Navigation {
    pub(crate) destination: Destination,
    /// Fetched before the visitor asked for it: nothing may be decided, swept or made live yet.
    pub(crate) speculative: bool,
}

/// Headers by which libraries ask for a piece of a page.
const FRAGMENT_HEADERS: [HeaderName; 7] = [
    HeaderName::from_static("hx-request"),
    HeaderName::from_static("turbo-frame"),
    HeaderName::from_static("x-requested-with"),
    HeaderName::from_static("x-pjax"),
    HeaderName::from_static("x-inertia"),
    HeaderName::from_static("x-up-version"),
    HeaderName::from_static("x-turbo-request-id"),
];

impl Navigation {
    pub(crate) fn of(method: &Method, headers: &HeaderMap) -> Self {
        let speculative = ["sec-purpose", "purpose", "x-moz"]
            .into_iter()
            .any(|name| headers.get(name).is_some_and(|value| value.as_bytes().starts_with(b"prefetch")));
        Self { destination: destination(method, headers), speculative }
    }

    /// Whether the answer may be a page of its own.
    pub(crate) fn is_page(self) -> bool {
        matches!(self.destination, Destination::Document | Destination::Perhaps)
    }

    /// Whether the answer may be HTML that a browser shows.
    pub(crate) fn may_be_html(self) -> bool {
        self.destination != Destination::Subresource
    }
}

fn destination(method: &Method, headers: &HeaderMap) -> Destination {
    let fragment = FRAGMENT_HEADERS.iter().any(|name| headers.contains_key(name));
    match headers.get("sec-fetch-dest").map(http::HeaderValue::as_bytes) {
        _ if fragment => Destination::Fragment,
        Some(b"document") => Destination::Document,
        Some(b"iframe" | b"frame" | b"embed" | b"object" | b"fencedframe") => Destination::Frame,
        Some(b"empty") => Destination::Fragment,
        Some(_) => Destination::Subresource,
        None if !matches!(*method, Method::GET | Method::HEAD | Method::POST) => Destination::Fragment,
        None if accepts_html(headers) => Destination::Perhaps,
        None => Destination::Fragment,
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let mut ranges = headers.get_all(ACCEPT).iter().flat_map(|line| line.as_bytes().split(|b| *b == b','));
    ranges.any(|range| {
        let essence = range.split(|b| *b == b';').next().unwrap_or_default().trim_ascii();
        essence.eq_ignore_ascii_case(b"text/html")
    })
}

use super::Head;
use http::Method;

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
    /// Whether the answer may be HTML that a browser shows.
    pub(crate) may_be_html: bool,
    /// Whether the answer is to become the script of a service worker (Service Workers, section "Update").
    pub(crate) is_worker: bool,
}

impl Navigation {
    pub(crate) fn of(method: &Method, head: &Head<'_>) -> Self {
        let destination = destination(method, head);
        let may_be_html = match destination {
            Destination::Document | Destination::Frame | Destination::Perhaps => true,
            Destination::Fragment => head.accepts_html,
            Destination::Subresource => false,
        };
        Self { destination, speculative: head.is_speculative, may_be_html, is_worker: head.is_worker }
    }

    /// Whether the answer may be a page of its own.
    pub(crate) fn is_page(self) -> bool {
        matches!(self.destination, Destination::Document | Destination::Perhaps)
    }
}

fn destination(method: &Method, head: &Head<'_>) -> Destination {
    match head.destination {
        _ if head.is_for_fragment => Destination::Fragment,
        Some(b"document") => Destination::Document,
        Some(other) if is_frame(other) => Destination::Frame,
        Some(b"empty") => Destination::Fragment,
        Some(_) => Destination::Subresource,
        None if !matches!(*method, Method::GET | Method::HEAD | Method::POST) => Destination::Fragment,
        None if head.accepts_html => Destination::Perhaps,
        None => Destination::Fragment,
    }
}

/// Whether a value of `Sec-Fetch-Dest` stands for a page inside another one.
pub(crate) fn is_frame(destination: &[u8]) -> bool {
    matches!(destination, b"iframe" | b"frame" | b"embed" | b"object" | b"fencedframe")
}

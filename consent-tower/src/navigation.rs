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
    /// Fetched before the visitor asked for it: nothing may be decided, swept or made live yet. Only told where the answer
    /// may be HTML.
    pub(crate) speculative: bool,
    /// Whether the answer may be HTML that a browser shows.
    pub(crate) may_be_html: bool,
}

const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What a request's headers say of its purpose, each in its own words.
#[derive(Default)]
struct Hints<'a> {
    destination: Option<&'a [u8]>,
    speculative: bool,
    fragment: bool,
}

impl<'a> Hints<'a> {
    /// Found in one walk over the headers: to look for each of these names costs many times as much.
    fn of(headers: &'a HeaderMap) -> Self {
        let mut hints = Self::default();
        for (name, value) in headers {
            match name.as_str() {
                "sec-fetch-dest" if hints.destination.is_none() => hints.destination = Some(value.as_bytes()),
                "sec-purpose" | "purpose" | "x-moz" => {
                    hints.speculative |= value.as_bytes().starts_with(b"prefetch");
                }
                // By these, libraries ask for a piece of a page.
                "hx-request" | "turbo-frame" | "x-requested-with" | "x-pjax" | "x-inertia"
                | "x-up-version" | "x-turbo-request-id" => hints.fragment = true,
                _ => {}
            }
        }
        hints
    }
}

impl Navigation {
    pub(crate) fn of(method: &Method, headers: &HeaderMap) -> Self {
        // What a script asks for is a piece at most, whatever else is said; for data, no more need be known.
        let is_asked_by_script = headers.get(SEC_FETCH_DEST).is_some_and(|value| value == "empty");
        if is_asked_by_script && !accepts_html(headers) {
            return Self { destination: Destination::Fragment, speculative: false, may_be_html: false };
        }
        let hints = Hints::of(headers);
        let destination = destination(method, headers, &hints);
        let may_be_html = match destination {
            Destination::Document | Destination::Frame | Destination::Perhaps => true,
            Destination::Fragment => accepts_html(headers),
            Destination::Subresource => false,
        };
        Self { destination, speculative: hints.speculative, may_be_html }
    }

    /// Whether the answer may be a page of its own.
    pub(crate) fn is_page(self) -> bool {
        matches!(self.destination, Destination::Document | Destination::Perhaps)
    }
}

fn destination(method: &Method, headers: &HeaderMap, hints: &Hints<'_>) -> Destination {
    match hints.destination {
        _ if hints.fragment => Destination::Fragment,
        Some(b"document") => Destination::Document,
        Some(other) if is_frame(other) => Destination::Frame,
        Some(b"empty") => Destination::Fragment,
        Some(_) => Destination::Subresource,
        None if !matches!(*method, Method::GET | Method::HEAD | Method::POST) => Destination::Fragment,
        None if accepts_html(headers) => Destination::Perhaps,
        None => Destination::Fragment,
    }
}

/// Whether a value of `Sec-Fetch-Dest` stands for a page inside another one.
pub(crate) fn is_frame(destination: &[u8]) -> bool {
    matches!(destination, b"iframe" | b"frame" | b"embed" | b"object" | b"fencedframe")
}

/// Whether HTML is asked for by name. A script that wants data does not, and its answer is not touched.
fn accepts_html(headers: &HeaderMap) -> bool {
    let mut ranges = headers.get_all(ACCEPT).iter().flat_map(|line| line.as_bytes().split(|b| *b == b','));
    ranges.any(|range| {
        let essence = range.split(|b| *b == b';').next().unwrap_or_default().trim_ascii();
        essence.eq_ignore_ascii_case(b"text/html")
    })
}

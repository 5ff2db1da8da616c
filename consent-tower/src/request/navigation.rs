use super::fetch_metadata::FetchTarget;
use super::headers::RequestHeaders;
use http::Method;

/// How the browser will use a response, as far as the request tells (Fetch Metadata, W3C).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// A page of its own.
    Document,
    /// A page inside another.
    Frame,
    /// Possibly a page: the client sends no Fetch Metadata. The doctype decides.
    Perhaps,
    /// Data or a fragment of a page that a script fetches.
    Fragment,
    /// An image, a script, a style sheet.
    Subresource,
}

/// The purpose of a request, as its headers state it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is what the headers say of one question")]
pub(crate) struct Navigation {
    pub(crate) destination: Destination,
    /// Whether the browser prefetches the response. Nothing may be decided, expired or activated then.
    pub(crate) speculative: bool,
    /// Whether the response may be HTML that a browser shows.
    pub(crate) may_be_html: bool,
    /// Whether the client asks for HTML, so that the application should send it uncompressed.
    pub(crate) expects_html: bool,
    /// Whether the response is the script of a service worker (Service Workers, section "Update").
    pub(crate) is_worker: bool,
}

impl Navigation {
    pub(crate) fn of(method: &Method, headers: &RequestHeaders<'_>) -> Self {
        let destination = destination(method, headers);
        let expects_html = match destination {
            Destination::Document | Destination::Frame | Destination::Perhaps => true,
            Destination::Fragment => headers.accepts_html || headers.is_for_fragment,
            Destination::Subresource => false,
        };
        // Scripts that put HTML into a page often send `Accept: */*`.
        let may_be_html = expects_html || (destination == Destination::Fragment && headers.accepts_anything);
        Self {
            destination,
            speculative: headers.is_speculative,
            may_be_html,
            expects_html,
            is_worker: headers.is_worker,
        }
    }

    /// Returns `true` if the browser may show the response, as a page or inside one.
    pub(crate) fn is_shown(self) -> bool {
        self.is_page() || self.destination == Destination::Frame
    }

    /// Returns `true` if the response may be a page of its own.
    pub(crate) fn is_page(self) -> bool {
        matches!(self.destination, Destination::Document | Destination::Perhaps)
    }
}

/// Fetch Metadata decides if the browser sends it. Otherwise the headers of libraries and `Accept` do.
fn destination(method: &Method, headers: &RequestHeaders<'_>) -> Destination {
    let Some(target) = headers.metadata.target() else {
        let is_page = matches!(*method, Method::GET | Method::HEAD | Method::POST) && headers.accepts_html;
        return if is_page && !headers.is_for_fragment {
            Destination::Perhaps
        } else {
            Destination::Fragment
        };
    };
    match target {
        FetchTarget::Document => Destination::Document,
        FetchTarget::Frame => Destination::Frame,
        FetchTarget::Subresource => Destination::Subresource,
        FetchTarget::Empty => Destination::Fragment,
    }
}

use super::fetch_metadata::FetchTarget;
use super::headers::RequestHeaders;
use http::Method;

/// What a response will become in the browser, as far as the request tells (Fetch Metadata, W3C).
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

/// What the request headers tell about the request's purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is what the headers say of one question")]
pub(crate) struct Navigation {
    pub(crate) destination: Destination,
    /// Fetched before the visitor asked for it: nothing may be decided, swept or made live yet.
    pub(crate) speculative: bool,
    /// Whether the response may be HTML that a browser shows.
    pub(crate) may_be_html: bool,
    /// Whether HTML is asked for, so that the application should send it uncompressed.
    pub(crate) expects_html: bool,
    /// Whether the response is to become the script of a service worker (Service Workers, section "Update").
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

    /// Whether the response may be a page of its own.
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

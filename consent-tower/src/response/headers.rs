use crate::html::is_html;
use consent_core::verdict::StoringHeader;
use http::HeaderMap;
use http::header::{CONTENT_TYPE, SET_COOKIE};

/// The facts that the layer needs from response headers. One walk over the headers finds them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ResponseHeaders {
    pub(crate) sets_cookies: bool,
    /// Whether a `Content-Type` header may be that of HTML.
    pub(crate) is_html: bool,
    /// Whether a header other than `Set-Cookie` stores something.
    pub(crate) stores: bool,
}

impl ResponseHeaders {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut found = Self::default();
        for (name, value) in headers {
            if name == SET_COOKIE {
                found.sets_cookies = true;
            } else if name == CONTENT_TYPE {
                found.is_html |= is_html(value.as_bytes());
            } else {
                found.stores |= StoringHeader::from_name(name.as_str()).is_some();
            }
        }
        found
    }

    /// Returns `true` if no header concerns the layer.
    pub(crate) fn is_plain(self) -> bool {
        !self.sets_cookies && !self.is_html && !self.stores
    }
}

use crate::html::{Media, media};
use consent_core::verdict::StoringHeader;
use http::HeaderMap;
use http::header::{CONTENT_TYPE, SET_COOKIE};

/// The facts that the layer needs from response headers. One walk over the headers finds them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ResponseHeaders {
    pub(crate) sets_cookies: bool,
    /// The media type that the `Content-Type` headers name.
    pub(crate) media: Media,
    /// Whether a `Content-Type` header may be that of code that runs under the Content-Security-Policy of
    /// this response: a script, which may be a worker, or an XML document such as XHTML or SVG.
    pub(crate) is_code: bool,
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
                found.media = found.media.max(media(value.as_bytes()));
                found.is_code |= is_code(value.as_bytes());
            } else {
                found.stores |= StoringHeader::from_name(name.as_str()).is_some();
            }
        }
        found
    }

    /// Returns `true` if no header concerns the layer.
    pub(crate) fn is_plain(self) -> bool {
        !self.sets_cookies && self.media == Media::Other && !self.stores
    }
}

/// Whether a content type is one of those of JavaScript (MIME Sniffing, section 4.6) or of XML (RFC 7303), or
/// resembles one.
fn is_code(content_type: &[u8]) -> bool {
    let contains = |word: &[u8]| content_type.windows(word.len()).any(|at| at.eq_ignore_ascii_case(word));
    contains(b"script") || contains(b"xml")
}

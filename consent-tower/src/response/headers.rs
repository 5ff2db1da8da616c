use crate::html::is_html;
use consent_core::verdict::StoringHeader;
use http::HeaderMap;
use http::header::{CONTENT_TYPE, SET_COOKIE};

/// What the headers of an answer are about, as far as the layer cares.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AnswerHead {
    pub(crate) sets_cookies: bool,
    /// Whether it says that it is HTML; by the last of several lines, which is the one that browsers believe.
    pub(crate) is_html: bool,
    /// Whether it stores something by another header.
    pub(crate) stores: bool,
}

impl AnswerHead {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut head = Self::default();
        for (name, value) in headers {
            if name == SET_COOKIE {
                head.sets_cookies = true;
            } else if name == CONTENT_TYPE {
                head.is_html = is_html(value.as_bytes());
            } else {
                head.stores |= StoringHeader::of_name(name.as_str()).is_some();
            }
        }
        head
    }

    /// Whether an answer like this one leaves as it is.
    pub(crate) fn is_plain(self) -> bool {
        !self.sets_cookies && !self.is_html && !self.stores
    }
}

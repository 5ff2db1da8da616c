//! The crate without its feature `html`: no page is rewritten, and there is no gate.

use super::{GatePage, Skip};
use bytes::Bytes;
use http::response;

/// The encoding that an answer says it is in; of no interest here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charset;

pub(crate) fn is_rewritable(_: &response::Parts) -> Result<Charset, Skip> {
    Err(Skip::NotHtml)
}

/// Without the gate, no answer is looked at as a page.
pub(crate) fn is_html(_: &[u8]) -> bool {
    false
}

/// Never there.
#[derive(Debug)]
pub(crate) enum Gate {}

impl Gate {
    pub(crate) fn new(_: GatePage) -> Option<Self> {
        None
    }

    pub(crate) fn write(&mut self, _: Bytes) -> Bytes {
        match *self {}
    }

    pub(crate) fn write_last(&mut self, _: Bytes) -> Bytes {
        match *self {}
    }

    pub(crate) fn finish(&mut self) -> Bytes {
        match *self {}
    }
}

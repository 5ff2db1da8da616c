//! The gate of builds without the feature `html`: pages are not rewritten.

use super::{GatePage, Media, Skip};
use bytes::Bytes;
use http::response;

/// The encoding that a response declares. Not used without the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charset;

impl Charset {
    /// Returns `false`: without the gate, no body is read.
    #[expect(clippy::unused_self, reason = "with the feature `html` it is used")]
    pub(crate) fn is_sniffed(self) -> bool {
        false
    }
}

pub(crate) fn is_rewritable(_: &response::Parts) -> Result<Charset, Skip> {
    Err(Skip::NotHtml)
}

/// Returns [`Media::Other`]: without the gate, no response is treated as a page.
pub(crate) fn media(_: &[u8]) -> Media {
    Media::Other
}

/// A gate that cannot be created.
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

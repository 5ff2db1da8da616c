use bytes::Buf;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http_body::Body;
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The maximum size of a decision, in bytes. Real decisions need about a hundredth of it.
pub(crate) const MAX_BYTES: usize = 8 * 1024;

/// Returns whether the headers announce a body of more than this many bytes.
pub(super) fn announces_more(headers: &HeaderMap, max_bytes: usize) -> bool {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    length.is_some_and(|length| length > max_bytes as u64)
}

pin_project! {
    /// Reads a body up to a maximum size.
    pub(crate) struct CollectBody<B> {
        #[pin]
        body: B,
        bytes: Vec<u8>,
        max_bytes: usize,
    }
}

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CollectError {
    TooLarge,
    /// The connection failed, or the body cannot be decoded.
    Broken,
}

impl<B> CollectBody<B> {
    pub(crate) fn new(body: B, max_bytes: usize) -> Self {
        Self { body, bytes: Vec::new(), max_bytes }
    }
}

impl<B: Body> CollectBody<B> {
    pub(crate) fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Vec<u8>, CollectError>> {
        let mut this = self.project();
        loop {
            let Some(frame) = ready!(this.body.as_mut().poll_frame(cx)) else {
                return Poll::Ready(Ok(std::mem::take(this.bytes)));
            };
            let Ok(frame) = frame else { return Poll::Ready(Err(CollectError::Broken)) };
            let Ok(mut data) = frame.into_data() else { continue };
            if this.bytes.len() + data.remaining() > *this.max_bytes {
                return Poll::Ready(Err(CollectError::TooLarge));
            }
            while data.has_remaining() {
                let chunk = data.chunk();
                this.bytes.extend_from_slice(chunk);
                let length = chunk.len();
                data.advance(length);
            }
        }
    }
}

impl<B> fmt::Debug for CollectBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CollectBody").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

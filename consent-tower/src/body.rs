use crate::html::Gate;
use bytes::Bytes;
use http::HeaderMap;
use http::header::SET_COOKIE;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The body of an answer that went through a [`ConsentService`](crate::ConsentService).
    ///
    /// Mostly it is the application's own body, passed on as it is. A page is streamed through the gate: what arrives
    /// leaves at once, rewritten. `Set-Cookie` leaves in no trailers.
    pub struct ConsentBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    #[project = KindProj]
    enum Kind<B> {
        Inner { #[pin] inner: B },
        Gated {
            #[pin]
            inner: B,
            // `None` once the page is over.
            gate: Option<Box<Gate>>,
            trailers: Option<HeaderMap>,
        },
        // One of our own answers; `None` where it has no body, or when that has left.
        Full { bytes: Option<Bytes> },
    }
}

impl<B> ConsentBody<B> {
    /// The application's body as it is.
    pub(crate) fn inner(inner: B) -> Self {
        Self { kind: Kind::Inner { inner } }
    }

    /// A page, streamed through the gate.
    pub(crate) fn gated(inner: B, gate: Gate) -> Self {
        Self { kind: Kind::Gated { inner, gate: Some(Box::new(gate)), trailers: None } }
    }

    /// One of our own answers.
    pub(crate) fn full(bytes: Bytes) -> Self {
        Self { kind: Kind::Full { bytes: Some(bytes).filter(|bytes| !bytes.is_empty()) } }
    }
}

impl<B> Default for ConsentBody<B> {
    /// An empty body.
    fn default() -> Self {
        Self { kind: Kind::Full { bytes: None } }
    }
}

impl<B: Body<Data = Bytes>> Body for ConsentBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match self.project().kind.project() {
            KindProj::Inner { inner } => inner.poll_frame(cx).map_ok(without_cookies),
            KindProj::Gated { inner, gate, trailers } => poll_gated(inner, gate, trailers, cx),
            KindProj::Full { bytes } => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Inner { inner } => inner.is_end_stream(),
            Kind::Gated { inner, gate: Some(gate), .. } => gate.is_untouched() && inner.is_end_stream(),
            Kind::Gated { gate: None, trailers, .. } => trailers.is_none(),
            Kind::Full { bytes } => bytes.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Inner { inner } => inner.size_hint(),
            Kind::Gated { .. } if self.is_end_stream() => SizeHint::with_exact(0),
            Kind::Gated { .. } => SizeHint::new(),
            Kind::Full { bytes } => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
        }
    }
}

fn poll_gated<B: Body<Data = Bytes>>(
    mut inner: Pin<&mut B>,
    gate: &mut Option<Box<Gate>>,
    trailers: &mut Option<HeaderMap>,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
    loop {
        if let Some(trailers) = trailers.take() {
            return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
        }
        let Some(open) = gate else { return Poll::Ready(None) };
        let output = match ready!(inner.as_mut().poll_frame(cx)) {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => open.write(data),
                Err(frame) => match without_cookies(frame).into_trailers() {
                    Ok(map) => {
                        *trailers = Some(map);
                        let rest = open.finish();
                        *gate = None;
                        rest
                    }
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
            },
            // What the gate still holds is the beginning of a tag: worth nothing without its end.
            Some(Err(error)) => {
                *gate = None;
                return Poll::Ready(Some(Err(error)));
            }
            None => {
                let rest = open.finish();
                *gate = None;
                rest
            }
        };
        // An empty frame would tell a reader that nothing is left.
        if !output.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(output))));
        }
    }
}

/// Cookies are judged in the head; browsers take none from trailers, and what reads them there would go unjudged.
fn without_cookies(frame: Frame<Bytes>) -> Frame<Bytes> {
    match frame.into_trailers() {
        Ok(mut trailers) => {
            if trailers.remove(SET_COOKIE).is_some() {
                tracing::warn!(target: "consent::response", "Set-Cookie in trailers was not let out");
            }
            Frame::trailers(trailers)
        }
        Err(frame) => frame,
    }
}

impl<B> fmt::Debug for ConsentBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            Kind::Inner { .. } => "inner",
            Kind::Gated { .. } => "gated",
            Kind::Full { .. } => "full",
        };
        f.debug_struct("ConsentBody").field("kind", &kind).finish_non_exhaustive()
    }
}

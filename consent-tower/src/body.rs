use crate::html::Gate;
use crate::observe::{Cause, Outcome, Subject, announce};
use bytes::Bytes;
use consent_core::cookies::SetCookie;
use http::HeaderMap;
use http::header::SET_COOKIE;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use sync_wrapper::SyncWrapper;

pin_project! {
    /// The response body of a [`ConsentService`](crate::ConsentService).
    ///
    /// Most bodies are the application's own, unchanged. Pages are streamed through the gate: each frame is
    /// rewritten and sent as it arrives. `Set-Cookie` is removed from trailers. The body is `Sync` if the
    /// application's body is.
    pub struct ConsentBody<B> {
        #[pin]
        kind: Kind<B>,
    }
}

pin_project! {
    #[project = KindProj]
    enum Kind<B> {
        Inner { #[pin] inner: B, cookies: Trailers },
        Gated {
            #[pin]
            inner: B,
            // `None` after the end of the page.
            gate: Option<SyncWrapper<Box<Gate>>>,
            // Whether no data has arrived yet.
            untouched: bool,
            // Boxed because few bodies have trailers, and the map would enlarge every body.
            trailers: Option<Box<HeaderMap>>,
            cookies: Trailers,
        },
        // A response of the layer's own. `None` if the body is empty or was sent.
        Full { bytes: Option<Bytes> },
    }
}

impl<B> ConsentBody<B> {
    /// Wraps the application's body without changing its data.
    pub(crate) fn inner(inner: B, cookies: Trailers) -> Self {
        Self { kind: Kind::Inner { inner, cookies } }
    }

    /// Streams a page through the gate.
    pub(crate) fn gated(inner: B, gate: Gate, cookies: Trailers) -> Self {
        let gate = Some(SyncWrapper::new(Box::new(gate)));
        Self { kind: Kind::Gated { inner, gate, untouched: true, trailers: None, cookies } }
    }

    /// Wraps the body of one of the layer's own responses.
    pub(crate) fn full(bytes: Bytes) -> Self {
        Self { kind: Kind::Full { bytes: Some(bytes).filter(|bytes| !bytes.is_empty()) } }
    }
}

impl<B> Default for ConsentBody<B> {
    /// Returns an empty body.
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
            KindProj::Inner { inner, cookies } => {
                let cookies = *cookies;
                inner.poll_frame(cx).map_ok(|frame| without_cookies(frame, cookies))
            }
            KindProj::Gated { inner, gate, untouched, trailers, cookies } => {
                poll_gated(inner, gate, untouched, trailers, *cookies, cx)
            }
            KindProj::Full { bytes } => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Inner { inner, .. } => inner.is_end_stream(),
            Kind::Gated { inner, gate: Some(_), untouched, .. } => *untouched && inner.is_end_stream(),
            Kind::Gated { gate: None, trailers, .. } => trailers.is_none(),
            Kind::Full { bytes } => bytes.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Inner { inner, .. } => inner.size_hint(),
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
    gate: &mut Option<SyncWrapper<Box<Gate>>>,
    untouched: &mut bool,
    trailers: &mut Option<Box<HeaderMap>>,
    cookies: Trailers,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
    loop {
        if let Some(trailers) = trailers.take() {
            return Poll::Ready(Some(Ok(Frame::trailers(*trailers))));
        }
        let Some(open) = gate.as_mut().map(SyncWrapper::get_mut) else { return Poll::Ready(None) };
        let output = match ready!(inner.as_mut().poll_frame(cx)) {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) if inner.is_end_stream() => {
                    let last = open.write_last(data);
                    *gate = None;
                    last
                }
                Ok(data) => {
                    *untouched &= data.is_empty();
                    open.write(data)
                }
                Err(frame) => match without_cookies(frame, cookies).into_trailers() {
                    Ok(map) => {
                        *trailers = Some(Box::new(map));
                        let rest = open.finish();
                        *gate = None;
                        rest
                    }
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
            },
            // The gate holds only the beginning of a tag, which is useless without its end.
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
        // Readers would take an empty frame for the end of the body.
        if !output.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(output))));
        }
    }
}

/// Says how the layer treats `Set-Cookie` in trailers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trailers {
    /// The layer drops it.
    Enforce,
    /// The layer reports it.
    Report,
    /// The layer leaves it alone.
    Ignore,
}

/// Removes `Set-Cookie` from trailers, because the layer reaches its verdicts on the response headers.
///
/// Browsers store no cookies from trailers. Other clients might, and these cookies would not have been
/// judged.
fn without_cookies(frame: Frame<Bytes>, cookies: Trailers) -> Frame<Bytes> {
    let outcome = match cookies {
        Trailers::Enforce => Outcome::Dropped,
        Trailers::Report => Outcome::ReportedOnly,
        Trailers::Ignore => return frame,
    };
    match frame.into_trailers() {
        Ok(mut trailers) => {
            for line in trailers.get_all(SET_COOKIE) {
                let name = match SetCookie::parse(line.as_bytes()) {
                    Ok(cookie) => cookie.name(),
                    Err(unstorable) => unstorable.name,
                };
                announce(Subject::cookie(name, None), Cause::TooLate, outcome, "");
            }
            if outcome == Outcome::Dropped {
                trailers.remove(SET_COOKIE);
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

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use http_body_util::{Empty, Full};
    use std::convert::Infallible;
    use std::task::Waker;

    /// A body of the given frames. It ends after the last frame.
    struct Frames<E> {
        frames: std::vec::IntoIter<Result<Frame<Bytes>, E>>,
    }

    impl<E> Frames<E> {
        fn new(frames: Vec<Result<Frame<Bytes>, E>>) -> Self {
            Self { frames: frames.into_iter() }
        }
    }

    impl<E> Unpin for Frames<E> {}

    impl<E> Body for Frames<E> {
        type Data = Bytes;
        type Error = E;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, E>>> {
            Poll::Ready(self.frames.next())
        }

        fn is_end_stream(&self) -> bool {
            self.frames.len() == 0
        }

        fn size_hint(&self) -> SizeHint {
            let data = self.frames.as_slice().iter().filter_map(|frame| frame.as_ref().ok()?.data_ref());
            SizeHint::with_exact(data.map(|data| data.len() as u64).sum())
        }
    }

    fn data(text: &'static str) -> Frame<Bytes> {
        Frame::data(Bytes::from_static(text.as_bytes()))
    }

    fn trailers() -> Frame<Bytes> {
        let mut map = HeaderMap::new();
        map.insert("x-sum", HeaderValue::from_static("1"));
        map.append(SET_COOKIE, HeaderValue::from_static("a=1"));
        map.append(SET_COOKIE, HeaderValue::from_static("b=2"));
        Frame::trailers(map)
    }

    fn next<B: Body<Data = Bytes> + Unpin>(body: &mut B) -> Option<Result<Frame<Bytes>, B::Error>> {
        match Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(frame) => frame,
            Poll::Pending => panic!("test bodies never return `Pending`"),
        }
    }

    fn is_send<T: Send>() {}

    #[test]
    fn the_applications_body_is_forwarded() {
        is_send::<ConsentBody<Full<Bytes>>>();
        let frames = vec![Ok::<_, Infallible>(data("one")), Ok(data("")), Ok(trailers())];
        let mut body = ConsentBody::inner(Frames::new(frames), Trailers::Enforce);
        assert_eq!(body.size_hint().exact(), Some(3));
        assert!(!body.is_end_stream());
        assert_eq!(next(&mut body).unwrap().unwrap().into_data().unwrap(), "one");
        assert_eq!(next(&mut body).unwrap().unwrap().into_data().unwrap(), "");
        let trailers = next(&mut body).unwrap().unwrap().into_trailers().unwrap();
        assert_eq!(trailers.len(), 1, "the trailers lose their cookies");
        assert!(body.is_end_stream());
        assert!(next(&mut body).is_none());
        assert!(ConsentBody::inner(Empty::<Bytes>::new(), Trailers::Enforce).is_end_stream());
    }

    #[test]
    fn the_layers_own_responses() {
        let mut body = ConsentBody::<Full<Bytes>>::full(Bytes::from_static(b"page"));
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(4), false));
        assert_eq!(next(&mut body).unwrap().unwrap().into_data().unwrap(), "page");
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(0), true));
        assert!(next(&mut body).is_none());
        for mut empty in [ConsentBody::<Full<Bytes>>::default(), ConsentBody::full(Bytes::new())] {
            assert_eq!((empty.size_hint().exact(), empty.is_end_stream()), (Some(0), true));
            assert!(next(&mut empty).is_none());
        }
    }

    #[cfg(feature = "html")]
    mod gated {
        use super::*;
        use crate::html::test_page;

        fn gated<B>(inner: B) -> ConsentBody<B> {
            ConsentBody::gated(inner, Gate::new(test_page()).unwrap(), Trailers::Enforce)
        }

        fn text(frame: Frame<Bytes>) -> String {
            String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
        }

        #[test]
        fn a_page_is_streamed_and_keeps_its_trailers() {
            is_send::<ConsentBody<Full<Bytes>>>();
            let frames = vec![
                Ok::<_, Infallible>(data("<!doctype html><body>a<")),
                Ok(data("b")),
                Ok(data(">c")),
                Ok(trailers()),
            ];
            let mut body = gated(Frames::new(frames));
            assert_eq!((body.size_hint().exact(), body.size_hint().lower()), (None, 0));
            assert!(text(next(&mut body).unwrap().unwrap()).ends_with('a'));
            assert_eq!(
                text(next(&mut body).unwrap().unwrap()),
                "<b>c",
                "no frame is sent while the gate holds a piece"
            );
            assert!(text(next(&mut body).unwrap().unwrap()).contains("consent-settings-link"));
            assert!(!body.is_end_stream());
            assert_eq!(next(&mut body).unwrap().unwrap().into_trailers().unwrap().len(), 1);
            assert!(body.is_end_stream());
            assert!(next(&mut body).is_none());
        }

        #[test]
        fn a_body_of_one_frame_is_sent_in_one_frame() {
            // The second page is streamed, too.
            for page in
                ["<!doctype html><body>a</body>", "<!doctype html><body>a<noscript></noscript></body>"]
            {
                let mut body = gated(Full::new(Bytes::from_static(page.as_bytes())));
                let whole = text(next(&mut body).unwrap().unwrap());
                assert!(whole.contains("consent-banner") && whole.contains("consent-settings-link"));
                assert!(body.is_end_stream());
                assert_eq!(body.size_hint().exact(), Some(0));
                assert!(next(&mut body).is_none());
            }
        }

        #[test]
        fn an_empty_page_stays_empty() {
            let mut body = gated(Empty::<Bytes>::new());
            assert_eq!((body.size_hint().exact(), body.is_end_stream()), (Some(0), true));
            assert!(next(&mut body).is_none());
            let mut silent = gated(Frames::new(vec![Ok::<_, Infallible>(data(""))]));
            assert!(!silent.is_end_stream());
            assert!(next(&mut silent).is_none());
        }

        #[test]
        fn an_error_follows_the_data_that_arrived_before_it() {
            let frames = vec![Ok(data("<!doctype html><body>text")), Err("broken"), Ok(data("never"))];
            let mut body = gated(Frames::new(frames));
            assert!(text(next(&mut body).unwrap().unwrap()).ends_with("text"));
            assert_eq!(next(&mut body).unwrap().unwrap_err(), "broken");
            assert!(body.is_end_stream());
            assert!(next(&mut body).is_none(), "a broken page gets no banner and no link at its end");
        }
    }
}

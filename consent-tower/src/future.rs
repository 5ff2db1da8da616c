use crate::body::{ConsentBody, Trailers};
use crate::endpoints::{CollectBody, Own, Pending};
use crate::observe::LayeredTwice;
use crate::request::Exchange;
use bytes::Bytes;
use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// The response future of a [`ConsentService`](crate::ConsentService).
    #[must_use = "futures do nothing unless they are polled"]
    pub struct ResponseFuture<F, B> {
        #[pin]
        kind: Kind<F, B>,
    }
}

pin_project! {
    #[project = KindProj]
    enum Kind<F, B> {
        // Another layer around this one judges the response, or no layer does.
        Covered { #[pin] inner: F, nested: bool },
        // The application responds, and the layer judges the response.
        Inner { #[pin] inner: F, exchange: Exchange },
        // A response of the layer's own routes.
        Ready { response: Option<Response<Bytes>> },
        // A request of the layer's own whose body is still arriving.
        Pending { #[pin] body: CollectBody<B>, pending: Option<Pending> },
    }
}

impl<F, B> ResponseFuture<F, B> {
    pub(crate) fn covered(inner: F) -> Self {
        Self { kind: Kind::Covered { inner, nested: false } }
    }

    /// Another layer around this one judges the response. The response is marked as layered twice.
    pub(crate) fn nested(inner: F) -> Self {
        Self { kind: Kind::Covered { inner, nested: true } }
    }

    pub(crate) fn inner(inner: F, exchange: Exchange) -> Self {
        Self { kind: Kind::Inner { inner, exchange } }
    }

    pub(crate) fn own(own: Own<B>) -> Self {
        let kind = match own {
            Own::Ready(response) => Kind::Ready { response: Some(response) },
            Own::Pending(body, pending) => Kind::Pending { body, pending: Some(pending) },
        };
        Self { kind }
    }
}

impl<F, B, ResBody, E> Future for ResponseFuture<F, B>
where
    F: Future<Output = Result<Response<ResBody>, E>>,
    B: Body,
    ResBody: Body<Data = Bytes>,
{
    type Output = Result<Response<ConsentBody<ResBody>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().kind.project() {
            KindProj::Covered { inner, nested } => inner.poll(cx).map_ok(|mut response| {
                if *nested {
                    response.extensions_mut().insert(LayeredTwice);
                }
                response.map(|body| ConsentBody::inner(body, Trailers::Ignore))
            }),
            KindProj::Inner { inner, exchange } => {
                let response = ready!(exchange.during(|| inner.poll(cx)))?;
                Poll::Ready(Ok(exchange.finish(response)))
            }
            KindProj::Ready { response } => ready_once(response.take()),
            KindProj::Pending { body, pending } => {
                let body = ready!(body.poll(cx));
                ready_once(pending.take().map(|pending| pending.finish(body)))
            }
        }
    }
}

fn ready_once<ResBody, E>(
    response: Option<Response<Bytes>>,
) -> Poll<Result<Response<ConsentBody<ResBody>>, E>> {
    response.map_or(Poll::Pending, |response| Poll::Ready(Ok(response.map(ConsentBody::full))))
}

impl<F, B> fmt::Debug for ResponseFuture<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

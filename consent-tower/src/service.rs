use crate::body::ConsentBody;
use crate::config::Config;
use crate::endpoints;
use crate::future::ResponseFuture;
use crate::request::{Admission, admit};
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

/// The service that [`ConsentLayer`](crate::ConsentLayer) wraps around an application.
///
/// See the [crate's documentation](crate) for an example.
#[derive(Clone, Debug)]
pub struct ConsentService<S> {
    inner: S,
    config: Arc<Config>,
}

impl<S> ConsentService<S> {
    pub(crate) fn new(inner: S, config: Arc<Config>) -> Self {
        Self { inner, config }
    }

    /// Returns a reference to the wrapped service.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// Returns a mutable reference to the wrapped service.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Returns the wrapped service, without the layer.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for ConsentService<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
    ReqBody: Body,
    ResBody: Body<Data = Bytes>,
{
    type Response = Response<ConsentBody<ResBody>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, ReqBody>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<ReqBody>) -> Self::Future {
        match admit(&self.config, &mut request) {
            Admission::Exchange(mut exchange) => {
                let inner = exchange.during(|| self.inner.call(request));
                ResponseFuture::inner(inner, exchange)
            }
            Admission::Own(own) => {
                let (parts, body) = request.into_parts();
                ResponseFuture::own(endpoints::respond(&self.config, own, parts, body))
            }
            Admission::Unfiltered => ResponseFuture::covered(self.inner.call(request)),
            Admission::Nested => ResponseFuture::nested(self.inner.call(request)),
        }
    }
}

//! Services for `axum::serve`.

use crate::body::ConsentBody;
use crate::service::ConsentService;
use axum_core::BoxError;
use axum_core::body::Body;
use bytes::Bytes;
use http::Response;
use pin_project_lite::pin_project;
use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};
use tower_service::Service;

impl<S> ConsentService<S> {
    /// Converts the service into a make-service for `axum::serve`, as `Router::into_make_service` does:
    /// `axum::serve(listener, ConsentLayer::new(policy).layer(router).into_make_service())`.
    ///
    /// If handlers extract axum's `ConnectInfo`, add the service to another router,
    /// `Router::new().fallback_service(layer.layer(router))`, and serve that router with
    /// `into_make_service_with_connect_info`.
    pub fn into_make_service(self) -> AxumMakeService<S> {
        AxumMakeService { service: AxumService { inner: self } }
    }
}

/// Creates an [`AxumService`] for each connection: see [`ConsentService::into_make_service`].
#[derive(Clone, Debug)]
pub struct AxumMakeService<S> {
    service: AxumService<S>,
}

impl<S: Clone, Target> Service<Target> for AxumMakeService<S> {
    type Response = AxumService<S>;
    type Error = Infallible;
    type Future = Ready<Result<AxumService<S>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Target) -> Self::Future {
        ready(Ok(self.service.clone()))
    }
}

/// A [`ConsentService`] whose responses have axum's body type.
#[derive(Clone, Debug)]
pub struct AxumService<S> {
    inner: ConsentService<S>,
}

impl<S, Request, ResBody> Service<Request> for AxumService<S>
where
    ConsentService<S>: Service<Request, Response = Response<ConsentBody<ResBody>>>,
    ResBody: http_body::Body<Data = Bytes> + Send + 'static,
    ResBody::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = <ConsentService<S> as Service<Request>>::Error;
    type Future = AxumFuture<<ConsentService<S> as Service<Request>>::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        AxumFuture { inner: self.inner.call(request) }
    }
}

pin_project! {
    /// The response future of an [`AxumService`].
    #[must_use = "futures do nothing unless they are polled"]
    pub struct AxumFuture<F> {
        #[pin]
        inner: F,
    }
}

impl<F, ResBody, E> Future for AxumFuture<F>
where
    F: Future<Output = Result<Response<ConsentBody<ResBody>>, E>>,
    ResBody: http_body::Body<Data = Bytes> + Send + 'static,
    ResBody::Error: Into<BoxError>,
{
    type Output = Result<Response<Body>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().inner.poll(cx).map_ok(|response| response.map(Body::new))
    }
}

impl<F> fmt::Debug for AxumFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AxumFuture").finish_non_exhaustive()
    }
}

use crate::body::{ConsentBody, Trailers};
use crate::pages::ConsentRequired;
use consent_core::Category;
use http::{Request, Response};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Forwards requests to a route only if the visitor allows a category.
///
/// Other requests get a page that says which consent is missing and how to give it, or a problem (RFC 9457):
/// see [`ConsentRequired`].
///
/// Put it around a route inside of [`ConsentLayer`](crate::ConsentLayer), with `Router::route_layer`. A
/// [`Category`] always comes from a policy, so it exists. A category of another policy is never allowed.
///
/// ```
/// use consent_tower::require::RequireConsentLayer;
/// use consent_tower::Category;
///
/// let layer = RequireConsentLayer::new(Category::FUNCTIONALITY);
/// // Router::new().route("/notes", get(notes)).route_layer(layer)
/// # let _ = layer;
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct RequireConsentLayer {
    category: Category,
}

impl RequireConsentLayer {
    /// Creates a layer that requires this category.
    pub const fn new(category: Category) -> Self {
        Self { category }
    }
}

impl<S> Layer<S> for RequireConsentLayer {
    type Service = RequireConsent<S>;

    fn layer(&self, inner: S) -> RequireConsent<S> {
        RequireConsent { inner, category: self.category }
    }
}

/// The service of a [`RequireConsentLayer`].
#[derive(Clone, Debug)]
pub struct RequireConsent<S> {
    inner: S,
    category: Category,
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for RequireConsent<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
{
    type Response = Response<ConsentBody<ResBody>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let (uri, headers, extensions) = (request.uri(), request.headers(), request.extensions());
        match ConsentRequired::check(|_| Some(self.category), uri, headers, extensions) {
            Ok(_) => ResponseFuture { kind: Kind::Inner { inner: self.inner.call(request) } },
            Err(required) => ResponseFuture { kind: Kind::Required { required: Some(required) } },
        }
    }
}

pin_project! {
    /// The response future of a [`RequireConsent`].
    #[must_use = "futures do nothing unless they are polled"]
    pub struct ResponseFuture<F> {
        #[pin]
        kind: Kind<F>,
    }
}

pin_project! {
    #[project = KindProj]
    enum Kind<F> {
        Inner { #[pin] inner: F },
        Required { required: Option<ConsentRequired> },
    }
}

impl<F, ResBody, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<ResBody>, E>>,
{
    type Output = Result<Response<ConsentBody<ResBody>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().kind.project() {
            KindProj::Inner { inner } => inner
                .poll(cx)
                .map_ok(|response| response.map(|body| ConsentBody::inner(body, Trailers::Ignore))),
            KindProj::Required { required } => match required.take() {
                Some(required) => Poll::Ready(Ok(required.into_answer(ConsentBody::full))),
                None => Poll::Pending,
            },
        }
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

use crate::body::ConsentBody;
use crate::pages::ConsentRequired;
use consent_core::Category;
use http::{Request, Response};
use pin_project_lite::pin_project;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Lets requests through to a route only where the visitor allows a category; the others get a page that says what is
/// missing and how to allow it, or a problem (RFC 9457): see [`ConsentRequired`].
///
/// It stands inside of [`ConsentLayer`](crate::ConsentLayer), around a route: `Router::route_layer`. A [`Category`] comes from
/// a policy, so that there is none that does not exist; one of another policy is never allowed.
///
/// ```
/// use consent_tower::{Category, RequireConsent};
///
/// let guard = RequireConsent::new(Category::FUNCTIONALITY);
/// // Router::new().route("/notes", get(notes)).route_layer(guard)
/// # let _ = guard;
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct RequireConsent {
    category: Category,
}

impl RequireConsent {
    /// Requires this category.
    pub const fn new(category: Category) -> Self {
        Self { category }
    }
}

impl<S> Layer<S> for RequireConsent {
    type Service = GuardService<S>;

    fn layer(&self, inner: S) -> GuardService<S> {
        GuardService { inner, category: self.category }
    }
}

/// What [`RequireConsent`] makes of a service.
#[derive(Clone, Debug)]
pub struct GuardService<S> {
    inner: S,
    category: Category,
}

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for GuardService<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>>,
{
    type Response = Response<ConsentBody<ResBody>>;
    type Error = S::Error;
    type Future = GuardFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let (uri, headers, extensions) = (request.uri(), request.headers(), request.extensions());
        match ConsentRequired::check(|_| Some(self.category), uri, headers, extensions) {
            Ok(_) => GuardFuture { kind: Kind::Inner { inner: self.inner.call(request) } },
            Err(required) => GuardFuture { kind: Kind::Required { required: Some(required) } },
        }
    }
}

pin_project! {
    /// The answer of a [`GuardService`].
    #[must_use = "futures do nothing unless they are polled"]
    pub struct GuardFuture<F> {
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

impl<F, ResBody, E> Future for GuardFuture<F>
where
    F: Future<Output = Result<Response<ResBody>, E>>,
{
    type Output = Result<Response<ConsentBody<ResBody>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().kind.project() {
            KindProj::Inner { inner } => inner.poll(cx).map_ok(|response| response.map(ConsentBody::inner)),
            KindProj::Required { required } => match required.take() {
                Some(required) => Poll::Ready(Ok(required.into_answer(ConsentBody::full))),
                None => Poll::Pending,
            },
        }
    }
}

impl<F> fmt::Debug for GuardFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardFuture").finish_non_exhaustive()
    }
}

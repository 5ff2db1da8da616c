use crate::body::ConsentBody;
use crate::config::Config;
use crate::endpoints;
use crate::future::ResponseFuture;
use crate::observe::Covered;
use crate::request::{Head, hide_cookies, read_consent};
use crate::response::Answering;
use bytes::Bytes;
use consent_core::Consent;
use http::{Request, Response};
use http_body::Body;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

/// What [`ConsentLayer`](crate::ConsentLayer) makes of a service.
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

    /// The wrapped service.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The wrapped service, to change it.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The wrapped service, without the layer.
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
        // A layer around this one has read and judged already.
        if request.extensions().get::<Covered>().is_some() {
            if let Some(outer) = request.extensions().get::<Consent>() {
                self.config.say_nested(outer);
            }
            return ResponseFuture::nested(self.inner.call(request));
        }
        let config = &self.config;
        let answers = config.ask(&mut request);
        let head = Head::of(config, request.headers());
        let carried = head.cookies.carried();
        let consent = read_consent(config, request.method(), &head, answers.place);
        if let Some(route) = endpoints::route(config, request.method(), request.uri().path()) {
            let (parts, body) = request.into_parts();
            return ResponseFuture::own(endpoints::answer(route, config, consent, parts, body));
        }
        if answers.unfiltered {
            return ResponseFuture::covered(self.inner.call(request));
        }
        let mut answering = Answering::new(config, &request, &head, &consent, answers);
        answering.prepare(&consent, request.headers_mut());
        if !consent.shows_all(carried) {
            let keep = config.original_cookies || answering.may_be_page();
            let (hidden, original) = hide_cookies(config, request.headers_mut(), &consent, keep);
            if config.original_cookies {
                request.extensions_mut().insert(original.clone());
            }
            answering.hide(hidden, original);
        }
        answering.show(request.headers());
        answering.note_visitor(&mut request);
        request.extensions_mut().insert(consent);
        request.extensions_mut().insert(Covered);
        let inner = answering.during(|| self.inner.call(request));
        ResponseFuture::inner(inner, answering)
    }
}

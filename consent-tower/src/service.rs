use crate::ConsentBody;
use crate::config::Config;
use crate::endpoints;
use crate::future::ResponseFuture;
use crate::navigation::Navigation;
use crate::request::{cookie_lines, hide_cookies, read_consent};
use crate::response::Answering;
use bytes::Bytes;
use consent_core::Consent;
use consent_core::verdict::RequestCookies;
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

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        // A layer around this one has read and judged already.
        if request.extensions().get::<Consent>().is_some() {
            return ResponseFuture::covered(self.inner.call(request));
        }
        let config = &self.config;
        let now = (config.clock)();
        let (mut parts, body) = request.into_parts();
        let cookies = RequestCookies::read(&config.policy, cookie_lines(&parts.headers), config.cookie_name);
        let carried = cookies.carried();
        let consent = read_consent(config, &parts, &cookies, now);
        if let Some(route) = endpoints::route(config, &parts) {
            return ResponseFuture::own(endpoints::answer(route, config, consent, parts, body));
        }
        if config.is_unfiltered(&parts) {
            return ResponseFuture::covered(self.inner.call(Request::from_parts(parts, body)));
        }
        let navigation = Navigation::of(&parts.method, &parts.headers);
        let mut answering = Answering::prepare(config, &consent, carried, navigation, now, &mut parts);
        if !answering.is_all_visible() {
            let keep = config.original_cookies || answering.may_be_page();
            let (hidden, original) = hide_cookies(config, &mut parts.headers, &consent, keep);
            if config.original_cookies {
                parts.extensions.insert(original.clone());
            }
            answering.hide(hidden, original);
        }
        parts.extensions.insert(consent);
        let inner = answering.during(|| self.inner.call(Request::from_parts(parts, body)));
        ResponseFuture::inner(inner, answering)
    }
}

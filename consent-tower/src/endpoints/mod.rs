//! The layer's own routes. The layer handles exactly these paths and methods. It forwards every other request
//! under the prefix, and every `OPTIONS` request, to the application.

mod assets;
mod collect;
mod decide;
mod names;
mod pages;
mod reports;

pub(crate) use self::collect::CollectBody;

use self::collect::CollectError;
use self::decide::PendingDecision;
use self::names::PendingNames;
use self::reports::PendingReports;
use crate::config::Config;
use crate::pages::{HTML, Problem};
use crate::request::{OwnRequest, Route};
use bytes::Bytes;
use consent_core::Consent;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Response};
use std::sync::Arc;

/// A response of the layer: ready, or pending until the body of the request is read.
pub(crate) enum Own<B> {
    Ready(Response<Bytes>),
    Pending(CollectBody<B>, Pending),
}

/// A request of the layer's own whose body is not read yet.
#[derive(Debug)]
pub(crate) enum Pending {
    Decision(PendingDecision),
    Names(PendingNames),
    Reports(PendingReports),
}

impl Pending {
    /// Creates the response when the body is there.
    pub(crate) fn finish(self, body: Result<Vec<u8>, CollectError>) -> Response<Bytes> {
        match self {
            Self::Decision(decision) => decision.finish(body),
            Self::Names(names) => names.finish(body),
            Self::Reports(reports) => reports.finish(body),
        }
    }
}

/// Responds to a request for one of the layer's own routes.
pub(crate) fn respond<B>(config: &Arc<Config>, request: OwnRequest, mut parts: Parts, body: B) -> Own<B> {
    pages::prefer_named_language(config, &mut parts);
    let (methods, allow) = request.route.methods();
    let consent = &request.consent;
    if !methods.contains(&parts.method) {
        let mut response = Problem::method_not_allowed(allow).answer(config, consent, &parts.headers, false);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        hold(config, consent, &mut response);
        return Own::Ready(response);
    }
    if parts.method == Method::POST {
        return match request.route {
            Route::Reports => reports::begin(config, request.consent, parts, body),
            Route::Inventory => names::begin(config, request, parts, body),
            _ => decide::begin(config, request, parts, body),
        };
    }
    let navigation = request.navigation;
    let mut response = match &request.route {
        Route::Settings => pages::settings(config, consent, navigation, &parts),
        Route::Policy => pages::policy(config, consent, &parts, None),
        Route::Revision(number) => pages::policy(config, consent, &parts, Some(number)),
        Route::PolicyData => pages::policy_data(config),
        Route::Reports => Problem::method_not_allowed(allow).answer(config, consent, &parts.headers, true),
        Route::Banner => pages::banner(config, consent, navigation, request.proof, &parts),
        Route::Gpc => pages::gpc(config),
        Route::Inventory => Problem::method_not_allowed(allow).answer(config, consent, &parts.headers, false),
        Route::Asset(file) => assets::answer(config, consent, &parts.headers, file),
    };
    if matches!(request.route, Route::Policy | Route::Revision(_)) {
        // Caches may keep the policy for everybody.
        config.hold_everybody_to_origins(response.headers_mut());
    } else {
        hold(config, consent, &mut response);
    }
    Own::Ready(if parts.method == Method::HEAD { without_body(response) } else { response })
}

/// Holds a response to the origins of the policy, if it is a page.
fn hold(config: &Config, consent: &Consent, response: &mut Response<Bytes>) {
    if response.headers().get(CONTENT_TYPE).is_some_and(|content_type| content_type == HTML) {
        config.hold_to_origins(response.headers_mut(), consent);
    }
}

/// Removes the body in response to `HEAD`, and keeps the headers, including the length.
fn without_body(response: Response<Bytes>) -> Response<Bytes> {
    response.map(|_| Bytes::new())
}

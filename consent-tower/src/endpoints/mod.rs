//! Our own routes. The layer owns these paths and methods and no others: everything else under the prefix, and every
//! `OPTIONS`, goes to the application.

mod assets;
mod collect;
mod decide;
mod pages;

pub(crate) use self::collect::CollectBody;
pub(crate) use self::decide::PendingDecision;

use crate::config::Config;
use crate::pages::Problem;
use bytes::Bytes;
use consent_core::Consent;
use http::header::{ALLOW, HeaderValue};
use http::request::Parts;
use http::{Method, Response};
use std::sync::Arc;

/// One of our routes, with what its path says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The settings, and where decisions are posted.
    Settings,
    /// The policy in force.
    Policy,
    /// The policy as data.
    PolicyData,
    /// One revision by its number, as the path has it.
    Revision(String),
    /// The banner as a fragment.
    Banner,
    /// A file, by the name that the path has.
    Asset(String),
    /// `/.well-known/gpc.json`.
    Gpc,
}

impl Route {
    fn methods(&self) -> (&'static [Method], &'static str) {
        match self {
            Self::Settings => (&[Method::GET, Method::HEAD, Method::POST], "GET, HEAD, POST"),
            _ => (&[Method::GET, Method::HEAD], "GET, HEAD"),
        }
    }
}

/// The route that a request is for, if it is ours.
pub(crate) fn route(config: &Config, method: &Method, path: &str) -> Option<Route> {
    if *method == Method::OPTIONS {
        return None;
    }
    if let Some(rest) = path.strip_prefix(config.prefix.as_str()) {
        return match rest {
            "" | "/" => Some(Route::Settings),
            "/policy" | "/policy/" => Some(Route::Policy),
            "/policy.json" => Some(Route::PolicyData),
            "/banner" => Some(Route::Banner),
            _ => rest
                .strip_prefix("/policy/")
                .map(|number| Route::Revision(number.to_owned()))
                .or_else(|| rest.strip_prefix("/assets/").map(|file| Route::Asset(file.to_owned()))),
        };
    }
    (path == "/.well-known/gpc.json" && config.listens_to_gpc).then_some(Route::Gpc)
}

/// What is answered: at once, or when the body of a decision is read.
pub(crate) enum Own<B> {
    Ready(Response<Bytes>),
    Decide(CollectBody<B>, PendingDecision),
}

pub(crate) fn answer<B>(
    route: Route,
    config: &Arc<Config>,
    consent: Consent,
    parts: Parts,
    body: B,
) -> Own<B> {
    let (methods, allow) = route.methods();
    if !methods.contains(&parts.method) {
        let mut response = Problem::method_not_allowed(allow).answer(config, &consent, &parts.headers, false);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
        return Own::Ready(response);
    }
    if parts.method == Method::POST {
        return decide::begin(config, consent, parts, body);
    }
    let head = parts.method == Method::HEAD;
    let response = match route {
        Route::Settings => pages::settings(config, &consent, &parts),
        Route::Policy => pages::policy(config, &consent, &parts, None),
        Route::Revision(number) => pages::policy(config, &consent, &parts, Some(&number)),
        Route::PolicyData => pages::policy_data(config),
        Route::Banner => pages::banner(config, &consent, &parts),
        Route::Gpc => pages::gpc(config),
        Route::Asset(file) => assets::answer(config, &consent, &parts.headers, &file),
    };
    Own::Ready(if head { without_body(response) } else { response })
}

/// The same answer to `HEAD`: its headers, the length of what was not sent among them.
fn without_body(response: Response<Bytes>) -> Response<Bytes> {
    response.map(|_| Bytes::new())
}

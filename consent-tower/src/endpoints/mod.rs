//! Our own routes. The layer owns these paths and methods and no others: everything else under the prefix, and every
//! `OPTIONS`, goes to the application.

mod accept;
mod assets;
mod collect;
mod decide;
mod origin;
mod pages;
mod problem;
mod return_path;

pub(crate) use self::accept::wants_json;
pub(crate) use self::collect::CollectBody;
pub(crate) use self::decide::PendingDecision;
pub(crate) use self::origin::is_own;
pub(crate) use self::pages::referer_path;
pub(crate) use self::problem::{Problem, Required};
pub(crate) use self::return_path::return_path;

use crate::config::Config;
use bytes::Bytes;
use consent_core::Consent;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};
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

/// An answer that no cache keeps and no other page frames.
fn state_response(status: StatusCode, content_type: &'static str, body: String) -> Response<Bytes> {
    let mut response = plain_response(status, content_type, Bytes::from(body));
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        HeaderName::from_static("content-security-policy"),
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; \
             img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'",
        ),
    );
    response
}

fn plain_response(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Bytes> {
    let length = body.len();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    headers.insert(HeaderName::from_static("referrer-policy"), HeaderValue::from_static("same-origin"));
    response
}

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";

use crate::config::Config;
use bytes::Bytes;
use consent_core::page::{self, View};
use consent_core::policy::Language;
use consent_core::{Category, Consent};
use http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};

pub(crate) fn view<'a>(config: &'a Config, consent: &'a Consent, language: &'a Language) -> View<'a> {
    let view = View::new(consent, language, &config.links).with_cookie_name(config.cookie_name);
    match (config.enforces(), config.guard) {
        (false, _) => view.without_enforcement(),
        (true, false) => view.without_guard(),
        (true, true) => view,
    }
}

/// The category that a page or data needs, and the request for it.
#[derive(Debug)]
pub(crate) struct Required<'a> {
    pub(crate) category: Option<Category>,
    pub(crate) languages: Option<&'a HeaderValue>,
    /// The path to which a decision returns.
    pub(crate) back: String,
}

/// Renders an error as a page.
pub(super) fn problem(
    config: &Config,
    consent: &Consent,
    headers: &HeaderMap,
    status: StatusCode,
    title: &str,
    detail: &str,
) -> String {
    problem_in(config, consent, headers.get(ACCEPT_LANGUAGE), status, title, detail)
}

/// Renders an error as a page, in one of these languages.
pub(super) fn problem_in(
    config: &Config,
    consent: &Consent,
    languages: Option<&HeaderValue>,
    status: StatusCode,
    title: &str,
    detail: &str,
) -> String {
    let language = config.policy.language_for(languages.map(HeaderValue::as_bytes));
    page::problem_page(&view(config, consent, language), status.as_u16(), title, detail)
}

/// Renders the page in place of one that needs a category.
pub(super) fn required(
    config: &Config,
    consent: &Consent,
    required: &Required<'_>,
    category: Category,
) -> String {
    let language = config.policy.language_for(required.languages.map(HeaderValue::as_bytes));
    let home = format!("{}/", config.public_path);
    page::required_page(&view(config, consent, language).with_return_path(&required.back), category, &home)
}

/// Creates a response that caches must not store and other pages must not frame.
pub(crate) fn state_response(
    status: StatusCode,
    content_type: &'static str,
    body: String,
) -> Response<Bytes> {
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

pub(crate) fn plain_response(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Bytes> {
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

pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const JSON: &str = "application/json";

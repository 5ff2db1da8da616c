use crate::config::Config;
use crate::pages::{
    HTML, JSON, Problem, append_lines, plain_response, set_consent_cookie, state_response, view,
};
use crate::request::{Destination, Navigation, Proof, cookie_lines, referer_path, return_path, wants_json};
use bytes::Bytes;
use consent_core::consent::Circumstances;
use consent_core::page::{self, View};
use consent_core::policy::Language;
use consent_core::verdict::Expiries;
use consent_core::{Consent, Policy};
use http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, HeaderValue, REFERER, VARY};
use http::request::Parts;
use http::{HeaderMap, Method, Response, StatusCode};

/// The language that the address of a route names, if the policy has it: that of the page whose link or form
/// leads here.
fn language_of<'a>(policy: &'a Policy, query: Option<&str>) -> Option<&'a Language> {
    policy.language_of(&query_value(query?, "lang")?)
}

/// Lets the language that the address names stand before the languages that the browser asks for.
pub(super) fn prefer_named_language(config: &Config, parts: &mut Parts) {
    let named = language_of(&config.policy, parts.uri.query());
    if let Some(Ok(named)) = named.map(|named| HeaderValue::from_str(named.as_str())) {
        parts.headers.insert(ACCEPT_LANGUAGE, named);
    }
}

/// The view of a page of our own. Where its address names the language, its links do too.
fn page_view<'a>(config: &'a Config, consent: &'a Consent, parts: &Parts) -> View<'a> {
    let asked = parts.headers.get(ACCEPT_LANGUAGE).map(HeaderValue::as_bytes);
    let view = view(config, consent, config.policy.language_for(asked));
    if language_of(&config.policy, parts.uri.query()).is_some() {
        view.with_language_in_links()
    } else {
        view
    }
}

fn query_value(query: &str, key: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == key)
        .map(|(_, value)| value.into_owned())
}

/// Responds to `GET /consent` with the settings, or with the state as JSON.
pub(super) fn settings(
    config: &Config,
    consent: &Consent,
    navigation: Navigation,
    parts: &Parts,
) -> Response<Bytes> {
    if wants_json(&parts.headers, false) {
        let mut response = state_json(consent);
        vary(&mut response);
        sweep(&mut response, config, consent, navigation, parts);
        return response;
    }
    let back = back(config, parts);
    let view = page_view(config, consent, parts).with_return_path(&back);
    let mut response = state_response(StatusCode::OK, HTML, page::settings_page(&view, false));
    vary(&mut response);
    sweep(&mut response, config, consent, navigation, parts);
    response
}

/// Creates a response with the state as JSON.
pub(super) fn state_json(consent: &Consent) -> Response<Bytes> {
    // The state consists of words and numbers, so serialization cannot fail.
    state_response(StatusCode::OK, JSON, serde_json::to_string(consent).unwrap_or_default())
}

/// Returns the path that the settings return to: the path that the link names, or else the page that the
/// visitor comes from.
fn back(config: &Config, parts: &Parts) -> String {
    let asked = parts.uri.query().and_then(|query| query_value(query, "return"));
    let asked = asked.and_then(|path| return_path(&path));
    asked.or_else(|| referer_path(config, parts.headers.get(REFERER))).unwrap_or_else(|| "/".to_owned())
}

/// Responds to `GET /consent/policy` and `/consent/policy/{revision}`.
pub(super) fn policy(
    config: &Config,
    consent: &Consent,
    parts: &Parts,
    revision: Option<&str>,
) -> Response<Bytes> {
    let number = match revision {
        Some(number) => match canonical_number(number) {
            Some(number) => Some(number),
            None => return no_revision(config, consent, &parts.headers),
        },
        None => None,
    };
    // The page is the same for every visitor.
    let neutral = Consent::undecided(&config.policy, Circumstances::new(consent.circumstances().today));
    let Some(html) = page::policy_page(&page_view(config, &neutral, parts), number) else {
        return no_revision(config, consent, &parts.headers);
    };
    let mut response = state_response(StatusCode::OK, HTML, html);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Language"));
    response
}

/// Parses a revision number without a sign and without leading zeros.
fn canonical_number(text: &str) -> Option<u32> {
    text.parse::<u32>().ok().filter(|number| number.to_string() == text)
}

fn no_revision(config: &Config, consent: &Consent, headers: &HeaderMap) -> Response<Bytes> {
    Problem::not_found("The policy has no revision with this number.").answer(config, consent, headers, false)
}

/// Responds to `GET /consent/policy.json`.
pub(super) fn policy_data(config: &Config) -> Response<Bytes> {
    let body = serde_json::to_string(&config.policy.data(config.cookie_name)).unwrap_or_default();
    let mut response = plain_response(StatusCode::OK, JSON, Bytes::from(body));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// Responds to `GET /consent/banner` with the banner as a fragment, which is empty if no decision is due.
pub(super) fn banner(
    config: &Config,
    consent: &Consent,
    navigation: Navigation,
    proof: Proof,
    parts: &Parts,
) -> Response<Bytes> {
    let back = back(config, parts);
    let view = page_view(config, consent, parts).with_return_path(&back);
    let mut response = state_response(StatusCode::OK, HTML, page::banner(&view));
    vary(&mut response);
    if let (true, Some(notified)) = (is_for_reading(navigation, proof, parts), consent.notified()) {
        set_consent_cookie(response.headers_mut(), config, &notified);
    }
    sweep(&mut response, config, consent, navigation, parts);
    response
}

/// Expires the cookies that the request carried and that may no longer be stored. A page that a shared cache
/// keeps cannot expire them, and sends this request instead.
fn sweep(
    response: &mut Response<Bytes>,
    config: &Config,
    consent: &Consent,
    navigation: Navigation,
    parts: &Parts,
) {
    if config.enforces() && !navigation.speculative {
        let lines = cookie_lines(&parts.headers);
        append_lines(response.headers_mut(), Expiries::on_page(consent, lines, config.sweep_undeclared));
    }
}

/// Returns `true` if a visitor may read a notice in the response. An image with this address shows none, and
/// neither does a fetch by a page of another origin.
fn is_for_reading(navigation: Navigation, proof: Proof, parts: &Parts) -> bool {
    let unread = matches!(navigation.destination, Destination::Frame | Destination::Subresource);
    parts.method != Method::HEAD
        && !navigation.speculative
        && !unread
        && (navigation.destination == Destination::Document || proof.is_of_own_page())
}

/// Responds to `GET /.well-known/gpc.json` (Global Privacy Control, section 4).
pub(super) fn gpc(config: &Config) -> Response<Bytes> {
    let since = config.policy.revisions().last().map(|revision| revision.effective.to_string());
    let body = serde_json::json!({ "gpc": config.listens_to_gpc, "lastUpdate": since });
    let mut response = plain_response(StatusCode::OK, JSON, Bytes::from(body.to_string()));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn vary(response: &mut Response<Bytes>) {
    response.headers_mut().insert(VARY, HeaderValue::from_static("Cookie, Accept, Accept-Language"));
}

use crate::config::Config;
use crate::pages::{Problem, plain_response};
use crate::request::fnv;
use bytes::Bytes;
use consent_core::Consent;
use consent_wasm::{ASSETS, Asset};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, ETAG, HeaderValue, IF_NONE_MATCH, VARY,
};
use http::{HeaderMap, Response, StatusCode};

/// Responds to `GET /consent/assets/...`. Files with a hash in their name never change. Browsers revalidate
/// the entry module, whose name is stable.
pub(super) fn answer(config: &Config, consent: &Consent, headers: &HeaderMap, file: &str) -> Response<Bytes> {
    let Some(asset) = ASSETS.iter().find(|asset| asset.file == file) else {
        return Problem::not_found("There is no file with this name.")
            .answer(config, consent, headers, false);
    };
    let (encoding, bytes) = encoded(asset, headers);
    let etag = etag(asset, encoding);
    let unchanged = etag.as_ref().is_some_and(|etag| has_tag(headers, etag));
    let mut response = if unchanged {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        plain_response(StatusCode::OK, asset.content_type, Bytes::from_static(bytes))
    };
    let headers = response.headers_mut();
    let caching = if asset.is_immutable() { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Some(etag) = etag {
        headers.insert(ETAG, etag);
    }
    response
}

/// Returns the smallest encoding that the client accepts.
fn encoded(asset: &'static Asset, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    if accepts(headers, "br") {
        (Some("br"), asset.brotli)
    } else if accepts(headers, "gzip") {
        (Some("gzip"), asset.gzip)
    } else {
        (None, asset.bytes)
    }
}

fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|item| {
            let mut parts = item.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
            let refused = parts.any(|parameter| {
                matches!(parameter.strip_prefix("q="), Some("0" | "0.0" | "0.00" | "0.000"))
            });
            named && !refused
        })
}

/// Returns a strong tag for the bytes that are sent: the file name, which has a hash in it, or else a hash of
/// the file; and the encoding.
fn etag(asset: &Asset, encoding: Option<&str>) -> Option<HeaderValue> {
    let encoding = encoding.unwrap_or("identity");
    let tag = if asset.is_immutable() {
        format!("\"{}-{encoding}\"", asset.file)
    } else {
        format!("\"{:08x}-{encoding}\"", fnv(asset.bytes))
    };
    HeaderValue::from_str(&tag).ok()
}

fn has_tag(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let mut tags =
        headers.get_all(IF_NONE_MATCH).iter().flat_map(|line| line.as_bytes().split(|b| *b == b','));
    tags.any(|tag| {
        let tag = tag.trim_ascii();
        tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == etag.as_bytes()
    })
}

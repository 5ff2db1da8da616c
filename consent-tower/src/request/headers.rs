//! Reads the request headers in one walk.

use super::fetch_metadata::FetchMetadata;
use crate::config::Config;
use consent_core::engine::RequestCookies;
use http::HeaderMap;
use http::header::HeaderValue;

/// The facts that the layer needs from a request's headers.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is what one header says")]
pub(crate) struct RequestHeaders<'a> {
    pub(crate) cookies: RequestCookies<'a>,
    pub(crate) host: Option<&'a HeaderValue>,
    pub(crate) origin: Origin<'a>,
    pub(crate) referer: Option<&'a HeaderValue>,
    pub(crate) languages: Option<&'a HeaderValue>,
    pub(crate) metadata: FetchMetadata,
    /// Global Privacy Control (section 3.3).
    pub(crate) gpc: bool,
    /// Do Not Track (W3C Tracking Preference Expression, section 5).
    pub(crate) dnt: bool,
    /// Whether `Accept` names HTML. Scripts that fetch data do not name it, and their responses are not
    /// decorated.
    pub(crate) accepts_html: bool,
    /// Whether `Accept` has a wildcard.
    pub(crate) accepts_anything: bool,
    /// Whether the request is conditional.
    pub(crate) is_conditional: bool,
    /// Whether the browser prefetches the response before the visitor asks for it.
    pub(crate) is_speculative: bool,
    /// Whether a library says that it fetches a fragment of a page. Counts only without Fetch Metadata.
    pub(crate) is_for_fragment: bool,
    /// Whether the response is the script of a service worker (Service Workers, section "Update").
    pub(crate) is_worker: bool,
}

/// The `Origin` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin<'a> {
    Absent,
    One(&'a HeaderValue),
    Several,
}

impl<'a> RequestHeaders<'a> {
    /// Walks over the headers. The length of a name rules out almost all of them, so that few names are
    /// compared.
    pub(crate) fn of(config: &Config, headers: &'a HeaderMap) -> Self {
        let mut found = Self {
            cookies: RequestCookies::NONE,
            host: None,
            origin: Origin::Absent,
            referer: None,
            languages: None,
            metadata: FetchMetadata::default(),
            gpc: false,
            dnt: false,
            accepts_html: false,
            accepts_anything: false,
            is_conditional: false,
            is_speculative: false,
            is_for_fragment: false,
            is_worker: false,
        };
        for (name, value) in headers {
            let name = name.as_str().as_bytes();
            match name.len() {
                3 if name == b"dnt" => found.dnt |= value.as_bytes() == b"1",
                4 if name == b"host" => found.host = found.host.or(Some(value)),
                6 if name == b"cookie" => {
                    found.cookies.add(&config.policy, value.as_bytes(), config.cookie_name);
                }
                6 if name == b"accept" => {
                    found.accepts_html |= names_html(value.as_bytes());
                    found.accepts_anything |= names_anything(value.as_bytes());
                }
                6 if name == b"origin" => {
                    found.origin =
                        if found.origin == Origin::Absent { Origin::One(value) } else { Origin::Several };
                }
                7 if name == b"referer" => found.referer = found.referer.or(Some(value)),
                7 if name == b"sec-gpc" => found.gpc |= value.as_bytes() == b"1",
                5 if name == b"x-moz" => found.add_purpose(value),
                7 if name == b"purpose" => found.add_purpose(value),
                9 if name == b"x-purpose" => found.add_purpose(value),
                11 if name == b"sec-purpose" => found.add_purpose(value),
                14 if name == b"sec-fetch-dest" => found.metadata.add_target(value.as_bytes()),
                14 if name == b"sec-fetch-site" => found.metadata.add_site(value.as_bytes()),
                14 if name == b"sec-fetch-mode" => found.metadata.add_mode(value.as_bytes()),
                14 if name == b"service-worker" => found.is_worker |= value.as_bytes() == b"script",
                15 if name == b"accept-language" => found.languages = found.languages.or(Some(value)),
                13 if name == b"if-none-match" => found.is_conditional = true,
                17 if name == b"if-modified-since" => found.is_conditional = true,
                6 | 9..=12 | 16 | 18 => found.is_for_fragment |= is_of_a_library(name, value.as_bytes()),
                _ => {}
            }
        }
        found
    }

    fn add_purpose(&mut self, value: &HeaderValue) {
        let value = value.as_bytes();
        self.is_speculative |= value.starts_with(b"prefetch") || value.starts_with(b"preview");
    }
}

/// Returns `true` if a library that fetches fragments of pages sends this header with this value. An Android
/// `WebView` sends the name of its application in `X-Requested-With`, also for pages.
fn is_of_a_library(name: &[u8], value: &[u8]) -> bool {
    match name {
        b"hx-request" | b"x-inertia" => value == b"true",
        b"x-pjax" => !value.is_empty() && value != b"false",
        b"x-requested-with" => value.eq_ignore_ascii_case(b"XMLHttpRequest"),
        b"turbo-frame" | b"x-up-version" | b"x-turbo-request-id" => !value.is_empty(),
        _ => false,
    }
}

/// Returns `true` if an `Accept` header has a wildcard range, which includes HTML.
fn names_anything(accept: &[u8]) -> bool {
    accept.contains(&b'*')
}

fn names_html(accept: &[u8]) -> bool {
    // Compilers vectorize this loop. Without the letter `h`, no media range needs to be parsed.
    if accept.iter().fold(0, |found, byte| found | u8::from(byte | 0x20 == b'h')) == 0 {
        return false;
    }
    accept.split(|byte| *byte == b',').any(|range| {
        let essence = range.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        essence.eq_ignore_ascii_case(b"text/html")
    })
}

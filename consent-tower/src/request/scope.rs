use crate::config::Config;
use crate::html::BannerPlacement;
use consent_core::policy::Jurisdiction;
use http::request::Parts;
use http::{Method, Request};
use std::mem;

/// The results of the site's own functions for a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    pub(crate) jurisdiction: Option<Jurisdiction>,
    /// Whether the layer leaves request and response alone.
    pub(crate) unfiltered: bool,
    /// Whether a page that responds to the request gets banner, guard and gate if the layer enforces the
    /// policy.
    pub(crate) decorates: bool,
    /// Whether that page is the same for every visitor.
    pub(crate) neutral: bool,
    /// Where in that page the banner goes.
    pub(crate) placement: BannerPlacement,
}

impl Scope {
    /// Calls the site's functions. If there are none, the request is not taken apart.
    pub(crate) fn of<B>(config: &Config, request: &mut Request<B>) -> Self {
        let is_anything_asked = config.locate.is_some()
            || config.early_banner.is_some()
            || [&config.unfiltered, &config.excluded, &config.included, &config.neutral]
                .iter()
                .any(|requests| !requests.is_empty());
        if !is_anything_asked {
            let placement = BannerPlacement::default();
            return Self {
                jurisdiction: None,
                unfiltered: false,
                decorates: true,
                neutral: false,
                placement,
            };
        }
        with_parts(request, |parts| Self {
            jurisdiction: config
                .locate
                .as_ref()
                .and_then(|locate| locate.call(|locate| locate(parts)).ok().flatten()),
            unfiltered: config.unfiltered.iter().any(|requests| requests.matches_or(parts, false)),
            decorates: is_decorated(config, parts),
            neutral: is_neutral(config, parts),
            placement: banner_placement(config, parts),
        })
    }
}

fn is_decorated(config: &Config, parts: &Parts) -> bool {
    !config.excluded.iter().any(|requests| requests.matches_or(parts, false))
        && (config.included.is_empty()
            || config.included.iter().any(|requests| requests.matches_or(parts, true)))
}

fn is_neutral(config: &Config, parts: &Parts) -> bool {
    matches!(parts.method, Method::GET | Method::HEAD)
        && config.neutral.iter().any(|requests| requests.matches_or(parts, false))
}

fn banner_placement(config: &Config, parts: &Parts) -> BannerPlacement {
    if config.early_banner.as_ref().is_some_and(|requests| requests.matches_or(parts, false)) {
        BannerPlacement::Start
    } else {
        BannerPlacement::End
    }
}

/// Lends a function the request without its body, as `http::request::Parts`.
pub(crate) fn with_parts<B, T>(request: &mut Request<B>, ask: impl FnOnce(&Parts) -> T) -> T {
    let (mut parts, ()) = Request::new(()).into_parts();
    let mut swap = |parts: &mut Parts| {
        mem::swap(request.method_mut(), &mut parts.method);
        mem::swap(request.uri_mut(), &mut parts.uri);
        mem::swap(request.version_mut(), &mut parts.version);
        mem::swap(request.headers_mut(), &mut parts.headers);
        mem::swap(request.extensions_mut(), &mut parts.extensions);
    };
    swap(&mut parts);
    let answer = ask(&parts);
    swap(&mut parts);
    answer
}

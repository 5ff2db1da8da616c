use super::headers::RequestHeaders;
use super::scope::Scope;
use crate::config::Config;
use crate::html::BannerPlacement;
use http::Method;
use http::header::HeaderValue;

/// The state of a request whose response may be HTML that browsers show.
#[derive(Debug)]
pub(crate) struct PageRequest {
    /// Kept only if the policy has several languages.
    pub(crate) languages: Option<HeaderValue>,
    /// Kept only for a form, because its response is not a page to return to.
    pub(crate) referer: Option<HeaderValue>,
    /// Whether the browser or a cache holds this page, as rewritten in this state, and asks if it has
    /// changed.
    pub(crate) revalidates: bool,
    /// Whether the page must be the same for every visitor.
    pub(crate) neutral: bool,
    pub(crate) placement: BannerPlacement,
    /// Whether the application sees cookies nevertheless.
    pub(crate) is_personal: bool,
}

impl PageRequest {
    pub(super) fn new(config: &Config, method: &Method, headers: &RequestHeaders<'_>, scope: Scope) -> Self {
        let languages = if config.policy.languages().len() > 1 { headers.languages } else { None };
        let is_form = !matches!(*method, Method::GET | Method::HEAD);
        Self {
            languages: languages.cloned(),
            referer: headers.referer.filter(|_| is_form).cloned(),
            revalidates: headers.is_conditional,
            neutral: scope.neutral,
            placement: scope.placement,
            is_personal: false,
        }
    }
}

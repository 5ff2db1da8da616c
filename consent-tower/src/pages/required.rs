use super::problem::Problem;
use super::view::Required;
use crate::config::Config;
use crate::request::{return_to, wants_json};
use bytes::Bytes;
use consent_core::consent::RequestConsent;
use consent_core::engine::peek_consent;
use consent_core::{Category, Consent};
use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderValue, REFERER};
use http::uri::PathAndQuery;
use http::{Extensions, HeaderMap, Method, Response, StatusCode, Uri};
use std::fmt;

/// The rejection of a request that needs a category which the visitor does not allow.
///
/// Put it into a *response's* extensions, and the layer replaces the response. Browsers get a page that names
/// the category and its purpose, offers to allow it, and then returns to the request. Clients that ask for
/// data get a problem (RFC 9457) with the `code` `consent-required`. The status is 403 in both cases: the
/// request is understood, and repeating it unchanged does not help (RFC 9110, section 15.5.4). Without a
/// layer around the service, the response is a line of text.
#[derive(Clone, Debug)]
pub struct ConsentRequired(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    category: Option<Category>,
    /// Whether a layer has read the request. Without a layer, no category is allowed.
    has_layer: bool,
    json: bool,
    /// The path as the rejecting service sees it. A router may have stripped a prefix.
    path: String,
    languages: Option<HeaderValue>,
    referer: Option<HeaderValue>,
}

impl ConsentRequired {
    /// Checks a request. `category` returns `None` if the policy does not declare the required category.
    pub(crate) fn check(
        category: impl FnOnce(&Consent) -> Option<Category>,
        uri: &Uri,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<Consent, Self> {
        let consent = extensions.consent();
        let category = category(&consent);
        if category.is_some_and(|category| consent.allows(category)) {
            return Ok(consent);
        }
        Err(Self(Box::new(Inner {
            category,
            has_layer: peek_consent(extensions).is_some(),
            json: wants_json(headers, true),
            path: uri.path_and_query().map_or_else(|| String::from("/"), ToString::to_string),
            languages: headers.get(ACCEPT_LANGUAGE).cloned(),
            referer: headers.get(REFERER).cloned(),
        })))
    }

    /// Returns the required category, or `None` if the policy does not declare it.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.0.category
    }

    /// Creates a response for the layer to replace. Its body is a line of text, for services without a layer.
    pub(crate) fn into_answer<B>(self, body: impl FnOnce(Bytes) -> B) -> Response<B> {
        let text = format!("{self}\n");
        let mut response = Response::new(body(Bytes::from(text)));
        *response.status_mut() = StatusCode::FORBIDDEN;
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, plain);
        response.extensions_mut().insert(self);
        response
    }

    /// Creates the layer's response.
    pub(crate) fn respond(
        &self,
        config: &Config,
        consent: &Consent,
        method: &Method,
        whole: Option<&PathAndQuery>,
    ) -> Response<Bytes> {
        let Inner { category, json, path, languages, referer, .. } = &*self.0;
        let path = whole.map_or(path.as_str(), PathAndQuery::as_str);
        let back = return_to(config, method, path, referer.as_ref());
        let required = Required { category: *category, languages: languages.as_ref(), back };
        Problem::consent_required(config, consent, &required, *json)
    }
}

impl fmt::Display for ConsentRequired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.has_layer {
            return f
                .write_str("This needs the visitor's consent, and no consent layer has read the request.");
        }
        match self.0.category {
            Some(category) => write!(f, "This needs the visitor's consent to the category {category}."),
            None => f.write_str("This needs a category that the policy does not declare."),
        }
    }
}

impl std::error::Error for ConsentRequired {}

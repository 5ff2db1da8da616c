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

/// A request asked for something that works only where a category is allowed, and it is not.
///
/// Put into a *response's* extensions, it has the layer answer in its place: with a page that says which category, what for,
/// and how to allow it, and that comes back; or, to who asks for data, with a problem (RFC 9457) of the `code`
/// `consent-required`. The status is 403 in both: the request is understood, and repeating it unchanged does not help (RFC
/// 9110, section 15.5.4). Without a layer in front the answer is a line of text.
#[derive(Clone, Debug)]
pub struct ConsentRequired(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    category: Option<Category>,
    /// Whether a layer has read the request: else nothing is allowed, whatever the visitor says.
    has_layer: bool,
    json: bool,
    /// As whoever asks sees it: a router may have stripped its beginning.
    path: String,
    languages: Option<HeaderValue>,
    referer: Option<HeaderValue>,
}

impl ConsentRequired {
    /// Checks a request. `category` is none where the policy does not know the one that is required.
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

    /// The category that is required; none where the policy declares no such category.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.0.category
    }

    /// An answer for the layer to fill; a line of text where there is none.
    pub(crate) fn into_answer<B>(self, body: impl FnOnce(Bytes) -> B) -> Response<B> {
        let text = format!("{self}\n");
        let mut response = Response::new(body(Bytes::from(text)));
        *response.status_mut() = StatusCode::FORBIDDEN;
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, plain);
        response.extensions_mut().insert(self);
        response
    }

    /// The layer's response.
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
                .write_str("This needs the visitor's consent, and no consent layer is in front to know it.");
        }
        match self.0.category {
            Some(category) => write!(f, "This needs the visitor's consent to the category {category}."),
            None => f.write_str("This needs a consent to something that the policy does not declare."),
        }
    }
}

impl std::error::Error for ConsentRequired {}

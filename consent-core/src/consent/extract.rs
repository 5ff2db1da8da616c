//! Extractors and response parts for axum handlers.

use super::request::peek_consent;
use super::{Consent, Decision, RequestConsent};
use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use axum_core::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use core::convert::Infallible;
use http::request::Parts;

/// Extracts the consent in a handler: `async fn home(consent: Consent)`. It never fails; see
/// [`RequestConsent`].
impl<S: Sync> FromRequestParts<S> for Consent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.consent())
    }
}

/// Extracts `Option<Consent>`: `None` if there is no layer in front.
impl<S: Sync> OptionalFromRequestParts<S> for Consent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        let is_there = peek_consent(&parts.extensions).is_some();
        Ok(is_there.then(|| parts.consent()))
    }
}

/// A handler that returns `(Decision::new(Action::Accept), page)` leaves it to the layer to store the
/// decision with this response. If there are several decisions, the last one counts.
impl IntoResponseParts for Decision {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        response.extensions_mut().insert(self);
        Ok(response)
    }
}

impl IntoResponse for Decision {
    fn into_response(self) -> Response {
        (self, ()).into_response()
    }
}

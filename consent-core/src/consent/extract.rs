//! What axum handlers take and give.

use super::request::peek_consent;
use super::{Consent, Decision, RequestConsent};
use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use axum_core::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use core::convert::Infallible;
use http::request::Parts;

/// In a handler: `async fn home(consent: Consent)`. It never fails; see [`RequestConsent`].
impl<S: Sync> FromRequestParts<S> for Consent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.consent())
    }
}

/// `Option<Consent>`: nothing where no layer is in front.
impl<S: Sync> OptionalFromRequestParts<S> for Consent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        let is_there = peek_consent(&parts.extensions).is_some();
        Ok(is_there.then(|| parts.consent()))
    }
}

/// A handler that answers with a decision, `(Decision::new(Action::Accept), page)`, leaves it to the layer to carry out,
/// with this same answer. Of several, the last one counts.
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

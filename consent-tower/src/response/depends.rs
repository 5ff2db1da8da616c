/// Put into a *response's* extensions, it says that the answer depends on the visitor's consent: it leaves `private`, with
/// `Vary: Cookie`.
///
/// What reads the consent by an extractor, or by [`RequestConsent`](crate::RequestConsent), need not say so. It is for what
/// the layer cannot see: a consent that is looked up in the request's extensions, or read by another task or thread while
/// the answer is made.
///
/// ```
/// use consent_tower::DependsOnConsent;
///
/// let mut response = http::Response::new(());
/// response.extensions_mut().insert(DependsOnConsent);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DependsOnConsent;

/// A handler that answers with it: `(DependsOnConsent, page)`.
#[cfg(feature = "axum")]
impl axum_core::response::IntoResponseParts for DependsOnConsent {
    type Error = std::convert::Infallible;

    fn into_response_parts(
        self,
        mut response: axum_core::response::ResponseParts,
    ) -> Result<axum_core::response::ResponseParts, Self::Error> {
        response.extensions_mut().insert(self);
        Ok(response)
    }
}

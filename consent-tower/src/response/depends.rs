/// Marks a response that depends on the visitor's consent. Put it into the *response's* extensions.
///
/// The layer then sends the response as `private`, with `Vary: Cookie`. Handlers that read the consent with
/// an extractor or with [`RequestConsent`](crate::RequestConsent) do not need the mark. It covers reads that
/// the layer cannot observe: a lookup in the request's extensions, or a read by another task or thread while
/// the response is created.
///
/// ```
/// use consent_tower::DependsOnConsent;
///
/// let mut response = http::Response::new(());
/// response.extensions_mut().insert(DependsOnConsent);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DependsOnConsent;

/// Lets handlers return `(DependsOnConsent, page)`.
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

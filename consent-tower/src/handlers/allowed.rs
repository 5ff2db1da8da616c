use crate::pages::ConsentRequired;
use axum_core::body::Body;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use consent_core::{Category, Consent};
use http::request::Parts;
use std::marker::PhantomData;

/// A category that a handler requires, as a type parameter for [`Allowed`].
///
/// ```
/// use consent_tower::require::RequiredCategory;
///
/// struct Statistics;
///
/// impl RequiredCategory for Statistics {
///     const NAME: &'static str = "statistics";
/// }
/// ```
pub trait RequiredCategory {
    /// The name of the category in the policy. If the policy does not declare the name, the category is never
    /// allowed.
    const NAME: &'static str;
}

/// The built-in category `functionality`, for [`Allowed`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Functionality;

impl RequiredCategory for Functionality {
    const NAME: &'static str = "functionality";
}

/// An extractor that runs a handler only if the visitor allows a category, and gives it the consent.
///
/// If the visitor does not allow the category, the extractor rejects the request with [`ConsentRequired`].
///
/// ```
/// use consent_tower::require::{Allowed, Functionality};
///
/// async fn notes(_: Allowed<Functionality>) -> &'static str {
///     "your notes"
/// }
/// # let _ = notes;
/// ```
pub struct Allowed<C> {
    /// The visitor's consent.
    pub consent: Consent,
    category: PhantomData<fn() -> C>,
}

impl<C> std::fmt::Debug for Allowed<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Allowed").field("consent", &self.consent).finish()
    }
}

impl<C: RequiredCategory, S: Sync> FromRequestParts<S> for Allowed<C> {
    type Rejection = ConsentRequired;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ConsentRequired> {
        let category = |consent: &Consent| consent.policy().category(C::NAME);
        let Parts { uri, headers, extensions, .. } = &*parts;
        ConsentRequired::check(category, uri, headers, extensions)
            .map(|consent| Self { consent, category: PhantomData })
    }
}

impl IntoResponse for ConsentRequired {
    fn into_response(self) -> Response {
        self.into_answer(Body::from)
    }
}

impl ConsentRequired {
    /// Returns `ConsentRequired` if the visitor does not allow the category.
    ///
    /// Use it in handlers that find out while they run that they need a category.
    ///
    /// ```
    /// use consent_tower::Category;
    /// use consent_tower::require::ConsentRequired;
    ///
    /// fn save_draft(request: &http::request::Parts) -> Result<(), ConsentRequired> {
    ///     match ConsentRequired::of(Category::FUNCTIONALITY, request) {
    ///         Some(required) => Err(required),
    ///         None => Ok(()),
    ///     }
    /// }
    /// # let _ = save_draft;
    /// ```
    #[must_use]
    pub fn of(category: Category, parts: &Parts) -> Option<Self> {
        let Parts { uri, headers, extensions, .. } = parts;
        Self::check(|_| Some(category), uri, headers, extensions).err()
    }
}

use crate::pages::ConsentRequired;
use axum_core::body::Body;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use consent_core::{Category, Consent};
use http::request::Parts;
use std::marker::PhantomData;

/// A category that a handler requires, as a type: for [`Allowed`].
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
    /// Its name in the policy. One that the policy does not declare is never allowed.
    const NAME: &'static str;
}

/// The built-in category, for [`Allowed`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Functionality;

impl RequiredCategory for Functionality {
    const NAME: &'static str = "functionality";
}

/// An extractor by which a handler runs only where the visitor allows a category, and gets the consent. Else the answer is that
/// of [`ConsentRequired`].
///
/// ```
/// use consent_tower::require::{Allowed, Functionality};
///
/// async fn notes(_: Allowed<Functionality>) -> &'static str {
///     "what you noted"
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
    /// For a handler that finds out by itself that it can go no further.
    #[must_use]
    pub fn of(category: Category, parts: &Parts) -> Option<Self> {
        let Parts { uri, headers, extensions, .. } = parts;
        Self::check(|_| Some(category), uri, headers, extensions).err()
    }
}

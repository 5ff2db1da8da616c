use crate::callbacks::Callback;
use crate::observe::Cause;
use consent_core::policy::Kind;
use consent_core::{Category, Consent};

/// A verdict that the layer has not carried out yet.
#[derive(Debug)]
#[non_exhaustive]
pub struct Review<'a> {
    /// The cookie's name, as browsers read it. For other headers, the name of the item that the header asks
    /// for.
    pub name: &'a [u8],
    /// The kind of item: usually a cookie.
    pub kind: Kind,
    /// The first category of the item, or `None` if the policy does not declare it.
    pub category: Option<Category>,
    /// Why the layer would change or drop the item; `None` if the verdict keeps it.
    pub cause: Option<Cause>,
    /// The visitor's consent.
    pub consent: &'a Consent,
    /// The path of the request.
    pub path: &'a str,
}

/// The result of a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReviewResult {
    /// The layer carries out the verdict.
    Uphold,
    /// The response keeps the cookie as the application wrote it.
    Keep,
    /// The layer drops the cookie.
    Drop,
}

/// A function that reviews verdicts.
pub(crate) type ReviewHook = Callback<dyn Fn(&Review<'_>) -> ReviewResult + Send + Sync>;

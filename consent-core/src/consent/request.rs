use super::Consent;
use super::reads::note_read;
use http::{Extensions, Request, request::Parts};
use std::sync::Once;

/// Reads the visitor's [`Consent`] from a request, on any stack that uses the `http` crate. It is the
/// counterpart of the axum extractor.
///
/// Reading the consent informs the layer that the response depends on the visitor, so that the layer keeps it
/// out of shared caches. Only a consent that a layer has read counts: a [`Consent`] inserted into the
/// extensions is ignored. Reading never fails: without a layer, the consent allows nothing, and an event
/// reports that once.
///
/// ```
/// use consent_core::{Category, consent::RequestConsent};
///
/// let request = http::Request::new(());
/// assert!(!request.consent().allows(Category::FUNCTIONALITY), "nobody has read a consent cookie here");
/// ```
pub trait RequestConsent: Sealed {
    /// Returns the visitor's consent.
    fn consent(&self) -> Consent;
}

/// Seals the trait, so that methods can be added to it.
pub trait Sealed {}

impl Sealed for Extensions {}
impl Sealed for Parts {}
impl<B> Sealed for Request<B> {}

impl RequestConsent for Extensions {
    fn consent(&self) -> Consent {
        note_read();
        peek_consent(self).cloned().unwrap_or_else(missing)
    }
}

impl RequestConsent for Parts {
    fn consent(&self) -> Consent {
        self.extensions.consent()
    }
}

impl<B> RequestConsent for Request<B> {
    fn consent(&self) -> Consent {
        self.extensions().consent()
    }
}

/// The consent that a layer has read. Its type is private, so that only layers can insert it into the
/// extensions.
#[derive(Clone)]
struct Admitted(Consent);

/// Inserts the consent into a request, where [`RequestConsent`] finds it. For layers and tests.
pub fn put_consent(extensions: &mut Extensions, consent: Consent) {
    extensions.insert(Admitted(consent));
}

/// Returns the consent that a layer has inserted, without recording the read. For layers.
#[must_use]
pub fn peek_consent(extensions: &Extensions) -> Option<&Consent> {
    extensions.get::<Admitted>().map(|admitted| &admitted.0)
}

/// Returns a consent that assumes nothing, for requests whose cookies no layer has read.
fn missing() -> Consent {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::error!(
            target: "consent::request",
            "no consent layer wraps a handler that reads the consent, so nothing is allowed: wrap the finished \
             application, `layer.layer(router)` (reported once)"
        );
    });
    Consent::denied()
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use crate::consent::reads::watch_reads;
    use crate::consent::{Circumstances, Prompt};
    use crate::policy::Category;
    use crate::reason::Reason;

    #[test]
    fn it_comes_out_of_the_extensions_and_the_read_is_noted() {
        let policy = crate::policy::example().unwrap();
        let today = time::Date::from_calendar_date(2026, time::Month::November, 23).unwrap();
        let mut request = Request::new(());
        put_consent(request.extensions_mut(), Consent::undecided(&policy, Circumstances::new(today)));
        let (consent, read) = watch_reads(|| request.consent());
        assert!(read);
        assert_eq!(consent.denial(Category::FUNCTIONALITY), Some(Reason::Undecided));
        let (found, read) = watch_reads(|| peek_consent(request.extensions()).is_some());
        assert!(found && !read);
    }

    #[test]
    fn a_consent_that_no_layer_has_read_means_nothing() {
        let policy = crate::policy::example().unwrap();
        let mut request = Request::new(());
        request.extensions_mut().insert(crate::testing::granted(&policy));
        assert!(!request.consent().allows(Category::FUNCTIONALITY));
    }

    #[test]
    fn without_a_layer_nothing_is_allowed_and_nothing_is_asked() {
        let (parts, ()) = Request::new(()).into_parts();
        let consent = parts.consent();
        assert!(!consent.allows(Category::FUNCTIONALITY));
        assert_eq!(consent.prompt(), Prompt::None);
        assert!(consent.is_hands_off());
        assert_eq!(consent.policy().storage().len(), 0);
    }
}

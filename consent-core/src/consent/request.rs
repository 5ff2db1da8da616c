use super::Consent;
use super::reads::note_read;
use http::{Extensions, Request, request::Parts};
use std::sync::Once;

/// Gives the visitor's [`Consent`] out of a request, on any stack on the `http` crate: what the extractor does for axum.
///
/// The answer is then known to depend on the visitor, and is kept out of shared caches. (What looks it up by
/// `extensions().get::<Consent>()` has to say that itself.) It never fails: where no layer was in front, a consent comes
/// out that allows nothing, and an event says so once.
///
/// ```
/// use consent_core::{Category, consent::RequestConsent};
///
/// let request = http::Request::new(());
/// assert!(!request.consent().allows(Category::FUNCTIONALITY), "nobody has read a consent cookie here");
/// ```
pub trait RequestConsent {
    /// What the visitor decided.
    fn consent(&self) -> Consent;
}

impl RequestConsent for Extensions {
    fn consent(&self) -> Consent {
        note_read();
        self.get::<Consent>().cloned().unwrap_or_else(missing)
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

/// Nothing may be assumed of a visitor whose cookies nobody has read.
fn missing() -> Consent {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        tracing::error!(
            target: "consent::request",
            "a handler asks for the visitor's consent, and no consent layer stands in front of it: nothing is allowed. \
             Wrap the finished application, `layer.layer(router)`. (This is said once.)"
        );
    });
    Consent::denied()
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use crate::consent::{Circumstances, Prompt, watch_reads};
    use crate::policy::Category;
    use crate::reason::Reason;

    #[test]
    fn it_comes_out_of_the_extensions_and_the_read_is_noted() {
        let policy = crate::policy::example().unwrap();
        let today = time::Date::from_calendar_date(2026, time::Month::November, 23).unwrap();
        let mut request = Request::new(());
        request.extensions_mut().insert(Consent::undecided(&policy, Circumstances::on(today)));
        let (consent, read) = watch_reads(|| request.consent());
        assert!(read);
        assert_eq!(consent.denial(Category::FUNCTIONALITY), Some(Reason::Undecided));
        let (looked_up, read) = watch_reads(|| request.extensions().get::<Consent>().is_some());
        assert!(looked_up && !read);
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

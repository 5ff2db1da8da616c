use super::headers::RequestHeaders;
use super::navigation::{Destination, Navigation};
use super::origin::{is_of_own_page, is_own};
use crate::config::Config;
use crate::decisions::DecisionRefusal;
use consent_core::Consent;
use consent_core::consent::Decision;
use http::{Method, Uri};

/// What a request proves of the visitor's own will.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proof {
    method_is_safe: bool,
    /// Whether a page of this site sent it; only told of methods that are not safe.
    is_own: bool,
    /// Whether a page of this site asks for something to show; only told of the layer's own routes.
    is_of_own_page: bool,
    navigation: Navigation,
}

impl Proof {
    /// Most requests have safe methods, of which nothing more is asked.
    pub(crate) fn of(
        config: &Config,
        method: &Method,
        uri: &Uri,
        headers: &RequestHeaders<'_>,
        navigation: Navigation,
    ) -> Self {
        let method_is_safe = method.is_safe();
        let is_own = !method_is_safe && is_own(config, uri, headers);
        Self { method_is_safe, is_own, is_of_own_page: false, navigation }
    }

    /// The same for one of the layer's own routes, which a page of this site may fetch to show it.
    pub(crate) fn on_own_route(
        config: &Config,
        method: &Method,
        uri: &Uri,
        headers: &RequestHeaders<'_>,
        navigation: Navigation,
    ) -> Self {
        let is_of_own_page = is_of_own_page(config, uri, headers);
        Self { is_of_own_page, ..Self::of(config, method, uri, headers, navigation) }
    }

    /// Whether a page of this site sent the request, so that the visitor is shown the response.
    pub(crate) fn is_of_own_page(self) -> bool {
        self.is_of_own_page
    }

    /// Whether a page of this site sent the request. Safe methods are never asked about.
    pub(crate) fn is_own(self) -> bool {
        self.is_own
    }

    /// Whether the request may change something, so that a handler may decide with all that belongs to it.
    pub(crate) fn may_change(self) -> bool {
        !self.method_is_safe
    }

    /// Whether a handler may take this decision while it answers the request.
    fn permits(self, before: &Consent, after: &Consent) -> Result<(), DecisionRefusal> {
        if self.navigation.speculative {
            return Err(DecisionRefusal::Speculative);
        }
        let gives = before.is_widened_by(after);
        if !self.method_is_safe {
            return match self.navigation.destination {
                _ if !self.is_own => Err(DecisionRefusal::CrossSite),
                // Whoever frames a page may have the visitor press what they do not see.
                Destination::Frame if gives => Err(DecisionRefusal::Framed),
                _ => Ok(()),
            };
        }
        // A link may take back, and be followed from anywhere; an image on another site may not.
        if self.navigation.is_page() && !gives { Ok(()) } else { Err(DecisionRefusal::SafeMethod) }
    }
}

/// The consent after a handler's decision; nothing where it stays what it was.
///
/// # Errors
///
/// Why the request is not good for it.
pub(crate) fn decide(
    before: &Consent,
    decision: &Decision,
    proof: Proof,
) -> Result<Option<Consent>, DecisionRefusal> {
    let after = before.decide(decision);
    if before.is_equivalent_to(&after) {
        return Ok(None);
    }
    proof.permits(before, &after).map(|()| Some(after))
}

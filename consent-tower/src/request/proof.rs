use super::headers::RequestHeaders;
use super::navigation::{Destination, Navigation};
use super::origin::{is_of_own_page, is_own};
use crate::config::Config;
use crate::decisions::DecisionRefusal;
use consent_core::Consent;
use consent_core::consent::Decision;
use http::{Method, Uri};

/// Evidence that a request expresses the visitor's own will.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proof {
    method_is_safe: bool,
    /// Whether a page of this site sent the request. Checked for unsafe methods only.
    is_own: bool,
    /// Whether a page of this site fetches the response to show it. Determined for the layer's own routes
    /// only.
    is_of_own_page: bool,
    navigation: Navigation,
}

impl Proof {
    /// Collects the evidence. Most requests have a safe method and need no further check.
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

    /// Collects the evidence for one of the layer's own routes, which a page of this site may fetch to show
    /// it.
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

    /// Returns `true` if a page of this site sent the request, so that the visitor sees the response.
    pub(crate) fn is_of_own_page(self) -> bool {
        self.is_of_own_page
    }

    /// Returns `true` if a page of this site sent the request. Must not be called for safe methods.
    pub(crate) fn is_own(self) -> bool {
        self.is_own
    }

    /// Returns `true` if a handler may change the consent with this request.
    pub(crate) fn may_change(self) -> bool {
        !self.method_is_safe
    }

    /// Checks whether a handler may take this decision with this request.
    fn permits(self, before: &Consent, after: &Consent) -> Result<(), DecisionRefusal> {
        if self.navigation.speculative {
            return Err(DecisionRefusal::Speculative);
        }
        let gives = before.is_widened_by(after);
        if !self.method_is_safe {
            return match self.navigation.destination {
                _ if !self.is_own => Err(DecisionRefusal::CrossSite),
                // A framing page can make visitors press buttons that they do not see.
                Destination::Frame if gives => Err(DecisionRefusal::Framed),
                _ => Ok(()),
            };
        }
        // A link may withdraw a consent, from any site. An image on another site may not.
        if self.navigation.is_page() && !gives { Ok(()) } else { Err(DecisionRefusal::SafeMethod) }
    }
}

/// Returns the consent after a handler's decision, or `None` if the decision changes nothing.
///
/// # Errors
///
/// Returns a [`DecisionRefusal`] if the request does not permit the decision.
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

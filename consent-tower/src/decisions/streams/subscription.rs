use super::hub::Hub;
use crate::decisions::DecisionRefusal;
use consent_core::Consent;
use consent_core::consent::Decision;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Receives the consent changes of one visitor, for tasks that run after the response headers were sent.
///
/// It works with any runtime. [`changed`](Self::changed) is a future. [`poll_changed`](Self::poll_changed)
/// serves hand-written streams.
///
/// ```no_run
/// # async fn stream(mut subscription: consent_tower::changes::Subscription) {
/// use consent_tower::Category;
///
/// while subscription.consent().allows(Category::FUNCTIONALITY) {
///     // ... send data that needs the consent; meanwhile, wait for
///     subscription.changed().await;
/// }
/// # }
/// ```
pub struct Subscription {
    hub: Arc<Hub>,
    key: Arc<str>,
    id: u64,
    consent: Consent,
}

impl Subscription {
    pub(super) fn new(hub: Arc<Hub>, key: Arc<str>, id: u64, consent: Consent) -> Self {
        Self { hub, key, id, consent }
    }

    /// Returns the latest consent that this subscription received.
    #[must_use]
    pub fn consent(&self) -> &Consent {
        &self.consent
    }

    /// Waits until the consent changes, and returns it.
    ///
    /// If it changes several times meanwhile, the latest consent counts. The future is cancel-safe: dropping
    /// it loses no change.
    pub async fn changed(&mut self) -> &Consent {
        poll_fn(|cx| self.poll_changed(cx)).await;
        &self.consent
    }

    /// Polls for a change of the consent. After `Ready`, [`consent`](Self::consent) returns the new one.
    pub fn poll_changed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.hub.poll_news(&self.key, self.id, cx).map(|news| self.consent = news)
    }

    /// Makes a decision for the rest of this response. A withdrawal is in effect in this subscription at
    /// once.
    ///
    /// # Errors
    ///
    /// Returns [`DecisionRefusal::TooLate`] if the decision changes anything, because the consent cookie
    /// cannot be set after the response headers were sent. Nothing is granted then, and withdrawn categories
    /// are allowed again in the next request. Let the browser send the decision to `/consent`; this
    /// subscription is notified of it.
    pub fn decide(&mut self, decision: &Decision) -> Result<(), DecisionRefusal> {
        let decided = self.consent.decide(decision);
        if self.consent.is_equivalent_to(&decided) {
            return Ok(());
        }
        if !self.consent.is_widened_by(&decided) {
            self.consent = decided;
        }
        tracing::warn!(target: "consent::decision", action = %decision.action(), "{}", DecisionRefusal::TooLate);
        Err(DecisionRefusal::TooLate)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hub.leave(&self.key, self.id);
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("consent", &self.consent).finish_non_exhaustive()
    }
}

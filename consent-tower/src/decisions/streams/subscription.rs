use super::hub::Hub;
use crate::decisions::DecisionRefusal;
use consent_core::Consent;
use consent_core::consent::Decision;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Hears of the changes of one visitor: for a task that goes on after its answer's head has left.
///
/// It needs no runtime of its own: [`changed`](Self::changed) is a future, [`poll_changed`](Self::poll_changed) the same for
/// streams written by hand.
///
/// ```no_run
/// # async fn stream(mut subscription: consent_tower::changes::Subscription) {
/// use consent_tower::Category;
///
/// while subscription.consent().allows(Category::FUNCTIONALITY) {
///     // ... send what needs the permission; beside it, wait for
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

    /// What holds as far as it is known here.
    #[must_use]
    pub fn consent(&self) -> &Consent {
        &self.consent
    }

    /// Waits until the visitor decides otherwise. Several changes meanwhile are one: what counts is the last. It may be
    /// dropped and called again, and loses nothing.
    pub async fn changed(&mut self) -> &Consent {
        poll_fn(|cx| self.poll_changed(cx)).await;
        &self.consent
    }

    /// Whether the visitor has decided otherwise since the last time; then [`consent`](Self::consent) is the new one.
    pub fn poll_changed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.hub.poll_news(&self.key, self.id, cx).map(|news| self.consent = news)
    }

    /// Takes a decision for what is left of this answer. What it takes away is in effect here at once.
    ///
    /// # Errors
    ///
    /// [`DecisionRefusal::TooLate`] where it changes anything: the head of the answer has left, and only a head can carry the
    /// consent cookie. Nothing is granted then, and what was taken away is back with the next request. Have the browser send
    /// the decision to `/consent`; this subscription hears of it.
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

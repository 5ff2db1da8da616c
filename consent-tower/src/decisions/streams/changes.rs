use super::hub::{Hub, Slot, Slots};
use super::subscription::Subscription;
use crate::callbacks::Callback;
use consent_core::Consent;
use consent_core::consent::RequestConsent;
use http::request::Parts;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::task::Waker;

/// Notifies long-lived responses (`WebSocket`s, event streams) if their visitors change the consent
/// elsewhere.
///
/// A [`Consent`] is a snapshot, taken for the headers of one response. A stream that runs for hours must
/// learn of a withdrawal. The consent cookie does not identify the visitor, so the application provides a
/// key, usually the session, whose cookie is exempt from consent. Give one value to the layer
/// ([`with_subscriptions`](crate::ConsentLayer::with_subscriptions)) and its clones to the handlers.
///
/// ```
/// use consent_tower::changes::Changes;
/// use http::header::COOKIE;
///
/// let changes = Changes::by(|parts| {
///     let cookies = parts.headers.get(COOKIE)?.to_str().ok()?;
///     let session = cookies.split("; ").find_map(|pair| pair.strip_prefix("sid="))?;
///     Some(session.to_owned())
/// });
/// # let _ = changes;
/// ```
///
/// Only the streams of this process are notified. If several processes serve a site, the application has to
/// forward the changes between them. In any case, a decision is in effect with the visitor's next request.
///
/// # Privacy
///
/// Held in memory while a subscription exists: its key and a consent.
#[derive(Clone)]
pub struct Changes(Arc<Hub>);

/// Why a subscription failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubscribeError {
    /// The key function returned no key for this request.
    Unknown,
    /// The subscription limit was reached: see [`Changes::with_capacity`].
    Full,
}

impl fmt::Display for SubscribeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the key function returned no key for this request",
            Self::Full => "the subscription limit was reached",
        })
    }
}

impl std::error::Error for SubscribeError {}

impl Changes {
    /// The default limit of subscriptions.
    pub const CAPACITY: usize = 10_000;

    /// Creates a value that identifies visitors with a key function.
    ///
    /// `key` must return the same string for all requests of one visitor. It sees the cookies that the
    /// application may see. The layer calls it once for each request that may change the consent.
    #[must_use]
    pub fn by(key: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static) -> Self {
        let slots = Slots { by_key: HashMap::new(), count: 0, capacity: Self::CAPACITY, next_id: 0 };
        Self(Arc::new(Hub { key: Callback::new("key", Arc::new(key)), slots: Mutex::new(slots) }))
    }

    /// Sets the limit of simultaneous subscriptions, for all clones. The default is
    /// [`CAPACITY`](Self::CAPACITY).
    ///
    /// ```
    /// use consent_tower::changes::Changes;
    ///
    /// let changes = Changes::by(|_| None).with_capacity(500);
    /// # let _ = changes;
    /// ```
    #[must_use]
    pub fn with_capacity(self, capacity: usize) -> Self {
        self.0.slots().capacity = capacity;
        self
    }

    /// Subscribes to the changes of the visitor who sent a request. Handlers call it before they return the
    /// response.
    ///
    /// Dropping the subscription ends it.
    ///
    /// # Errors
    ///
    /// Returns [`SubscribeError::Unknown`] if the key function returns no key, and [`SubscribeError::Full`]
    /// if the limit is reached.
    pub fn subscribe(&self, parts: &Parts) -> Result<Subscription, SubscribeError> {
        let key: Arc<str> = self.key(parts).ok_or(SubscribeError::Unknown)?.into();
        let consent = parts.consent();
        let mut slots = self.0.slots();
        if slots.count >= slots.capacity {
            return Err(SubscribeError::Full);
        }
        let id = slots.next_id;
        slots.next_id += 1;
        slots.count += 1;
        slots.by_key.entry(Arc::clone(&key)).or_default().push(Slot { id, news: None, waker: None });
        Ok(Subscription::new(Arc::clone(&self.0), key, id, consent))
    }

    /// Returns the number of subscriptions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.slots().count
    }

    /// Returns `true` if there are no subscriptions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the key of the visitor who sent a request. Returns `None` if the function panics.
    pub(crate) fn key(&self, parts: &Parts) -> Option<String> {
        self.0.key.call(|key| key(parts)).ok().flatten()
    }

    /// Notifies the subscriptions of a visitor. The lock is released before their tasks are woken.
    pub(crate) fn notify(&self, key: &str, consent: &Consent) {
        let mut wakers = Vec::new();
        for slot in self.0.slots().by_key.get_mut(key).into_iter().flatten() {
            slot.news = Some(consent.clone());
            wakers.extend(slot.waker.take());
        }
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("listening", &self.len()).finish_non_exhaustive()
    }
}

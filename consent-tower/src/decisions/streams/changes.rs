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

/// Tells long-lived answers (`WebSocket`s, event streams) of changes that their visitors make elsewhere.
///
/// A [`Consent`] is a snapshot: it holds for the head of one answer. A stream that goes on for hours must hear of a
/// withdrawal. The consent cookie says nothing of who the visitor is, so the application says by what it knows them: by a
/// session, mostly, whose cookie is exempt. One value is given to the layer
/// ([`with_subscriptions`](crate::ConsentLayer::with_subscriptions)), its clones to the handlers.
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
/// It reaches the streams of this process. Where several serve a site, a decision made at another one is heard of only when
/// the application carries it over; it is in effect with the next request in any case.
///
/// # Privacy
///
/// Held in memory, and only while somebody listens: the key, and a consent.
#[derive(Clone)]
pub struct Changes(Arc<Hub>);

/// Why nobody can listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubscribeError {
    /// The application does not know the visitor of this request.
    Unknown,
    /// As many listen as may: see [`Changes::with_capacity`].
    Full,
}

impl fmt::Display for SubscribeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "the key function does not know the visitor of this request",
            Self::Full => "as many listen to changes as may",
        })
    }
}

impl std::error::Error for SubscribeError {}

impl Changes {
    /// How many may listen where nothing else is said.
    pub const CAPACITY: usize = 10_000;

    /// Knows visitors by what this function makes of a request: the same for all requests of one visitor. It is given the
    /// cookies that the application may see. For each request that may decide something it is asked once.
    #[must_use]
    pub fn by(key: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static) -> Self {
        let slots = Slots { by_key: HashMap::new(), count: 0, capacity: Self::CAPACITY, next_id: 0 };
        Self(Arc::new(Hub { key: Callback::new("key", Arc::new(key)), slots: Mutex::new(slots) }))
    }

    /// Lets this many listen at once, for all clones.
    #[must_use]
    pub fn with_capacity(self, capacity: usize) -> Self {
        self.0.slots().capacity = capacity;
        self
    }

    /// Listens for the visitor of a request: from a handler, while it makes the answer. The place is freed when the
    /// subscription is dropped.
    ///
    /// # Errors
    ///
    /// The visitor is not known, or too many listen already.
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

    /// How many listen now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.slots().count
    }

    /// Whether nobody listens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// By what the visitor of a request is known. A function that panics knows nobody.
    pub(crate) fn key(&self, parts: &Parts) -> Option<String> {
        self.0.key.call(|key| key(parts)).ok().flatten()
    }

    /// Tells those who listen for a visitor. They are woken when nobody waits for the lock.
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

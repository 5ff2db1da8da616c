use crate::callbacks::Callback;
use consent_core::Consent;
use http::request::Parts;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

pub(super) type Key = Callback<dyn Fn(&Parts) -> Option<String> + Send + Sync>;

pub(super) struct Hub {
    pub(super) key: Key,
    pub(super) slots: Mutex<Slots>,
}

/// The mailbox of one subscription. It holds the latest consent only.
pub(super) struct Slots {
    pub(super) by_key: HashMap<Arc<str>, Vec<Slot>>,
    pub(super) count: usize,
    pub(super) capacity: usize,
    pub(super) next_id: u64,
}

/// Where one subscription finds its news: the last consent, however many changes there were.
pub(super) struct Slot {
    pub(super) id: u64,
    pub(super) news: Option<Consent>,
    pub(super) waker: Option<Waker>,
}

impl Hub {
    pub(super) fn slots(&self) -> MutexGuard<'_, Slots> {
        // A panic in another thread leaves no update unfinished.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn poll_news(&self, key: &str, id: u64, cx: &mut Context<'_>) -> Poll<Consent> {
        let mut slots = self.slots();
        let slot = slots.by_key.get_mut(key).and_then(|slots| slots.iter_mut().find(|slot| slot.id == id));
        // A subscription has a slot until it is dropped.
        let Some(slot) = slot else { return Poll::Pending };
        if let Some(news) = slot.news.take() {
            return Poll::Ready(news);
        }
        let known = slot.waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker()));
        let replaced = if known { None } else { slot.waker.replace(cx.waker().clone()) };
        drop(slots);
        // Dropping the last waker of a task may drop the task and a subscription in it, which locks the
        // slots.
        drop(replaced);
        Poll::Pending
    }

    pub(super) fn leave(&self, key: &str, id: u64) {
        let mut slots = self.slots();
        let Some(of_key) = slots.by_key.get_mut(key) else { return };
        let left = of_key.iter().position(|slot| slot.id == id).map(|at| of_key.swap_remove(at));
        if of_key.is_empty() {
            slots.by_key.remove(key);
        }
        slots.count -= usize::from(left.is_some());
        drop(slots);
        // Dropped after the lock, for the same reason as in `poll_news`.
        drop(left);
    }
}

//! Records whether an application has read a consent. If so, the layer keeps the response out of shared
//! caches.

use core::cell::Cell;

std::thread_local! {
    static READ: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`, and returns whether an application read a [`Consent`](super::Consent) meanwhile, on this
/// thread, with an extractor or with [`RequestConsent`](super::RequestConsent).
///
/// For layers: a response that depends on a consent is for one visitor, and must say so to caches. Calls
/// nest: a call within `work` does not affect the outer result. Reads on other threads are not seen.
///
/// ```
/// # #[cfg(feature = "http")] {
/// use consent_core::consent::RequestConsent;
/// use consent_core::engine::watch_reads;
///
/// let request = http::Request::new(());
/// assert!(watch_reads(|| request.consent()).1);
/// assert!(!watch_reads(|| request.uri().path()).1);
/// # }
/// ```
#[inline]
pub fn watch_reads<T>(work: impl FnOnce() -> T) -> (T, bool) {
    let around = Around(READ.replace(false));
    let result = work();
    let read = READ.get();
    drop(around);
    (result, read)
}

/// Records that a consent was read.
#[cfg_attr(not(feature = "http"), allow(dead_code, reason = "what reads is there with the feature only"))]
pub(super) fn note_read() {
    READ.set(true);
}

/// The earlier record, restored even if the work panics.
struct Around(bool);

impl Drop for Around {
    fn drop(&mut self) {
        READ.set(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_within_is_not_read_around() {
        let ((), around) = watch_reads(|| {
            let ((), within) = watch_reads(note_read);
            assert!(within);
        });
        assert!(!around);
        let ((), around) = watch_reads(|| {
            note_read();
            let ((), within) = watch_reads(|| ());
            assert!(!within);
        });
        assert!(around);
    }

    #[test]
    fn a_panic_leaves_nothing_behind() {
        let ((), around) = watch_reads(|| {
            let caught = std::panic::catch_unwind(|| {
                watch_reads(|| {
                    note_read();
                    panic!("on purpose");
                })
            });
            assert!(caught.is_err());
        });
        assert!(!around);
    }
}

use alloc::sync::Arc;
use core::sync::atomic::{AtomicI64, Ordering};
use time::{Date, Duration, Month, Time, UtcDateTime};

/// The day on which tests take place: 23 November 2026.
pub const TODAY: Date = match Date::from_calendar_date(2026, Month::November, 23) {
    Ok(date) => date,
    Err(_) => Date::MIN,
};

/// A clock that stands still until it is set. It counts whole seconds, and all clones share one time.
///
/// A layer uses the clock with `ConsentLayer::with_clock(clock.to_fn())`.
///
/// ```
/// use consent_core::testing::{Clock, TODAY};
/// use time::Duration;
///
/// let clock = Clock::default();
/// let layered = clock.to_fn();
/// assert_eq!(clock.today(), TODAY);
/// clock.advance(Duration::days(181));
/// assert_eq!(layered().date(), TODAY + Duration::days(181));
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// Creates a clock that shows this time.
    #[must_use]
    pub fn at(now: UtcDateTime) -> Self {
        Self(Arc::new(AtomicI64::new(now.unix_timestamp())))
    }

    /// Creates a clock that shows noon of this day (UTC).
    #[must_use]
    pub fn on(day: Date) -> Self {
        let noon = Time::from_hms(12, 0, 0).unwrap_or(Time::MIDNIGHT);
        Self::at(UtcDateTime::new(day, noon))
    }

    /// Returns the time.
    #[must_use]
    pub fn now(&self) -> UtcDateTime {
        let seconds = self.0.load(Ordering::SeqCst);
        UtcDateTime::from_unix_timestamp(seconds).unwrap_or(UtcDateTime::UNIX_EPOCH)
    }

    /// Returns the day (UTC).
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// Sets the time.
    pub fn set(&self, now: UtcDateTime) {
        self.0.store(now.unix_timestamp(), Ordering::SeqCst);
    }

    /// Moves the time forward, or back if the duration is negative.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(by.whole_seconds(), Ordering::SeqCst);
    }

    /// Returns a function that returns the clock's current time. It follows later changes.
    pub fn to_fn(&self) -> impl Fn() -> UtcDateTime + Clone + Send + Sync + 'static + use<> {
        let clock = self.clone();
        move || clock.now()
    }
}

impl Default for Clock {
    /// Creates a clock that shows noon of [`TODAY`].
    fn default() -> Self {
        Self::on(TODAY)
    }
}

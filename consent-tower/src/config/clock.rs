use std::sync::Arc;
use std::time::Duration;
use time::{Date, UtcDateTime};

/// Tells the time.
#[derive(Clone)]
pub(crate) enum Clock {
    /// The system's.
    System,
    /// A function, so that tests can stop it.
    Given(Arc<dyn Fn() -> UtcDateTime + Send + Sync>),
}

/// 1970-01-01 as a Julian day.
const EPOCH: i32 = 2_440_588;

impl Clock {
    pub(crate) fn now(&self) -> UtcDateTime {
        match self {
            Self::System => UtcDateTime::now(),
            Self::Given(clock) => clock(),
        }
    }

    /// The day alone: every request needs it, and few the time.
    pub(crate) fn today(&self) -> Date {
        match self {
            Self::System => {
                let days = i32::try_from(since_epoch().as_secs() / 86_400).unwrap_or(i32::MAX);
                Date::from_julian_day(EPOCH.saturating_add(days)).unwrap_or(Date::MAX)
            }
            Self::Given(clock) => clock().date(),
        }
    }
}

/// The time as of the last tick, which is a few milliseconds ago: to ask for it costs a tenth.
#[cfg(target_os = "linux")]
fn since_epoch() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let seconds = clock_gettime(ClockId::RealtimeCoarse).tv_sec;
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

#[cfg(not(target_os = "linux"))]
fn since_epoch() -> Duration {
    use std::time::SystemTime;
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_the_time() {
        let (before, today, after) = (UtcDateTime::now(), Clock::System.today(), UtcDateTime::now());
        assert!((before.date()..=after.date()).contains(&today));
        let moment = UtcDateTime::UNIX_EPOCH + Duration::from_secs(86_399);
        let given = Clock::Given(Arc::new(move || moment));
        assert_eq!((given.today(), given.now()), (UtcDateTime::UNIX_EPOCH.date(), moment));
    }
}

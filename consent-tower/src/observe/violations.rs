use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use time::{Duration, UtcDateTime};

/// The number of requests with reports that are read in one minute.
const READ_ALL: u32 = 100;

/// Of further requests in the same minute, one in this number is read.
const SAMPLE: u32 = 16;

/// The number of requests in one minute after which none is read.
const READ_NONE: u32 = 2_000;

/// The most pairs of origin and directive that are counted.
const MAX_PAIRS: usize = 256;

/// Limits how many reports of browsers are read and logged. Anyone can send reports.
#[derive(Debug, Default)]
pub(crate) struct Violations(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    minute: Option<UtcDateTime>,
    requests: u32,
    pairs: BTreeMap<(String, &'static str), u64>,
}

impl Violations {
    /// Returns whether the body of a request with reports is read.
    pub(crate) fn admit(&self, now: UtcDateTime) -> bool {
        self.with(|counts| {
            let is_over = |start: UtcDateTime| !(Duration::ZERO..Duration::MINUTE).contains(&(now - start));
            if counts.minute.is_none_or(is_over) {
                counts.minute = Some(now);
                counts.requests = 0;
            }
            counts.requests = counts.requests.saturating_add(1);
            counts.requests <= READ_ALL || (counts.requests <= READ_NONE && counts.requests % SAMPLE == 0)
        })
    }

    /// Counts a violation, and returns whether it is logged: the first one, and then each time that the
    /// number doubles.
    pub(crate) fn note(&self, origin: &str, directive: &'static str) -> bool {
        self.with(|counts| {
            let is_full = counts.pairs.len() >= MAX_PAIRS;
            let key = (origin.to_owned(), directive);
            if is_full && !counts.pairs.contains_key(&key) {
                return false;
            }
            let count = counts.pairs.entry(key).or_default();
            *count += 1;
            count.is_power_of_two()
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Counts) -> T) -> T {
        // A count is usable even if a panic interrupted its update.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_limited_in_rate_and_sampled() {
        let violations = Violations::default();
        let start = UtcDateTime::UNIX_EPOCH;
        let read = |now| (0..5_000).filter(|_| violations.admit(now)).count();
        let sampled = (READ_ALL + 1..=READ_NONE).filter(|request| request % SAMPLE == 0).count();
        assert_eq!(read(start), READ_ALL as usize + sampled);
        assert_eq!(read(start + Duration::seconds(59)), 0);
        assert!(read(start + Duration::MINUTE) > 0);
        assert!(read(start) > 0, "a clock that was set back starts a new minute");
    }

    #[test]
    fn a_violation_is_logged_ever_more_rarely() {
        let violations = Violations::default();
        let logged = (1..=100).filter(|_| violations.note("https://a.example", "img-src")).count();
        assert_eq!(logged, 7);
        assert!(violations.note("https://a.example", "font-src"));
        for number in 0..1_000 {
            violations.note(&format!("https://{number}.example"), "img-src");
        }
        assert!(!violations.note("https://new.example", "img-src"), "the number of pairs is limited");
    }
}

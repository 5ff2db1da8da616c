//! Counts the allocations of the layer and compares them with the budgets.
#![allow(unreachable_pub, missing_debug_implementations, reason = "shared with the bench")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod counting;
mod scripted;

use consent_core::policy;
use consent_tower::ConsentLayer;
use consent_tower::report::ConsentReport;
use counting::allocations;
use http::HeaderValue;
use http::header::SET_COOKIE;
use scripted::{Asks, application, call, request};
use tower::{Layer, service_fn};

const DECIDED: &str = "__Host-consent=1-20261101.functionality:g; theme=dark";

/// For empty extensions of a request or a response: the map, its table and the value.
const INSERT_INTO_EMPTY: u64 = 3;

fn layer() -> ConsentLayer {
    let policy = policy::example().unwrap();
    let day = time::Date::from_calendar_date(2026, time::Month::November, 23).unwrap();
    ConsentLayer::new(policy).with_clock(move || day.midnight().as_utc())
}

fn lines(line: &[u8], count: usize) -> Vec<HeaderValue> {
    vec![HeaderValue::from_bytes(line).unwrap(); count]
}

#[test]
fn a_response_without_cookies_costs_only_the_insert() {
    let mut site = layer().layer(service_fn(application));
    for asks in [Asks::Data, Asks::Page, Asks::Simple] {
        let asked = request(asks, DECIDED, &[]);
        let (count, answer) = allocations(|| call(&mut site, asked));
        assert_eq!(count, INSERT_INTO_EMPTY, "{asks:?}");
        assert!(answer.extensions().is_empty());

        let mut asked = request(asks, DECIDED, &[]);
        asked.extensions_mut().insert(());
        let (count, _) = allocations(|| call(&mut site, asked));
        assert_eq!(count, 1, "{asks:?}, into extensions that are there");
    }
}

#[test]
fn kept_headers_cost_nothing() {
    let mut site = layer().layer(service_fn(application));
    for count in [1, 2, 20] {
        let asked = request(Asks::Data, DECIDED, &lines(b"theme=dark; Path=/; Max-Age=31536000", count));
        let (allocated, answer) = allocations(|| call(&mut site, asked));
        assert_eq!(answer.headers().get_all(SET_COOKIE).iter().count(), count);
        assert_eq!(allocated, INSERT_INTO_EMPTY, "{count} lines");
    }
}

#[test]
fn dropped_headers_cost_one_report() {
    let mut site = layer().layer(service_fn(application));
    for count in [1, 2, 20] {
        let dropped: [&[u8]; 5] = [
            b"_ga=GA1.1.1; Path=/",
            b"theme=dark; Path=/",
            b"__Host-consent=1",
            b"nameless",
            b"\xE4=1; Path=/",
        ];
        for line in dropped {
            let line = lines(line, count);
            let asked = request(Asks::Data, "__Host-consent=1-20261101.functionality:r", &line);
            let (allocated, answer) = allocations(|| call(&mut site, asked));
            assert!(!answer.headers().contains_key(SET_COOKIE));
            let report = answer.extensions().get::<ConsentReport>().unwrap();
            assert_eq!(report.entries().len(), count);
            assert_eq!(allocated, 1 + 2 * INSERT_INTO_EMPTY, "{count} lines like {line:?}");
        }
    }
}

#[test]
fn kept_and_dropped_headers_cost_one_report() {
    let mut site = layer().layer(service_fn(application));
    for count in [1, 10] {
        let mut both = lines(b"theme=dark; Path=/; Max-Age=31536000", count);
        both.extend(lines(b"_ga=GA1.1.1; Path=/", count));
        let asked = request(Asks::Data, DECIDED, &both);
        let (allocated, answer) = allocations(|| call(&mut site, asked));
        assert_eq!(answer.headers().get_all(SET_COOKIE).iter().count(), count);
        assert_eq!(allocated, 1 + 2 * INSERT_INTO_EMPTY, "{count} lines of each");
    }
}

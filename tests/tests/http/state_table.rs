//! `state_table.txt` lists the verdict for every state of a visitor, every kind of cookie, set and deleted.
//! Each row holds on every status.

use crate::support::*;
use bytes::Bytes;
use consent_core::consent::CookieName;
use consent_core::testing::{Clock, SetCookies, TODAY, Visitor, VisitorState, cookie_line, strategies};
use consent_core::{Consent, Policy};
use consent_tower::ConsentLayer;
use http::{Request, StatusCode};
use http_body_util::Full;
use proptest::prelude::*;
use std::collections::BTreeSet;

const TABLE: &str = include_str!("state_table.txt");

const STATES: [VisitorState; 7] = [
    VisitorState::Undecided,
    VisitorState::Granted,
    VisitorState::Refused,
    VisitorState::Expired,
    VisitorState::Stale,
    VisitorState::FutureDate,
    VisitorState::Signalled,
];

const THINGS: [(&str, &str); 4] =
    [("declared", "theme"), ("undeclared", "_ga"), ("exempt", "basket"), ("pattern", "pref_font")];

const STATUSES: [u16; 7] = [200, 204, 304, 302, 404, 500, 101];

/// One row of the table.
#[derive(Debug)]
struct Row {
    state: &'static str,
    thing: &'static str,
    /// Set, delete, or both.
    verdicts: [Vec<&'static str>; 3],
}

/// The rows. At least two spaces separate their cells.
fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let cells = lines.map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()));
    let rows = cells.skip(1).map(|cells| {
        let [state, thing, set, delete, both] = cells.collect::<Vec<_>>()[..] else { panic!("five cells") };
        Row { state, thing, verdicts: [set, delete, both].map(|verdicts| verdicts.split(", ").collect()) }
    });
    rows.collect()
}

fn request(consent: &Consent) -> Request<Full<Bytes>> {
    let mut request = visit("/");
    if let Some(line) = cookie_line(consent, CookieName::Host) {
        request = request.header("cookie", line);
    }
    if consent.circumstances().gpc {
        request = request.header("sec-gpc", "1");
    }
    empty(request)
}

fn site(policy: &Policy) -> ConsentLayer {
    ConsentLayer::new(policy.clone()).with_clock(Clock::default().to_fn())
}

#[test]
fn the_table_has_every_row_once() {
    let rows = rows();
    let written: BTreeSet<_> = rows.iter().map(|row| (row.state, row.thing)).collect();
    let expected: BTreeSet<_> =
        STATES.iter().flat_map(|state| THINGS.map(|(thing, _)| (state.as_str(), thing))).collect();
    assert_eq!(written, expected);
    assert_eq!(rows.len(), expected.len());
}

#[tokio::test]
async fn every_cell_of_the_table_holds_on_every_status() {
    let policy = Policy::from_toml(include_str!("state_table.toml")).unwrap();
    let layer = site(&policy);
    let mut cases = 0;
    for row in rows() {
        let standing = STATES.into_iter().find(|state| state.as_str() == row.state).unwrap();
        let consent = Visitor::new(&policy).on(TODAY).consent(standing).unwrap();
        let name = THINGS.iter().find(|(thing, _)| *thing == row.thing).unwrap().1;
        let (set, delete) =
            (format!("{name}=dark; Path=/"), format!("{name}=; Path=/; Max-Age=0; SameSite=Lax"));
        let canonical = format!("{name}=; Max-Age=0; Path=/");
        let written = [vec![&*set], vec![&*delete], vec![&*set, &*delete]];
        for (lines, verdicts) in written.iter().zip(&row.verdicts) {
            let mut leave: Vec<&[u8]> = Vec::new();
            let mut reasons = Vec::new();
            assert_eq!(lines.len(), verdicts.len(), "{row:?}");
            for (line, verdict) in lines.iter().zip(verdicts) {
                match *verdict {
                    "keep" => leave.push(line.as_bytes()),
                    "rewrite" => {
                        leave.push(canonical.as_bytes());
                        reasons.push((name.to_owned(), "deletion-written"));
                    }
                    dropped => reasons.push((name.to_owned(), dropped.strip_prefix("drop: ").unwrap())),
                }
            }
            for status in STATUSES {
                let mut response = setting(lines);
                *response.status_mut() = StatusCode::from_u16(status).unwrap();
                let answer = send(&layer, request(&consent), response).await;
                let case = format!("{} {}, {lines:?}, {status}", row.state, row.thing);
                assert_eq!(answer.status.as_u16(), status, "{case}");
                assert_eq!(answer.cookies(), leave, "{case}");
                assert_eq!(answer.reasons(), reasons, "{case}");
                assert_eq!(answer.header("cache-control"), "private", "{case}");
                cases += 1;
            }
        }
    }
    assert_eq!(cases, STATES.len() * THINGS.len() * 3 * STATUSES.len());
}

/// Names that the policies of the strategy declare, and other names.
const NAMES: [&str; 10] =
    ["theme", "language", "sid", "pref_x", "draft_1", "_ga", "__Host-csrf", "basket.v1", "x", "other"];

type Case = (Policy, (Consent, Consent), Vec<Vec<u8>>);

fn cases() -> impl Strategy<Value = Case> {
    let line = prop_oneof![strategies::plain_set_cookie_lines(&NAMES), strategies::set_cookie_lines(&NAMES)];
    let lines = prop::collection::vec(line, 1..8);
    strategies::policies().prop_flat_map(move |policy| {
        (Just(policy.clone()), strategies::less_and_more(&policy), lines.clone())
    })
}

/// Returns the cookies of a response that a browser would store for this visitor.
fn stored(consent: &Consent, lines: &[Vec<u8>]) -> BTreeSet<Vec<u8>> {
    let place = consent.circumstances().jurisdiction;
    let layer = site(consent.policy()).with_jurisdiction(move |_| place);
    // A header cannot contain every byte.
    let lines: Vec<&[u8]> =
        lines.iter().map(Vec::as_slice).filter(|line| http::HeaderValue::from_bytes(line).is_ok()).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answer = runtime.block_on(send(&layer, request(consent), setting_bytes(&lines)));
    let now = Clock::default().now();
    let stores = |line: &&[u8]| !SetCookies::read([*line], now).names().is_empty();
    answer.cookies().into_iter().filter(stores).map(<[u8]>::to_vec).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn less_consent_never_stores_more_cookies((_, (less, more), lines) in cases()) {
        let (fewer, all) = (stored(&less, &lines), stored(&more, &lines));
        let over = fewer.difference(&all).next();
        prop_assert!(over.is_none(), "{:?} is only stored with less consent: {less:?}, {more:?}", over.map(|line| line.escape_ascii().to_string()));
    }

    #[test]
    fn without_consent_nothing_that_needs_it_is_stored((policy, _, lines) in cases()) {
        for line in stored(&consent_core::testing::undecided(&policy), &lines) {
            let cookies = SetCookies::read([&line[..]], Clock::default().now());
            let name = cookies.names().concat();
            let exempt = policy.storage().iter().any(|declared| declared.exempt.is_some() && declared.name.matches(name.as_bytes()));
            prop_assert!(exempt, "{}", line.escape_ascii());
        }
    }
}

use super::{
    Clock, Jar, SetCookies, TODAY, Visitor, VisitorState, consents, cookie_line, founding_policy,
    full_policy, stale, strategies,
};
use crate::Prompt;
use crate::consent::{Circumstances, Consent, CookieName, Source};
use crate::policy::{Category, Jurisdiction, Policy};
use crate::reason::Reason;
use alloc::vec::Vec;
use proptest::prelude::*;
use std::string::{String, ToString};
use time::Duration;

#[test]
fn each_state_is_what_its_name_says() {
    let (policy, media) = (full_policy(), full_policy().category("media").unwrap());
    let statistics = policy.category("statistics").unwrap();
    let denials = [
        (VisitorState::Undecided, statistics, Some(Reason::Undecided)),
        (VisitorState::Informed, Category::FUNCTIONALITY, None),
        (VisitorState::Informed, media, Some(Reason::Undecided)),
        (VisitorState::Granted, statistics, None),
        (VisitorState::Refused, statistics, Some(Reason::Refused)),
        (VisitorState::Objected, statistics, Some(Reason::Objected)),
        (VisitorState::Stale, statistics, Some(Reason::Stale)),
        (VisitorState::Stale, Category::FUNCTIONALITY, None),
        (VisitorState::Expired, statistics, Some(Reason::Expired)),
        (VisitorState::FutureDate, statistics, Some(Reason::FutureDate)),
        (VisitorState::NewerRevision, statistics, Some(Reason::NewerRevision)),
        (VisitorState::Signalled, statistics, Some(Reason::Signal)),
        (VisitorState::Signalled, media, None),
        (VisitorState::Unreadable, statistics, Some(Reason::Undecided)),
    ];
    for (standing, category, denial) in denials {
        let consent = Visitor::new(&policy).consent(standing).unwrap();
        assert_eq!(consent.denial(category), denial, "{standing}, {category}");
    }
    for standing in VisitorState::ALL {
        assert!(denials.iter().any(|(tested, ..)| *tested == standing), "{standing} is not tested");
    }
}

#[test]
fn states_that_no_visitor_can_be_in_are_left_out() {
    let policy = founding_policy();
    let names: Vec<_> = consents(&policy).into_iter().map(|(name, _)| name).collect();
    let expected = [
        "undecided",
        "granted",
        "refused",
        "objected",
        "expired",
        "future date",
        "newer revision",
        "unreadable",
    ];
    assert_eq!(names, expected);
    let panic = std::panic::catch_unwind(|| stale(&policy)).unwrap_err();
    assert!(panic.downcast_ref::<String>().unwrap().contains("\"stale\""));
}

#[test]
fn every_state_has_a_name_of_its_own_and_none_is_there_twice() {
    let consents = consents(&full_policy());
    let mut names: Vec<_> = consents.iter().map(|(name, _)| name.as_str()).collect();
    for expected in ["granted", "informed in GB", "undecided in GB", "media refused", "statistics signalled"]
    {
        assert!(names.contains(&expected), "{expected} is not among {names:?}");
    }
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    let told = consents.iter().find(|(name, _)| name == "undecided in GB").unwrap();
    // In that jurisdiction, visitors are also asked about `media`.
    assert_eq!(told.1.prompt(), Prompt::Ask);
    for (at, (name, consent)) in consents.iter().enumerate() {
        let key = |consent: &Consent| (*consent.choices(), consent.circumstances(), consent.source());
        let same = consents.iter().skip(at + 1).find(|(_, other)| key(other) == key(consent));
        assert!(same.is_none(), "{name} is {}", same.unwrap().0);
    }
}

#[test]
fn what_a_browser_sends_is_read_as_the_state_that_was_built() {
    for policy in [founding_policy(), full_policy()] {
        for (name, consent) in consents(&policy) {
            for cookie in [CookieName::Host, CookieName::Plain] {
                let line = cookie_line(&consent, cookie);
                let lines = line.iter().map(String::as_bytes);
                let read = Consent::from_lines(&policy, lines, cookie, consent.circumstances());
                assert_eq!(read.choices(), consent.choices(), "{name}");
                assert_eq!(read.source(), consent.source(), "{name}");
            }
        }
    }
}

#[test]
fn builders_follow_the_day_and_the_place() {
    let policy = full_policy();
    let day = TODAY + Duration::days(500);
    let consent = Visitor::new(&policy).on(day).consent(VisitorState::Expired).unwrap();
    assert_eq!(consent.denial(Category::FUNCTIONALITY), Some(Reason::Expired));
    assert_eq!(consent.circumstances(), Circumstances::new(day));
    assert!(
        Visitor::new(&policy)
            .with_jurisdiction(Jurisdiction::parse("FR").ok())
            .consent(VisitorState::Informed)
            .is_none()
    );
    let statistics = policy.category("statistics").unwrap();
    let there = Visitor::new(&policy).deciding_on(statistics).consent(VisitorState::Informed).unwrap();
    assert_eq!(there.circumstances().jurisdiction, Jurisdiction::parse("US").ok());
}

#[test]
fn a_clock_is_one_for_all_its_clones() {
    let clock = Clock::default();
    let told = clock.to_fn();
    clock.clone().set(time::UtcDateTime::UNIX_EPOCH);
    assert_eq!(told(), time::UtcDateTime::UNIX_EPOCH);
    clock.advance(Duration::days(-1));
    assert_eq!(told().to_string(), "1969-12-31 0:00:00.0 +00");
}

#[test]
fn cookies_are_deleted_as_browsers_do_it() {
    let now = Clock::default().now();
    let read = |line: &'static str| SetCookies::read([line.as_bytes()], now);
    for deletion in [
        "a=; Max-Age=0",
        "a=1; max-age=-5; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
        "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    ] {
        assert!(read(deletion).deletes("a") && !read(deletion).stores("a"), "{deletion}");
    }
    for stored in [
        "a=",
        "a=1; Max-Age=1",
        "a=1; Max-Age=0; Max-Age=abc",
        "a=1; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    ] {
        assert!(read(stored).stores("a") && !read(stored).deletes("a"), "{stored}");
    }
    for refused in ["a", "__Host-a=1; Path=/", "a=1; SameSite=None"] {
        assert_eq!(read(refused).refused().len(), 1, "{refused}");
    }
    assert!(SetCookies::read([], now).is_empty());
}

#[test]
fn a_jar_holds_what_a_browser_holds() {
    let clock = Clock::default();
    let mut jar = Jar::new("www.shop.example");
    let lines = [
        "a=1",
        "b=2; Domain=shop.example; Path=/",
        "c=3; Domain=other.example",
        "d=4; Domain=example",
        "e=5; Path=/deep/er",
        "__Host-f=6; Path=/x; Secure",
        "g=7; Max-Age=10",
        "h=8; Domain=www.shop.example; Path=/",
    ];
    for line in lines {
        jar.store(line.as_bytes(), "/deep/page", clock.now());
    }
    let sent = |jar: &Jar, path: &str| {
        String::from_utf8(jar.cookie_line(path, clock.now()).unwrap_or_default()).unwrap()
    };
    assert_eq!(sent(&jar, "/"), "b=2; h=8");
    assert_eq!(sent(&jar, "/deeper"), "b=2; h=8");
    assert_eq!(sent(&jar, "/deep/er/x"), "e=5; a=1; g=7; b=2; h=8");
    clock.advance(Duration::seconds(10));
    assert!(!jar.holds("g", clock.now()));
    jar.store(b"b=; Max-Age=0; Path=/", "/", clock.now());
    assert!(jar.holds("b", clock.now()), "the one for the domain is another cookie");
    jar.store(b"b=; Max-Age=0; Path=/; Domain=.shop.example", "/", clock.now());
    assert!(!jar.holds("b", clock.now()));
    jar.close();
    assert_eq!(jar.cookies(clock.now()).count(), 0);
    let mut plain = Jar::new("shop.example").over_http();
    plain.store(b"a=1; Secure", "/", clock.now());
    plain.store(b"b=1", "/", clock.now());
    assert_eq!(sent(&plain, "/"), "b=1");
}

proptest! {
    #[test]
    fn made_policies_have_no_mistakes(document in strategies::documents()) {
        let policy = Policy::from_toml(&document);
        prop_assert!(policy.is_ok(), "{}\n{document}", policy.unwrap_err());
    }

    #[test]
    fn less_consent_allows_no_more(
        (policy, (less, more)) in strategies::policies()
            .prop_flat_map(|policy| (Just(policy.clone()), strategies::less_and_more(&policy)))
    ) {
        for category in policy.category_set().as_slice() {
            prop_assert!(less.allows(*category) <= more.allows(*category), "{category}: {less:?} and {more:?}");
        }
    }

    #[test]
    fn a_decision_is_for_every_category(
        consent in strategies::consents(&full_policy()),
        decision in strategies::decisions(&full_policy()),
    ) {
        let decided = consent.decide(&decision);
        for category in decided.policy().category_set().as_slice() {
            let signalled = decided.denial(*category) == Some(Reason::Signal);
            prop_assert_eq!(decided.allows(*category), decision.grants(*category) && !signalled, "{}", category);
        }
        prop_assert!(matches!(decided.source(), Source::Decided | Source::Absent));
    }

    #[test]
    fn plain_lines_are_read_as_they_are_meant(line in strategies::plain_set_cookie_lines(&["theme", "sid"])) {
        let cookies = SetCookies::read([&line[..]], Clock::default().now());
        prop_assert!(cookies.refused().is_empty());
        prop_assert!(["theme", "sid"].iter().any(|name| cookies.stores(name) || cookies.deletes(name)));
    }
}

//! The module says what the server says: both see the same cookies under the same policy.

use super::{Module, Storing};
use consent_core::Policy;
use consent_core::consent::{Circumstances, Consent, CookieName, Decision, Prompt, State};
use consent_core::engine::rules;
use consent_core::policy::Jurisdiction;
use proptest::prelude::*;
use time::{Date, Duration, Month};

const POLICY: &str = r#"
languages = ["en"]
reask = "180d"

[controller]
name = "Example"
address = "1 Street"
email = "privacy@example.org"
phone = "+44 20 7946 0000"

[authority]
name = "Authority"
url = "https://authority.example/"

[categories.functionality]
regimes = { GB = "objectable" }
purpose.en = "To remember what you chose."

[categories.statistics]
label.en = "Statistics"
purpose.en = "To count."
signals = ["gpc"]

[[storage]]
name = "theme"
kind = "cookie"
category = "functionality"
purpose.en = "Remembers the theme."
lifetime = "365d"
provider = "first-party"

[[storage]]
name = "count_*"
kind = "cookie"
category = "statistics"
purpose.en = "Counts."
lifetime = "1d"
provider = "first-party"

[[storage]]
name = "sid"
kind = "cookie"
category = "functionality"
exempt = "sign-in"
http_only = true
purpose.en = "Keeps you signed in."
lifetime = "session"
provider = "first-party"

[[storage]]
name = "csrf"
kind = "cookie"
category = "functionality"
exempt = "security"
purpose.en = "Protects forms."
lifetime = "session"
provider = "first-party"

[[storage]]
name = "draft_*"
kind = "local-storage"
category = "functionality"
purpose.en = "Keeps what you wrote."
lifetime = "30d"
provider = "first-party"

[[services]]
id = "map"
label.en = "Map"
provider = "Maps Ltd"
category = "functionality"
purpose.en = "Shows where we are."
origins = ["https://map.example"]

[[revisions]]
number = 1
effective = 2026-01-01
summary.en = "First."

[[revisions]]
number = 2
effective = 2026-06-01
summary.en = "Second."
reask = ["statistics"]

[[revisions]]
number = 3
effective = 2026-07-01
summary.en = "Third."
reask = []
"#;

fn policy() -> Policy {
    Policy::from_toml(POLICY).unwrap_or_else(|error| panic!("{error}"))
}

fn today() -> Date {
    Date::from_calendar_date(2026, Month::November, 23).unwrap()
}

fn digits(day: Date) -> u32 {
    u32::try_from(day.year()).unwrap() * 10_000
        + u32::from(u8::from(day.month())) * 100
        + u32::from(day.day())
}

/// The module in a page that the server rendered for this visitor.
fn module(circumstances: Circumstances) -> Module {
    let policy = policy();
    let consent = Consent::undecided(&policy, circumstances);
    let text = rules(&policy, &consent, CookieName::Plain, "/consent");
    Module::new(text.leak().as_bytes()).unwrap()
}

fn reading(cookies: &str) -> Module {
    let mut module = module(Circumstances::new(today()));
    module.read(cookies.as_bytes(), digits(today()));
    module
}

#[test]
fn nothing_is_allowed_without_a_consent() {
    let mut module = module(Circumstances::new(today()));
    assert_eq!(module.storing(b'c', b"theme"), Storing::Denied);
    let seen = module.read(b"theme=dark", digits(today()));
    assert_eq!((seen.allowed, seen.prompt, seen.newer), (0, Prompt::Ask, false));
    assert_eq!(module.storing(b'c', b"theme"), Storing::Denied);
    assert_eq!(module.storing(b'c', b"csrf"), Storing::Allowed(0), "exempt");
    assert_eq!(module.storing(b'c', b"sid"), Storing::Undeclared, "for the server only");
    assert_eq!(module.storing(b'c', b"_ga"), Storing::Undeclared);
    assert_eq!(module.storing(b'c', b"consent"), Storing::Undeclared);
    assert_eq!(module.storing(b'l', b"theme"), Storing::Undeclared);
    assert_eq!(module.storing(b'e', b"https://map.example"), Storing::Denied);
}

#[test]
fn a_grant_allows_what_is_declared_for_it() {
    let module = reading("x=1; consent=3-20261101.functionality:g.statistics:r");
    assert_eq!(module.storing(b'c', b"theme"), Storing::Allowed(365 * 86_400));
    assert_eq!(module.storing(b'c', b"count_1"), Storing::Denied);
    assert_eq!(module.storing(b'l', b"draft_1"), Storing::Allowed(30 * 86_400));
    assert_eq!(module.storing(b'l', b"draft"), Storing::Undeclared);
    assert_eq!(module.storing(b'e', b"https://map.example"), Storing::Allowed(0));
    assert_eq!(module.storing(b'e', b"https://map.example.net"), Storing::Undeclared);
}

#[test]
fn what_lapsed_waits_and_what_was_refused_goes() {
    let lapsed = reading("consent=1-20261101.functionality:g.statistics:g");
    assert_eq!(lapsed.storing(b'c', b"theme"), Storing::Allowed(365 * 86_400));
    assert_eq!(lapsed.storing(b'c', b"count_1"), Storing::Lapsed);
    let expired = reading("consent=3-20260101.functionality:g.statistics:r");
    assert_eq!(expired.storing(b'c', b"theme"), Storing::Lapsed);
    assert_eq!(expired.storing(b'c', b"count_1"), Storing::Denied);
}

#[test]
fn what_was_taken_back_is_denied_before_the_server_knows() {
    let mut module = reading("consent=3-20261101.functionality:g.statistics:g");
    module.withhold(1);
    let seen = module.read(b"consent=3-20261101.functionality:g.statistics:g", digits(today()));
    assert_eq!((seen.allowed, seen.prompt), (2, Prompt::None));
    assert_eq!(module.storing(b'c', b"theme"), Storing::Denied);
    assert_eq!(module.resolution(0).unwrap().0.state, State::Refused);
    module.withhold(0);
    assert_eq!(module.storing(b'c', b"theme"), Storing::Allowed(365 * 86_400));
}

#[test]
fn names_of_categories_are_known_or_not() {
    let module = reading("");
    assert_eq!(module.categories(b"functionality"), Some(1));
    assert_eq!(module.categories(b" statistics  functionality\n"), Some(3));
    assert_eq!(module.categories(b""), Some(0));
    assert_eq!(module.categories(b"functionality marketing"), None);
    assert_eq!(module.categories(b"functional"), None);
}

#[test]
fn a_newer_server_is_left_alone() {
    let mut module = module(Circumstances::new(today()));
    let seen = module.read(b"consent=4-20261101.functionality:g", digits(today()));
    assert!(seen.newer);
    assert_eq!(module.storing(b'c', b"theme"), Storing::Lapsed);
}

#[test]
fn without_rules_there_is_no_module() {
    assert!(Module::new(b"").is_none());
    assert!(Module::new(b"consent /consent 1 180 @functionality").is_none());
}

proptest! {
    #[test]
    fn the_module_sees_what_the_server_sees(
        cookies in "(x=1; )?consent=[1-4]-2026(05|11)(01|22|23|24|25)(\\.functionality:[groi])?(\\.statistics:[groi])?(; consent=1)?",
        gb: bool,
        gpc: bool,
        later in 0_i64..400,
    ) {
        let today = today() + Duration::days(later);
        let place = if gb { Jurisdiction::parse("GB").ok() } else { None };
        let circumstances = Circumstances::new(today).with_jurisdiction(place).with_gpc(gpc);
        let mut module = module(circumstances);
        let seen = module.read(cookies.as_bytes(), digits(today));
        let policy = policy();
        let consent = Consent::from_lines(&policy, [cookies.as_bytes()], CookieName::Plain, circumstances);
        prop_assert_eq!(seen.prompt, consent.prompt());
        prop_assert_eq!(seen.newer, consent.is_hands_off());
        for (position, category) in policy.category_set().as_slice().iter().enumerate() {
            prop_assert_eq!(seen.allowed >> position & 1 == 1, consent.allows(*category));
            prop_assert_eq!(module.resolution(position).unwrap().0.state, consent.state(*category));
        }
    }

    #[test]
    fn without_a_server_the_same_cookie_is_written(mask in 0_u16..4, gb: bool) {
        let place = if gb { Jurisdiction::parse("GB").ok() } else { None };
        let circumstances = Circumstances::new(today()).with_jurisdiction(place);
        let mut module = module(circumstances);
        module.read(b"", digits(today()));
        let mut line = String::new();
        module.cookie(mask, &mut line);
        let policy = policy();
        let categories = policy.category_set().as_slice().iter().enumerate();
        let granted = categories.filter(|(at, _)| mask >> at & 1 == 1).map(|(_, category)| *category);
        let consent = Consent::undecided(&policy, circumstances).decide(&Decision::save(granted));
        prop_assert_eq!(line, consent.set_cookie(CookieName::Plain));
    }

    #[test]
    fn nothing_that_a_page_hands_over_stops_it(cookies: Vec<u8>, name: Vec<u8>, kind: u8, day: u32) {
        let mut module = module(Circumstances::new(today()));
        module.read(&cookies, day);
        let _ = (module.categories(&name), module.storing(kind, &name), module.resolution(usize::from(kind)));
    }
}

use crate::site::{POLICY, now, undecided};
use consent_core::consent::{Choice, Choices, Circumstances, CookieName, MAX_VALUE_BYTES, Source, State};
use consent_core::engine::{ReadConsent, read_consent};
use consent_core::policy::Category;
use consent_core::{Consent, Policy};
use std::str;
use time::Date;

/// The value of the consent cookie: nothing is a grant but what is written for one.
pub fn consent_cookie(data: &[u8]) {
    let policy: &Policy = &POLICY;
    let categories = policy.category_set();
    if let Ok(choices) = Choices::decode(data, categories, u32::MAX) {
        assert!(data.len() <= MAX_VALUE_BYTES);
        assert_eq!(choices.encode(categories).as_bytes(), data, "what is read is what is written");
    }
    if let Ok(choices) = Choices::decode(data, categories, policy.revision()) {
        for (at, category) in categories.as_slice().iter().enumerate() {
            if let Some(choice) = choices.get(at) {
                assert!(
                    stands_in(data, *category, choice),
                    "{category} is not so in {}",
                    data.escape_ascii()
                );
            }
        }
    }
    in_a_request(policy, data);
    round_trip(policy, data);
}

/// Whether the value says this of the category: looked for as text, apart from what is tested.
fn stands_in(value: &[u8], category: Category, choice: Choice) -> bool {
    let Ok(value) = str::from_utf8(value) else { return false };
    let letter = match choice.state() {
        State::Granted => 'g',
        State::Refused => 'r',
        State::Objected => 'o',
        State::Informed => 'i',
        _ => return false,
    };
    let (year, month, day) = choice.day().to_calendar_date();
    let stamp = format!("{}-{year:04}{:02}{day:02}", choice.revision(), u8::from(month));
    let item = format!("{category}:{letter}");
    value.split('~').any(|group| {
        let mut parts = group.split('.');
        parts.next() == Some(&*stamp) && parts.any(|part| part == item)
    })
}

fn in_a_request(policy: &Policy, data: &[u8]) {
    // What is behind a semicolon is another cookie.
    let data = data.split(|byte| *byte == b';').next().unwrap_or_default();
    let line = [b"theme=dark; __Host-consent=", data].concat();
    let circumstances = Circumstances::new(now().date());
    let consent = Consent::from_lines(policy, [&line[..]], CookieName::Host, circumstances);
    let granted = policy.categories().iter().any(|declared| consent.allows(declared.category));
    if granted {
        assert_eq!(consent.source(), Source::Cookie);
        assert!(matches!(
            read_consent([&line[..]], CookieName::Host, policy.category_set(), policy.revision()),
            ReadConsent::Read(_)
        ));
        // A second one beside it is none.
        let twice = [&line[..], b"; __Host-consent=", data].concat();
        let consent = Consent::from_lines(policy, [&twice[..]], CookieName::Host, circumstances);
        assert_eq!(consent.source(), Source::Unreadable);
        assert!(!policy.categories().iter().any(|declared| consent.allows(declared.category)));
        // Nor is one of the other name.
        let other = Consent::from_lines(policy, [&line[..]], CookieName::Plain, circumstances);
        assert_eq!(other.choices(), undecided().choices());
    }
}

/// Choices made of the bytes are read as they were written.
fn round_trip(policy: &Policy, data: &[u8]) {
    let categories = policy.category_set();
    let mut choices = Choices::NONE;
    for (at, bytes) in data.chunks_exact(7).take(categories.as_slice().len()).enumerate() {
        let [a, b, c, d, e, f, state] = bytes else { continue };
        let day = Date::from_ordinal_date(i32::from(*e) * 40, u16::from(*f) + 1);
        let state = State::ALL[usize::from(*state) % State::ALL.len()];
        let revision = u32::from_le_bytes([*a, *b, *c, *d]);
        choices.set(at, day.ok().and_then(|day| Choice::new(state, revision, day)));
    }
    let value = choices.encode(categories);
    assert_eq!(value.is_empty(), choices.is_empty());
    if !choices.is_empty() {
        assert_eq!(Choices::decode(value.as_bytes(), categories, u32::MAX), Ok(choices), "{value}");
    }
}

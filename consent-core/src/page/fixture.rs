//! Policies and visitors for the neighbouring tests.

use crate::consent::{Choice, Choices, Circumstances, Consent, Source, State};
use crate::policy::{Jurisdiction, Policy};
use time::{Date, Month};

pub(super) const FOUNDING: &str = include_str!("../../policies/founding.toml");

/// Returns a policy with two categories, every kind of row, two revisions and a third party.
pub(super) const RICH: &str = include_str!("rich.toml");

pub(super) fn today() -> Date {
    Date::from_calendar_date(2026, Month::November, 23).unwrap()
}

pub(super) fn policy(document: &str) -> Policy {
    Policy::from_toml(document).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn undecided(document: &str) -> Consent {
    Consent::undecided(&policy(document), Circumstances::new(today()))
}

/// Returns a visitor with these states, by category index, who decided today under the revision in force.
pub(super) fn decided(document: &str, jurisdiction: Option<&str>, states: &[State]) -> Consent {
    let policy = policy(document);
    let mut choices = Choices::NONE;
    for (position, state) in states.iter().enumerate() {
        choices.set(position, Choice::new(*state, policy.revision(), today()));
    }
    let circumstances = Circumstances::new(today())
        .with_jurisdiction(jurisdiction.and_then(|code| Jurisdiction::parse(code).ok()));
    Consent::from_choices(&policy, choices, Source::Cookie, circumstances)
}

use crate::consent::{Action, Choice, Choices, Circumstances, Consent, Decision, Source, State};
use crate::policy::{Category, CategorySet, Jurisdiction, Policy};
use crate::testing::TODAY;
use alloc::vec::Vec;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use time::{Date, Duration};

/// Generates choices on these categories: any state, revision and day that the consent cookie can hold, or
/// none.
pub fn choices(categories: &CategorySet) -> impl Strategy<Value = Choices> + use<> {
    let choice = (select(&State::ALL[..]), 1_u32.., 0_i32..=9999, 1_u16..=365);
    let choice = choice.prop_map(|(state, revision, year, ordinal)| {
        Choice::new(state, revision, Date::from_ordinal_date(year, ordinal).unwrap_or(TODAY))
    });
    vec(choice, categories.as_slice().len()).prop_map(placed)
}

/// Generates decisions under a policy: every action, and with [`Action::Save`] any of its categories.
pub fn decisions(policy: &Policy) -> impl Strategy<Value = Decision> + use<> {
    let categories: Vec<Category> = policy.category_set().as_slice().into();
    let most = categories.len();
    (select(&Action::ALL[..]), subsequence(categories, 0..=most)).prop_map(|(action, granted)| match action {
        Action::Save => Decision::save(granted),
        action => Decision::new(action),
    })
}

/// Generates consents under a policy, on [`TODAY`]: choices around its revisions and the days of expiry, in
/// all jurisdictions that it names and in others, with and without the signal.
pub fn consents(policy: &Policy) -> impl Strategy<Value = Consent> + use<> {
    less_and_more(policy).prop_map(|(_, consent)| consent)
}

/// Generates two consents of one visitor, the first of which agrees to no more than the second. In each
/// category, the first has the same choice, a refusal, no choice, or a notice instead of a grant. It may also
/// have the signal if the second has none.
///
/// The second consent allows everything that the first allows.
pub fn less_and_more(policy: &Policy) -> impl Strategy<Value = (Consent, Consent)> + use<> {
    let policy = policy.clone();
    let more = vec(choice_near(&policy), policy.categories().len());
    let lesser = vec(
        select(
            &[
                None,
                Some(State::Undecided),
                Some(State::Refused),
                Some(State::Objected),
                Some(State::Informed),
            ][..],
        ),
        policy.categories().len(),
    );
    let signals = select(&[(false, false), (true, false), (true, true)][..]);
    (more, lesser, jurisdiction(&policy), signals).prop_map(
        move |(more, lesser, jurisdiction, (less_gpc, more_gpc))| {
            let less = more.iter().zip(lesser).map(|(choice, lesser)| lessened(*choice, lesser));
            let consent = |choices: Vec<Option<Choice>>, gpc| {
                let choices = placed(choices);
                let source = if choices.is_empty() { Source::Absent } else { Source::Cookie };
                let circumstances = Circumstances::new(TODAY).with_jurisdiction(jurisdiction).with_gpc(gpc);
                Consent::from_choices(&policy, choices, source, circumstances)
            };
            (consent(less.collect(), less_gpc), consent(more, more_gpc))
        },
    )
}

/// Returns the same choice or, if it is a grant, a weaker one.
fn lessened(choice: Option<Choice>, state: Option<State>) -> Option<Choice> {
    let (Some(choice), Some(state)) = (choice, state) else { return choice };
    match choice.state() {
        State::Granted => Choice::new(state, choice.revision(), choice.day()),
        State::Informed if state != State::Informed => Choice::new(state, choice.revision(), choice.day()),
        _ => Some(choice),
    }
}

fn choice_near(policy: &Policy) -> impl Strategy<Value = Option<Choice>> + use<> {
    let reask = i64::from(policy.reask_days());
    let age = prop_oneof![select(alloc::vec![-2, -1, 0, 1, reask, reask + 1]), -5..reask + 5];
    let revision = 1..=policy.revision().saturating_add(1);
    // Grants are frequent: categories that are not allowed anyway exercise little.
    let state = prop_oneof![
        3 => Just(State::Granted),
        1 => Just(State::Informed),
        1 => select(&State::ALL[..]),
    ];
    (state, revision, age).prop_map(|(state, revision, age)| {
        Choice::new(state, revision, TODAY.saturating_sub(Duration::days(age)))
    })
}

fn jurisdiction(policy: &Policy) -> impl Strategy<Value = Option<Jurisdiction>> + use<> {
    let named = policy
        .categories()
        .iter()
        .flat_map(|declared| declared.regimes.iter().map(|(jurisdiction, _)| Some(*jurisdiction)));
    let places: Vec<_> =
        named.chain([None, Jurisdiction::parse("AQ").ok(), Jurisdiction::parse("US-CA").ok()]).collect();
    select(places)
}

fn placed(list: Vec<Option<Choice>>) -> Choices {
    let mut choices = Choices::NONE;
    for (position, choice) in list.into_iter().enumerate() {
        choices.set(position, choice);
    }
    choices
}

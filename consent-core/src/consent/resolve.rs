use super::{Choice, Prompt, State};
use crate::policy::Regime;
use crate::reason::Reason;
use time::Date;

/// The facts about a category that decide whether a stored choice still stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CategoryRule {
    /// The category's regime for this visitor.
    pub regime: Regime,
    /// The lowest revision whose grants still stand.
    pub since: u32,
    /// The revision in force.
    pub current: u32,
    /// The number of days for which a decision stands.
    pub reask_days: u16,
    /// Whether the browser sends a signal that switches the category off.
    pub signalled: bool,
    /// Whether anything in the category needs consent.
    pub asked: bool,
}

impl CategoryRule {
    /// Creates a rule from all its parts.
    #[must_use]
    pub const fn new(regime: Regime, since: u32, current: u32, reask_days: u16) -> Self {
        Self { regime, since, current, reask_days, signalled: false, asked: true }
    }
}

/// The resolved value of a stored choice on one category today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resolution {
    /// The visitor's decision, as shown.
    pub state: State,
    /// The reason why nothing of the category may be stored, or `None` if it may.
    pub denial: Option<Reason>,
    /// Whether the visitor must be asked or notified.
    pub due: bool,
}

impl Resolution {
    /// Returns what a page must show because of this category.
    #[must_use]
    pub fn prompt(&self, regime: Regime) -> Prompt {
        match regime {
            _ if !self.due => Prompt::None,
            Regime::Objectable if !self.state.denies() => Prompt::Notify,
            Regime::OptIn | Regime::Objectable => Prompt::Ask,
        }
    }
}

/// Resolves one choice. An absent choice means off, a refusal holds at any age, a grant stands only as long
/// as the policy says, and a signal can only switch a category off.
#[must_use]
pub fn resolve(choice: Option<Choice>, rule: CategoryRule, today: Date) -> Resolution {
    let mut resolution = resolve_unsignalled(choice, rule, today);
    if rule.signalled {
        resolution.due = false;
        if !resolution.state.denies() {
            resolution.denial = Some(Reason::Signal);
        }
    }
    resolution.due &= rule.asked;
    resolution
}

fn resolve_unsignalled(choice: Option<Choice>, rule: CategoryRule, today: Date) -> Resolution {
    let undecided = Resolution { state: State::Undecided, denial: Some(Reason::Undecided), due: true };
    let Some(choice) = choice else { return undecided };
    let lapse = lapse(choice, rule, today);
    let newer = choice.revision() > rule.current;
    match choice.state() {
        State::Undecided => undecided,
        // The visitor was notified in a jurisdiction where that suffices; here the visitor must still be
        // asked.
        State::Informed if rule.regime == Regime::OptIn => undecided,
        State::Refused | State::Objected => {
            let denial = if choice.state() == State::Objected { Reason::Objected } else { Reason::Refused };
            Resolution { state: choice.state(), denial: Some(denial), due: !newer && lapse.is_some() }
        }
        State::Granted | State::Informed => {
            let denial = if newer { Some(Reason::NewerRevision) } else { lapse };
            Resolution { state: choice.state(), denial, due: !newer && lapse.is_some() }
        }
    }
}

/// Returns the reason why a choice no longer stands.
fn lapse(choice: Choice, rule: CategoryRule, today: Date) -> Option<Reason> {
    let age = i64::from(today.to_julian_day()) - i64::from(choice.day().to_julian_day());
    // Clocks and time zones may differ by one day. A date further ahead is not a date of a decision.
    if age < -1 {
        Some(Reason::FutureDate)
    } else if choice.revision() < rule.since {
        Some(Reason::Stale)
    } else if age > i64::from(rule.reask_days) {
        Some(Reason::Expired)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULE: CategoryRule = CategoryRule::new(Regime::OptIn, 2, 3, 180);

    fn day(offset: i32) -> Date {
        Date::from_julian_day(2_461_368 + offset).unwrap()
    }

    fn choice(state: State, revision: u32, age: i32) -> Option<Choice> {
        Choice::new(state, revision, day(-age))
    }

    #[test]
    fn a_table() {
        let objectable = CategoryRule { regime: Regime::Objectable, ..RULE };
        let signalled = CategoryRule { signalled: true, ..RULE };
        let cases = [
            ("absent", None, RULE, Some(Reason::Undecided), true),
            ("granted", choice(State::Granted, 3, 0), RULE, None, false),
            (
                "granted under an earlier revision that stands",
                choice(State::Granted, 2, 0),
                RULE,
                None,
                false,
            ),
            ("stale", choice(State::Granted, 1, 0), RULE, Some(Reason::Stale), true),
            ("last day", choice(State::Granted, 3, 180), RULE, None, false),
            ("expired", choice(State::Granted, 3, 181), RULE, Some(Reason::Expired), true),
            ("tomorrow", choice(State::Granted, 3, -1), RULE, None, false),
            ("future", choice(State::Granted, 3, -2), RULE, Some(Reason::FutureDate), true),
            ("newer", choice(State::Granted, 4, 0), RULE, Some(Reason::NewerRevision), false),
            ("refused", choice(State::Refused, 3, 0), RULE, Some(Reason::Refused), false),
            ("refused, stale", choice(State::Refused, 1, 0), RULE, Some(Reason::Refused), true),
            ("refused, expired", choice(State::Refused, 3, 181), RULE, Some(Reason::Refused), true),
            ("refused, newer", choice(State::Refused, 4, 0), RULE, Some(Reason::Refused), false),
            ("informed elsewhere", choice(State::Informed, 3, 0), RULE, Some(Reason::Undecided), true),
            ("objectable, absent", None, objectable, Some(Reason::Undecided), true),
            ("objectable, informed", choice(State::Informed, 3, 0), objectable, None, false),
            (
                "objectable, objected",
                choice(State::Objected, 3, 0),
                objectable,
                Some(Reason::Objected),
                false,
            ),
            ("signal beats a grant", choice(State::Granted, 3, 0), signalled, Some(Reason::Signal), false),
            ("signal, refused", choice(State::Refused, 3, 0), signalled, Some(Reason::Refused), false),
            ("signal, absent", None, signalled, Some(Reason::Signal), false),
        ];
        for (name, choice, rule, denial, due) in cases {
            let resolution = resolve(choice, rule, day(0));
            assert_eq!((resolution.denial, resolution.due), (denial, due), "{name}");
        }
    }

    proptest! {
        #[test]
        fn less_consent_never_allows_more(revision in 1_u32..6, age in -5_i32..400, signalled: bool, objectable: bool) {
            let regime = if objectable { Regime::Objectable } else { Regime::OptIn };
            let rule = CategoryRule { regime, signalled, ..RULE };
            let allowed = |state| resolve(Choice::new(state, revision, day(-age)), rule, day(0)).denial.is_none();
            prop_assert!(allowed(State::Granted) >= allowed(State::Informed));
            prop_assert!(!allowed(State::Refused) && !allowed(State::Objected) && !allowed(State::Undecided));
            let unsignalled = CategoryRule { signalled: false, ..rule };
            prop_assert!(resolve(choice(State::Granted, revision, age), unsignalled, day(0)).denial.is_none() >= allowed(State::Granted));
        }
    }
}

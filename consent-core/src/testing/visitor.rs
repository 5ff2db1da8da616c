use super::TODAY;
use crate::consent::{Choice, Choices, Circumstances, Consent, CookieName, Source, State};
use crate::policy::{Category, CategoryDeclaration, Jurisdiction, Policy, Regime, Signal};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use time::{Date, Duration};

/// The state of a visitor in a category: the [`State`]s, and the ways in which a grant no longer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VisitorState {
    /// The visitor has not decided.
    Undecided,
    /// The visitor was notified of an objectable category.
    Informed,
    /// The visitor agreed.
    Granted,
    /// The visitor did not agree.
    Refused,
    /// The visitor objected.
    Objected,
    /// The visitor agreed before the policy asked again.
    Stale,
    /// The visitor agreed, and the decision has expired.
    Expired,
    /// The visitor agreed on a day in the future.
    FutureDate,
    /// The visitor agreed under a revision that this server does not know yet.
    NewerRevision,
    /// The visitor agreed, and the browser sends a signal against the category.
    Signalled,
    /// The consent cookie is invalid.
    Unreadable,
}

impl VisitorState {
    /// All states.
    pub const ALL: [Self; 11] = [
        Self::Undecided,
        Self::Informed,
        Self::Granted,
        Self::Refused,
        Self::Objected,
        Self::Stale,
        Self::Expired,
        Self::FutureDate,
        Self::NewerRevision,
        Self::Signalled,
        Self::Unreadable,
    ];

    /// Returns the word for the state.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Informed => "informed",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Objected => "objected",
            Self::Stale => "stale",
            Self::Expired => "expired",
            Self::FutureDate => "future date",
            Self::NewerRevision => "newer revision",
            Self::Signalled => "signalled",
            Self::Unreadable => "unreadable",
        }
    }

    /// Returns the state that the consent cookie stores.
    const fn state(self) -> State {
        match self {
            Self::Undecided | Self::Unreadable => State::Undecided,
            Self::Informed => State::Informed,
            Self::Refused => State::Refused,
            Self::Objected => State::Objected,
            _ => State::Granted,
        }
    }
}

/// Builds the consent of a visitor in any state, for any policy, category, day, jurisdiction and signal.
///
/// ```
/// use consent_core::{Category, Reason, policy::Jurisdiction, testing::{self, VisitorState, Visitor}};
///
/// let policy = testing::full_policy();
/// let statistics = policy.category("statistics").expect("it is declared");
/// let visitor = Visitor::new(&policy).deciding_on(statistics);
/// let stale = visitor.consent(VisitorState::Stale).expect("revision 4 asked again");
/// assert_eq!(stale.denial(statistics), Some(Reason::Stale));
/// // The other categories are undecided.
/// assert_eq!(stale.denial(Category::FUNCTIONALITY), Some(Reason::Undecided));
///
/// let british = Visitor::new(&policy).with_jurisdiction(Jurisdiction::parse("GB").ok());
/// let british = british.consent(VisitorState::Informed);
/// assert!(british.is_some_and(|consent| consent.allows(Category::FUNCTIONALITY)));
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a builder builds nothing by itself"]
pub struct Visitor<'p> {
    policy: &'p Policy,
    circumstances: Circumstances,
    category: Option<Category>,
}

impl<'p> Visitor<'p> {
    /// Creates a visitor of a site with this policy, on [`TODAY`], in an unknown jurisdiction, with the same
    /// state in every category.
    pub const fn new(policy: &'p Policy) -> Self {
        Self { policy, circumstances: Circumstances::new(TODAY), category: None }
    }

    /// Sets the day (UTC).
    pub const fn on(mut self, today: Date) -> Self {
        self.circumstances.today = today;
        self
    }

    /// Sets the jurisdiction. If it is unknown, states that need an objectable category get a jurisdiction
    /// that has one.
    pub const fn with_jurisdiction(mut self, jurisdiction: Option<Jurisdiction>) -> Self {
        self.circumstances.jurisdiction = jurisdiction;
        self
    }

    /// Sets Global Privacy Control.
    pub const fn with_gpc(mut self) -> Self {
        self.circumstances.gpc = true;
        self
    }

    /// Limits the decision to this category. All others are undecided.
    pub const fn deciding_on(mut self, category: Category) -> Self {
        self.category = Some(category);
        self
    }

    /// Returns the consent of this visitor in a state.
    ///
    /// Returns `None` if no category can be in the state: no category is objectable there, the policy never
    /// asked again, or the signal is mapped to no category. If only some categories can be stale, the others
    /// are granted.
    #[must_use]
    pub fn consent(&self, standing: VisitorState) -> Option<Consent> {
        let policy = self.policy;
        let mut circumstances = self.circumstances;
        let mut revision = policy.revision();
        let mut day = circumstances.today;
        let mut source = Source::Cookie;
        match standing {
            VisitorState::Informed => circumstances.jurisdiction = Some(self.objectable_jurisdiction()?),
            VisitorState::Stale => {
                // Revision 1 is the lowest possible revision, so no grant can be older.
                revision = 1;
                self.decided().find(|declared| policy.standing_since(declared.category) > 1)?;
            }
            VisitorState::Expired => day = moved(day, -i64::from(policy.reask_days()) - 1),
            VisitorState::FutureDate => day = moved(day, 2),
            VisitorState::NewerRevision => revision = revision.saturating_add(1),
            VisitorState::Signalled => {
                self.decided().find(|declared| declared.signals.contains(&Signal::Gpc))?;
                circumstances.gpc = true;
            }
            VisitorState::Undecided => source = Source::Absent,
            VisitorState::Unreadable => source = Source::Unreadable,
            VisitorState::Granted | VisitorState::Refused | VisitorState::Objected => {}
        }
        let mut choices = Choices::NONE;
        for (position, declared) in policy.categories().iter().enumerate() {
            if self.decides_on(declared) {
                choices.set(position, Choice::new(standing.state(), revision, day));
            }
        }
        Some(Consent::from_choices(policy, choices, source, circumstances))
    }

    /// Returns the consent of this visitor with an answer for each of these categories, given today under the
    /// revision in force. Every other category is undecided.
    ///
    /// ```
    /// use consent_core::{Category, testing::{self, Visitor, VisitorState}};
    ///
    /// let policy = testing::full_policy();
    /// let statistics = testing::category(&policy, "statistics");
    /// let answers = [(Category::FUNCTIONALITY, VisitorState::Granted), (statistics, VisitorState::Refused)];
    /// let consent = Visitor::new(&policy).answering(&answers);
    /// assert!(consent.allows(Category::FUNCTIONALITY) && !consent.allows(statistics));
    /// ```
    ///
    /// # Panics
    ///
    /// If the policy does not declare one of the categories.
    #[must_use]
    #[track_caller]
    pub fn answering(&self, answers: &[(Category, VisitorState)]) -> Consent {
        let mut choices = Choices::NONE;
        for (category, standing) in answers {
            let Some(position) = self.policy.category_set().position(*category) else {
                panic!("{}", unknown(self.policy, category.as_str()));
            };
            let choice = Choice::new(standing.state(), self.policy.revision(), self.circumstances.today);
            choices.set(position, choice);
        }
        Consent::from_choices(self.policy, choices, Source::Cookie, self.circumstances)
    }

    /// Returns the consent of this visitor in every possible state, each with a unique, readable name. First
    /// come the states with all categories alike, in this jurisdiction, or, if it is unknown, also in the one
    /// where most categories are objectable. Then, if the policy has several categories, come the states of
    /// each category alone (`statistics granted`), and last the mixed answers (`functionality granted,
    /// statistics refused`): one category granted and the rest refused, and the other way round.
    #[must_use]
    pub fn consents(&self) -> Vec<(String, Consent)> {
        let mut consents = self.alike(|standing| standing.as_str().into());
        if let (None, Some(jurisdiction)) = (self.circumstances.jurisdiction, self.objectable_jurisdiction())
        {
            // The list already contains the states that are possible only there.
            consents.retain(|(name, _)| name != VisitorState::Informed.as_str());
            consents.extend(
                self.with_jurisdiction(Some(jurisdiction))
                    .alike(|standing| format!("{standing} in {jurisdiction}")),
            );
        }
        if self.category.is_none() && self.policy.categories().len() > 1 {
            for declared in self.policy.categories() {
                let category = declared.category;
                let alone = self.deciding_on(category).alike(|standing| format!("{category} {standing}"));
                // Without a choice on any category, this category is undecided too.
                consents.extend(alone.into_iter().filter(|(_, consent)| !consent.choices().is_empty()));
            }
            self.extend_with_mixed(&mut consents);
        }
        consents
    }

    fn extend_with_mixed(&self, consents: &mut Vec<(String, Consent)>) {
        let categories = self.policy.category_set().as_slice();
        for (one, rest) in
            [(VisitorState::Granted, VisitorState::Refused), (VisitorState::Refused, VisitorState::Granted)]
        {
            for odd in categories {
                let standing = |category: &Category| if category == odd { one } else { rest };
                let answers: Vec<_> =
                    categories.iter().map(|category| (*category, standing(category))).collect();
                let words: Vec<_> =
                    answers.iter().map(|(category, standing)| format!("{category} {standing}")).collect();
                let name = words.join(", ");
                // With two categories, both ways round are the same.
                if !consents.iter().any(|(known, _)| *known == name) {
                    consents.push((name, self.answering(&answers)));
                }
            }
        }
    }

    fn alike(&self, name: impl Fn(VisitorState) -> String) -> Vec<(String, Consent)> {
        let every = VisitorState::ALL.into_iter();
        every.filter_map(|standing| Some((name(standing), self.consent(standing)?))).collect()
    }

    fn decided(&self) -> impl Iterator<Item = &'p CategoryDeclaration> {
        self.policy.categories().iter().filter(|declared| self.decides_on(declared))
    }

    fn decides_on(&self, declared: &CategoryDeclaration) -> bool {
        self.category.is_none_or(|category| category == declared.category)
    }

    /// Returns a jurisdiction in which a category is objectable: the visitor's own, if set.
    fn objectable_jurisdiction(&self) -> Option<Jurisdiction> {
        let objectable = |jurisdiction: Jurisdiction| {
            self.decided().any(|declared| declared.regime_in(Some(jurisdiction)) == Regime::Objectable)
        };
        if let Some(jurisdiction) = self.circumstances.jurisdiction {
            return Some(jurisdiction).filter(|jurisdiction| objectable(*jurisdiction));
        }
        let named = self
            .decided()
            .flat_map(|declared| declared.regimes.iter().map(|(jurisdiction, _)| *jurisdiction));
        // If the regime is the same everywhere, any jurisdiction is suitable.
        named.chain(Jurisdiction::parse("GB").ok()).find(|jurisdiction| objectable(*jurisdiction))
    }
}

/// What a panic says of a category that a policy does not declare.
pub(super) fn unknown(policy: &Policy, name: &str) -> String {
    let known: Vec<_> = policy.category_set().as_slice().iter().map(Category::as_str).collect();
    format!("the policy declares no category {name:?}, but {}", known.join(", "))
}

fn moved(day: Date, days: i64) -> Date {
    day.saturating_add(Duration::days(days))
}

impl core::fmt::Display for VisitorState {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Returns the `Cookie` header of a browser in this state: only the consent cookie. Returns `None` if there
/// is none.
///
/// ```
/// use consent_core::{consent::CookieName, testing};
///
/// let policy = testing::founding_policy();
/// let line = testing::cookie_line(&testing::granted(&policy), CookieName::Host);
/// assert_eq!(line.as_deref(), Some("__Host-consent=1-20261123.functionality:g"));
/// assert_eq!(testing::cookie_line(&testing::undecided(&policy), CookieName::Host), None);
/// ```
#[must_use]
pub fn cookie_line(consent: &Consent, name: CookieName) -> Option<String> {
    let value = match consent.source() {
        Source::Unreadable => "?".to_string(),
        _ if consent.choices().is_empty() => return None,
        _ => consent.choices().encode(consent.policy().category_set()),
    };
    Some(format!("{}={value}", name.as_str()))
}

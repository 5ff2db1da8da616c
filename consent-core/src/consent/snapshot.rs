use super::lookup::FoundConsent;
use super::{
    Action, Carried, CategoryRule, Choice, Choices, Decision, Prompt, RequestCookies, Resolution, State,
    resolve,
};
use crate::cookies::CookieName;
use crate::policy::{Category, CategoryDeclaration, Declaration, Jurisdiction, Policy, Regime, Signal};
use crate::reason::Reason;
use alloc::string::String;
use core::fmt;
use time::Date;

/// What is known of a request besides its consent cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Circumstances {
    /// The day (UTC).
    pub today: Date,
    /// Where the visitor is; `None` is the strictest.
    pub jurisdiction: Option<Jurisdiction>,
    /// Whether the browser sends Global Privacy Control.
    pub gpc: bool,
    /// Whether the browser sends Do Not Track.
    pub dnt: bool,
}

impl Circumstances {
    /// A visitor of whom nothing is known but the day.
    #[must_use]
    pub const fn new(today: Date) -> Self {
        Self { today, jurisdiction: None, gpc: false, dnt: false }
    }

    /// The same visitor in a place.
    #[must_use]
    pub const fn with_jurisdiction(self, jurisdiction: Option<Jurisdiction>) -> Self {
        Self { jurisdiction, ..self }
    }

    /// The same visitor with the signal.
    #[must_use]
    pub const fn with_gpc(self, gpc: bool) -> Self {
        Self { gpc, ..self }
    }

    /// The same visitor with the older signal.
    #[must_use]
    pub const fn with_dnt(self, dnt: bool) -> Self {
        Self { dnt, ..self }
    }

    /// Whether the browser sends this signal.
    #[must_use]
    pub const fn sends(&self, signal: Signal) -> bool {
        match signal {
            Signal::Gpc => self.gpc,
            Signal::Dnt => self.dnt,
        }
    }

    /// The first signal that takes a category away from this visitor.
    pub(crate) fn signal_against(&self, declared: &CategoryDeclaration) -> Option<Signal> {
        declared.signals.iter().copied().find(|signal| self.sends(*signal))
    }
}

/// Where a consent comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// There was no consent cookie.
    Absent,
    /// One consent cookie, read.
    Cookie,
    /// Several, or one that cannot be read: as if there were none.
    Unreadable,
    /// It cannot be known: a cross-site POST, to which browsers attach no `SameSite=Lax` cookie. Nothing is allowed
    /// that needs consent; nothing is asked, swept or overwritten either.
    Unknown,
    /// A decision made in this request.
    Decided,
}

/// What one visitor decided, seen in one request: a snapshot.
///
/// ```
/// # use consent_core::{Category, Consent, Policy, consent::{Circumstances, CookieName}};
/// # let policy = consent_core::policy::example()?;
/// # let today = time::Date::from_calendar_date(2026, time::Month::November, 23)?;
/// let consent = |cookies: &str| {
///     Consent::from_lines(&policy, [cookies.as_bytes()], CookieName::Host, Circumstances::new(today))
/// };
/// assert!(consent("__Host-consent=1-20261101.functionality:g").allows(Category::FUNCTIONALITY));
/// assert!(!consent("__Host-consent=1-20261101.functionality:r").allows(Category::FUNCTIONALITY));
/// assert!(!consent("").allows(Category::FUNCTIONALITY), "absent means off");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Consent {
    policy: Policy,
    choices: Choices,
    circumstances: Circumstances,
    source: Source,
}

impl Consent {
    /// Reads the consent cookie from all `Cookie` lines of a request and resolves it.
    pub fn from_lines<'a>(
        policy: &Policy,
        lines: impl IntoIterator<Item = &'a [u8]>,
        name: CookieName,
        circumstances: Circumstances,
    ) -> Self {
        Self::from_cookies(policy, &RequestCookies::from_lines(policy, lines, name), circumstances)
    }

    /// Resolves the consent cookie of a request whose cookies are already looked through.
    #[must_use]
    pub fn from_cookies(policy: &Policy, cookies: &RequestCookies<'_>, circumstances: Circumstances) -> Self {
        let mut consent = Self::undecided(policy, circumstances);
        let choices = &mut consent.choices;
        consent.source = match cookies.consent() {
            FoundConsent::Nothing => Source::Absent,
            FoundConsent::One(value)
                if choices.read(value, policy.category_set(), policy.revision()).is_ok() =>
            {
                Source::Cookie
            }
            FoundConsent::One(_) | FoundConsent::Several => {
                *choices = Choices::NONE;
                Source::Unreadable
            }
        };
        consent
    }

    /// Resolves choices that are already read.
    #[must_use]
    pub fn from_choices(
        policy: &Policy,
        choices: Choices,
        source: Source,
        circumstances: Circumstances,
    ) -> Self {
        Self { policy: policy.clone(), choices, circumstances, source }
    }

    /// A visitor who has not decided.
    #[must_use]
    pub fn undecided(policy: &Policy, circumstances: Circumstances) -> Self {
        Self::from_choices(policy, Choices::NONE, Source::Absent, circumstances)
    }

    /// A visitor of whom nothing can be known: see [`Source::Unknown`].
    #[must_use]
    pub fn unknown(policy: &Policy, circumstances: Circumstances) -> Self {
        Self::from_choices(policy, Choices::NONE, Source::Unknown, circumstances)
    }

    /// A visitor of a site that promises nothing: nothing is allowed, asked, swept or overwritten. What there is where
    /// nobody has read the consent cookie.
    #[must_use]
    pub fn denied() -> Self {
        Self::unknown(&Policy::nothing(), Circumstances::new(Date::MIN))
    }

    /// Whether things of this category may be stored and read now. A category of another policy never is.
    #[must_use]
    pub fn allows(&self, category: Category) -> bool {
        self.denial(category).is_none()
    }

    /// Why nothing of this category may be stored; `None` where it may.
    #[must_use]
    pub fn denial(&self, category: Category) -> Option<Reason> {
        self.resolution(category).map_or(Some(Reason::Undeclared), |resolution| resolution.denial)
    }

    /// Why a declared thing may not be stored; `None` where it may: where it is exempt, or where all its categories are
    /// allowed.
    #[must_use]
    pub fn denial_of(&self, declared: &Declaration) -> Option<Reason> {
        if declared.exempt.is_some() {
            return None;
        }
        declared.categories.iter().find_map(|category| self.denial(*category))
    }

    /// What the visitor decided on this category.
    #[must_use]
    pub fn state(&self, category: Category) -> State {
        self.resolution(category).map_or(State::Undecided, |resolution| resolution.state)
    }

    /// How the law treats this category for this visitor.
    #[must_use]
    pub fn regime(&self, category: Category) -> Regime {
        let declaration = self.policy.category_declaration(category);
        declaration
            .map_or(Regime::OptIn, |declaration| declaration.regime_in(self.circumstances.jurisdiction))
    }

    /// What the next page has to show this visitor.
    #[must_use]
    pub fn prompt(&self) -> Prompt {
        let prompts = self.policy.categories().iter().filter_map(|declared| {
            let resolution = self.resolution(declared.category)?;
            Some(resolution.prompt(declared.regime_in(self.circumstances.jurisdiction)))
        });
        prompts.max().unwrap_or(Prompt::None)
    }

    /// What is due on this category alone: [`Prompt::Ask`] where a feature may ask for it, in its own words, and
    /// [`Prompt::None`] where the visitor has answered, was told, or cannot be asked.
    ///
    /// ```
    /// # use consent_core::{Category, Prompt, policy, consent::{Action, Circumstances, Consent, Decision}};
    /// # let policy = policy::example()?;
    /// # let today = time::UtcDateTime::UNIX_EPOCH.date();
    /// let undecided = Consent::undecided(&policy, Circumstances::new(today));
    /// assert_eq!(undecided.prompt_for(Category::FUNCTIONALITY), Prompt::Ask);
    /// let refused = undecided.decide(&Decision::new(Action::Refuse));
    /// assert_eq!(refused.prompt_for(Category::FUNCTIONALITY), Prompt::None);
    /// # Ok::<(), consent_core::PolicyError>(())
    /// ```
    #[must_use]
    pub fn prompt_for(&self, category: Category) -> Prompt {
        let resolution = self.resolution(category);
        resolution.map_or(Prompt::None, |resolution| resolution.prompt(self.regime(category)))
    }

    /// The same visitor after a decision.
    #[must_use]
    pub fn decide(&self, decision: &Decision) -> Self {
        let policy = &self.policy;
        let choices = decision.choices(
            policy.category_set(),
            policy.revision(),
            self.circumstances.today,
            |category| self.regime(category),
        );
        let source = if decision.action() == Action::Erase { Source::Absent } else { Source::Decided };
        Self::from_choices(policy, choices, source, self.circumstances)
    }

    /// The same visitor after a page has told them of what is objectable: what was due to be told is `informed`.
    /// `None` where nothing is to be told, or where nothing may be overwritten.
    #[must_use]
    pub fn notified(&self) -> Option<Self> {
        if self.source == Source::Unknown || self.choices.highest_revision() > self.policy.revision() {
            return None;
        }
        let mut choices = self.choices;
        for (position, declared) in self.policy.categories().iter().enumerate() {
            let due = self.resolution(declared.category).is_some_and(|resolution| resolution.due);
            let told = declared.regime_in(self.circumstances.jurisdiction) == Regime::Objectable;
            if due && told && !self.state(declared.category).denies() {
                choices.set(
                    position,
                    Choice::new(State::Informed, self.policy.revision(), self.circumstances.today),
                );
            }
        }
        (choices != self.choices)
            .then(|| Self::from_choices(&self.policy, choices, self.source, self.circumstances))
    }

    /// The policy it was given under.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The stored choices.
    #[must_use]
    pub fn choices(&self) -> &Choices {
        &self.choices
    }

    /// Where it comes from.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }

    /// What else was known of the request.
    #[must_use]
    pub fn circumstances(&self) -> Circumstances {
        self.circumstances
    }

    /// Whether nothing may be swept or overwritten without the visitor's own decision: the consent cannot be known, or
    /// it was given to a server that is ahead of this one.
    #[must_use]
    pub fn is_hands_off(&self) -> bool {
        self.source == Source::Unknown || self.choices.highest_revision() > self.policy.revision()
    }

    /// The `Set-Cookie` line that keeps this consent: a deletion where there is nothing to keep.
    ///
    /// # Privacy
    ///
    /// Stored: the revision, the day and a letter per category, for as long as a decision stands. Every script and
    /// server of this host can read it. Two visitors who decided the same on one day have the same bytes.
    #[must_use]
    pub fn set_cookie(&self, name: CookieName) -> String {
        self.choices.set_cookie(self.policy.category_set(), name, self.policy.reask_days())
    }

    /// Returns whether `after`, the same visitor's consent after a decision, gives the site anything that this consent
    /// does not give.
    ///
    /// A category that is allowed only afterwards is given. So is a category whose objection is forgotten: a notice
    /// then suffices to allow it.
    ///
    /// ```
    /// # use consent_core::{Consent, Decision, consent::{Action, Circumstances}, policy};
    /// # let policy = policy::example()?;
    /// # let today = time::UtcDateTime::UNIX_EPOCH.date();
    /// let undecided = Consent::undecided(&policy, Circumstances::new(today));
    /// let granted = undecided.decide(&Decision::new(Action::Accept));
    /// assert!(undecided.is_widened_by(&granted));
    /// assert!(!granted.is_widened_by(&undecided));
    /// # Ok::<(), consent_core::PolicyError>(())
    /// ```
    #[must_use]
    pub fn is_widened_by(&self, after: &Self) -> bool {
        after.policy.category_set().as_slice().iter().any(|category| {
            let (was, is) = (self.state(*category), after.state(*category));
            (after.allows(*category) && (!self.allows(*category) || was != is))
                || (was == State::Objected && !is.denies())
        })
    }

    /// Returns whether both consents decide and allow the same in every category of `other`'s policy.
    ///
    /// The day and the revision of a decision are not compared, so that pressing a button twice changes nothing.
    ///
    /// ```
    /// # use consent_core::{Consent, Decision, consent::{Action, Circumstances}, policy};
    /// # let policy = policy::example()?;
    /// # let today = time::UtcDateTime::UNIX_EPOCH.date();
    /// let undecided = Consent::undecided(&policy, Circumstances::new(today));
    /// let refused = undecided.decide(&Decision::new(Action::Refuse));
    /// assert!(!undecided.is_equivalent_to(&refused));
    /// assert!(refused.is_equivalent_to(&refused.decide(&Decision::new(Action::Withdraw))));
    /// # Ok::<(), consent_core::PolicyError>(())
    /// ```
    #[must_use]
    pub fn is_equivalent_to(&self, other: &Self) -> bool {
        self.choices.is_empty() == other.choices.is_empty()
            && other.policy.category_set().as_slice().iter().all(|category| {
                self.state(*category) == other.state(*category)
                    && self.allows(*category) == other.allows(*category)
            })
    }

    /// Whether the application may see every cookie that the request carried: see [`visible`](crate::verdict::visible).
    #[must_use]
    pub fn shows_all(&self, carried: Carried) -> bool {
        !carried.undeclared && self.source != Source::Unreadable && self.allows_all(carried.categories)
    }

    /// Whether the categories at these places of the policy, as bits, are all allowed.
    fn allows_all(&self, categories: u16) -> bool {
        let mut rest = categories;
        while rest != 0 {
            let position = rest.trailing_zeros() as usize;
            if self.resolution_at(position).is_none_or(|resolution| resolution.denial.is_some()) {
                return false;
            }
            rest &= rest - 1;
        }
        true
    }

    fn resolution(&self, category: Category) -> Option<Resolution> {
        self.resolution_at(self.policy.category_set().position(category)?)
    }

    /// What the choice on a category is worth. It is found out when it is asked for: most requests are about none or one,
    /// and a small value is quicker to pass on.
    fn resolution_at(&self, position: usize) -> Option<Resolution> {
        let Circumstances { today, jurisdiction, .. } = self.circumstances;
        let declaration = self.policy.categories().get(position)?;
        let (since, asked) = self.policy.standing_at(position);
        let rule = CategoryRule {
            signalled: self.circumstances.signal_against(declaration).is_some(),
            asked: asked && self.source != Source::Unknown,
            ..CategoryRule::new(
                declaration.regime_in(jurisdiction),
                since,
                self.policy.revision(),
                self.policy.reask_days(),
            )
        };
        Some(resolve(self.choices.get(position), rule, today))
    }
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for category in self.policy.category_set().as_slice() {
            map.entry(category, &(self.state(*category), self.denial(*category)));
        }
        map.finish()
    }
}

/// The state as JSON has it: `revision`, `day`, `prompt` and, by name, each category's `state`, `allowed` and `regime`.
#[cfg(feature = "serde")]
impl serde::Serialize for Consent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut object = serializer.serialize_struct("Consent", 4)?;
        object.serialize_field("revision", &self.policy.revision())?;
        object.serialize_field("day", &format_args!("{}", self.circumstances.today))?;
        object.serialize_field("prompt", &(self.prompt() != Prompt::None))?;
        object.serialize_field("categories", &CategoryStates(self))?;
        object.end()
    }
}

#[cfg(feature = "serde")]
struct CategoryStates<'a>(&'a Consent);

#[cfg(feature = "serde")]
impl serde::Serialize for CategoryStates<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct CategoryState {
            state: State,
            allowed: bool,
            regime: Regime,
        }
        let consent = self.0;
        serializer.collect_map(consent.policy.category_set().as_slice().iter().map(|category| {
            let state = CategoryState {
                state: consent.state(*category),
                allowed: consent.allows(*category),
                regime: consent.regime(*category),
            };
            (category, state)
        }))
    }
}

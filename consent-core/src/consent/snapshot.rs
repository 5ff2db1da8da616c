use super::lookup::FoundConsent;
use super::{
    Action, Carried, CategoryRule, Choice, Choices, Decision, Prompt, RequestCookies, Resolution, State,
    resolve,
};
use crate::cookies::CookieName;
use crate::policy::{
    Category, CategoryDeclaration, Declaration, Jurisdiction, Policy, Regime, Service, ServiceSet, Signal,
};
use crate::reason::Reason;
use alloc::string::String;
use core::fmt;
use time::Date;

/// The facts about a request, besides its consent cookie, that a consent depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Circumstances {
    /// The day (UTC).
    pub today: Date,
    /// The visitor's jurisdiction. `None` gets the strictest regime.
    pub jurisdiction: Option<Jurisdiction>,
    /// Whether the browser sends Global Privacy Control.
    pub gpc: bool,
    /// Whether the browser sends Do Not Track.
    pub dnt: bool,
}

impl Circumstances {
    /// Creates circumstances in which only the day is known.
    #[must_use]
    pub const fn new(today: Date) -> Self {
        Self { today, jurisdiction: None, gpc: false, dnt: false }
    }

    /// Sets the visitor's jurisdiction.
    #[must_use]
    pub const fn with_jurisdiction(self, jurisdiction: Option<Jurisdiction>) -> Self {
        Self { jurisdiction, ..self }
    }

    /// Sets whether the browser sends Global Privacy Control.
    #[must_use]
    pub const fn with_gpc(self, gpc: bool) -> Self {
        Self { gpc, ..self }
    }

    /// Sets whether the browser sends Do Not Track.
    #[must_use]
    pub const fn with_dnt(self, dnt: bool) -> Self {
        Self { dnt, ..self }
    }

    /// Returns whether the browser sends this signal.
    #[must_use]
    pub const fn sends(&self, signal: Signal) -> bool {
        match signal {
            Signal::Gpc => self.gpc,
            Signal::Dnt => self.dnt,
        }
    }

    /// Returns the first signal that switches a category off for this visitor.
    pub(crate) fn signal_against(&self, declared: &CategoryDeclaration) -> Option<Signal> {
        declared.signals.iter().copied().find(|signal| self.sends(*signal))
    }
}

/// The origin of a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The request has no consent cookie.
    Absent,
    /// The request has exactly one consent cookie, and it is valid.
    Cookie,
    /// The request has several consent cookies, or an invalid one. They are ignored.
    Unreadable,
    /// The consent cannot be known: browsers attach no `SameSite=Lax` cookie to a cross-site POST. Nothing
    /// that needs consent is allowed, and nothing is asked, swept or overwritten.
    Unknown,
    /// The visitor decided in this request.
    Decided,
}

/// A snapshot of one visitor's decision, as seen in one request.
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
    /// Reads the consent cookie from all `Cookie` headers of a request and resolves it.
    pub fn from_lines<'a>(
        policy: &Policy,
        lines: impl IntoIterator<Item = &'a [u8]>,
        name: CookieName,
        circumstances: Circumstances,
    ) -> Self {
        Self::from_cookies(policy, &RequestCookies::from_lines(policy, lines, name), circumstances)
    }

    /// Resolves the consent cookie of a request whose cookies have been read.
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

    /// Resolves choices that have been read.
    #[must_use]
    pub fn from_choices(
        policy: &Policy,
        choices: Choices,
        source: Source,
        circumstances: Circumstances,
    ) -> Self {
        Self { policy: policy.clone(), choices, circumstances, source }
    }

    /// Returns the consent of a visitor who has not decided.
    #[must_use]
    pub fn undecided(policy: &Policy, circumstances: Circumstances) -> Self {
        Self::from_choices(policy, Choices::NONE, Source::Absent, circumstances)
    }

    /// Returns the consent of a visitor about whom nothing can be known: see [`Source::Unknown`].
    #[must_use]
    pub fn unknown(policy: &Policy, circumstances: Circumstances) -> Self {
        Self::from_choices(policy, Choices::NONE, Source::Unknown, circumstances)
    }

    /// Returns a consent without a policy: nothing is allowed, asked, swept or overwritten. It is used if no
    /// layer has read the consent cookie.
    #[must_use]
    pub fn denied() -> Self {
        Self::unknown(&Policy::nothing(), Circumstances::new(Date::MIN))
    }

    /// Returns whether things of this category may be stored and read now. Always `false` for a category of
    /// another policy.
    #[must_use]
    pub fn allows(&self, category: Category) -> bool {
        self.denial(category).is_none()
    }

    /// Returns the reason why nothing of this category may be stored, or `None` if it may.
    #[must_use]
    pub fn denial(&self, category: Category) -> Option<Reason> {
        let position = self.policy.category_set().position(category);
        position.map_or(Some(Reason::Undeclared), |position| self.denial_at(position))
    }

    /// Returns the reason why a declared thing may not be stored. Returns `None` if it may: it is exempt, or
    /// all its categories are allowed. If it belongs to a service, the service must be allowed instead of the
    /// service's categories.
    #[must_use]
    pub fn denial_of(&self, declared: &Declaration) -> Option<Reason> {
        if declared.exempt.is_some() {
            return None;
        }
        let Some(id) = &declared.service else {
            return declared.categories.iter().find_map(|category| self.denial(*category));
        };
        let Some(service) = self.policy.service(id) else { return Some(Reason::Undeclared) };
        let others = declared.categories.iter().filter(|known| !service.categories().contains(known));
        self.denial_of_service(service).or_else(|| others.copied().find_map(|category| self.denial(category)))
    }

    /// Returns the services that may load now, for this visitor: those that are exempt, and those whose
    /// categories are all allowed.
    #[must_use]
    pub fn allowed_services(&self) -> ServiceSet {
        let services = self.policy.service_sets();
        let positions = 0..self.policy.categories().len();
        let denied = positions.filter(|position| self.denial_at(*position).is_some());
        let denied = denied.map(|position| services.of_category(position));
        services.all().difference(denied.fold(ServiceSet::EMPTY, ServiceSet::union))
    }

    /// Returns whether the service with this id may load now. Always `true` for an exempt service, and
    /// `false` for an id that the policy does not declare. In tests, `testing::service` panics for such
    /// an id.
    ///
    /// ```
    /// # use consent_core::{Consent, Decision, Policy, consent::{Action, Circumstances}};
    /// # let document = format!("{}\n{}", r#"
    /// # languages = ["en"]
    /// # controller = { name = "Example Ltd.", address = "1 Street", email = "a@example.com", phone = "0" }
    /// # authority = { name = "Authority", url = "https://authority.example/" }
    /// # categories.functionality.purpose = "Preferences."
    /// # categories.marketing.purpose = "Videos."
    /// # revisions = [{ number = 1, effective = 2026-01-01, summary = "First." }]
    /// # "#, r#"
    /// [[services]]
    /// id = "youtube"
    /// label.en = "YouTube"
    /// provider = "Google Ireland Ltd."
    /// category = "marketing"
    /// purpose.en = "Shows videos on our pages."
    /// origins = ["https://www.youtube-nocookie.com", "https://*.ytimg.com"]
    /// # "#);
    /// let policy = Policy::from_toml(&document)?;
    /// # let today = time::UtcDateTime::UNIX_EPOCH.date();
    /// let undecided = Consent::undecided(&policy, Circumstances::new(today));
    /// assert!(!undecided.allows_service("youtube"));
    /// assert!(undecided.decide(&Decision::new(Action::Accept)).allows_service("youtube"));
    /// assert!(!undecided.allows_service("vimeo"), "no service of this policy");
    /// # Ok::<(), consent_core::PolicyError>(())
    /// ```
    #[must_use]
    pub fn allows_service(&self, id: &str) -> bool {
        self.policy.service(id).is_some_and(|service| self.denial_of_service(service).is_none())
    }

    /// Returns the reason why nothing of a service may load, or `None` if it may.
    #[must_use]
    pub fn denial_of_service(&self, service: &Service) -> Option<Reason> {
        if service.exempt().is_some() {
            return None;
        }
        // A service without categories is never valid, unless it is exempt.
        let Some((first, others)) = service.categories().split_first() else {
            return Some(Reason::Undeclared);
        };
        self.denial(*first).or_else(|| others.iter().find_map(|category| self.denial(*category)))
    }

    /// Returns the visitor's decision on this category.
    #[must_use]
    pub fn state(&self, category: Category) -> State {
        self.resolution(category).map_or(State::Undecided, |resolution| resolution.state)
    }

    /// Returns the regime of this category for this visitor.
    #[must_use]
    pub fn regime(&self, category: Category) -> Regime {
        let declaration = self.policy.category_declaration(category);
        declaration
            .map_or(Regime::OptIn, |declaration| declaration.regime_in(self.circumstances.jurisdiction))
    }

    /// Returns what the next page must show this visitor.
    #[must_use]
    pub fn prompt(&self) -> Prompt {
        let prompts = self.policy.categories().iter().filter_map(|declared| {
            let resolution = self.resolution(declared.category)?;
            Some(resolution.prompt(declared.regime_in(self.circumstances.jurisdiction)))
        });
        prompts.max().unwrap_or(Prompt::None)
    }

    /// Returns what is due for this category alone. With [`Prompt::Ask`], a feature may ask for the category
    /// in its own words. With [`Prompt::None`], the visitor has decided, was notified, or cannot be asked.
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

    /// Returns the same visitor's consent after a decision.
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

    /// Returns the same visitor's consent after a page has shown the notice: every category with a due notice
    /// becomes `informed`. Returns `None` if no notice is due, or if nothing may be overwritten.
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

    /// Returns the policy under which the consent was given.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns the stored choices.
    #[must_use]
    pub fn choices(&self) -> &Choices {
        &self.choices
    }

    /// Returns the origin of the consent.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }

    /// Returns the other facts about the request.
    #[must_use]
    pub fn circumstances(&self) -> Circumstances {
        self.circumstances
    }

    /// Returns whether nothing may be swept or overwritten without the visitor's own decision. This is so if
    /// the consent cannot be known, or if it was given to a server with a newer policy than this one.
    #[must_use]
    pub fn is_hands_off(&self) -> bool {
        self.source == Source::Unknown || self.choices.highest_revision() > self.policy.revision()
    }

    /// Returns the `Set-Cookie` header that stores this consent, or a deletion if there is nothing to store.
    ///
    /// # Privacy
    ///
    /// The cookie stores the revision, the day and a letter per category, for as long as a decision stands.
    /// Every script and server of this host can read it. Two visitors who decided the same on one day store
    /// the same bytes.
    #[must_use]
    pub fn set_cookie(&self, name: CookieName) -> String {
        self.choices.set_cookie(self.policy.category_set(), name, self.policy.reask_days())
    }

    /// Returns whether `after`, the same visitor's consent after a decision, gives the site anything that
    /// this consent does not give.
    ///
    /// A category that is allowed only afterwards is given. So is a category whose objection is forgotten: a
    /// notice then suffices to allow it.
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
    /// Returns whether both consents decide and allow the same in every category of `other`'s policy.
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

    /// Returns whether the application may see every cookie that the request carried: see
    /// [`visible`](crate::verdict::visible).
    #[must_use]
    pub fn shows_all(&self, carried: Carried) -> bool {
        !carried.undeclared
            && self.source != Source::Unreadable
            && self.allows_all(carried.categories)
            && (carried.services.is_empty() || carried.services.is_subset(self.allowed_services()))
    }

    /// Returns whether all categories at these indices of the policy are allowed. Each index is a bit.
    fn allows_all(&self, categories: u16) -> bool {
        let mut rest = categories;
        while rest != 0 {
            let position = rest.trailing_zeros() as usize;
            if self.denial_at(position).is_some() {
                return false;
            }
            rest &= rest - 1;
        }
        true
    }

    /// Returns the reason why nothing of the category at this index may be stored.
    fn denial_at(&self, position: usize) -> Option<Reason> {
        self.resolution_at(position).map_or(Some(Reason::Undeclared), |resolution| resolution.denial)
    }

    fn resolution(&self, category: Category) -> Option<Resolution> {
        self.resolution_at(self.policy.category_set().position(category)?)
    }

    /// Resolves the choice on a category. It is computed on demand: most requests ask about no category or
    /// one, and a small value is quicker to pass on.
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

/// Serializes the consent as JSON: `revision`, `day`, `prompt` and, by name, the `state`, `allowed` and
/// `regime` of each category.
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

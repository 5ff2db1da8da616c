use consent_core::consent::{
    Action, Choices, Decision, Prompt, ReadConsent, Resolution, State, read_consent, resolve,
};
use consent_core::page::{Rules, StorageRule};
use consent_core::policy::{Category, Kind, Lifetime, Regime};
use consent_core::verdict::Reason;
use time::Date;

/// The rules of the page that it runs in, and what the visitor decided, as the consent cookie said when it was last
/// read.
#[derive(Debug)]
pub(crate) struct Module {
    rules: Rules,
    choices: Choices,
    today: Date,
    /// What the visitor took back in this page and the server does not know yet, a bit for each category.
    withheld: u16,
}

/// What may become of one stored thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storing {
    /// It may be stored, for so many seconds; 0 is until the browser is closed.
    Allowed(u32),
    /// It is declared and not allowed: what is there of it goes.
    Denied,
    /// It is not allowed, and what is there of it waits for the visitor's answer.
    Lapsed,
    /// It is not declared.
    Undeclared,
}

/// What is seen of the consent cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The categories that are allowed, a bit for each.
    pub(crate) allowed: u16,
    /// What the page has to show.
    pub(crate) prompt: Prompt,
    /// Whether a server that is ahead of this page's wrote it: nothing is to be cleared.
    pub(crate) newer: bool,
}

impl Module {
    pub(crate) fn new(rules: &str) -> Option<Self> {
        let rules = Rules::parse(rules)?;
        Some(Self { rules, choices: Choices::NONE, today: Date::MIN, withheld: 0 })
    }

    /// Reads the consent cookie out of all cookies, on that day (days since 1970, UTC).
    pub(crate) fn read(&mut self, cookies: &str, day: i32) -> Seen {
        const UNIX_EPOCH: i32 = 2_440_588;
        let Rules { cookie, ref categories, revision, .. } = self.rules;
        self.today =
            UNIX_EPOCH.checked_add(day).and_then(|day| Date::from_julian_day(day).ok()).unwrap_or(Date::MIN);
        self.choices = match read_consent([cookies.as_bytes()], cookie, categories, revision) {
            ReadConsent::Read(choices) => choices,
            _ => Choices::NONE,
        };
        let mut seen =
            Seen { allowed: 0, prompt: Prompt::None, newer: self.choices.highest_revision() > revision };
        for position in 0..categories.as_slice().len() {
            let Some((resolution, regime)) = self.resolution(position) else { continue };
            if resolution.denial.is_none() {
                seen.allowed |= 1 << position;
            }
            seen.prompt = seen.prompt.max(resolution.prompt(regime));
        }
        seen
    }

    fn resolution(&self, position: usize) -> Option<(Resolution, Regime)> {
        let rule = self.rules.category_rule(position)?;
        let mut resolution = resolve(self.choices.get(position), rule, self.today);
        if self.withheld >> position & 1 == 1 {
            let (state, denial) = match rule.regime {
                Regime::Objectable => (State::Objected, Reason::Objected),
                _ => (State::Refused, Reason::Refused),
            };
            resolution.state = state;
            resolution.denial = Some(denial);
            resolution.due = false;
        }
        Some((resolution, rule.regime))
    }

    fn denial(&self, position: usize) -> Option<Reason> {
        self.resolution(position).map_or(Some(Reason::Undeclared), |(resolution, _)| resolution.denial)
    }

    /// What was decided on a category, how the law treats it and whether it is allowed; nothing where there is no such
    /// category.
    pub(crate) fn state(&self, category: &str) -> Option<(State, Regime, bool)> {
        let (resolution, regime) = self.resolution(self.position(category)?)?;
        Some((resolution.state, regime, resolution.denial.is_none()))
    }

    fn position(&self, category: &str) -> Option<usize> {
        let categories = &self.rules.categories;
        categories.find(category.as_bytes()).and_then(|category| categories.position(category))
    }

    /// Whether all of these categories are allowed, parted by white space. No category at all never is.
    pub(crate) fn allows(&self, categories: &str) -> bool {
        let mut names = categories.split_ascii_whitespace().peekable();
        let allowed = |name| self.position(name).is_some_and(|position| self.denial(position).is_none());
        names.peek().is_some() && names.all(allowed)
    }

    /// Whether something gated may come from this origin: its own, or one that is declared and allowed.
    pub(crate) fn allows_origin(&self, origin: &str, own: &str) -> bool {
        origin == own || matches!(self.storing(Kind::Embed, origin), Storing::Allowed(_))
    }

    /// What may become of something of this kind and name.
    pub(crate) fn storing(&self, kind: Kind, name: &str) -> Storing {
        let Some(StorageRule { categories, lifetime, .. }) = self.rules.find(kind, name) else {
            return Storing::Undeclared;
        };
        let positions = (0..16).filter(|position| categories >> position & 1 == 1);
        let mut storing = Storing::Allowed(match lifetime {
            Lifetime::Seconds(seconds) => *seconds,
            _ => 0,
        });
        for reason in positions.filter_map(|position| self.denial(position)) {
            storing = match reason {
                Reason::Stale | Reason::Expired | Reason::FutureDate | Reason::NewerRevision
                    if storing != Storing::Denied =>
                {
                    Storing::Lapsed
                }
                _ => Storing::Denied,
            };
        }
        storing
    }

    /// What a decision takes away or leaves without, a bit for each category; nothing where its action or one of the
    /// categories is not known.
    pub(crate) fn denies(&self, action: &str, granted: &str) -> Option<u16> {
        let decision = self.decision(action, granted)?;
        let categories = self.rules.categories.as_slice().iter().enumerate();
        Some(
            categories
                .filter(|(_, category)| !decision.grants(**category))
                .fold(0, |mask, (at, _)| mask | 1 << at),
        )
    }

    /// From now on these categories are denied, whatever the cookie says.
    pub(crate) fn withhold(&mut self, categories: u16) {
        self.withheld = categories;
    }

    /// The `Set-Cookie` text that keeps a decision, for a site without a server.
    pub(crate) fn cookie(&self, action: &str, granted: &str) -> Option<alloc::string::String> {
        let decision = self.decision(action, granted)?;
        let Rules { cookie, ref categories, revision, reask_days, .. } = self.rules;
        let regime = |category: Category| {
            let rule = categories.position(category).and_then(|position| self.rules.category_rule(position));
            rule.map_or(Regime::OptIn, |rule| rule.regime)
        };
        let choices = decision.choices(categories, revision, self.today, regime);
        Some(choices.set_cookie(categories, cookie, reask_days))
    }

    fn decision(&self, action: &str, granted: &str) -> Option<Decision> {
        let mut categories = alloc::vec::Vec::new();
        for name in granted.split_ascii_whitespace() {
            categories.push(self.rules.categories.find(name.as_bytes())?);
        }
        let action = Action::ALL.into_iter().find(|known| known.as_str() == action)?;
        Some(if action == Action::Save { Decision::save(categories) } else { Decision::new(action) })
    }
}

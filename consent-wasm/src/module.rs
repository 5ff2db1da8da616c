use consent_core::Reason;
use consent_core::consent::{Choice, Choices, Prompt, State};
use consent_core::engine::{ReadConsent, Resolution, read_consent, resolve};
use consent_core::engine::{Rules, StorageRule};
use consent_core::policy::{Lifetime, MAX_CATEGORIES, Regime};
use time::Date;

/// The rules of the page that it runs in, and what the visitor decided, as the consent cookie said when it
/// was last read.
#[derive(Debug)]
pub(crate) struct Module {
    rules: Rules<'static>,
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
    pub(crate) fn new(rules: &'static [u8]) -> Option<Self> {
        let rules = Rules::parse(rules)?;
        Some(Self { rules, choices: Choices::NONE, today: Date::MIN, withheld: 0 })
    }

    /// Reads the consent cookie out of all cookies, on the day of these eight digits (UTC).
    pub(crate) fn read(&mut self, cookies: &[u8], day: u32) -> Seen {
        let Rules { cookie, ref categories, revision, .. } = self.rules;
        self.today = consent_core::engine::day(day).unwrap_or(Date::MIN);
        self.choices = match read_consent([cookies], cookie, categories, revision) {
            ReadConsent::Read(choices) => choices,
            _ => Choices::NONE,
        };
        let newer = self.choices.highest_revision() > revision;
        let mut seen = Seen { allowed: 0, prompt: Prompt::None, newer };
        for position in 0..MAX_CATEGORIES {
            let Some((resolution, regime)) = self.resolution(position) else { continue };
            if resolution.denial.is_none() {
                seen.allowed |= 1 << position;
            }
            seen.prompt = seen.prompt.max(resolution.prompt(regime));
        }
        seen
    }

    /// What the choice on the category at that place is worth, and how the law treats it.
    pub(crate) fn resolution(&self, position: usize) -> Option<(Resolution, Regime)> {
        let rule = self.rules.category_rule(position)?;
        let mut resolution = resolve(self.choices.get(position), rule, self.today);
        if self.withheld >> position & 1 == 1 {
            let state = State::decided(false, rule.regime);
            resolution.state = state;
            resolution.denial =
                Some(if state == State::Objected { Reason::Objected } else { Reason::Refused });
            resolution.due = false;
        }
        Some((resolution, rule.regime))
    }

    /// The categories of these names, parted by spaces, a bit for each; nothing where one is unknown.
    pub(crate) fn categories(&self, names: &[u8]) -> Option<u16> {
        let mut mask = 0;
        for name in names.split(u8::is_ascii_whitespace).filter(|name| !name.is_empty()) {
            mask |= 1 << self.rules.categories.position_of(name)?;
        }
        Some(mask)
    }

    /// What may become of something of this kind, by its letter in the rules, and name.
    pub(crate) fn storing(&self, kind: u8, name: &[u8]) -> Storing {
        let Some(StorageRule { categories, lifetime, .. }) = self.rules.find(kind, name) else {
            return Storing::Undeclared;
        };
        let mut storing =
            Storing::Allowed(if let Lifetime::Seconds(seconds) = lifetime { seconds } else { 0 });
        for position in (0..MAX_CATEGORIES).filter(|position| categories >> position & 1 == 1) {
            let denial = self
                .resolution(position)
                .map_or(Some(Reason::Undeclared), |(resolution, _)| resolution.denial);
            storing = match denial {
                None => continue,
                Some(Reason::Stale | Reason::Expired | Reason::FutureDate | Reason::NewerRevision) => {
                    Storing::Lapsed
                }
                Some(_) => return Storing::Denied,
            };
        }
        storing
    }

    /// From now on these categories are denied, whatever the cookie says.
    pub(crate) fn withhold(&mut self, categories: u16) {
        self.withheld = categories;
    }

    /// Writes the `Set-Cookie` text that keeps the decision to grant these categories and no others, for a
    /// site without a server.
    pub(crate) fn cookie(&self, granted: u16, out: &mut impl Extend<char>) {
        let Rules { cookie, ref categories, revision, reask_days, .. } = self.rules;
        let mut choices = Choices::NONE;
        for position in 0..categories.as_slice().len() {
            let regime = self.rules.category_rule(position).map_or(Regime::OptIn, |rule| rule.regime);
            let state = State::decided(granted >> position & 1 == 1, regime);
            choices.set(position, Choice::new(state, revision, self.today));
        }
        choices.write_set_cookie(categories, cookie, reask_days, out);
    }
}

#[cfg(test)]
mod tests;

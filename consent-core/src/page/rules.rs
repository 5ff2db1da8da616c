//! The rules that run in the browser, as one attribute.
//!
//! ```text
//! rules    = cookie SP base SP revision SP reask *( SP category ) *( SP storage )
//! category = "@" name ":" ( "c" / "o" ) ":" since [ "-" ] [ "!" ]
//! storage  = kind *HEXDIG ":" [ seconds ] ":" name [ "*" ]
//! kind     = "c" / "l" / "s" / "i" / "k" / "w"
//! ```
//!
//! The policy itself is never parsed in the browser: the guard needs the names, and the module what
//! [`resolve`](crate::consent::resolve) asks for. A digit of a storage names the place of a category; without any it is
//! exempt. A `-` marks a category in which nothing is asked for, a `!` one that a signal of this visitor takes away.

use crate::consent::{CategoryRule, Consent, CookieName};
use crate::policy::{
    Category, CategorySet, Declaration, Kind, Lifetime, MAX_CATEGORIES, Name, Policy, Regime, Signal,
};
use alloc::string::String;
use alloc::vec::Vec;

/// The kinds that a script in the page can write, with their letters.
const KINDS: [(Kind, u8); 6] = [
    (Kind::Cookie, b'c'),
    (Kind::LocalStorage, b'l'),
    (Kind::SessionStorage, b's'),
    (Kind::IndexedDb, b'i'),
    (Kind::CacheStorage, b'k'),
    (Kind::ServiceWorker, b'w'),
];

/// Writes the rules for one visitor: what the attribute `data-consent-rules` holds, not yet escaped for HTML.
///
/// `base` is the path of the routes as the browser sees it, without a slash at its end. What only the server can read
/// is left out: no script may write it.
#[must_use]
pub fn rules(policy: &Policy, consent: &Consent, cookie: CookieName, base: &str) -> String {
    let mut out = String::with_capacity(64 + 32 * policy.storage().len());
    out.push_str(cookie.as_str());
    out.push(' ');
    push_escaped(&mut out, base);
    out.push(' ');
    push_number(&mut out, policy.revision());
    out.push(' ');
    push_number(&mut out, u32::from(policy.reask_days()));
    for declared in policy.categories() {
        let category = declared.category;
        out.push_str(" @");
        out.push_str(category.as_str());
        out.push_str(match consent.regime(category) {
            Regime::OptIn => ":c:",
            Regime::Objectable => ":o:",
        });
        push_number(&mut out, policy.standing_since(category));
        if !policy.is_asked(category) {
            out.push('-');
        }
        if consent.circumstances().gpc && declared.signals.contains(&Signal::Gpc) {
            out.push('!');
        }
    }
    for declared in policy.storage().iter().filter(|declared| declared.is_script_visible()) {
        push_storage(&mut out, policy, declared);
    }
    out
}

fn push_storage(out: &mut String, policy: &Policy, declared: &Declaration) {
    let Some((_, letter)) = KINDS.iter().find(|(kind, _)| *kind == declared.kind) else { return };
    out.push(' ');
    out.push(char::from(*letter));
    if declared.exempt.is_none() {
        for category in &declared.categories {
            // What names a category of no policy is never allowed: the last place stands for it.
            let position = policy.category_set().position(*category).unwrap_or(MAX_CATEGORIES - 1);
            let digit = u32::try_from(position).ok().and_then(|at| char::from_digit(at, 16));
            out.push(digit.unwrap_or('f'));
        }
    }
    out.push(':');
    if let Lifetime::Seconds(seconds) = declared.lifetime {
        push_number(out, seconds);
    }
    out.push(':');
    push_escaped(out, declared.name.literal());
    if matches!(declared.name, Name::Prefix(_)) {
        out.push('*');
    }
}

/// Only what would end a token, and the escape itself: `decodeURIComponent` undoes it.
fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match u8::try_from(c) {
            Ok(byte) if byte <= b' ' || byte == b'%' || byte == 0x7f => {
                out.push('%');
                for nibble in [byte >> 4, byte & 15] {
                    out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
                }
            }
            _ => out.push(c),
        }
    }
}

fn push_number(out: &mut String, number: u32) {
    crate::consent::push_digits(out, number, 1);
}

/// The rules, as the module in the page reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rules {
    /// Which name the consent cookie has.
    pub cookie: CookieName,
    /// The path of the routes, without a slash at its end.
    pub base: String,
    /// The revision in force.
    pub revision: u32,
    /// For how many days a decision stands.
    pub reask_days: u16,
    /// The categories, in the policy's order.
    pub categories: CategorySet,
    /// What a script in the page may store.
    pub storage: Vec<StorageRule>,
    resolving: [CategoryRule; MAX_CATEGORIES],
}

/// One thing that a script in the page may store.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StorageRule {
    /// What kind of storage it is.
    pub kind: Kind,
    /// The name or the pattern.
    pub name: Name,
    /// How long it stays.
    pub lifetime: Lifetime,
    /// The places of its categories, one bit each; none where it is exempt.
    pub categories: u16,
}

impl Rules {
    /// Reads the attribute; nothing where it is not what [`rules`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut tokens = text.split(' ');
        let cookie = match tokens.next()? {
            name if name == CookieName::Host.as_str() => CookieName::Host,
            name if name == CookieName::Plain.as_str() => CookieName::Plain,
            _ => return None,
        };
        let base = unescape(tokens.next()?)?;
        let revision = number(tokens.next()?)?;
        let reask_days = u16::try_from(number(tokens.next()?)?).ok()?;
        let mut rules = Self {
            cookie,
            base,
            revision,
            reask_days,
            categories: CategorySet::EMPTY,
            storage: Vec::new(),
            resolving: [CategoryRule::new(Regime::OptIn, u32::MAX, revision, reask_days); MAX_CATEGORIES],
        };
        for token in tokens {
            match token.strip_prefix('@') {
                Some(category) => rules.push_category(category)?,
                None => rules.storage.push(StorageRule::parse(token)?),
            }
        }
        Some(rules)
    }

    fn push_category(&mut self, token: &str) -> Option<()> {
        let mut parts = token.split(':');
        let category = Category::named(parts.next()?.as_bytes())?;
        let regime = match parts.next()? {
            "c" => Regime::OptIn,
            "o" => Regime::Objectable,
            _ => return None,
        };
        let since = parts.next()?;
        let (since, signalled) = since.strip_suffix('!').map_or((since, false), |rest| (rest, true));
        let (since, asked) = since.strip_suffix('-').map_or((since, true), |rest| (rest, false));
        if parts.next().is_some() || !self.categories.push(category) {
            return None;
        }
        let slot = self.resolving.get_mut(self.categories.position(category)?)?;
        *slot = CategoryRule {
            signalled,
            asked,
            ..CategoryRule::new(regime, number(since)?, self.revision, self.reask_days)
        };
        Some(())
    }

    /// What must be known to resolve a choice on the category at that place.
    #[must_use]
    pub fn category_rule(&self, position: usize) -> Option<CategoryRule> {
        self.categories.as_slice().get(position)?;
        self.resolving.get(position).copied()
    }

    /// What says that something of this kind and name may be stored: an exact name goes before a pattern, a longer
    /// pattern before a shorter one.
    #[must_use]
    pub fn find(&self, kind: Kind, name: &str) -> Option<&StorageRule> {
        let fits = |rule: &&StorageRule| rule.kind == kind && rule.name.matches(name.as_bytes());
        self.storage.iter().filter(fits).max_by_key(|rule| match &rule.name {
            Name::Exact(_) => usize::MAX,
            Name::Prefix(prefix) => prefix.len(),
        })
    }
}

impl StorageRule {
    fn parse(token: &str) -> Option<Self> {
        let mut parts = token.splitn(3, ':');
        let (letter, digits) = parts.next()?.as_bytes().split_first()?;
        let (kind, _) = KINDS.into_iter().find(|(_, known)| known == letter)?;
        let categories = digits.iter().try_fold(0_u16, |mask, digit| {
            let position = char::from(*digit).to_digit(16)?;
            Some(mask | (1 << position))
        })?;
        let lifetime = match parts.next()? {
            "" => Lifetime::Session,
            seconds => Lifetime::Seconds(number(seconds)?),
        };
        let name = parts.next()?;
        let name = match name.strip_suffix('*') {
            Some(prefix) => Name::Prefix(unescape(prefix)?),
            None => Name::Exact(unescape(name)?),
        };
        Some(Self { kind, name, lifetime, categories })
    }
}

fn number(digits: &str) -> Option<u32> {
    crate::consent::read_digits(digits.as_bytes())
}

fn unescape(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut out = String::from(parts.next()?);
    for part in parts {
        let mut rest = part.chars();
        let high = rest.next()?.to_digit(16).filter(|high| *high < 8)?;
        let low = rest.next()?.to_digit(16)?;
        out.push(char::from_u32(high * 16 + low)?);
        out.push_str(rest.as_str());
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "__Host-consent /consent 3 180 @functionality:c:1 @statistics:o:2-! c0:31536000:theme c::sid \
                        l01::draft_* s::a%20b%25";

    #[test]
    fn what_is_written_is_read() {
        let rules = Rules::parse(TEXT).unwrap();
        assert_eq!(rules.base, "/consent");
        assert_eq!((rules.revision, rules.reask_days), (3, 180));
        assert_eq!(rules.categories.as_slice().len(), 2);
        let functionality = rules.category_rule(0).unwrap();
        assert_eq!((functionality.regime, functionality.since, functionality.current), (Regime::OptIn, 1, 3));
        assert!(functionality.asked && !functionality.signalled);
        let statistics = rules.category_rule(1).unwrap();
        assert_eq!((statistics.regime, statistics.since), (Regime::Objectable, 2));
        assert!(!statistics.asked && statistics.signalled);
        assert_eq!(rules.category_rule(2), None);
        let theme = rules.find(Kind::Cookie, "theme").unwrap();
        assert_eq!((theme.categories, theme.lifetime), (1, Lifetime::Seconds(31_536_000)));
        assert_eq!(rules.find(Kind::Cookie, "sid").unwrap().categories, 0);
        assert_eq!(rules.find(Kind::LocalStorage, "draft_7").unwrap().categories, 3);
        assert!(rules.find(Kind::LocalStorage, "theme").is_none());
        assert!(rules.find(Kind::SessionStorage, "a b%").is_some());
    }

    #[test]
    fn a_category_that_does_not_exist_is_never_granted() {
        let rules = Rules::parse("consent /c 1 9 @functionality:c:1 cf::x").unwrap();
        assert_eq!(rules.find(Kind::Cookie, "x").unwrap().categories, 1 << 15);
    }

    #[test]
    fn the_closest_name_decides() {
        let rules = Rules::parse("consent /c 1 9 @a:c:1 c0::pre* c::pref_* c0:1:pref_x").unwrap();
        assert_eq!(rules.find(Kind::Cookie, "pref_y").unwrap().categories, 0);
        assert_eq!(rules.find(Kind::Cookie, "pref_x").unwrap().lifetime, Lifetime::Seconds(1));
    }

    #[test]
    fn what_is_no_rule_is_not_read() {
        for text in [
            "",
            "consent",
            "sid /consent 1 180",
            "consent /consent x 180",
            "consent /consent 1 70000",
            "consent /consent 1 180 ",
            "consent /consent 1 180 @",
            "consent /consent 1 180 @a:x:1",
            "consent /consent 1 180 @a:c:",
            "consent /consent 1 180 @a:c:1 @a:c:1",
            "consent /consent 1 180 @a:c:1:1",
            "consent /consent 1 180 x0::a",
            "consent /consent 1 180 cg::a",
            "consent /consent 1 180 c0:a",
            "consent /consent 1 180 c0:-1:a",
            "consent /consent 1 180 c0::a%2",
            "consent /consent 1 180 c0::a%é0",
            "consent /consent 1 180 c0::a%ff",
        ] {
            assert_eq!(Rules::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(text in "\\PC*") {
            let _ = Rules::parse(&text);
            let _ = Rules::parse(&alloc::format!("consent /consent 1 180 {text}"));
        }

        #[test]
        fn any_name_comes_back(name in "\\PC+") {
            let mut escaped = String::new();
            push_escaped(&mut escaped, &name);
            prop_assert!(!escaped.contains(' '));
            prop_assert_eq!(unescape(&escaped), Some(name));
        }
    }
}

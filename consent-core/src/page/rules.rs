//! The rules that run in the browser, as one attribute.
//!
//! ```text
//! rules    = cookie SP base SP revision SP reask *( SP category ) *( SP storage )
//! category = "@" name ":" ( "g" / "gi" ) ":" since [ "-" ] [ "!" ]
//! storage  = kind *HEXDIG ":" [ seconds ] ":" name [ "*" [ suffix ] ]
//! kind     = "c" / "C" / "l" / "s" / "i" / "k" / "w" / "e"
//! ```
//!
//! The browser never parses the policy: the guard needs the names, and the module the input of
//! [`resolve`](crate::consent::resolve). A category lists the states that allow it: `g`, and `i` if it is
//! objectable. Each digit of a storage is the index of a category; without digits, the storage is exempt. A
//! `-` marks a category about which nothing is asked, and a `!` one that a signal of this visitor switches
//! off. An `e` is an origin of a service. A `C` is a cookie that is declared with a `Domain`: a script
//! may write that attribute only for such cookies.

use crate::consent::{CategoryRule, Consent};
use crate::cookies::is_cookie_name_byte;
use crate::cookies::{CookieName, push_digits, read_digits};
use crate::policy::{Category, CategorySet, Declaration, Kind, Lifetime, MAX_CATEGORIES, Policy, Regime};
use alloc::string::{String, ToString};

/// The kinds that a script in the page can write, with their letters.
const KINDS: [(Kind, u8); 6] = [
    (Kind::Cookie, b'c'),
    (Kind::LocalStorage, b'l'),
    (Kind::SessionStorage, b's'),
    (Kind::IndexedDb, b'i'),
    (Kind::CacheStorage, b'k'),
    (Kind::ServiceWorker, b'w'),
];

/// All letters of storage, including the origins of services.
const LETTERS: [u8; 8] = *b"cClsikwe";

/// Writes the rules for one visitor: the value of the attribute `data-consent-rules`, not yet escaped for
/// HTML.
///
/// `base` is the path of the routes as the browser sees it, without a trailing slash. Storage that only the
/// server can read is omitted: no script may write it.
#[must_use]
pub fn rules(policy: &Policy, consent: &Consent, cookie: CookieName, base: &str) -> String {
    let mut out = String::with_capacity(64 + 32 * policy.storage().len());
    out.push_str(cookie.as_str());
    out.push(' ');
    out.push_str(base);
    out.push(' ');
    push_number(&mut out, policy.revision());
    out.push(' ');
    push_number(&mut out, u32::from(policy.reask_days()));
    for declared in policy.categories() {
        let category = declared.category;
        out.push_str(" @");
        out.push_str(category.as_str());
        out.push_str(match consent.regime(category) {
            Regime::OptIn => ":g:",
            Regime::Objectable => ":gi:",
        });
        push_number(&mut out, policy.standing_since(category));
        if !policy.is_asked(category) {
            out.push('-');
        }
        if consent.circumstances().signal_against(declared).is_some() {
            out.push('!');
        }
    }
    for declared in policy.storage() {
        let name = declared.name.with_middle("*");
        if !declared.is_script_visible() || !fits(&name) {
            continue;
        }
        if let Some((_, letter)) = KINDS.iter().find(|(kind, _)| *kind == declared.kind) {
            let letter = if has_domain(declared) { letter.to_ascii_uppercase() } else { *letter };
            push_head(&mut out, policy, declared, letter);
            out.push_str(&name);
        }
    }
    for service in policy.services() {
        for origin in service.origins() {
            out.push_str(" e");
            if service.exempt().is_none() {
                push_categories(&mut out, policy, service.categories());
            }
            out.push_str("::");
            out.push_str(&origin.to_string());
        }
    }
    out
}

/// Writes the rules of a static page, which is rendered before any request. They let the module write the
/// consent cookie, because there is no server to write it.
pub(super) fn static_rules(policy: &Policy, consent: &Consent, cookie: CookieName, base: &str) -> String {
    // No server can read whether a browser sends a signal, so a category with a signal stays off.
    let signalled = Consent::undecided(policy, consent.circumstances().with_gpc(true).with_dnt(true));
    let mut out = rules(policy, &signalled, cookie, base);
    out.push_str(" c:");
    push_number(&mut out, u32::from(policy.reask_days()) * 86_400);
    out.push(':');
    out.push_str(cookie.as_str());
    out
}

fn push_head(out: &mut String, policy: &Policy, declared: &Declaration, letter: u8) {
    out.push(' ');
    out.push(char::from(letter));
    if declared.exempt.is_none() {
        push_categories(out, policy, &declared.categories);
    }
    out.push(':');
    if let Lifetime::Seconds(seconds) = declared.lifetime {
        push_number(out, seconds);
    }
    out.push(':');
}

fn push_categories(out: &mut String, policy: &Policy, categories: &[Category]) {
    for category in categories {
        // A category of another policy is never allowed: the last index represents it.
        let position = policy.category_set().position(*category).unwrap_or(MAX_CATEGORIES - 1);
        let digit = u32::try_from(position).ok().and_then(|at| char::from_digit(at, 16));
        out.push(digit.unwrap_or('f'));
    }
}

fn has_domain(declared: &Declaration) -> bool {
    declared.kind == Kind::Cookie && declared.scopes.iter().any(|scope| scope.domain.is_some())
}

/// A name consists of visible ASCII characters, and so needs no escape.
fn fits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn push_number(out: &mut String, number: u32) {
    push_digits(out, number, 1);
}

/// The parsed rules, for the module in the page. Only the categories are copied out of the text, which halves
/// the size of the module.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rules<'a> {
    /// The name of the consent cookie.
    pub cookie: CookieName,
    /// The revision in force.
    pub revision: u32,
    /// The number of days for which a decision stands.
    pub reask_days: u16,
    /// The categories, in the policy's order.
    pub categories: CategorySet,
    text: &'a [u8],
}

/// The rule of one stored thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StorageRule {
    /// The lifetime.
    pub lifetime: Lifetime,
    /// The indices of its categories, as bits; 0 if it is exempt.
    pub categories: u16,
}

impl<'a> Rules<'a> {
    /// Parses the attribute. Returns `None` if [`rules`] did not write it.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let mut tokens = tokens(text);
        let name = tokens.next()?;
        let names = [CookieName::Host, CookieName::Plain];
        let cookie = names.into_iter().find(|cookie| cookie.as_str().as_bytes() == name)?;
        tokens.next()?;
        let revision = read_digits(tokens.next()?)?;
        let reask_days = u16::try_from(read_digits(tokens.next()?)?).ok()?;
        let mut rules = Self { cookie, revision, reask_days, categories: CategorySet::EMPTY, text };
        let mut has_storage = false;
        for token in tokens {
            match token {
                [b'@', ..] if has_storage => return None,
                [b'@', ..] => {
                    let (name, _) = rules.category(token)?;
                    if !rules.categories.push(Category::named(name)?) {
                        return None;
                    }
                }
                storage => {
                    Storage::parse(storage)?;
                    has_storage = true;
                }
            }
        }
        Some(rules)
    }

    /// Parses the token of a category: its name, and the rule that resolves a choice on it.
    fn category<'t>(&self, token: &'t [u8]) -> Option<(&'t [u8], CategoryRule)> {
        let (name, rest) = cut(token, b':')?;
        let (states, mut since) = cut(rest, b':')?;
        let (mut signalled, mut asked) = (false, true);
        if let [rest @ .., b'!'] = since {
            (signalled, since) = (true, rest);
        }
        if let [rest @ .., b'-'] = since {
            (asked, since) = (false, rest);
        }
        let regime = match states {
            b"g" => Regime::OptIn,
            b"gi" => Regime::Objectable,
            _ => return None,
        };
        let rule = CategoryRule::new(regime, read_digits(since)?, self.revision, self.reask_days);
        Some((name.get(1..)?, CategoryRule { signalled, asked, ..rule }))
    }

    /// Returns the rule that resolves a choice on the category at this index.
    #[must_use]
    pub fn category_rule(&self, position: usize) -> Option<CategoryRule> {
        self.categories.as_slice().get(position)?;
        let token = tokens(self.text).nth(position + 4)?;
        self.category(token).map(|(_, rule)| rule)
    }

    /// Returns the rule of the storage with this kind (by letter) and name, or `None` if it is not declared.
    #[must_use]
    pub fn find(&self, kind: u8, name: &[u8]) -> Option<StorageRule> {
        let storage = tokens(self.text).skip(4).filter_map(Storage::parse);
        storage
            .into_iter()
            .find(|storage| storage.kind.to_ascii_lowercase() == kind && storage.means(kind, name))
            .map(|storage| storage.rule)
    }
}

/// A parsed token of the rules.
struct Storage<'a> {
    kind: u8,
    rule: StorageRule,
    name: &'a [u8],
}

impl<'a> Storage<'a> {
    fn parse(token: &'a [u8]) -> Option<Self> {
        let (head, rest) = cut(token, b':')?;
        let (seconds, name) = cut(rest, b':')?;
        let (kind, digits) = head.split_first()?;
        let mut categories = 0;
        for digit in digits {
            categories |= 1_u16 << hexadecimal(*digit)?;
        }
        let lifetime = match seconds {
            b"" => Lifetime::Session,
            seconds => Lifetime::Seconds(read_digits(seconds)?),
        };
        let known = LETTERS.contains(kind);
        known.then_some(Self { kind: *kind, rule: StorageRule { lifetime, categories }, name })
    }

    /// A cookie's pattern matches only names that a policy can declare, as in the verdicts.
    fn means(&self, kind: u8, name: &[u8]) -> bool {
        let Some((prefix, suffix)) = cut(self.name, b'*') else { return self.name == name };
        name.len() >= prefix.len() + suffix.len()
            && name.starts_with(prefix)
            && name.ends_with(suffix)
            && (kind != b'c' || name.iter().all(|byte| is_cookie_name_byte(*byte)))
    }
}

fn tokens(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b' ')
}

/// Splits at the first separator.
fn cut(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|byte| *byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

fn hexadecimal(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "__Host-consent /consent 3 180 @functionality:g:1 @statistics:gi:2-! c0:31536000:theme c::sid \
                        s::a:* l01::draft_* e0:60:https://video.example \
                        C0:60:wide_*";

    #[test]
    fn what_is_written_is_read() {
        let rules = Rules::parse(TEXT.as_bytes()).unwrap();
        assert_eq!((rules.cookie, rules.revision, rules.reask_days), (CookieName::Host, 3, 180));
        assert_eq!(rules.categories.as_slice().len(), 2);
        let functionality = rules.category_rule(0).unwrap();
        assert_eq!((functionality.regime, functionality.since, functionality.current), (Regime::OptIn, 1, 3));
        assert!(functionality.asked && !functionality.signalled);
        let statistics = rules.category_rule(1).unwrap();
        assert_eq!((statistics.regime, statistics.since), (Regime::Objectable, 2));
        assert!(!statistics.asked && statistics.signalled);
        assert_eq!(rules.category_rule(2), None);
        let theme = rules.find(b'c', b"theme").unwrap();
        assert_eq!((theme.categories, theme.lifetime), (1, Lifetime::Seconds(31_536_000)));
        assert_eq!(rules.find(b'c', b"sid").unwrap().categories, 0);
        assert_eq!(rules.find(b'l', b"draft_7").unwrap().categories, 3);
        assert!(rules.find(b's', b"a:b").is_some());
        assert_eq!(rules.find(b'c', b"wide_x").unwrap().categories, 1);
        assert_eq!(rules.find(b'c', b"wide_ x"), None);
        assert_eq!(rules.find(b'C', b"wide_x"), None, "a cookie is asked for by the small letter");
        assert!(rules.find(b'e', b"https://video.example").is_some());
    }

    #[test]
    fn names_are_compared_byte_for_byte() {
        let rules = Rules::parse(TEXT.as_bytes()).unwrap();
        for (kind, name) in [
            (b'l', "theme"),
            (b'c', "Theme"),
            (b'c', "theme "),
            (b'c', "them"),
            (b'c', ""),
            (b'c', "functionality"),
            (b'l', "draft"),
            (b'@', "functionality"),
            (b'e', "https://video.example.net"),
        ] {
            assert_eq!(rules.find(kind, name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn a_pattern_of_cookies_stands_for_names_that_a_policy_can_declare() {
        let rules = Rules::parse(
            b"consent /c 1 9 @functionality:g:1 c0::pref_* l0::pref_* c0::_pk_id.*.1fff c0::a[b]:c",
        )
        .unwrap();
        for name in ["_pk_id.7.1fff", "_pk_id..1fff", "a[b]:c"] {
            assert!(rules.find(b'c', name.as_bytes()).is_some(), "{name}");
        }
        for name in
            ["_pk_id.1fff", "_pk_id.7.1ff", "_pk_id.7.1fff2", "_pk_id.*.1ff", "a[b]", "_pk_id.\u{fc}.1fff"]
        {
            assert_eq!(rules.find(b'c', name.as_bytes()), None, "{name}");
        }
        for name in ["pref_x", "pref_", "pref_!#$%&'*+-.^_`|~09AZaz", "pref_[x]", "pref_(x){y}<z>@/:?"] {
            assert!(rules.find(b'c', name.as_bytes()).is_some(), "{name}");
        }
        for name in
            ["pref_ x", "pref_\\x", "pref_x;y", "pref_ü", "pref_\n", "pref_x,", "pref_\"x\"", "pref_x=y"]
        {
            assert_eq!(rules.find(b'c', name.as_bytes()), None, "{name}");
            assert!(
                rules.find(b'l', name.as_bytes()).is_some(),
                "a key of a storage can be anything: {name}"
            );
        }
    }

    #[test]
    fn a_category_that_does_not_exist_is_never_granted() {
        let rules = Rules::parse(b"consent /c 1 9 @functionality:g:1 cf::x").unwrap();
        assert_eq!(rules.find(b'c', b"x").unwrap().categories, 1 << 15);
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
            "consent /consent 1 180 @a:c:1",
            "consent /consent 1 180 @a:g:",
            "consent /consent 1 180 @a:g:1!-",
            "consent /consent 1 180 @a:g:1 @a:g:1",
            "consent /consent 1 180 @a:g:1:1",
            "consent /consent 1 180 c::a @a:g:1",
            "consent /consent 1 180 x0::a",
            "consent /consent 1 180 cg::a",
            "consent /consent 1 180 c0:a",
            "consent /consent 1 180 c0:-1:a",
        ] {
            assert!(Rules::parse(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[cfg(feature = "toml")]
    #[test]
    fn a_cookie_with_a_declared_domain_has_a_letter_of_its_own() {
        use crate::page::fixture;
        let declared = |domain: &str| {
            let storage = alloc::format!(
                "[[storage]]\nname = \"wide\"\nkind = \"cookie\"\ncategory = \"functionality\"\n\
                 exempt = \"security\"\npurpose.en = \"Protects forms.\"\nlifetime = \"session\"\n\
                 provider = \"first-party\"\n{domain}\n[[revisions]]"
            );
            let consent = fixture::undecided(&fixture::FOUNDING.replacen("[[revisions]]", &storage, 1));
            rules(consent.policy(), &consent, CookieName::Host, "/consent")
        };
        assert!(declared("domain = \"example.test\"").contains(" C::wide"));
        assert!(declared("domain = [\"\", \"example.test\"]").contains(" C::wide"));
        assert!(declared("").contains(" c::wide"));
    }

    #[cfg(feature = "toml")]
    #[test]
    fn where_no_server_hears_a_signal_what_listens_to_it_is_off() {
        use crate::page::fixture;
        for signal in ["gpc", "dnt"] {
            let document =
                fixture::RICH.replace("signals = [\"gpc\"]", &alloc::format!("signals = [\"{signal}\"]"));
            let consent = fixture::undecided(&document);
            let text = static_rules(consent.policy(), &consent, CookieName::Host, "/consent");
            let rules = Rules::parse(text.as_bytes()).unwrap();
            let signalled = |position| rules.category_rule(position).unwrap().signalled;
            assert!(!signalled(0) && signalled(1), "{signal}");
            assert!(rules.find(b'c', b"__Host-consent").is_some_and(|rule| rule.categories == 0));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_not(text in "\\PC*", name in "\\PC*") {
            for text in [text.as_str(), &alloc::format!("consent /consent 1 180 {text}")] {
                if let Some(rules) = Rules::parse(text.as_bytes()) {
                    let _ = rules.find(b'c', name.as_bytes());
                }
            }
        }

        #[test]
        fn a_name_is_found_and_no_other(name in "[!-)+-~]+", other in "[!-~]+") {
            let text = alloc::format!("consent / 1 1 l::{name} s::{name}*");
            let rules = Rules::parse(text.as_bytes()).unwrap();
            prop_assert!(rules.find(b'l', name.as_bytes()).is_some());
            prop_assert_eq!(rules.find(b'l', other.as_bytes()).is_some(), name == other);
            prop_assert_eq!(rules.find(b's', other.as_bytes()).is_some(), other.starts_with(&name));
        }
    }
}

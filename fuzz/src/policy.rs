use crate::site::now;
use consent_core::consent::{Action, Circumstances, CookieName, Decision, RESERVED_NAMES};
use consent_core::engine::{Rules, rules};
use consent_core::page::{Delivery, Links, View, banner, head, policy_page, settings_link, settings_page};
use consent_core::policy::{Kind, Name, Policy};
use consent_core::verdict::{Expiries, RequestFacts, judge};
use consent_core::{Consent, Verdict};

/// A policy document: mistakes that are in it and say something, or a policy that everything can be made of.
pub fn policy(data: &[u8]) {
    let Ok(document) = std::str::from_utf8(data) else { return };
    match Policy::from_toml(document) {
        Ok(policy) => is_usable(&policy),
        Err(error) => {
            let lines = document.lines().count().max(1);
            assert!(!error.mistakes().is_empty());
            assert!(!error.to_string().is_empty());
            for mistake in error.mistakes() {
                assert!((1..=lines).contains(&mistake.line), "{mistake} of {lines} lines");
                assert!(!mistake.help.is_empty());
            }
        }
    }
}

fn is_usable(policy: &Policy) {
    assert!(
        !policy.languages().is_empty() && !policy.revisions().is_empty() && !policy.categories().is_empty()
    );
    assert!(serde_json::to_string(&policy.data(CookieName::Host)).is_ok());
    let undecided = Consent::undecided(policy, Circumstances::new(now().date()));
    let granted = undecided.decide(&Decision::new(Action::Accept));
    let refused = undecided.decide(&Decision::new(Action::Refuse));
    let links = Links::new("/consent");
    for consent in [&undecided, &granted, &refused] {
        for language in policy.languages() {
            let view = View::new(consent, language, &links);
            let delivery = Delivery::new(CookieName::Host);
            let pages = [
                banner(&view),
                head(&view, &delivery),
                settings_page(&view, false),
                settings_page(&view, true),
                settings_link(&view),
            ];
            assert!(pages[1..].iter().all(|page| !page.is_empty()));
            for revision in policy.revisions() {
                assert!(policy_page(&view, Some(revision.number)).is_some());
            }
        }
        is_known_in_the_page(policy, consent);
        is_kept(policy, consent);
    }
    assert_eq!(Expiries::on_decision(&granted, []).count(), 0, "a grant expires nothing");
    for declared in policy.storage().iter().filter(|declared| declared.kind == Kind::Cookie) {
        let Name::Exact(name) = &declared.name else { continue };
        assert!(!RESERVED_NAMES.contains(&name.as_str()));
        let line = format!("{name}=1");
        let request = RequestFacts::new("GET", "/", now());
        let judged = judge(line.as_bytes(), &granted, &request);
        assert_eq!(judged.declaration.map(|found| &found.name), Some(&declared.name));
        if declared.exempt.is_none() {
            let judged = judge(line.as_bytes(), &undecided, &request);
            assert!(matches!(judged.verdict, Verdict::Drop(_)), "{name} is stored before a decision");
        }
    }
}

/// The module in the page reads the rules that are written for it.
fn is_known_in_the_page(policy: &Policy, consent: &Consent) {
    let text = rules(policy, consent, CookieName::Host, "/consent");
    let rules = Rules::parse(text.as_bytes()).unwrap_or_else(|| panic!("rules that cannot be read: {text}"));
    assert_eq!((rules.revision, rules.reask_days), (policy.revision(), policy.reask_days()));
    assert_eq!(&rules.categories, policy.category_set());
    for declared in policy.storage().iter().filter(|declared| declared.is_script_visible()) {
        let letter = match declared.kind {
            Kind::Cookie => b'c',
            Kind::LocalStorage => b'l',
            Kind::SessionStorage => b's',
            _ => continue,
        };
        for middle in ["", "x", "*"] {
            let name = declared.name.with_middle(middle);
            if name.bytes().all(|byte| byte.is_ascii_graphic()) {
                assert!(rules.find(letter, name.as_bytes()).is_some(), "{name} is not in {text}");
            }
        }
    }
}

/// A decision is read again as it was written.
fn is_kept(policy: &Policy, consent: &Consent) {
    let line = consent.set_cookie(CookieName::Host);
    let (pair, _) = line.split_once(';').expect("attributes");
    let circumstances = Circumstances::new(now().date());
    let again = Consent::from_lines(policy, [pair.as_bytes()], CookieName::Host, circumstances);
    for category in policy.category_set().as_slice() {
        assert_eq!(again.allows(*category), consent.allows(*category), "{category} in {line}");
    }
}

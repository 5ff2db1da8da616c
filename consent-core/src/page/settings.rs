use super::document::page;
use super::form;
use super::html::Html;
use super::storage::{push_table, stored};
use super::view::View;
use super::words::{push_date, push_list};
use crate::consent::{Action, Choice, State};
use crate::policy::Key;
use crate::policy::{Category, CategoryDeclaration, Regime, Signal};
use crate::reason::Reason;
use alloc::string::String;
use alloc::vec::Vec;

/// Renders the settings as a page that is complete without script. For the dialog, the module extracts the
/// `<section data-consent-settings>` from the page.
///
/// `saved` is set if the visitor comes from a decision.
#[must_use]
pub fn settings_page(view: &View<'_>, saved: bool) -> String {
    let title = |html: &mut Html| {
        html.text(view.texts().get(Key::SettingsTitle));
    };
    page(view, title, false, |html| {
        push_rules(html, view);
        push_settings(html, view, saved);
    })
}

/// Renders the rules for the module of a page without rules of its own, because the page is static or was
/// cached.
fn push_rules(html: &mut Html, view: &View<'_>) {
    html.raw("<data hidden");
    view.push_rules(html, view.cookie_name);
    if !view.guard {
        // Without the guard, scripts may store anything: the module clears only refused names.
        html.raw(" data-consent-sweep=\"\"");
    }
    html.raw("></data>");
}

fn push_settings(html: &mut Html, view: &View<'_>, saved: bool) {
    let texts = view.texts();
    html.raw("<section data-consent-settings aria-labelledby=\"consent-settings-title\"");
    view.push_language(html);
    view.push_messages(html);
    // In the dialog, the control closes it. On the page, it goes back, which also decides nothing.
    html.raw("><a").attribute(" href=\"", view.return_to).raw(" data-consent-action=\"close\">");
    html.text(texts.get(Key::Close))
        .raw("</a><h1 id=\"consent-settings-title\">")
        .text(texts.get(Key::SettingsTitle))
        .raw("</h1><p>");
    texts.push(html, Key::SettingsIntro, |html, _| {
        view.push_controller(html);
    });
    html.raw("</p><p role=\"status\">");
    if saved {
        html.text(texts.get(Key::SettingsSaved));
    }
    html.raw("</p>");
    if view.is_static {
        html.raw("<noscript><p>").text(texts.get(Key::SettingsStatic)).raw("</p></noscript>");
    }
    push_withdraw(html, view);
    form::open(html, view);
    for declared in view.policy.categories() {
        push_category(html, view, declared);
    }
    html.raw("<div class=\"consent-actions\">");
    if view.policy.categories().iter().any(|declared| view.policy.is_asked(declared.category)) {
        for action in [Action::Save, Action::Accept, Action::Refuse] {
            form::button(html, view, action);
        }
    }
    html.raw("</div></form>");
    push_object(html, view);
    push_erase(html, view);
    html.raw("<p class=\"consent-links\">");
    form::policy(html, view);
    html.raw("</p></section>");
}

/// Renders the first control of the page if there is a grant to withdraw. It is a form of its own, so that no
/// key press in another form can submit it.
fn push_withdraw(html: &mut Html, view: &View<'_>) {
    let granted: Vec<Category> = view
        .policy
        .category_set()
        .as_slice()
        .iter()
        .copied()
        .filter(|category| view.consent.state(*category) == State::Granted)
        .collect();
    if granted.is_empty() {
        return;
    }
    html.raw("<div class=\"consent-box\"><p><b>");
    view.texts().push(html, Key::SettingsGranted, |html, _| {
        push_list(html, view.texts(), &granted, |html, category| view.push_label(html, *category));
    });
    html.raw("</b> ").text(view.texts().get(Key::SettingsWithdraw)).raw("</p>");
    form::open(html, view);
    form::button(html, view, Action::Withdraw);
    html.raw("</form></div>");
}

fn push_category(html: &mut Html, view: &View<'_>, declared: &CategoryDeclaration) {
    let category = declared.category;
    let texts = view.texts();
    html.raw("<div class=\"consent-category\">");
    if view.policy.is_asked(category) {
        html.raw("<label><input type=\"checkbox\" name=\"category\"")
            .attribute(" value=\"", category.as_str());
        // Only granted categories are ticked, and only while the grant stands.
        if view.consent.state(category) == State::Granted && view.consent.allows(category) {
            html.raw(" checked");
        }
        html.raw("><b>");
        view.push_label(html, category);
        html.raw("</b></label>");
        if !view.is_static {
            push_switch(html, view, category);
        }
    } else {
        html.raw("<b>");
        view.push_label(html, category);
        html.raw("</b>");
    }
    html.raw("<p>");
    view.push_localized(html, &declared.purpose);
    html.raw("</p>");
    if !view.is_static || !view.policy.is_asked(category) {
        html.raw("<p class=\"consent-note\">");
        push_state(html, view, category);
        html.raw("</p>");
    }
    html.raw("<details><summary>");
    let count = u32::try_from(stored(view, category).count()).unwrap_or(u32::MAX);
    texts.push(html, Key::SettingsStored, |html, _| {
        html.number(count);
    });
    html.raw("</summary>");
    push_table(html, view, category, stored(view, category));
    html.raw("</details></div>");
}

/// Renders whether the category is on now.
fn push_switch(html: &mut Html, view: &View<'_>, category: Category) {
    let (name, key) =
        if view.consent.allows(category) { ("on", Key::SettingsOn) } else { ("off", Key::SettingsOff) };
    html.raw("<span")
        .attribute(" class=\"consent-", name)
        .raw(">")
        .text(view.texts().get(key))
        .raw("</span>");
}

/// Returns the name of the signal that switches a category off.
fn state_of_signal(view: &View<'_>, category: Category) -> Key {
    let declared = view.policy.category_declaration(category);
    match declared.and_then(|declared| view.consent.circumstances().signal_against(declared)) {
        Some(Signal::Dnt) => Key::StateSignalDnt,
        _ => Key::StateSignal,
    }
}

/// Renders the visitor's current state in one sentence.
fn push_state(html: &mut Html, view: &View<'_>, category: Category) {
    let texts = view.texts();
    let position = view.policy.category_set().position(category);
    let day = position.and_then(|at| view.consent.choices().get(at)).map(Choice::day);
    let key = match (view.consent.state(category), view.consent.denial(category)) {
        _ if !view.policy.is_asked(category) => Key::StateExempt,
        (_, Some(Reason::Signal)) => state_of_signal(view, category),
        (State::Granted, None) => Key::StateGranted,
        (State::Granted, Some(_)) => Key::StateLapsed,
        (State::Refused, _) => Key::StateRefused,
        (State::Objected, _) => Key::StateObjected,
        (State::Informed, None) => Key::StateInformed,
        (State::Informed | State::Undecided, _) => match view.consent.regime(category) {
            Regime::OptIn => Key::StateUndecided,
            Regime::Objectable => Key::StateUntold,
        },
    };
    texts.push(html, key, |html, _| {
        if let Some(day) = day {
            push_date(html, texts, day);
        }
    });
}

/// Renders a way to object if anything is on without having been asked about, even if no notice was shown.
fn push_object(html: &mut Html, view: &View<'_>) {
    let objectable = |declared: &CategoryDeclaration| {
        view.policy.is_asked(declared.category)
            && view.consent.regime(declared.category) == Regime::Objectable
            && !view.consent.state(declared.category).denies()
    };
    if !view.policy.categories().iter().any(objectable) {
        return;
    }
    push_box(html, view, "<div class=\"consent-box\"><p>", Key::SettingsObject);
    form::object(html, view);
    html.raw("</form></div>");
}

/// Renders the control to be forgotten. Only a server can delete storage that only a server can reach.
fn push_erase(html: &mut Html, view: &View<'_>) {
    if view.is_static {
        return;
    }
    push_box(html, view, "<div class=\"consent-box consent-quiet\"><p>", Key::SettingsErase);
    form::open(html, view);
    form::button(html, view, Action::Erase);
    html.raw("</form></div>");
}

fn push_box(html: &mut Html, view: &View<'_>, open: &'static str, text: Key) {
    html.raw(open).text(view.texts().get(text)).raw("</p>");
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use crate::consent::Consent;
    use crate::page::fixture::{self, FOUNDING, RICH};
    use crate::page::{Links, View};
    use crate::policy::Language;

    fn rendered(consent: &Consent) -> String {
        let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
        settings_page(&View::new(consent, &language, &links), false)
    }

    #[test]
    fn only_what_was_granted_is_ticked() {
        for state in State::ALL {
            for jurisdiction in [None, Some("GB")] {
                let html = rendered(&fixture::decided(RICH, jurisdiction, &[state, State::Refused]));
                assert_eq!(html.contains(" checked"), state == State::Granted, "{state} {jurisdiction:?}");
            }
        }
    }

    #[test]
    fn withdrawing_is_the_first_control_and_one_press() {
        let html = rendered(&fixture::decided(FOUNDING, None, &[State::Granted]));
        let (head, _) = html.split_once("value=\"withdraw\"").unwrap();
        let (_, section) = head.split_once("<section data-consent-settings").unwrap();
        assert!(!section.contains("checkbox"));
        assert_eq!(section.matches("<button").count(), 1);
        let html = rendered(&fixture::decided(FOUNDING, None, &[State::Refused]));
        assert!(!html.contains("value=\"withdraw\""));
    }

    #[test]
    fn all_that_is_stored_is_listed_with_the_consent_cookie() {
        let html = rendered(&fixture::undecided(RICH));
        for text in [
            "<code dir=\"ltr\">__Host-consent</code>",
            "<code dir=\"ltr\">theme</code>",
            "every name that begins with <code dir=\"ltr\">draft_</code>",
            "<code dir=\"ltr\">sid</code>",
            "<code dir=\"ltr\">_count</code>",
            "1 year after your last visit",
            "No consent needed: it keeps you signed in, as you asked.",
            "Needed for: The switch between light and dark",
            "Can be read by: Counting Ltd., in the United Kingdom",
            "Local storage",
        ] {
            assert!(html.contains(text), "{text}");
        }
    }

    #[test]
    fn each_state_is_said() {
        let said =
            |jurisdiction, state| rendered(&fixture::decided(RICH, jurisdiction, &[state, State::Refused]));
        let day = "<time datetime=\"2026-11-23\">23 November 2026</time>";
        let dated = |before: &str| alloc::format!("{before}{day}.");
        assert!(said(None, State::Granted).contains(&dated("You allowed this on ")));
        assert!(said(None, State::Refused).contains(&dated("You did not allow this, on ")));
        assert!(said(None, State::Undecided).contains("It stays off until you allow it"));
        assert!(said(Some("GB"), State::Objected).contains(&dated("You objected to this on ")));
        assert!(said(Some("GB"), State::Informed).contains(&dated("We informed you on ")));
        assert!(said(Some("GB"), State::Undecided).contains("we have not informed you yet"));
    }

    #[test]
    fn one_can_object_without_having_seen_a_notice() {
        for state in [State::Undecided, State::Informed] {
            let html = rendered(&fixture::decided(RICH, Some("GB"), &[state, State::Refused]));
            assert!(html.contains("value=\"object\""), "{state}");
        }
        let html = rendered(&fixture::decided(RICH, Some("GB"), &[State::Objected, State::Refused]));
        assert!(!html.contains("value=\"object\""));
        assert!(!rendered(&fixture::undecided(RICH)).contains("value=\"object\""));
    }

    #[test]
    fn on_a_static_site_nothing_is_said_of_a_visitor() {
        let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
        let consent = fixture::undecided(FOUNDING);
        let html = settings_page(&View::new(&consent, &language, &links).on_static_site(), false);
        for text in ["It stays off until", "class=\"consent-off\"", "value=\"erase\"", "value=\"withdraw\""] {
            assert!(!html.contains(text), "{text}");
        }
        for text in [
            "<noscript>",
            "value=\"save\"",
            "value=\"refuse\"",
            "<script type=\"module\" src=\"/consent/assets/consent.js\">",
        ] {
            assert!(html.contains(text), "{text}");
        }
        assert!(!settings_page(&View::new(&consent, &language, &links), false).contains("<script"));
    }

    #[test]
    fn every_decision_can_be_made_without_script() {
        let html = rendered(&fixture::decided(RICH, Some("GB"), &[State::Informed, State::Granted]));
        for action in [Action::Accept, Action::Refuse, Action::Save, Action::Withdraw, Action::Erase] {
            assert!(html.contains(&alloc::format!("value=\"{action}\"")), "{action}");
        }
        assert_eq!(html.matches("<form method=\"post\" action=\"/consent\">").count(), 4);
    }
}

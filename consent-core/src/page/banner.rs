use super::form;
use super::html::Html;
use super::view::View;
use super::words::{push_days, push_list};
use crate::consent::{Action, Prompt};
use crate::policy::Key;
use crate::policy::{Category, CategoryDeclaration, Provider, Regime};
use crate::reason::Reason;
use alloc::string::String;
use alloc::vec::Vec;

/// Renders the banner if a decision is due, or the notice if the visitor must only be notified. Otherwise
/// renders nothing.
///
/// The banner belongs last in the body: frameworks that hydrate a page count the children of the body from
/// the first. It is a region with a heading, so that screen readers list it.
#[must_use]
pub fn banner(view: &View<'_>) -> String {
    match view.consent.prompt() {
        Prompt::None => String::new(),
        Prompt::Ask => ask(view),
        Prompt::Notify => tell(view),
    }
}

fn ask(view: &View<'_>) -> String {
    let (asked, told) = (shown(view, true), shown(view, false));
    let mut html = open(view);
    push_again(&mut html, view, &asked);
    if !asked.is_empty() {
        push_paragraph(&mut html, view, Key::BannerAsk);
        push_categories(&mut html, view, &asked);
    }
    if !told.is_empty() {
        push_paragraph(&mut html, view, Key::BannerAlso);
        push_categories(&mut html, view, &told);
    }
    push_providers(&mut html, view, asked.iter().chain(&told).map(|declared| declared.category));
    push_paragraph(&mut html, view, Key::BannerChange);
    form::open(&mut html, view);
    form::button(&mut html, view, Action::Accept);
    form::button(&mut html, view, Action::Refuse);
    html.raw("</form>");
    close(html, view)
}

fn tell(view: &View<'_>) -> String {
    let told = shown(view, false);
    let mut html = open(view);
    push_paragraph(&mut html, view, Key::NoticeAsk);
    push_categories(&mut html, view, &told);
    push_providers(&mut html, view, told.iter().map(|declared| declared.category));
    push_paragraph(&mut html, view, Key::NoticeChange);
    form::object(&mut html, view);
    // Closing decides nothing, and the notice is shown once: without script, the fragment hides it.
    html.raw("<a href=\"#consent-saved\" data-consent-action=\"close\">");
    html.text(view.texts().get(Key::Close)).raw("</a></form>");
    close(html, view)
}

/// Renders the end: the links, and the fragment's target. After a decision, the URL has that fragment, and
/// the style hides the banner. The style also hides the banner until the target has arrived, so that a banner
/// is painted as a whole.
fn close(mut html: Html, view: &View<'_>) -> String {
    html.raw("<p role=\"status\"></p><p class=\"consent-links\">");
    form::settings(&mut html, view);
    form::policy(&mut html, view);
    html.raw("</p><i id=\"consent-saved\"></i></section>");
    html.finish()
}

/// Renders the start. Search engines leave its text out of their results.
fn open(view: &View<'_>) -> Html {
    let mut html = Html::with_capacity(2048);
    html.raw("<section id=\"consent-banner\" aria-labelledby=\"consent-title\" data-nosnippet");
    if view.is_static {
        html.raw(" hidden");
    }
    view.push_language(&mut html);
    view.push_messages(&mut html);
    html.raw("><h2 id=\"consent-title\">").text(view.texts().get(Key::BannerTitle)).raw("</h2>");
    html
}

fn push_paragraph(html: &mut Html, view: &View<'_>, key: Key) {
    html.raw("<p>");
    view.texts().push(html, key, |html, name| match name {
        "controller" => view.push_controller(html),
        "refuse" => {
            html.text(view.texts().get(Key::Refuse));
        }
        _ => {
            html.text(view.texts().get(Key::LinkSettings));
        }
    });
    html.raw("</p>");
}

/// Renders the categories that the visitor is asked about or notified of.
fn shown<'a>(view: &View<'a>, asked: bool) -> Vec<&'a CategoryDeclaration> {
    let wanted = |declared: &&CategoryDeclaration| {
        let category = declared.category;
        let tells =
            view.consent.regime(category) == Regime::Objectable && !view.consent.state(category).denies();
        let signalled = view.consent.denial(category) == Some(Reason::Signal);
        view.policy.is_asked(category) && !signalled && tells != asked
    };
    view.policy.categories().iter().filter(wanted).collect()
}

fn push_categories(html: &mut Html, view: &View<'_>, categories: &[&CategoryDeclaration]) {
    html.raw("<dl>");
    for declared in categories {
        html.raw("<dt>");
        view.push_label(html, declared.category);
        html.raw("</dt><dd>");
        view.push_localized(html, &declared.purpose);
        html.raw("</dd>");
    }
    html.raw("</dl>");
}

/// Renders why a visitor who has decided is asked again.
fn push_again(html: &mut Html, view: &View<'_>, asked: &[&CategoryDeclaration]) {
    let choices = asked.iter().filter_map(|declared| {
        let position = view.policy.category_set().position(declared.category)?;
        let choice = view.consent.choices().get(position)?;
        Some(choice.revision() < view.policy.standing_since(declared.category))
    });
    let Some(changed) = choices.max() else { return };
    html.raw("<p>");
    if changed {
        html.text(view.texts().get(Key::BannerAgainChanged));
    } else {
        view.texts().push(html, Key::BannerAgainExpired, |html, _| {
            push_days(html, view.texts(), view.policy.reask_days());
        });
    }
    html.raw("</p>");
}

/// Renders the providers of what is asked about. Only the policy's own words say whether one is a third
/// party.
fn push_providers(html: &mut Html, view: &View<'_>, categories: impl Iterator<Item = Category>) {
    let categories: Vec<Category> = categories.collect();
    let mut providers: Vec<&str> = Vec::new();
    for declared in view.policy.storage().iter().filter(|declared| declared.exempt.is_none()) {
        if let Provider::Named(name) = &declared.provider
            && declared.categories.iter().any(|category| categories.contains(category))
            && !providers.contains(&name.as_str())
        {
            providers.push(name);
        }
    }
    if providers.is_empty() {
        return;
    }
    html.raw("<p>");
    view.texts().push(html, Key::BannerProviders, |html, _| {
        push_list(html, view.texts(), &providers, |html, name| {
            view.push_isolated(html, name);
        });
    });
    html.raw("</p>");
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use crate::consent::{Choice, Choices, Circumstances, Consent, Source, State};
    use crate::page::fixture::{self, FOUNDING, RICH};
    use crate::page::{Links, View};
    use crate::policy::Language;
    use alloc::format;
    use time::Duration;

    fn rendered(consent: &Consent) -> String {
        let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
        banner(&View::new(consent, &language, &links).with_return_path("/news"))
    }

    #[test]
    fn it_says_who_asks_what_for_and_how_to_change_it() {
        let html = rendered(&fixture::undecided(FOUNDING));
        for text in [
            "<section id=\"consent-banner\"",
            "We use cookies",
            "JUXT Ltd.",
            "To recognise you on this website",
            "change your choice at any time",
            "href=\"/consent/policy\"",
            "href=\"/consent\" data-consent-action=\"settings\"",
            "<input type=\"hidden\" name=\"return\" value=\"/news\">",
        ] {
            assert!(html.contains(text), "{text}");
        }
    }

    #[test]
    fn accepting_and_rejecting_differ_in_their_words_alone() {
        for language in ["en", "de"] {
            let consent = fixture::undecided(RICH);
            let (language, links) = (Language::parse(language).unwrap(), Links::new("/consent"));
            let view = View::new(&consent, &language, &links);
            let html = banner(&view);
            let buttons: Vec<_> =
                html.split("<button").skip(1).filter_map(|tail| tail.split("</button>").next()).collect();
            let [accept, refuse] = buttons[..] else { panic!("two buttons: {html}") };
            let neutral = |button: &str, action: Action, label: Key| {
                button.replace(action.as_str(), "").replace(&format!(">{}", view.texts().get(label)), ">")
            };
            assert_eq!(
                neutral(accept, Action::Accept, Key::Accept),
                neutral(refuse, Action::Refuse, Key::Refuse)
            );
        }
    }

    #[test]
    fn a_visitor_who_has_decided_gets_no_byte() {
        for state in [State::Granted, State::Refused] {
            assert_eq!(rendered(&fixture::decided(FOUNDING, None, &[state])), "");
        }
    }

    #[test]
    fn a_notice_asks_nothing() {
        let html = rendered(&fixture::decided(RICH, Some("GB"), &[State::Undecided, State::Refused]));
        assert!(html.contains("Unless you object"));
        assert!(html.contains("value=\"object\""));
        assert!(html.contains("data-consent-action=\"close\""));
        assert!(!html.contains("value=\"accept\"") && !html.contains("value=\"refuse\""));
        assert!(!html.contains("Statistics"));
    }

    #[test]
    fn objecting_takes_back_nothing_else() {
        let html = rendered(&fixture::decided(RICH, Some("GB"), &[State::Undecided, State::Granted]));
        assert!(html.contains("name=\"category\" value=\"statistics\""));
        assert!(html.contains("value=\"save\"") && !html.contains("value=\"object\""));
    }

    #[test]
    fn where_one_is_asked_and_told_each_stands_under_its_own_words() {
        let html = rendered(&fixture::decided(RICH, Some("GB"), &[]));
        let asked = html.find("With your permission").unwrap();
        let told = html.find("Unless you object").unwrap();
        assert!(asked < html.find("Statistics").unwrap() && html.find("Statistics").unwrap() < told);
        assert!(told < html.find("Functionality").unwrap());
        assert!(html.contains("Providers: Counting Ltd."));
    }

    #[test]
    fn what_a_signal_switches_off_is_not_asked() {
        let policy = fixture::policy(RICH);
        let consent = Consent::undecided(&policy, Circumstances::new(fixture::today()).with_gpc(true));
        let html = rendered(&consent);
        assert!(html.contains("Functionality") && !html.contains("Statistics"));
    }

    #[test]
    fn asked_again_it_says_why() {
        let policy = fixture::policy(RICH);
        let again = |revision, age| {
            let day = fixture::today() - Duration::days(age);
            let mut choices = Choices::NONE;
            for position in 0..2 {
                choices.set(position, Choice::new(State::Granted, revision, day));
            }
            rendered(&Consent::from_choices(
                &policy,
                choices,
                Source::Cookie,
                Circumstances::new(fixture::today()),
            ))
        };
        assert!(again(1, 10).contains("has changed since you last chose"));
        assert!(again(3, 181).contains("You last chose more than 180 days ago"));
        assert!(!rendered(&fixture::undecided(RICH)).contains("ask again"));
    }
}

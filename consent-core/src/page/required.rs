use super::document::page;
use super::form;
use super::html::Html;
use super::view::View;
use super::words::push_features;
use crate::policy::Key;
use crate::policy::{Category, Declaration};
use crate::reason::Reason;
use alloc::string::String;

/// Renders the page that replaces a page for which a category is required. It names the category and its
/// purpose. A form allows the category and returns, and an equally prominent link leads to `home` without a
/// decision.
///
/// `view` returns to the requested page. The form is present only if the visitor can remove the obstacle, and
/// if it decides on no other category. The link to the settings is always present.
#[must_use]
pub fn required_page(view: &View<'_>, category: Category, home: &str) -> String {
    let title = |html: &mut Html| {
        html.text(view.texts().get(Key::RequiredTitle));
    };
    let denial = view.consent.denial(category);
    page(&view.leaving_for(home), title, false, |html| {
        html.raw("<h1>").text(view.texts().get(Key::RequiredTitle)).raw("</h1><p class=\"consent-lead\">");
        view.texts().push(html, why(denial), |html, _| view.push_label(html, category));
        html.raw("</p>");
        push_purpose(html, view, category);
        html.raw("<div class=\"consent-placeholder\">");
        if denial.is_some_and(is_the_visitors) && form::decides_nothing_else(view, category) {
            html.raw("<p>");
            view.texts().push(html, Key::RequiredAllow, |html, _| view.push_label(html, category));
            html.raw("</p><div class=\"consent-actions\">");
            form::allow(html, view, category);
        } else {
            html.raw("<div class=\"consent-actions\">");
            if denial.is_some_and(is_the_visitors) {
                push_settings(html, view);
            }
        }
        html.raw("<form method=\"get\"").attribute(" action=\"", view.with_return_path(home).return_to);
        html.raw("><button>").text(view.texts().get(Key::RequiredHome)).raw("</button></form></div>");
        html.raw("<p class=\"consent-links\">");
        form::settings(html, view);
        html.raw("</p></div>");
    })
}

/// If other categories are undecided too, the visitor decides in the settings, which return to the requested
/// page.
fn push_settings(html: &mut Html, view: &View<'_>) {
    html.raw("<form method=\"get\"").attribute(" action=\"", &view.links.base);
    html.raw("><input type=\"hidden\" name=\"return\"").attribute(" value=\"", view.return_to);
    html.raw("><button>").text(view.texts().get(Key::LinkSettings)).raw("</button></form>");
}

/// Renders the purpose of the category, and the features that need it.
fn push_purpose(html: &mut Html, view: &View<'_>, category: Category) {
    let Some(declared) = view.policy.category_declaration(category) else { return };
    html.raw("<p>");
    view.push_localized(html, &declared.purpose);
    html.raw("</p>");
    let is_needed = |declared: &&Declaration| {
        !declared.required_by.is_empty()
            && declared.exempt.is_none()
            && declared.categories.contains(&category)
    };
    let needed = || view.policy.storage().iter().filter(is_needed);
    if needed().next().is_some() {
        html.raw("<p>").text(view.texts().get(Key::RequiredFeatures)).raw("</p><ul>");
        push_features(html, view, needed());
        html.raw("</ul>");
    }
}

const fn why(denial: Option<Reason>) -> Key {
    match denial {
        Some(Reason::Refused | Reason::Objected) => Key::RequiredDenied,
        Some(Reason::Signal) => Key::RequiredSignal,
        Some(reason) if !is_the_visitors(reason) => Key::RequiredSite,
        _ => Key::RequiredAsk,
    }
}

/// Returns whether the visitor's own decision can remove the obstacle.
const fn is_the_visitors(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Undecided
            | Reason::Refused
            | Reason::Objected
            | Reason::Stale
            | Reason::Expired
            | Reason::FutureDate
            | Reason::NewerRevision
    )
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use crate::consent::{Consent, State};
    use crate::page::fixture::{self, FOUNDING, RICH};
    use crate::page::{Links, View};
    use crate::policy::Language;

    fn rendered(consent: &Consent, category: Category) -> String {
        let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
        let view = View::new(consent, &language, &links).with_return_path("/notes?page=2");
        required_page(&view, category, "/")
    }

    #[test]
    fn it_says_why_and_allows_and_comes_back() {
        let html = rendered(&fixture::undecided(FOUNDING), Category::FUNCTIONALITY);
        assert!(html.contains("Functionality") && html.contains("To recognise you"));
        assert!(html.contains("name=\"return\" value=\"/notes?page=2\""));
        assert!(html.contains("name=\"category\" value=\"functionality\""));
        assert!(html.contains("value=\"save\""));
    }

    #[test]
    fn no_looks_like_yes() {
        let html = rendered(&fixture::undecided(FOUNDING), Category::FUNCTIONALITY);
        assert_eq!(html.matches("<button").count(), 2);
        assert!(html.contains("<form method=\"get\" action=\"/\"><button>"), "{html}");
        assert!(!html.contains("<button class"));
    }

    #[test]
    fn features_that_need_it_are_named() {
        let html = rendered(&fixture::undecided(RICH), Category::FUNCTIONALITY);
        assert!(html.contains("<li>The switch between light and dark</li>"), "{html}");
    }

    #[test]
    fn it_offers_only_what_would_help_and_decides_nothing_else() {
        let undecided = rendered(&fixture::undecided(RICH), Category::FUNCTIONALITY);
        assert!(!undecided.contains("value=\"save\""), "statistics is undecided");
        assert!(undecided.contains(
            "<form method=\"get\" action=\"/consent\"><input type=\"hidden\" name=\"return\" value=\"/notes?page=2\">"
        ));
        let decided = fixture::decided(RICH, None, &[State::Refused, State::Granted]);
        let html = rendered(&decided, Category::FUNCTIONALITY);
        assert!(html.contains("value=\"save\"") && html.contains("value=\"statistics\""));
        assert!(html.contains("which you did not allow"));
        let foreign = Category::named(b"elsewhere").unwrap();
        let html = rendered(&fixture::undecided(FOUNDING), foreign);
        assert!(!html.contains("value=\"save\"") && html.contains("cookie policy"));
    }
}

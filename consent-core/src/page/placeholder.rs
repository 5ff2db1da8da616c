use super::form;
use super::html::Html;
use super::view::View;
use crate::policy::Category;
use crate::policy::Key;
use alloc::string::String;

/// Renders the placeholder of a blocked embed. It says that allowing it allows the whole category, and does
/// not ask again if the visitor refused.
///
/// `what` is the embed's own name (the `title` of an `iframe`), if it has one.
#[must_use]
pub fn placeholder(view: &View<'_>, category: Category, what: Option<&str>) -> String {
    let texts = view.texts();
    let what = what.filter(|what| !what.trim().is_empty());
    let denied = view.consent.state(category).denies();
    let mut html = Html::with_capacity(1024);
    html.raw("<div class=\"consent-placeholder\"");
    html.attribute(" data-consent-placeholder=\"", category.as_str());
    view.push_language(&mut html);
    html.raw("><p>");
    let key = match (denied, what) {
        (false, Some(_)) => Key::PlaceholderWhat,
        (false, None) => Key::PlaceholderThis,
        (true, Some(_)) => Key::PlaceholderDeniedWhat,
        (true, None) => Key::PlaceholderDenied,
    };
    texts.push(&mut html, key, |html, name| match (name, what) {
        ("what", Some(what)) => {
            html.raw("<b>").text(what).raw("</b>");
        }
        _ => view.push_label(html, category),
    });
    html.raw("</p>");
    if !denied {
        html.raw("<p>");
        texts.push(&mut html, Key::PlaceholderWhy, |html, _| view.push_label(html, category));
        if let Some(declared) = view.policy.category_declaration(category) {
            html.raw(" ");
            view.push_localized(&mut html, &declared.purpose);
        }
        html.raw("</p>");
    }
    if !denied && form::decides_nothing_else(view, category) {
        form::allow(&mut html, view, category);
    }
    html.raw("<p class=\"consent-links\">");
    form::settings(&mut html, view);
    html.raw("</p></div>");
    html.finish()
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use crate::consent::{Consent, State};
    use crate::page::fixture::{self, FOUNDING, RICH};
    use crate::page::{Links, View};
    use crate::policy::Language;

    fn rendered(consent: &Consent, what: Option<&str>) -> String {
        let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
        placeholder(&View::new(consent, &language, &links), Category::FUNCTIONALITY, what)
    }

    #[test]
    fn it_says_what_the_button_grants() {
        let html = rendered(&fixture::undecided(FOUNDING), Some("A <film>"));
        assert!(html.contains("<b>A &lt;film&gt;</b> is not shown yet."));
        assert!(html.contains("Allowing it allows the whole category: To recognise you"));
        assert!(html.contains("name=\"category\" value=\"functionality\""));
        assert!(html.contains("value=\"save\" data-consent-action=\"save\">Allow Functionality</button>"));
        assert!(rendered(&fixture::undecided(FOUNDING), Some(" ")).contains("This part of the page"));
    }

    #[test]
    fn it_does_not_ask_again_after_a_refusal() {
        let html = rendered(&fixture::decided(FOUNDING, None, &[State::Refused]), None);
        assert!(!html.contains("<button"));
        assert!(html.contains("data-consent-action=\"settings\""));
    }

    #[test]
    fn it_decides_on_no_other_category() {
        let with = |other| rendered(&fixture::decided(RICH, None, &[State::Undecided, other]), None);
        assert!(!with(State::Undecided).contains("<button"));
        assert!(with(State::Refused).contains("<button"));
        assert!(!with(State::Refused).contains("value=\"statistics\""));
        assert!(with(State::Granted).contains("value=\"statistics\""));
    }
}

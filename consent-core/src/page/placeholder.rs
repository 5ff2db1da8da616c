use super::form;
use super::html::Html;
use super::view::View;
use crate::policy::Category;
use crate::policy::Key;
use alloc::string::String;

/// The controls in a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlaceholderControls {
    /// A button that allows the category, and a link to the settings. The button belongs to the
    /// [`placeholder_form`], which stands elsewhere: the placeholder may stand inside another form.
    Button,
    /// A link to the settings. A fragment of a page has this one, because no form can follow it.
    Link,
    /// No control. A link, a button and a list of options cannot contain one.
    None,
}

/// Renders the placeholder of a blocked embed. It says that allowing it allows the whole category, and does
/// not ask again if the visitor refused.
///
/// `what` is the embed's own name (the `title` of an `iframe`), if it has one. The placeholder contains no
/// form and no block, so that it is valid HTML wherever text is. Put the [`placeholder_form`] of its category
/// at the end of the page.
#[must_use]
pub fn placeholder(view: &View<'_>, category: Category, what: Option<&str>) -> String {
    placeholder_with(view, category, what, PlaceholderControls::Button)
}

/// Renders a [`placeholder`] with the controls that its position in the page permits.
#[must_use]
pub fn placeholder_with(
    view: &View<'_>,
    category: Category,
    what: Option<&str>,
    controls: PlaceholderControls,
) -> String {
    let texts = view.texts();
    let what = what.filter(|what| !what.trim().is_empty());
    let denied = view.consent.state(category).denies();
    let mut html = Html::with_capacity(1024);
    html.raw("<span class=\"consent-placeholder\"");
    html.attribute(" data-consent-placeholder=\"", category.as_str());
    view.push_language(&mut html);
    view.push_messages(&mut html);
    html.raw("><span>");
    let key = match (denied, what) {
        (false, Some(_)) => Key::PlaceholderWhat,
        (false, None) => Key::PlaceholderThis,
        (true, Some(_)) => Key::PlaceholderDeniedWhat,
        (true, None) => Key::PlaceholderDenied,
    };
    texts.push(&mut html, key, |html, name| match (name, what) {
        ("what", Some(what)) => {
            html.raw("<b>");
            view.push_isolated(html, what);
            html.raw("</b>");
        }
        _ => view.push_label(html, category),
    });
    html.raw("</span>");
    if !denied {
        html.raw(" <span>");
        texts.push(&mut html, Key::PlaceholderWhy, |html, _| view.push_label(html, category));
        if let Some(declared) = view.policy.category_declaration(category) {
            html.raw(" ");
            view.push_localized(&mut html, &declared.purpose);
        }
        html.raw("</span>");
    }
    if controls == PlaceholderControls::Button && has_button(view, category) {
        html.raw(" <span>");
        form::allow_button(&mut html, view, category);
        html.raw("</span>");
    }
    if controls != PlaceholderControls::None {
        html.raw(" <span class=\"consent-links\">");
        form::settings(&mut html, view);
        html.raw("</span>");
    }
    html.raw("</span>");
    html.finish()
}

/// Renders the form that the placeholders of a category submit, or nothing if they have no button. It stands
/// once in the page, outside of any other form.
#[must_use]
pub fn placeholder_form(view: &View<'_>, category: Category) -> String {
    let mut html = Html::with_capacity(256);
    if has_button(view, category) {
        form::allow_from_elsewhere(&mut html, view, category);
    }
    html.finish()
}

fn has_button(view: &View<'_>, category: Category) -> bool {
    !view.consent.state(category).denies() && form::decides_nothing_else(view, category)
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
        assert!(html.contains("If you allow it here, you allow the whole category: To recognise you"));
        assert!(html.contains(
            "<button form=\"consent-allow-functionality\" name=\"action\" value=\"save\" data-consent-action=\"save\">Allow Functionality</button>"
        ));
        assert!(rendered(&fixture::undecided(FOUNDING), Some(" ")).contains("This part of the page"));
    }

    #[test]
    fn it_stands_wherever_text_may_stand() {
        let consent = fixture::undecided(FOUNDING);
        let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
        let view = View::new(&consent, &language, &links);
        let with = |controls| placeholder_with(&view, Category::FUNCTIONALITY, Some("Film"), controls);
        let all =
            [PlaceholderControls::Button, PlaceholderControls::Link, PlaceholderControls::None].map(with);
        for html in &all {
            for block in ["<form", "<div", "<p", "<input"] {
                assert!(!html.contains(block), "{html}");
            }
        }
        assert_eq!(all.each_ref().map(|html| html.contains("<button")), [true, false, false]);
        assert_eq!(all.each_ref().map(|html| html.contains("<a ")), [true, true, false]);
    }

    #[test]
    fn its_form_stands_elsewhere() {
        let form = |consent: &Consent| {
            let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
            placeholder_form(&View::new(consent, &language, &links), Category::FUNCTIONALITY)
        };
        let html = form(&fixture::undecided(FOUNDING));
        assert!(html.starts_with("<form id=\"consent-allow-functionality\" hidden method=\"post\""));
        assert!(html.contains("name=\"category\" value=\"functionality\""));
        assert_eq!(form(&fixture::decided(FOUNDING, None, &[State::Refused])), "");
    }

    #[test]
    fn it_does_not_ask_again_after_a_refusal() {
        let html = rendered(&fixture::decided(FOUNDING, None, &[State::Refused]), None);
        assert!(!html.contains("<button"));
        assert!(html.contains("data-consent-action=\"settings\""));
    }

    #[test]
    fn it_decides_on_no_other_category() {
        let with = |other| {
            let consent = fixture::decided(RICH, None, &[State::Undecided, other]);
            let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
            rendered(&consent, None)
                + &placeholder_form(&View::new(&consent, &language, &links), Category::FUNCTIONALITY)
        };
        assert!(!with(State::Undecided).contains("<button"));
        assert!(with(State::Refused).contains("<button"));
        assert!(!with(State::Refused).contains("value=\"statistics\""));
        assert!(with(State::Granted).contains("value=\"statistics\""));
    }
}

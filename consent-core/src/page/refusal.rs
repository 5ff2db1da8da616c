use super::form;
use super::html::Html;
use super::view::View;
use crate::policy::Category;
use crate::policy::{Key, Piece};
use crate::reason::Reason;
use alloc::string::String;

/// Renders why something was not stored, for the visitor: a paragraph, with a link to the settings if the
/// visitor can change it. `None` means a reason of the site, which the visitor cannot change.
#[must_use]
pub fn refusal(view: &View<'_>, category: Option<Category>, reason: Option<Reason>) -> String {
    let mut html = Html::with_capacity(256);
    html.raw("<p class=\"consent-refusal\" role=\"status\"");
    view.push_language(&mut html);
    html.raw(">");
    view.texts().push(&mut html, key(category, reason), |html, _| push_label(html, view, category));
    if is_the_visitors(category, reason) {
        html.raw(" ");
        form::settings(&mut html, view);
    }
    html.raw("</p>");
    html.finish()
}

/// Returns the same text without markup and link.
#[must_use]
pub fn refusal_text(view: &View<'_>, category: Option<Category>, reason: Option<Reason>) -> String {
    let mut text = String::with_capacity(128);
    for piece in view.texts().pieces(key(category, reason)) {
        text.push_str(match piece {
            Piece::Words(words) => words,
            Piece::Name(_) => category.as_ref().map_or("", |category| view.label(category).0),
        });
    }
    text
}

/// Returns the text of the link to the settings.
#[must_use]
pub fn settings_label(view: &View<'_>) -> &'static str {
    view.texts().get(Key::LinkSettings)
}

fn push_label(html: &mut Html, view: &View<'_>, category: Option<Category>) {
    if let Some(category) = category {
        view.push_label(html, category);
    }
}

/// Returns whether the visitor's choice is the reason, not the site's.
fn is_the_visitors(category: Option<Category>, reason: Option<Reason>) -> bool {
    key(category, reason) != Key::RefusalSite
}

fn key(category: Option<Category>, reason: Option<Reason>) -> Key {
    if category.is_none() {
        return Key::RefusalSite;
    }
    match reason {
        Some(Reason::Undecided) => Key::RefusalUndecided,
        Some(Reason::Refused | Reason::Objected) => Key::RefusalDenied,
        Some(Reason::Stale | Reason::Expired | Reason::FutureDate | Reason::NewerRevision) => {
            Key::RefusalLapsed
        }
        Some(Reason::Signal) => Key::RefusalSignal,
        _ => Key::RefusalSite,
    }
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use crate::consent::State;
    use crate::page::Links;
    use crate::page::fixture::{self, FOUNDING};
    use crate::policy::Language;

    fn rendered(reason: Option<Reason>, category: Option<Category>) -> (String, String) {
        let consent = fixture::decided(FOUNDING, None, &[State::Refused]);
        let (language, links) = (Language::parse("en").unwrap(), Links::new("/consent"));
        let view = View::new(&consent, &language, &links);
        (refusal(&view, category, reason), refusal_text(&view, category, reason))
    }

    #[test]
    fn it_says_what_the_visitor_can_do() {
        let (html, text) = rendered(Some(Reason::Refused), Some(Category::FUNCTIONALITY));
        assert!(html.contains("Functionality") && text.contains("Functionality"));
        assert!(html.contains("<a href=\"/consent\" data-consent-action=\"settings\">Cookie settings</a>"));
        assert!(!text.contains('<') && html.contains(&text));
    }

    #[test]
    fn it_sends_nobody_to_the_settings_for_the_sites_own_faults() {
        for (reason, category) in [
            (Some(Reason::Undeclared), None),
            (Some(Reason::ValueNotDeclared), Some(Category::FUNCTIONALITY)),
            (None, Some(Category::FUNCTIONALITY)),
        ] {
            let (html, text) = rendered(reason, category);
            assert!(!html.contains("<a "), "{html}");
            assert!(text.contains("cookie policy"), "{text}");
        }
    }

    #[test]
    fn every_reason_of_a_visitor_has_words_of_its_own() {
        let said = |reason| rendered(Some(reason), Some(Category::FUNCTIONALITY)).1;
        let mut texts =
            [Reason::Undecided, Reason::Refused, Reason::Expired, Reason::Signal, Reason::Reserved].map(said);
        texts.sort();
        assert!(texts.windows(2).all(|pair| pair[0] != pair[1]), "{texts:?}");
    }
}

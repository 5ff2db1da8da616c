use super::form;
use super::html::Html;
use super::texts::Key;
use super::view::View;
use super::words::{push_days, push_list};
use crate::consent::{Action, Prompt};
use crate::policy::{Category, CategoryDeclaration, Provider, Regime};
use crate::verdict::Reason;
use alloc::string::String;
use alloc::vec::Vec;

/// The banner, where a decision is due; the notice, where the visitor is only to be told; nothing where all is decided.
///
/// It belongs first in the body: its controls are then the first that the keyboard reaches.
#[must_use]
pub fn banner(view: &View<'_>) -> String {
    match view.consent.prompt() {
        Prompt::None => String::new(),
        Prompt::Ask => ask(view),
        Prompt::Tell => tell(view),
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
    html.raw("</form><p class=\"consent-links\">");
    form::settings(&mut html, view);
    form::policy(&mut html, view);
    html.raw("</p></section>");
    html.finish()
}

fn tell(view: &View<'_>) -> String {
    let told = shown(view, false);
    let mut html = open(view);
    push_paragraph(&mut html, view, Key::NoticeAsk);
    push_categories(&mut html, view, &told);
    push_providers(&mut html, view, told.iter().map(|declared| declared.category));
    push_paragraph(&mut html, view, Key::NoticeChange);
    form::object(&mut html, view);
    // Closing decides nothing, and the notice comes once: without script, the fragment hides it.
    html.raw("<a href=\"#consent-saved\" data-consent-action=\"close\">");
    html.text(view.texts().get(Key::Close)).raw("</a></form><p class=\"consent-links\">");
    form::settings(&mut html, view);
    form::policy(&mut html, view);
    html.raw("</p></section>");
    html.finish()
}

/// The beginning, with the target of the fragment that a decision comes back with: the style hides the banner then.
fn open(view: &View<'_>) -> Html {
    let mut html = Html::with_capacity(2048);
    html.raw("<section id=\"consent-banner\" aria-labelledby=\"consent-title\"");
    view.push_language(&mut html);
    html.attribute(" data-consent-saved=\"", view.texts().get(Key::SettingsSaved));
    html.raw("><i id=\"consent-saved\"></i><h2 id=\"consent-title\">")
        .text(view.texts().get(Key::BannerTitle))
        .raw("</h2>");
    html
}

fn push_paragraph(html: &mut Html, view: &View<'_>, key: Key) {
    html.raw("<p>");
    view.texts().push(html, key, |html, name| {
        match name {
            "controller" => html.raw("<b>").text(&view.policy.controller().name).raw("</b>"),
            "refuse" => html.text(view.texts().get(Key::Refuse)),
            _ => html.text(view.texts().get(Key::LinkSettings)),
        };
    });
    html.raw("</p>");
}

/// What is asked, or what the visitor is told of: only what needs either.
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

/// Why a visitor who has decided is asked again.
fn push_again(html: &mut Html, view: &View<'_>, asked: &[&CategoryDeclaration]) {
    let choices = asked.iter().filter_map(|declared| {
        let position = view.policy.category_set().position(declared.category)?;
        let choice = view.consent.choices().get(position)?;
        Some(choice.revision < view.policy.standing_since(declared.category))
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

/// Who else takes part in what is asked.
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
            html.text(name);
        });
    });
    html.raw("</p>");
}

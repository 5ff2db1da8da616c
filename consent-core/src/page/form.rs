//! The forms with which a visitor decides. They work without script.

use super::html::Html;
use super::view::View;
use crate::consent::{Action, State};
use crate::policy::Key;
use crate::policy::{Category, Regime};

/// Renders the start of a form that posts a decision and returns.
pub(super) fn open(html: &mut Html, view: &View<'_>) {
    html.raw("<form");
    open_rest(html, view);
}

fn open_rest(html: &mut Html, view: &View<'_>) {
    html.raw(" method=\"post\" action=\"").text(&view.links.base);
    view.push_query(html);
    html.raw("\"><input type=\"hidden\" name=\"return\"");
    html.attribute(" value=\"", view.return_to).raw(">");
}

/// Renders a button that decides. All buttons are the same element without a class, so that none is more
/// prominent.
pub(super) fn button(html: &mut Html, view: &View<'_>, action: Action) {
    button_with(html, action, |html| {
        html.text(view.texts().get(label(action)));
    });
}

pub(super) fn button_with(html: &mut Html, action: Action, label: impl FnOnce(&mut Html)) {
    html.raw("<button");
    button_rest(html, action, label);
}

fn button_rest(html: &mut Html, action: Action, label: impl FnOnce(&mut Html)) {
    html.raw(" name=\"action\"").attribute(" value=\"", action.as_str());
    html.attribute(" data-consent-action=\"", action.as_str()).raw(">");
    label(html);
    html.raw("</button>");
}

/// Renders a category that the form's `save` grants, without a box to tick.
pub(super) fn hidden_category(html: &mut Html, category: Category) {
    html.raw("<input type=\"hidden\" name=\"category\"").attribute(" value=\"", category.as_str()).raw(">");
}

/// Renders a form that objects without withdrawing other grants: `object` alone would refuse everything.
pub(super) fn object(html: &mut Html, view: &View<'_>) {
    open(html, view);
    let granted = |category: Category| {
        view.consent.regime(category) == Regime::OptIn && view.consent.state(category) == State::Granted
    };
    let mut action = Action::Object;
    for declared in view.policy.categories().iter().filter(|declared| granted(declared.category)) {
        action = Action::Save;
        hidden_category(html, declared.category);
    }
    button_with(html, action, |html| {
        html.text(view.texts().get(Key::Object));
    });
}

/// Renders a form that allows one category and keeps the decisions on all others.
pub(super) fn allow(html: &mut Html, view: &View<'_>, category: Category) {
    open(html, view);
    allowed_categories(html, view, category);
    html.raw("<button");
    allow_label(html, view, category);
    html.raw("</form>");
}

/// The same form without its [button](allow_button), which stands elsewhere.
pub(super) fn allow_from_elsewhere(html: &mut Html, view: &View<'_>, category: Category) {
    html.raw("<form id=\"consent-allow-").text(category.as_str()).raw("\" hidden");
    open_rest(html, view);
    allowed_categories(html, view, category);
    html.raw("</form>");
}

/// The button of the form that [stands elsewhere](allow_from_elsewhere). It sends no other form that it
/// stands in.
pub(super) fn allow_button(html: &mut Html, view: &View<'_>, category: Category) {
    html.raw("<button form=\"consent-allow-").text(category.as_str()).raw("\"");
    allow_label(html, view, category);
}

fn allowed_categories(html: &mut Html, view: &View<'_>, category: Category) {
    for declared in view.policy.categories() {
        if declared.category == category || view.consent.state(declared.category) == State::Granted {
            hidden_category(html, declared.category);
        }
    }
}

fn allow_label(html: &mut Html, view: &View<'_>, category: Category) {
    button_rest(html, Action::Save, |html| {
        view.texts().push(html, Key::PlaceholderAllow, |html, _| view.push_label(html, category));
    });
}

/// A decision covers every category. The button is present only if it decides on no other category.
pub(super) fn decides_nothing_else(view: &View<'_>, category: Category) -> bool {
    let declared = view.policy.category_declaration(category).is_some();
    let mut others = view.policy.categories().iter().filter(|other| other.category != category);
    declared
        && others.all(|other| {
            let state = view.consent.state(other.category);
            !view.policy.is_asked(other.category) || state == State::Granted || state.denies()
        })
}

/// Renders the link that opens the settings.
pub(super) fn settings(html: &mut Html, view: &View<'_>) {
    html.raw("<a href=\"").text(&view.links.base);
    view.push_query(html);
    html.raw("\" data-consent-action=\"settings\">");
    html.text(view.texts().get(Key::LinkSettings)).raw("</a>");
}

/// Renders the link to the policy page.
pub(super) fn policy(html: &mut Html, view: &View<'_>) {
    html.raw("<a href=\"").text(&view.links.base).raw("/policy");
    view.push_query(html);
    html.raw("\">");
    html.text(view.texts().get(Key::LinkPolicy)).raw("</a>");
}

const fn label(action: Action) -> Key {
    match action {
        Action::Accept => Key::Accept,
        Action::Refuse => Key::Refuse,
        Action::Save => Key::Save,
        Action::Withdraw => Key::Withdraw,
        Action::Object => Key::Object,
        Action::Erase => Key::Erase,
    }
}

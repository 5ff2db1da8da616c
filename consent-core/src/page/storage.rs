//! The table of stored things.

use super::html::Html;
use super::view::View;
use super::words::push_lifetime;
use crate::policy::Key;
use crate::policy::{Category, Declaration, Exemption, Kind, Lifetime, Localized, Name, Provider, Regime};

/// One row: a declaration, or the consent cookie, which policies need not declare.
#[derive(Clone, Copy)]
pub(super) enum Stored<'a> {
    Consent,
    Declared(&'a Declaration),
}

/// Returns the rows of a category. The consent cookie is listed with the first category.
pub(super) fn stored<'a>(view: &View<'a>, category: Category) -> impl Iterator<Item = Stored<'a>> + use<'a> {
    let first = view.policy.category_set().as_slice().first() == Some(&category);
    let declared =
        view.policy.storage().iter().filter(move |declared| declared.categories.contains(&category));
    first.then_some(Stored::Consent).into_iter().chain(declared.map(Stored::Declared))
}

pub(super) fn push_table<'a>(
    html: &mut Html,
    view: &View<'_>,
    category: Category,
    rows: impl Iterator<Item = Stored<'a>>,
) {
    let heads = [Key::StorageName, Key::StoragePurpose, Key::StorageLifetime, Key::StorageProvider];
    html.raw("<table role=\"table\" class=\"consent-table\"><caption>");
    view.push_label(html, category);
    html.raw("</caption><thead role=\"rowgroup\"><tr role=\"row\">");
    for head in heads {
        html.raw("<th scope=\"col\" role=\"columnheader\">").text(view.texts().get(head)).raw("</th>");
    }
    html.raw("</tr></thead><tbody role=\"rowgroup\">");
    for row in rows {
        html.raw("<tr role=\"row\">");
        match row {
            Stored::Consent => push_consent(html, view),
            Stored::Declared(declared) => push_declared(html, view, declared),
        }
        html.raw("</tr>");
    }
    html.raw("</tbody></table>");
}

fn push_consent(html: &mut Html, view: &View<'_>) {
    push_name(html, view, Kind::Cookie, |html| {
        html.raw("<code dir=\"ltr\">").text(view.cookie_name.as_str()).raw("</code>");
    });
    push_cell(html, view, Key::StoragePurpose, |html| {
        html.raw("<p>").text(view.texts().get(Key::StorageConsent)).raw("</p>");
        push_exemption(html, view, Exemption::Consent);
    });
    let lifetime = Lifetime::Seconds(u32::from(view.policy.reask_days()) * 86_400);
    push_cell(html, view, Key::StorageLifetime, |html| push_lifetime(html, view.texts(), lifetime, false));
    push_cell(html, view, Key::StorageProvider, |html| {
        html.text(view.texts().get(Key::StorageFirstParty));
    });
}

fn push_declared(html: &mut Html, view: &View<'_>, declared: &Declaration) {
    push_name(html, view, declared.kind, |html| match &declared.name {
        Name::Exact(name) => {
            html.raw("<code dir=\"ltr\">").text(name).raw("</code>");
        }
        Name::Prefix(prefix) => view.texts().push(html, Key::StoragePattern, |html, _| {
            html.raw("<code dir=\"ltr\">").text(prefix).raw("</code>");
        }),
        Name::Affixes { prefix, suffix } => view.texts().push(html, Key::StorageAffixes, |html, slot| {
            let part = if slot == "prefix" { prefix } else { suffix };
            html.raw("<code dir=\"ltr\">").text(part).raw("</code>");
        }),
    });
    push_cell(html, view, Key::StoragePurpose, |html| {
        html.raw("<p>");
        view.push_localized(html, &declared.purpose);
        html.raw("</p>");
        match declared.exempt {
            Some(exemption) => push_exemption(html, view, exemption),
            None => push_basis(html, view, declared),
        }
        push_note(html, view, Key::StorageRequired, &declared.required_by);
        push_note(html, view, Key::StorageReaders, &declared.readers);
    });
    push_cell(html, view, Key::StorageLifetime, |html| {
        push_lifetime(html, view.texts(), declared.lifetime, declared.renews);
    });
    push_cell(html, view, Key::StorageProvider, |html| match &declared.provider {
        Provider::FirstParty => {
            html.text(view.texts().get(Key::StorageFirstParty));
        }
        Provider::Named(name) => {
            view.push_isolated(html, name);
        }
    });
}

/// Renders the legal basis of a thing that is not exempt: consent, unless all its categories are objectable.
fn push_basis(html: &mut Html, view: &View<'_>, declared: &Declaration) {
    let objectable =
        declared.categories.iter().all(|category| view.consent.regime(*category) == Regime::Objectable);
    let key = if objectable { Key::StorageObjectable } else { Key::StorageAsked };
    html.raw("<p class=\"consent-note\">").text(view.texts().get(key)).raw("</p>");
}

fn push_exemption(html: &mut Html, view: &View<'_>, exemption: Exemption) {
    html.raw("<p class=\"consent-note\">");
    view.texts().push(html, Key::StorageExempt, |html, _| {
        html.text(view.texts().get(Key::of_exemption(exemption)));
    });
    html.raw("</p>");
}

fn push_note(html: &mut Html, view: &View<'_>, key: Key, text: &Localized) {
    if text.is_empty() {
        return;
    }
    html.raw("<p class=\"consent-note\">");
    view.texts().push(html, key, |html, _| view.push_localized(html, text));
    html.raw("</p>");
}

fn push_name(html: &mut Html, view: &View<'_>, kind: Kind, name: impl FnOnce(&mut Html)) {
    html.raw("<th scope=\"row\" role=\"rowheader\">");
    name(html);
    html.raw("<small>").text(view.texts().get(Key::of_kind(kind))).raw("</small></th>");
}

/// On narrow screens, rows are stacked, so each cell shows the header of its column.
fn push_cell(html: &mut Html, view: &View<'_>, head: Key, content: impl FnOnce(&mut Html)) {
    html.raw("<td role=\"cell\"").attribute(" data-head=\"", view.texts().get(head)).raw(">");
    content(html);
    html.raw("</td>");
}
